"""Tests of every format with hostile and with poor records: foreign parsers read each, and find nothing invented."""

import json
from io import BytesIO
from math import inf, nan
from zipfile import ZipFile

import pytest
import yaml
from hypothesis import given, settings
from lxml import etree
from rdflib import Dataset, Graph

from panfair.builders.formats.dcat import whole_graph
from panfair.builders.metadata.crosswalk import describe, typed_links
from panfair.builders.metadata.format import all_formats, formats_of
from panfair.builders.panosc.entry import panosc_entry
from panfair.builders.search.documents.document import documents
from panfair.builders.syntax.rdf import nquads
from panfair.ontologies.embargo import Released
from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Agent, File, Parameter, Related, Sample
from support.format_cases import PORTAL, releases, rendered
from support.formats.citation_readers import read_bibtex, read_ris
from support.records import a_dataset, a_publication, released

HOSTILE = (
    "</script><script>alert(1)</script>", "\"'`\\ {}[]$%#&~^_", "}} @article{x, title = {y}", "TY  - JOUR\nER  - ",
    "%0 Book\n%A x", "a: b\n- c: !!python/object:os.system", "]]> <!-- --> <?x?> &lt;", '<x> "y" . <z>, ; "w"@en^^<v>',
    "javascript:alert(1)", "abc\u202edef\u2066", "a\u2028b\u2029c", "https://x.example/a,b;c'd\"e<f>g h\\i|j^k`l{m}",
)  # fmt: skip


def _read_zip(body: bytes) -> object:
    with ZipFile(BytesIO(body)) as archive:
        assert archive.testzip() is None
        return [READERS[name.rsplit(".", 1)[-1]](archive.read(name)) for name in archive.namelist()]


def _read_enw(body: bytes) -> object:
    lines = body.decode().split("\n")
    assert lines.pop() == "" and all(line[:1] == "%" and line[2:3] == " " and line[3:] for line in lines)
    assert sum(line.startswith("%0 ") for line in lines) == 1
    return lines


READERS = {
    "json": json.loads,
    "jsonld": json.loads,
    "xml": etree.fromstring,
    "ttl": lambda body: Graph().parse(data=body, format="turtle"),
    "bib": read_bibtex,
    "ris": read_ris,
    "enw": _read_enw,
    "cff": yaml.safe_load,
    "zip": _read_zip,
}
"""A foreign reader for the ending of each format's file; a format with another ending needs one here."""


def check_readable(one: Released) -> None:
    for form in formats_of(describe(one, PORTAL)):
        READERS[form.file.rsplit(".", 1)[-1]](rendered(one, form.file))
    for link in typed_links(one, PORTAL):
        assert link.href.isascii() and not set(link.href) & set(" \"<>\\^`{|}',;\r\n"), link


@given(releases)
@settings(max_examples=40, deadline=None)
def test_every_format_of_an_odd_record_is_read_by_a_foreign_parser(one):
    check_readable(one)


@pytest.mark.parametrize("text", HOSTILE)
def test_every_format_of_a_hostile_record_is_read_by_a_foreign_parser(text):
    publication = a_publication(
        title=text,
        abstract=text,
        methods=text,
        version=text,
        language=text,
        url=text,
        creators=(Agent(name=text, given_name=text, family_name=text), Agent(name=text, kind="organisation")),
        publisher=Agent(name=text, kind="organisation"),
        related=(Related(relation="Cites", identifier=Identifier(scheme="URL", value=text), citation=text),),
        samples=(Sample(name=text, formula=text, identifier=Identifier(scheme="IGSN", value=text)),),
        files=(File(name=text, url=text, checksum=text, media_type=text),),
        datasets=(a_dataset(name=text, software=(text,), description=text),),
    )
    one = released(publication)
    check_readable(one)
    assert json.loads(rendered(one, "metadata.jsonld"))["name"] == publication.title
    assert yaml.safe_load(rendered(one, "CITATION.cff"))["title"] == publication.title


@pytest.mark.parametrize("said", ['application/json;charset="utf-8"', "text/a>b", "text/a b/c", "a/{b}", "a/b\\c"])
def test_every_format_and_the_dump_are_read_whatever_a_files_media_type_says(said):
    file = File(name="a.json", url="https://data.example.org/a.json", media_type=said)
    one = released(a_publication(files=(file,), datasets=(a_dataset(files=(file,)),)))
    check_readable(one)
    quads = nquads(whole_graph(one, PORTAL), "https://data.example.org/g")
    graph = Dataset(default_union=True).parse(data=quads, format="nquads")
    assert "https://www.iana.org/assignments/media-types/application/json" in set(map(str, graph.objects()))


def test_every_format_of_the_poorest_record_is_valid_and_invents_nothing():
    poor = released(
        a_publication(
            creators=(), abstract=None, methods=None, rights=(), datasets=(), files=(), related=(), funding=(),
            instruments=(), techniques=(), samples=(), keywords=(), start=None, end=None, created=None, modified=None,
            facility=None, proposal=None, session=None, url=None,
        )
    )  # fmt: skip
    check_readable(poor)
    told = json.loads(rendered(poor, "metadata.jsonld"))
    assert told["description"].startswith(poor.publication.title)
    for term in ("creator", "license", "funder", "hasPart", "distribution", "temporalCoverage"):
        assert term not in told, term
    assert "croissant.json" not in {form.file for form in formats_of(describe(poor, PORTAL))}
    item = json.loads(rendered(poor, "csl.json"))
    assert set(item) <= {"id", "type", "title", "issued", "publisher", "DOI", "URL"}


def test_there_is_a_foreign_reader_for_every_format():
    assert {form.file.rsplit(".", 1)[-1] for form in all_formats()} <= set(READERS)


_NUMBERS = [10**400, 10**20, inf, nan, (1e308, inf), "9" * 400, "9" * 5000, "1e400", 5e-324]


@pytest.mark.parametrize("value", _NUMBERS, ids=range(len(_NUMBERS)))
@pytest.mark.parametrize("name", ["Photon_energy", "temperature", "whatever"])
def test_a_publication_with_any_number_is_in_every_format_and_every_index(value, name):
    parameter = Parameter(name=name, value=value, unit="keV")
    one = released(a_publication(datasets=(a_dataset(parameters=(parameter,)),), parameters=(parameter,)))
    check_readable(one)
    assert b'"None' not in rendered(one, "metadata.jsonld")
    assert documents(one).publication["key"] and json.loads(panosc_entry(one))
