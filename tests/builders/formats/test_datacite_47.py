"""DataCite 4.7 stands beside 4.6 where it says more: posters, presentations, RAiDs and software hashes."""

import json

import pytest
from lxml import etree

from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.format import formats_of
from panfair.ontologies.identifiers import parse_identifier
from panfair.ontologies.record import Related
from support.format_cases import PORTAL, rendered
from support.formats.datacite import K, check_datacite
from support.judges.datacite import xsd_4_7
from support.records import a_publication, released

_SWHID = "swh:1:rev:" + "0a" * 20


@pytest.fixture(scope="module")
def schema_4_7(tmp_path_factory):
    return xsd_4_7(tmp_path_factory.mktemp("schema"))


def _record(identifier, kind=None):
    related = Related(relation="References", identifier=parse_identifier(identifier), kind=kind, title="A poster")
    return released(a_publication(related=(related,)))


def _has_4_7(one):
    return "datacite-4.7.xml" in {form.file for form in formats_of(describe(one, PORTAL))}


def _told(one, file):
    node = next(etree.fromstring(rendered(one, file)).iter(f"{K}relatedIdentifier"))
    return node.get("relatedIdentifierType"), node.text, node.get("resourceTypeGeneral")


@pytest.mark.parametrize(
    ("identifier", "kind", "in_4_6", "in_4_7"),
    [
        ("10.99999/poster", "Poster", ("DOI", "10.99999/poster", None), ("DOI", "10.99999/poster", "Poster")),
        ("10.99999/talk", "Presentation", ("DOI", "10.99999/talk", None), ("DOI", "10.99999/talk", "Presentation")),
        (_SWHID, "Software", ("URL", f"https://archive.softwareheritage.org/{_SWHID}", "Software"),
         ("SWHID", _SWHID, "Software")),
        ("https://raid.org/10.99999/ab12", None, ("URL", "https://raid.org/10.99999/ab12", None),
         ("RAiD", "10.99999/ab12", None)),
        ("RRID:SCR_007358", None, ("URL", "https://scicrunch.org/resolver/RRID:SCR_007358", None),
         ("RRID", "RRID:SCR_007358", None)),
    ],
)  # fmt: skip
def test_what_4_7_can_say_4_6_says_as_far_as_it_can(schema_4_7, identifier, kind, in_4_6, in_4_7):
    one = _record(identifier, kind)
    assert schema_4_7.validate(etree.fromstring(rendered(one, "datacite-4.7.xml"))), schema_4_7.error_log
    check_datacite(one)
    assert _has_4_7(one)
    assert (_told(one, "datacite.xml"), _told(one, "datacite-4.7.xml")) == (in_4_6, in_4_7)
    assert b"kernel-4.7/metadata.xsd" in rendered(one, "datacite-4.7.xml")


@pytest.mark.parametrize("identifier", ["10.99999/paper", "arXiv:2001.01234", "https://example.org/x"])
def test_a_record_that_4_6_can_say_wholly_has_no_4_7(identifier):
    one = _record(identifier, "JournalArticle")
    check_datacite(one)
    assert not _has_4_7(one)


@pytest.mark.parametrize(
    ("text", "scheme", "value", "address"),
    [
        ("RRID:SCR_007358", "RRID", "RRID:SCR_007358", "https://scicrunch.org/resolver/RRID:SCR_007358"),
        (f"https://archive.softwareheritage.org/{_SWHID}", "SWHID", _SWHID,
         f"https://archive.softwareheritage.org/{_SWHID}"),
        ("https://raid.org/10.99999/ab12", "RAiD", "10.99999/ab12", "https://raid.org/10.99999/ab12"),
        ("CSTR:31253.11.sciencedb.00001", "CSTR", "31253.11.sciencedb.00001",
         "https://bsm.cstr.cn/31253.11.sciencedb.00001"),
    ],
)  # fmt: skip
def test_identifiers_of_newer_registries_are_known_by_their_form(text, scheme, value, address):
    found = parse_identifier(text)
    assert (found.scheme, found.value, found.url) == (scheme, value, address)
    assert json.loads(found.model_dump_json())["scheme"] == scheme


@pytest.mark.parametrize("text", ["20231.05.sample1", "scan RRID", "10.99999/ab12", "swh:1:rev:abc"])
def test_what_only_looks_like_one_is_none_of_them(text):
    assert parse_identifier(text).scheme not in {"RRID", "SWHID", "RAiD", "CSTR"}
