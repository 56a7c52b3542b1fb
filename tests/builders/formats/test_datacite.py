"""Tests of DataCite XML and JSON and of oai_dc: valid by the schemas of those who read them."""

import json
import re
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from panfair.builders.formats.datacite import datacite_values
from panfair.builders.metadata.datacite_xml import datacite_xml
from panfair.builders.metadata.format import all_formats
from panfair.ontologies.identifiers import Identifier, Ror
from panfair.ontologies.record import Agent, Facility, Funding, Instrument, Keyword, OtherDate, Related, Rights, Sample
from support.format_cases import PORTAL, releases, rendered
from support.formats.datacite import K, check_datacite, check_older, oai_dc_schema, xsd
from support.judges.datacite import faults_in_xml
from support.records import a_dataset, a_publication, released


@given(releases)
@settings(max_examples=60, deadline=None)
def test_datacite_xml_and_json_are_valid_and_say_the_same(one):
    check_datacite(one)


def test_the_made_up_record_is_valid_datacite():
    check_datacite(released())


def test_a_record_without_creators_says_so_in_datacites_word():
    values = json.loads(rendered(released(a_publication(creators=())), "datacite.json"))
    assert values["creators"] == [{"name": ":unav"}]


@pytest.mark.parametrize("kind", ["account", "unknown"])
def test_who_is_neither_person_nor_organisation_for_certain_has_no_name_type(kind):
    one = released(a_publication(creators=(Agent(name="nobody_k", kind=kind),)))
    assert json.loads(rendered(one, "datacite.json"))["creators"] == [{"name": "nobody_k"}]
    check_datacite(one)


def test_a_work_without_identifier_is_a_related_item():
    related = (Related(relation="IsCitedBy", citation="Madeup (1999) A book", kind="Book"),)
    one = released(a_publication(related=related))
    (item,) = json.loads(rendered(one, "datacite.json"))["relatedItems"]
    assert item == {
        "titles": [{"title": "Madeup (1999) A book"}],
        "relatedItemType": "Book",
        "relationType": "IsCitedBy",
    }
    check_datacite(one)


def test_an_instruments_pid_says_what_collected_the_data():
    beamline = Instrument(name="EX01", identifier=Identifier(scheme="DOI", value="10.99999/instrument"))
    one = released(a_publication(instruments=(beamline,), datasets=(), related=()))
    assert json.loads(rendered(one, "datacite.json"))["relatedIdentifiers"] == [
        {
            "relatedIdentifier": "10.99999/instrument",
            "relatedIdentifierType": "DOI",
            "relationType": "IsCollectedBy",
            "resourceTypeGeneral": "Instrument",
        }
    ]
    check_datacite(one)


def test_an_igsn_names_the_sample_that_the_data_come_from():
    sample = Sample(name="Core 7", identifier=Identifier(scheme="IGSN", value="10.60510/ICDP5054EHW1001"))
    one = released(a_publication(samples=(sample,), datasets=(), related=()))
    assert json.loads(rendered(one, "datacite.json"))["relatedIdentifiers"] == [
        {
            "relatedIdentifier": "10.60510/ICDP5054EHW1001",
            "relatedIdentifierType": "IGSN",
            "relationType": "IsDerivedFrom",
            "resourceTypeGeneral": "PhysicalObject",
        }
    ]
    check_datacite(one)


@given(releases)
@settings(max_examples=60, deadline=None)
def test_the_older_form_has_no_word_that_4_6_added(one):
    check_older(one)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("61.05.C-", True),
        ("TECH", True),
        ("ddc:530", True),
        ("https://example.org/classes/7#a", True),
        ("539.26:548.73", False),
        ("PACS [61.05]", False),
        ("50%", False),
        ("a#b#c", False),
        ("//a@b@c", False),
        ("<x>", False),
    ],
)
def test_a_classification_code_is_told_where_the_xsd_takes_it(code, told):
    one = released(a_publication(keywords=(Keyword(term="foam", scheme="Some scheme", code=code),)))
    check_datacite(one)
    (subject,) = [s for s in json.loads(rendered(one, "datacite.json"))["subjects"] if s["subject"] == "foam"]
    assert subject.get("classificationCode") == (code if told else None)


@given(st.text(alphabet="aB0.:/?#[]@!$&'()*+,;=-_~% <é", min_size=1, max_size=8).filter(str.strip))
@settings(max_examples=100, deadline=None)
def test_no_classification_code_makes_the_xml_invalid(code):
    one = released(a_publication(keywords=(Keyword(term="foam", code=code),)))
    assert faults_in_xml(rendered(one, "datacite.xml")) == []


@pytest.mark.parametrize(
    ("value", "kind"), [("10.13039/501100000780", "Crossref Funder ID"), ("10.99999/fund", "Other")]
)
def test_a_funders_doi_of_crossrefs_registry_is_called_so(value, kind):
    funding = Funding(funder="Example Fund", funder_id=Identifier(scheme="DOI", value=value))
    one = released(a_publication(funding=(funding,)))
    check_datacite(one)
    (told,) = json.loads(rendered(one, "datacite.json"))["fundingReferences"]
    assert (told["funderIdentifier"], told["funderIdentifierType"]) == (f"https://doi.org/{value}", kind)


def test_a_facility_that_is_not_the_publisher_hosts():
    facility = Facility(name="EXN", full_name="Example Neutron Source", ror=Ror.parse("03eh3y714"))
    one = released(a_publication(facility=facility))
    host, contact = json.loads(rendered(one, "datacite.json"))["contributors"]
    assert (host["contributorType"], host["name"]) == ("HostingInstitution", "Example Neutron Source")
    assert (contact["contributorType"], contact["name"]) == ("ContactPerson", PORTAL.publisher)
    check_datacite(one)


def test_access_and_licence_are_words_that_machines_know():
    rights = json.loads(rendered(released(a_publication(rights=(Rights(said="house rules"),))), "datacite.json"))
    assert rights["rightsList"] == [
        {"rights": "house rules"},
        {"rights": "open access", "rightsUri": "http://purl.org/coar/access_right/c_abf2"},
        {"rights": "Open Access", "rightsUri": "info:eu-repo/semantics/openAccess"},
    ]


@given(releases)
@settings(max_examples=60, deadline=None)
def test_oai_dc_is_valid(shared, one):
    root = etree.fromstring(rendered(one, "dublincore.xml"))
    schema = oai_dc_schema(shared)
    assert schema.validate(root), schema.error_log


def test_no_oai_payload_has_an_xml_declaration():
    for form in all_formats():
        for each in form.oai:
            assert re.match(rb"<[a-z]", each.render(released(), PORTAL)), each.prefix


@pytest.mark.parametrize("title", ["a & b < c > d \"e\" 'f'", "]]>", "<!-- x -->", "&amp;", "tab\there"])
def test_odd_titles_survive_xml(title):
    publication = a_publication(title=title)
    one = released(publication)
    assert etree.fromstring(rendered(one, "datacite.xml")).findtext(f"{K}titles/{K}title") == publication.title
    dc = etree.fromstring(rendered(one, "dublincore.xml"))
    assert dc.findtext("{http://purl.org/dc/elements/1.1/}title") == publication.title


def _dates(**changes):
    return json.loads(rendered(released(a_publication(**changes)), "datacite.json"))["dates"]


def test_the_first_date_is_when_was_measured():
    assert _dates()[0]["dateType"] == "Collected"


def test_a_catalogues_entry_does_not_date_the_data():
    bare = a_publication(start=None, end=None, created=datetime(2025, 3, 1), datasets=())
    assert "2025-03-01" not in rendered(released(bare), "datacite.json").decode()
    assert "dateCreated" not in json.loads(rendered(released(bare), "metadata.jsonld"))


def test_a_record_that_ends_before_it_begins_has_no_interval_in_any_form():
    backwards = {"start": datetime(2024, 5, 9), "end": datetime(2024, 5, 2)}
    one = released(a_publication(**backwards, datasets=(a_dataset(**backwards),)))
    assert not {"Collected", "Created"} & {date["dateType"] for date in _dates(**backwards, datasets=())}
    for file in ("metadata.jsonld", "dublincore.xml", "ro-crate-metadata.json", "dcat.ttl"):
        assert "2024-05-02" not in rendered(one, file).decode(), file


def test_what_happens_once_is_dated_once():
    others = tuple(
        OtherDate(kind=kind, day=date(2023, 1, day)) for kind in ("Issued", "Created", "Updated") for day in (1, 2)
    )
    kinds = [one["dateType"] for one in _dates(other_dates=others)]
    for kind in ("Available", "Issued", "Created", "Updated"):
        assert kinds.count(kind) == 1, kind


@pytest.mark.parametrize("size", [None, 0])
def test_a_size_that_nobody_knows_is_not_told(size):
    one = released(a_publication(size_bytes=size, datasets=(a_dataset(size_bytes=size, file_count=3),)))
    assert "bytes" not in " ".join(json.loads(rendered(one, "datacite.json")).get("sizes", []))


def test_a_contact_that_the_record_names_is_the_contact():
    named = Agent(name="Testa Madeup", contributor_type="ContactPerson")
    found = json.loads(rendered(released(a_publication(contributors=(named,))), "datacite.json"))["contributors"]
    assert [one["name"] for one in found if one["contributorType"] == "ContactPerson"] == ["Testa Madeup"]


def test_the_sites_place_is_the_place_of_its_data():
    portal = replace(PORTAL, place="Grenoble, France")
    one = released(a_publication())
    assert datacite_values(one, portal)["geoLocations"] == [{"geoLocationPlace": "Grenoble, France"}]
    assert "geoLocations" not in datacite_values(one, PORTAL)
    assert xsd().validate(etree.fromstring(datacite_xml(datacite_values(one, portal)))), xsd().error_log
