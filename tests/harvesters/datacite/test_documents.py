"""DataCite's attributes as records: what photon and neutron facilities register there, and when it is open."""

from datetime import date
from pathlib import Path

import pytest

from panfair.harvesters import Context, Refused, SourceOptions
from panfair.harvesters.datacite.documents import Reader, publication_or_refusal
from panfair.ontologies.embargo import GatePolicy, Notice, Released, Tombstone, judge
from panfair.ontologies.record import Publication
from panfair.site.check.completeness import criteria
from support.servers.datacite import document

NOW = date(2026, 11, 24)


def _read(notes: list[str] | None = None, site: str = "", **attributes) -> Publication | Refused:
    said = notes if notes is not None else []
    context = Context(root=Path("/"), contact="data@example.org", on=NOW, site=site)
    options = SourceOptions(name="made-up", kind="datacite", licence="CC0-1.0")
    reader = Reader(options, context, said.append)
    found = publication_or_refusal(document(1, **attributes), reader, "entry 1")
    reader.tell()
    return found


def _record(**attributes) -> Publication:
    found = _read(**attributes)
    assert isinstance(found, Publication), found
    return found


def test_a_findable_doi_is_open_since_its_registration_though_its_issued_is_a_bare_year():
    record = _record(
        publicationYear=2026, registered="2026-08-11T09:35:45.000Z", dates=[{"date": "2026", "dateType": "Issued"}]
    )
    verdict = judge(record, NOW, GatePolicy())
    assert isinstance(verdict, Released)
    assert record.publication_date == date(2026, 8, 11) and {one.day for one in record.other_dates} == {
        date(2026, 8, 11)
    }


@pytest.mark.parametrize(
    "closing",
    [
        {"dates": [{"date": "2028-09-06", "dateType": "Available"}]},
        {"dates": [{"date": "2028", "dateType": "Available"}]},
        {
            "dates": [
                {"date": "2024-01-01", "dateType": "Available"},
                {"date": "2028-02/2028-03", "dateType": "Available"},
            ]
        },
        {"dates": [{"date": "2028", "dateType": "Issued"}]},
        {"publicationYear": 2028},
        {"rightsList": [{"rights": "Embargo until 2028-09-06"}]},
        {"rightsList": [{"rights": "embargoed access", "rightsUri": "info:eu-repo/semantics/embargoedAccess"}]},
        {"rightsList": [{"rightsUri": "http://purl.org/coar/access_right/c_16ec"}]},
        {"registered": "2028-01-01T00:00:00Z"},
    ],
)
def test_whatever_date_or_word_closes_it_closes_it(closing):
    assert isinstance(judge(_record(**closing), NOW, GatePolicy()), Notice)


@pytest.mark.parametrize("state", ["registered", "draft", "of a new kind"])
def test_only_findable_dois_are_open(state):
    assert not isinstance(judge(_record(state=state), NOW, GatePolicy()), Released)


def test_a_hidden_doi_with_a_reason_is_withdrawn_with_it():
    verdict = judge(_record(state="registered", reason="Wrong sample."), NOW, GatePolicy(), was_open=True)
    assert isinstance(verdict, Tombstone) and verdict.withdrawal.reason == "Wrong sample."


def test_a_date_of_opening_that_cannot_be_read_refuses_the_record_by_field_and_in_no_word_of_it():
    refused = _read(dates=[{"date": "upon acceptance", "dateType": "Available"}])
    assert isinstance(refused, Refused) and "Available" in refused.reason and "acceptance" not in refused.reason
    refused = _read(registered="some day")
    assert isinstance(refused, Refused) and "registered" in refused.reason


def test_subjects_of_the_field_are_what_their_scheme_says():
    record = _record(
        subjects=[
            {"subject": "BM05", "subjectScheme": "Instrument"},
            {"subject": "LS-3436", "subjectScheme": "Proposal"},
            {
                "subject": "tomography",
                "subjectScheme": "PaNET",
                "valueUri": "http://purl.org/pan-science/PaNET/PaNET01129",
            },
            {"subject": "fossil", "lang": "en"},
        ]
    )
    assert [one.name for one in record.instruments] == ["BM05"] and record.proposal == "LS-3436"
    assert [one.iri for one in record.techniques] == ["http://purl.org/pan-science/PaNET/PaNET01129"]
    assert [one.term for one in record.keywords] == ["fossil"]


def test_related_items_and_other_identifiers_become_related_works_each_once():
    record = _record(
        relatedIdentifiers=[
            {"relatedIdentifier": "10.99999/paper", "relatedIdentifierType": "DOI", "relationType": "IsSupplementTo"}
        ],
        relatedItems=[
            {"relatedItemType": "JournalArticle", "relationType": "IsSupplementTo", "titles": [{"title": "Foams"}],
             "relatedItemIdentifier": {"relatedItemIdentifier": "10.99999/paper", "relatedItemIdentifierType": "DOI"}},
            {"relatedItemType": "Instrument", "relationType": "IsCollectedBy", "titles": [{"title": "EX01"}],
             "relatedItemIdentifier": {"relatedItemIdentifier": "10.99999/ex01", "relatedItemIdentifierType": "DOI"}},
        ],
        alternateIdentifiers=[{"alternateIdentifier": "20.500.1/abc", "alternateIdentifierType": "Handle"},
                              {"alternateIdentifier": "4711", "alternateIdentifierType": "Local"}],
    )  # fmt: skip
    assert [(one.relation, one.identifier and one.identifier.value) for one in record.related] == [
        ("IsSupplementTo", "10.99999/paper"), ("IsCollectedBy", "10.99999/ex01"), ("IsIdenticalTo", "20.500.1/abc"),
    ]  # fmt: skip
    (instrument,) = record.instruments
    assert instrument.name == "EX01" and instrument.identifier and instrument.identifier.value == "10.99999/ex01"


def test_sizes_files_and_addresses_are_told_where_they_are_certain():
    record = _record(
        sizes=["12 files", "1.5 GB"], contentUrl=["https://f.example.org/a/1.h5", "https://f.example.org/a/2.h5"]
    )
    assert (record.file_count, record.size_bytes) == (12, 1_500_000_000)
    assert [one.name for one in record.files] == ["1.h5", "2.h5"] and record.url is None
    assert _record(contentUrl=["https://f.example.org/all.zip"]).url == "https://f.example.org/all.zip"
    assert _record(sizes=["3 GB", "4 GB", "80 pages"]).size_bytes is None


def test_a_link_to_the_catalogue_is_never_one_to_this_site():
    assert _record().catalogue_url == "https://data.example.org/1"
    assert _record(site="https://data.example.org").catalogue_url is None


def test_an_untyped_name_of_a_facility_is_no_person_and_a_persons_name_is_parted():
    record = _record(creators=[{"name": "European Synchrotron Radiation Facility"}, {"name": "Madeup, Testa"}])
    assert [(one.kind, one.name) for one in record.creators] == [
        ("organisation", "European Synchrotron Radiation Facility"), ("person", "Testa Madeup"),
    ]  # fmt: skip


def test_what_has_no_field_is_told_with_its_number():
    notes: list[str] = []
    _read(notes, geoLocations=[{"geoLocationPlace": "Grenoble"}])
    assert notes == ["panfair could not read geoLocations of 1 records: it has no field for them"]


@pytest.mark.parametrize("odd", [7, None, [], {}, {"attributes": 7}, {"attributes": {"titles": []}}])
def test_what_is_no_record_is_refused_by_its_place(odd):
    context = Context(root=Path("/"), contact="data@example.org", on=NOW)
    reader = Reader(SourceOptions(name="made-up", kind="datacite"), context, lambda text: None)
    refused = publication_or_refusal(odd, reader, "entry 7")
    assert isinstance(refused, Refused) and refused.key == "entry 7"


def test_the_days_of_collecting_are_when_it_was_measured_and_a_bare_year_is_none():
    record = _record(dates=[{"date": "2024-03-01/2024-03-04", "dateType": "Collected"}])
    assert record.start and record.end and (record.start.day, record.end.day) == (1, 4)
    bare = _record(dates=[{"date": "2024", "dateType": "Collected"}])
    assert bare.start is None and bare.end is None


def test_the_curators_list_names_datacites_fields_for_datacite_and_oai():
    for one in criteria():
        assert one.field("datacite") == one.field("oai") != ""
    assert {one.key: one.field("oai") for one in criteria()}["measured"] == "dates (Collected)"
