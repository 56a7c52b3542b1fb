"""Every question that the ICAT harvester can ask is one that a real icat.server 6.2.0 understands."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from panfair.harvesters import Context, icat
from panfair.harvesters import http as rest_sender
from panfair.harvesters.icat.changes import changed_investigations, changed_publications, with_changed_contents
from panfair.harvesters.icat.sums import KINDS, sums
from panfair.ontologies.record import Publication
from support.servers.icat import IcatWorld, icat_serving
from support.servers.icat.jpql import BadParameterError, sql_of
from support.servers.icat.schema import schema


class _Recorder:
    """A server that knows everything and has nothing."""

    max_entities = 100

    def __init__(self) -> None:
        self.queries: list[str] = []

    def ids(self, query: str) -> list[int]:
        self.queries.append(query)
        return []

    def numbers(self, query: str) -> list[tuple[int, int, int]]:
        return self.ids(query)

    def knows(self, entity: str) -> bool:
        return True


def refused(query: str) -> str | None:
    """The words in which the server refuses a query that names what its schema does not have."""
    try:
        sql_of(query, schema(), "2026-11-30T00:00:00.000Z", lambda entity: None)
    except BadParameterError as error:
        return str(error)
    return None


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(rest_sender, "_FIRST_PAUSE", 0.0)


def _harvest(world: IcatWorld, notes: list[str]) -> list:
    context = Context(root=Path("/"), contact="data@example.org", extra_doi_prefixes=("00.0815",), note=notes.append)
    with icat_serving(world) as url:
        return list(icat.harvest(icat.Options(name="esnf", kind="icat", url=url), context))


def test_the_check_finds_a_field_that_is_none(shared):
    words = refused("SELECT a FROM Dataset a WHERE a.id > 0 INCLUDE a.sample b, b.nope")
    assert words == "Problem with INCLUDE clause: nope is not a field of Sample"
    assert "a.publication.id" in (refused("SELECT a FROM Subject a WHERE a.publication.id IN (1)") or "")
    assert refused("SELECT DISTINCT i.id FROM Investigation i JOIN i.words a WHERE i.id > 0")


def test_every_question_of_a_whole_harvest_names_fields_that_the_schema_has(shared):
    world, notes = IcatWorld(shared / "data/icat/icatdump-6.2.yaml"), []
    _harvest(world, notes)
    assert len({query.split(" FROM ")[1].split(" ")[0] for query in world.queries}) > 20
    assert {query: words for query in [*world.queries, *world.counts] if (words := refused(query))} == {}


def test_every_question_for_changes_names_fields_that_the_schema_has(shared):
    asked = _Recorder()
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    changed_investigations(asked, moment)
    changed_publications(asked, moment)
    with_changed_contents(asked, moment, [1, 2])
    for record in KINDS:
        sums(asked, record)
    assert len(asked.queries) > 100
    assert {query: words for query in asked.queries if (words := refused(query))} == {}


@pytest.mark.parametrize("code", ["BAD_PARAMETER", "INSUFFICIENT_PRIVILEGES"])
def test_a_kind_of_child_that_is_refused_costs_that_kind_and_says_so(shared, code, monkeypatch):
    whole = [one for one in _harvest(IcatWorld(shared / "data/icat/icatdump-6.2.yaml"), []) if _is_record(one)]
    world, notes = IcatWorld(shared / "data/icat/icatdump-6.2.yaml"), []
    answer = world.answer

    def refuses(query: str, account: str):
        if " FROM Subject " in query and "a.id < 0" not in query:
            return 400, {"code": code, "message": "zqpsecret"}
        return answer(query, account)

    monkeypatch.setattr(world, "answer", refuses)
    records = [one for one in _harvest(world, notes) if _is_record(one)]
    assert [one.doi for one in records] == [one.doi for one in whole]
    assert any("Subject.dataPublication" in note and "anon" in note and code in note for note in notes)
    assert not any("zqpsecret" in note for note in notes)
    assert [one.creators for one in records] == [one.creators for one in whole]


def _is_record(item: object) -> bool:
    return isinstance(item, Publication)
