"""Every question that the ICAT harvester can ask is one that a real icat.server 6.2.0 understands."""

import csv
import re
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from panfair.harvesters import Context, icat
from panfair.harvesters import http as rest_sender
from panfair.harvesters.icat.changes import changed_collections, changed_investigations, changed_publications
from panfair.ontologies.record import Publication
from support.servers.icat import IcatWorld, icat_serving

Fields = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def fields(shared) -> Fields:
    """Entity to field to type, as the server itself told them."""
    found: Fields = defaultdict(dict)
    with (shared / "data/icat/real/icat-6.2.0-entities.tsv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            found[row["entity"]][row["field"]] = row["type"]
    return found


class _Recorder:
    """A server that knows everything and has nothing."""

    max_entities = 100

    def __init__(self) -> None:
        self.queries: list[str] = []

    def ask(self, query: str) -> list[dict]:
        self.queries.append(query)
        return []

    def knows(self, entity: str) -> bool:
        return True


def unknown(query: str, fields: Fields) -> list[str]:
    """The fields in a query that its entities do not have."""
    entity = query.split(" FROM ")[1].split(" ")[0]
    types, wrong = {"a": entity}, []

    def follow(alias: str, path: str) -> str:
        kind = types[alias]
        for step in path.split("."):
            if step not in fields[kind]:
                wrong.append(f"{kind}.{step}")
                return "?"
            kind = fields[kind][step]
        return kind

    body, _, include = query.partition(" INCLUDE ")
    for path in re.findall(r"\ba\.([\w.]+)", body):
        follow("a", path)
    for part in include.split(", ") if include else ():
        path, _, alias = part.partition(" ")
        of, _, step = path.partition(".")
        types[alias or path] = follow(of, step)
    return wrong


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(rest_sender, "_FIRST_PAUSE", 0.0)


def _harvest(world: IcatWorld, notes: list[str]) -> list:
    context = Context(root=Path("/"), contact="data@example.org", extra_doi_prefixes=("00.0815",), note=notes.append)
    with icat_serving(world) as url:
        return list(icat.harvest(icat.Options(name="esnf", kind="icat", url=url), context))


def test_the_check_finds_a_field_that_is_none(fields):
    assert unknown("SELECT a FROM Subject a WHERE a.publication.id IN (1)", fields) == ["Subject.publication"]
    assert unknown("SELECT a FROM Dataset a WHERE a.id > 0 INCLUDE a.sample b, b.nope", fields) == ["Sample.nope"]


def test_every_question_of_a_whole_harvest_names_fields_that_the_schema_has(shared, fields):
    world, notes = IcatWorld(shared / "data/icat/icatdump-6.2.yaml"), []
    _harvest(world, notes)
    assert len({query.split(" FROM ")[1].split(" ")[0] for query in world.queries}) > 20
    assert {query: wrong for query in world.queries if (wrong := unknown(query, fields))} == {}


def test_every_question_for_changes_names_fields_that_the_schema_has(fields):
    asked = _Recorder()
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    changed_investigations(asked, moment)
    changed_publications(asked, moment)
    changed_collections(asked, moment, [1, 2])
    assert len(asked.queries) > 40
    assert {query: wrong for query in asked.queries if (wrong := unknown(query, fields))} == {}


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
