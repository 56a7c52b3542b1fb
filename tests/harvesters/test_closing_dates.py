"""Every date and word of a catalogue that can close a record reaches the gate, through each of the harvesters."""

import json
from datetime import date
from pathlib import Path

import pytest

from panfair.harvesters import Context, SourceOptions, dump
from panfair.harvesters.icat.entities import publications_of
from panfair.harvesters.icatplus.documents import Parts, Reader, collection_of
from panfair.harvesters.reading.datacite import dates_in, restriction_in
from panfair.ontologies.embargo import GatePolicy, Notice, Released, judge
from panfair.ontologies.errors import RecordError
from panfair.ontologies.record import Publication

NOW = date(2026, 11, 24)
CONTEXT = Context(root=Path("/"), contact="data@example.org")
OPTIONS = SourceOptions(name="made-up", kind="dump", publisher="Example Source")


def _silent(text: str) -> None:
    pass


def _from_scicat(folder: Path, **metadata) -> list[Publication]:
    document = {
        "doi": "10.5072/one", "title": "A title", "status": "registered", "registeredTime": "2025-09-06T00:00:00Z",
        "metadata": {"creators": [{"name": "Doe, Jane"}], "publisher": {"name": "P"}, "publicationYear": 2025}
        | metadata,
    }  # fmt: skip
    (folder / "PublishedData.json").write_text(json.dumps([document]))
    asked = dump.Options(name="made-up", kind="dump", path="PublishedData.json")
    return list(dump.harvest(asked, Context(root=folder, contact="data@example.org")))


def _from_icat(dates: list[dict]) -> list:
    publication = {
        "pid": "10.5072/one", "title": "A title", "publicationDate": "2025-01-01T00:00:00Z", "dates": dates,
    }  # fmt: skip
    return list(publications_of({"dataPublication": {"1": publication}}, OPTIONS, CONTEXT, _silent))


def _from_icatplus(**told) -> Publication:
    document = {"id": 4, "doi": "10.5072/one", "title": "A title"} | told.pop("document", {})
    return collection_of(document, {"publicationYear": "2025"} | told, Parts(), Reader(OPTIONS, (), _silent))


FAR = [{"date": "2025-01-01", "dateType": "Issued"}, {"date": "2028-09-06", "dateType": "Available"}]


@pytest.mark.parametrize(
    "metadata",
    [
        {"dates": FAR},
        {"dates": [*FAR, {"date": "2026-01-01", "dateType": "Available"}]},
        {"dates": [{"date": "2028", "dateType": "Available"}]},
        {"dates": [{"date": "2028-09/2030", "dateType": "Available"}]},
        {"publicationYear": 2028},
        {"rightsList": [{"rights": "Embargo until 2028-09-06"}]},
        {"rightsList": [{"rights": "embargoed access"}], "dates": FAR},
    ],
)
def test_a_scicat_publication_is_closed_until_the_latest_of_its_days(tmp_path, metadata):
    (record,) = _from_scicat(tmp_path, **metadata)
    verdict = judge(record, NOW, GatePolicy())
    assert isinstance(verdict, Notice) and (verdict.opens is None or verdict.opens.year == 2028)


def test_an_icat_data_publication_is_closed_until_it_is_available():
    (record,) = _from_icat([{"dateType": "Available", "date": "2028-09-06T00:00:00Z"}])
    assert isinstance(judge(record, NOW, GatePolicy()), Notice)
    (refused,) = _from_icat([{"dateType": "Available", "date": "some day"}])
    assert refused.reason == "its date is not a date that can be read"


@pytest.mark.parametrize(
    "told",
    [
        {"dates": FAR},
        {"dates": FAR[1:]},
        {"dates": FAR, "document": {"publicationDate": "2025-02-01"}},
        {"publicationYear": "2028", "document": {"publicationDate": "2025-02-01"}},
        {"document": {"publicationDate": "2025-02-01", "rights": "Embargo until 2028"}},
    ],
)
def test_an_icat_plus_collection_is_closed_until_the_latest_of_its_days(told):
    assert isinstance(judge(_from_icatplus(**told), NOW, GatePolicy()), Notice)


def test_days_that_have_passed_close_nothing(tmp_path):
    dates = [{"date": "2025-02-01", "dateType": "Available"}, {"date": "2025", "dateType": "Issued"}]
    (record,) = _from_scicat(tmp_path, dates=dates)
    for one in (record, _from_icatplus(dates=dates)):
        assert isinstance(judge(one, NOW, GatePolicy()), Released)


def test_a_day_of_opening_that_cannot_be_read_refuses_the_record():
    with pytest.raises(RecordError, match="of the kind Available"):
        list(dates_in({"dates": [{"date": "upon acceptance", "dateType": "Available"}]}, _silent))


def test_embargoed_access_is_a_restriction_only_where_no_day_ends_it():
    assert restriction_in("embargoed access") is not None
    assert restriction_in("embargoed access", dates=FAR) is None
    assert restriction_in("embargoedAccess until June 2032") is None
    assert restriction_in("restricted access", dates=FAR) is not None


def test_the_record_with_two_contradicting_days_handed_to_us_is_closed_until_the_later(shared):
    path = shared / "cases/21-scicat/scicat-v4-available-in-future-and-migrated.json"
    asked = dump.Options(name="made-up", kind="dump", path=str(path))
    record = next(one for one in dump.harvest(asked, CONTEXT) if getattr(one, "doi", "") == "10.5072/embargo-1")
    verdict = judge(record, NOW, GatePolicy())
    assert isinstance(verdict, Notice) and verdict.opens == date(2028, 9, 6)
    opened = judge(record, date(2028, 9, 6), GatePolicy())
    assert isinstance(opened, Released)
    assert "Available" not in {other.kind for other in opened.publication.other_dates}
