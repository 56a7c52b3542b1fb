"""builders/metadata/closed_states.py and opening_day.py: valid by others' schemas, and never a word of the data."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from lxml import etree

from panfair.builders.html.renderer import Renderer
from panfair.builders.metadata.closed_states import state_metadata
from panfair.builders.pages.closed_states import tombstone_page
from panfair.builders.pages.opening_day import calendar
from panfair.ontologies.embargo import GatePolicy, Notice, Tombstone, bury, judge
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Agent, Restriction, Withdrawal
from support.judges.datacite import faults_in_json, faults_in_xml
from support.records import PORTAL, TODAY, a_publication
from support.strategies import lines, publications

_CITATION = GatePolicy(page="citation")
_LATER = date(2027, 6, 1)
LANDING = PORTAL.landing(a_publication().doi)
K = "{http://datacite.org/schema/kernel-4}"


def _files(shown: Notice | Tombstone) -> dict[str, bytes]:
    return {one.path.rpartition("/")[2]: one.body for one in state_metadata(shown, PORTAL)}


def _valid(files: dict[str, bytes]) -> etree._Element:
    assert faults_in_xml(files["datacite.xml"]) == []
    assert faults_in_json(json.loads(files["datacite.json"])) == []
    return etree.fromstring(files["datacite.xml"])


@pytest.mark.parametrize(
    ("changes", "rights", "day"),
    [
        ({"release_date": _LATER}, "http://purl.org/coar/access_right/c_f1cf", "2027-06-01"),
        ({"restriction": Restriction(reason="x")}, "http://purl.org/coar/access_right/c_16ec", None),
    ],
)
def test_a_notice_tells_datacite_its_access_and_its_day(changes, rights, day):
    shown = judge(a_publication(**changes), TODAY, _CITATION)
    assert isinstance(shown, Notice)
    root = _valid(_files(shown))
    assert next(root.iter(f"{K}rights")).get("rightsURI") == rights
    assert [(one.get("dateType"), one.text) for one in root.iter(f"{K}date")] == ([("Available", day)] if day else [])
    document = json.loads(_files(shown)["metadata.jsonld"])
    assert document["conditionsOfAccess"] == rights and "distribution" not in document


def test_a_tombstone_keeps_the_citation_and_tells_why_and_what_to_use():
    why = Withdrawal(on=date(2025, 3, 1), reason="Mislabelled.", replaced_by=Doi.parse("10.99999/BETTER"))
    files = _files(bury(a_publication(), why))
    root = _valid(files)
    (day,) = root.iter(f"{K}date")
    assert (day.get("dateType"), day.text, day.get("dateInformation")) == ("Withdrawn", "2025-03-01", "Mislabelled.")
    assert [one.text for one in root.iter(f"{K}creatorName")] == ["Madeup, Testa", "Person, Invented"]
    (newer,) = root.iter(f"{K}relatedIdentifier")
    assert (newer.text, newer.get("relationType")) == ("10.99999/BETTER", "IsObsoletedBy")
    assert {"distribution", "hasPart", "license"}.isdisjoint(json.loads(files["metadata.jsonld"]))


def test_a_bare_notice_tells_machines_doi_publisher_day_and_access_and_nothing_more():
    shown = judge(a_publication(release_date=_LATER), TODAY, GatePolicy())
    files = _files(shown)
    _valid(files)
    embargoed = "http://purl.org/coar/access_right/c_f1cf"
    assert json.loads(files["datacite.json"]) == {
        "doi": "10.99999/EXAMPLE-1",
        "url": LANDING,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
        "creators": [{"name": ":unal"}],
        "titles": [{"title": ":unal"}],
        "publisher": {"name": "Example Photon Source"},
        "publicationYear": "2027",
        "dates": [{"date": "2027-06-01", "dateType": "Available"}],
        "rightsList": [
            {"rights": "embargoed access", "rightsUri": embargoed},
            {"rights": "Embargoed Access", "rightsUri": "info:eu-repo/semantics/embargoedAccess"},
        ],
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }
    assert json.loads(files["metadata.jsonld"]) == {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": shown.doi.url,
        "identifier": shown.doi.url,
        "url": LANDING,
        "publisher": {"@type": "Organization", "@id": f"{LANDING}#publisher", "name": "Example Photon Source"},
        "conditionsOfAccess": embargoed,
        "http://purl.org/dc/terms/available": "2027-06-01",
    }


@pytest.mark.parametrize(
    "shown",
    [
        judge(a_publication(restriction=Restriction(reason="x")), TODAY, GatePolicy()),
        bury(a_publication(), Withdrawal(), GatePolicy(tombstone="bare")),
    ],
    ids=["restricted", "tombstone"],
)
def test_without_citation_and_year_there_is_no_datacite_which_demands_a_year(shown):
    files = _files(shown)
    assert set(files) == {"metadata.jsonld", "linkset.json"}
    assert "name" not in json.loads(files["metadata.jsonld"]) and b"2026" not in files["metadata.jsonld"]


def test_a_draft_has_no_metadata_but_the_links_of_its_page():
    shown = judge(a_publication(registered=False), TODAY, _CITATION)
    files = _files(shown)
    assert list(files) == ["linkset.json"]
    (page,) = json.loads(files["linkset.json"])["linkset"]
    assert page == {"anchor": LANDING, "type": [{"href": "https://schema.org/AboutPage"}]}


def test_an_account_is_not_called_a_person():
    people = (Agent(name="nobody_k", kind="account"), Agent(name="Some Group", kind="organisation"))
    files = _files(bury(a_publication(creators=people), Withdrawal()))
    assert json.loads(files["metadata.jsonld"])["creator"] == [
        {"@type": "Thing", "@id": f"{LANDING}#creator-1", "name": "nobody_k"},
        {"@type": "Organization", "@id": f"{LANDING}#creator-2", "name": "Some Group"},
    ]


def test_page_and_linkset_have_the_same_links_for_machines():
    shown = bury(a_publication(), Withdrawal())
    page = tombstone_page(shown, Renderer(PORTAL))[0].body
    head = etree.HTML(page).iter("link")
    said = {(one.get("rel"), one.get("href")) for one in head if one.get("href").startswith("http")}
    contexts = json.loads(_files(shown)["linkset.json"])["linkset"]
    landing = PORTAL.landing(shown.doi)
    assert contexts[0]["anchor"] == landing
    told = {(rel, one["href"]) for rel, targets in contexts[0].items() if rel != "anchor" for one in targets}
    assert said - {("canonical", landing), ("linkset", f"{landing}linkset.json")} == told


@settings(max_examples=60, deadline=None)
@given(publications, lines)
def test_odd_records_give_valid_metadata_in_every_state(publication, reason):
    known = publication.model_copy(update={"doi": Doi.parse("10.99999/x"), "public": True, "withdrawal": None})
    restricted = known.model_copy(update={"restriction": Restriction(reason=reason)})
    for shown in (
        judge(restricted, TODAY, _CITATION),
        judge(known.model_copy(update={"release_date": _LATER}), TODAY, _CITATION),
        bury(known, Withdrawal(on=TODAY, reason=reason)),
    ):
        assert isinstance(shown, Notice | Tombstone)
        files = _files(shown)
        _valid(files)
        assert json.loads(files["metadata.jsonld"])["name"] == shown.citation.title  # type: ignore[union-attr]


@settings(max_examples=60, deadline=None)
@given(lines, lines)
def test_the_calendar_file_is_read_back_whatever_the_words(title, publisher):
    publication = a_publication(release_date=_LATER, title=title)
    publication = publication.model_copy(
        update={"publisher": publication.publisher.model_copy(update={"name": publisher})}
    )
    shown = judge(publication, TODAY, _CITATION)
    assert isinstance(shown, Notice)
    body = calendar(shown, PORTAL)
    assert body.endswith(b"END:VCALENDAR\r\n") and all(len(line) <= 75 for line in body.split(b"\r\n"))
    unfolded = body.decode().replace("\r\n ", "").split("\r\n")
    named = dict(line.split(":", 1) for line in unfolded if line and not line.startswith(("BEGIN", "END")))
    assert len(unfolded) == 14 and "\n" not in "".join(unfolded)
    assert named["DTSTART;VALUE=DATE"] == "20270601"
    said = named["SUMMARY"].replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    assert said == " ".join(f"Data open: {shown.citation.title}".split())  # type: ignore[union-attr]
