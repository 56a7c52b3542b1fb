"""A dump of ICAT comes in whole: what is not kept is named in the report, and what is kept comes out again."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from panfair.harvesters.dump.files import read_dump
from panfair.harvesters.icatplus.works import funding_references, related_items
from panfair.site.catalogue.app.app import create_core
from panfair.site.catalogue.ingest.files import ingest
from panfair.site.catalogue.settings import CoreSettings
from panfair.site.catalogue.store.access import Identity
from panfair.site.catalogue.store.database import Store
from panfair.site.catalogue.store.query import InvestigationQuery

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_DUMPS = ("icatdump-6.2.yaml", "icatdump-6.2.xml", "icatdump-5.0.yaml")
_SMALLEST = 4  # letters: shorter texts are found by chance


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "core.sqlite") as opened:
        yield opened


def _texts(row: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Every text of an entity, with the attribute that says it."""
    for name, value in row.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield from _texts(one, f"{above}{name}.")
            elif isinstance(one, str):
                yield f"{above}{name}", one


@pytest.mark.parametrize("name", _DUMPS)
def test_no_text_of_a_dump_vanishes_without_a_word(store, shared, name):
    path = shared / "data/icat" / name
    report = ingest(store, path, NOW)
    assert report.failed == []
    kept = " ".join("\n".join(store._db.iterdump()).split())
    entities = read_dump(path, "test")
    keys = {key for rows in entities.values() for key in rows}
    said = {text for rows in entities.values() for row in rows.values() for _, text in _texts(row)}
    references = keys & said
    # What only the parameters of files and collections refer to is left out with them.
    owners = [*entities["datafile"].values(), *entities["dataCollection"].values()]
    kept_references = references - {one["type"] for row in owners for one in row.get("parameters", [])}
    lost = set()
    for entity, rows in entities.items():
        for key, row in rows.items():
            for attribute, text in _texts(row):
                known = any(
                    f"{entity}.{attribute}".startswith(said.removesuffix(" but the first")) for said in report.left_out
                )
                known |= f"{entity} that nothing refers to" in report.left_out and key not in kept_references
                if len(text) < _SMALLEST or text in references or known or attribute.endswith(("Date", "ModTime")):
                    continue
                if " ".join(text.removeprefix("DOI:").replace("'", "''").split()) not in kept:
                    lost.add((f"{entity}.{attribute}", text[:40]))
    assert lost == set()


def test_the_report_names_what_is_left_out(store, shared):
    report = ingest(store, shared / "data/icat/icatdump-6.2.yaml", NOW)
    assert report.all_well
    assert {"rule", "study", "investigation.shifts", "dataPublication.dates"} <= set(report.left_out)
    assert not {"investigation.fundingReferences", "investigation.publications"} & set(report.left_out)
    assert f"left out  {report.left_out['rule']:6d}  rule" in report.lines()


def test_an_entity_and_an_attribute_that_nobody_knew_are_named(store, tmp_path):
    dump = {
        "facility": {"f": {"name": "EPS", "moodOfTheRing": "good"}},
        "investigation": {"i": {"facility": "f", "name": "MA-1", "visitId": "1", "title": "Foam", "parameters": []}},
        "visitorFromTheFuture": {"v1": {"name": "a"}, "v2": {"name": "b"}},
    }
    (tmp_path / "dump.yaml").write_text(yaml.safe_dump(dump))
    report = ingest(store, tmp_path / "dump.yaml", NOW)
    assert (report.failed, dict(report.left_out)) == ([], {"facility.moodOfTheRing": 1, "visitorFromTheFuture": 2})


def test_a_work_and_a_grant_that_say_too_little_are_named_and_stop_nothing(store, shared, tmp_path):
    dump = read_dump(shared / "data/icat/icatdump-6.2.yaml", "test")
    for row in dump["dataPublication"].values():
        row["relatedItems"] = [{"relationType": "SmellsOf", "identifier": "DOI:10.99999/a"}]
    for row in dump["fundingReference"].values():
        del row["funderName"]
    (tmp_path / "dump.yaml").write_text(yaml.safe_dump(dump))
    report = ingest(store, tmp_path / "dump.yaml", NOW)
    assert report.failed == [] and report.created >= 3
    assert report.left_out["fundingReferences without a funder"] >= 1
    assert [what for what in report.left_out if what.startswith("relatedItems with no relation")]


def test_funding_papers_keywords_and_scientists_of_a_dump_come_out_again(store, shared, tmp_path):
    ingest(store, shared / "data/icat/icatdump-6.2.yaml", NOW)
    entities = read_dump(shared / "data/icat/icatdump-6.2.yaml", "test")
    sessions = [row for row in entities["investigation"].values() if row.get("fundingReferences")]
    with store.writing() as writer, store.seen_by(_administrator(store), date(2026, 3, 1)) as view:
        for row in view.investigations(InvestigationQuery())[0]:
            writer.set_release_date(row.id, date(2026, 3, 1), NOW)
    app = create_core(CoreSettings(database=tmp_path / "core.sqlite"), lambda: NOW)
    with TestClient(app, base_url="http://127.0.0.1:8090") as client:
        told = {one["name"]: one for one in client.get("/catalogue/anonymous/investigation").json()}
    assert sessions
    for row in sessions:
        one = told[row["name"]]
        (grant,) = funding_references(one)
        (known,) = entities["fundingReference"].values()
        assert (grant.funder, grant.award_number) == (known["funderName"], known["awardNumber"])
        papers = [work.citation for work in related_items(one, print) if work.relation == "IsSupplementTo"]
        assert papers == [" ".join(paper["fullReference"].split()) for paper in row.get("publications", [])]
        assert one["keywords"] == [word["name"] for word in row.get("keywords", [])]
    looked_after = {
        entities["user"][link["user"]]["name"]
        for row in entities["instrument"].values()
        for link in row.get("instrumentScientists", [])
    }
    assert looked_after
    with store.accounts_as_they_are() as accounts:
        assert {one.name for one in accounts.all() if accounts.instruments_of(one.id)} == looked_after


def _administrator(store: Store) -> Identity:
    with store.accounts() as accounts:
        name = accounts.all()[0].name
        accounts.set_right(name, "administrator", True)
        return Identity(user=accounts.row_of(name), administrator=True)
