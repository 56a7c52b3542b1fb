"""Tests of BibTeX, RIS, CSL-JSON, CFF and EndNote: what citation software reads back is what the record says."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import yaml
from citation_readers import read_bibtex, read_ris, text_of
from format_cases import releases, rendered
from hypothesis import given, settings
from jsonschema import Draft7Validator

from panfair.ontologies.embargo import Released
from panfair.ontologies.licences import licences, rights_from
from panfair.ontologies.record import Agent, Rights
from records import a_publication, released

# csl-data.json 1.0.2: the variables that are used, and what they are.
_CSL = {
    "id": str, "type": str, "title": str, "author": list, "issued": dict, "publisher": str, "DOI": str, "URL": str,
    "abstract": str, "version": str, "language": str, "keyword": str, "license": str,
}  # fmt: skip

# The schema that cffconvert carries; its own code wants an old jsonschema.
_CFF = Path(find_spec("cffconvert").submodule_search_locations[0]) / "schemas" / "1.2.0" / "schema.json"
CFF_SCHEMA = Draft7Validator(json.loads(_CFF.read_text()))


def one_line(text: str) -> str:
    return " ".join(text.split())


def check_citations(one: Released) -> None:
    publication = one.publication
    title, year = one_line(publication.title), str(publication.publication_year)
    bib = read_bibtex(rendered(one, "citation.bib"))
    assert re.fullmatch(r"[a-z0-9]+-[a-z0-9-]+", bib["ID"])
    assert text_of(bib["title"]) == title
    assert bib["year"] == year
    assert bib["url"] == one.doi.url
    assert bib["doi"] == str(one.doi) or "%" in bib["doi"]
    ris = read_ris(rendered(one, "citation.ris"))
    assert ("TI", title) in ris and ("PY", year) in ris and ("UR", one.doi.url) in ris
    assert sum(tag == "AU" for tag, _ in ris) == len(publication.creators)
    (item,) = json.loads(rendered(one, "csl.json"))
    assert all(isinstance(value, _CSL[name]) for name, value in item.items())
    assert item["title"] == publication.title and item["type"] == "dataset"
    assert item["issued"] == {"date-parts": [[publication.publication_year]]}
    for name in item.get("author", []):
        assert set(name) in ({"family"}, {"family", "given"}, {"literal"})


@given(releases)
@settings(max_examples=40, deadline=None)
def test_citation_cff_of_odd_records_meets_its_schema(one):
    text = rendered(one, "CITATION.cff").decode()
    CFF_SCHEMA.validate(yaml.safe_load(text))
    told = yaml.safe_load(text)
    assert told["title"] == one.publication.title and told["type"] == "dataset"
    assert told.get("doi", str(one.doi)) == str(one.doi)
    named = {author.get("name") or author["family-names"] for author in told["authors"]}
    assert named == {c.family_name or c.name if c.kind == "person" else c.name for c in one.publication.creators} or (
        not one.publication.creators and named == {one.publication.publisher.name}
    )


@given(releases)
@settings(max_examples=40, deadline=None)
def test_endnotes_form_is_a_tag_and_a_value_a_line(one):
    lines = rendered(one, "citation.enw").decode().splitlines()
    assert lines[0] == "%0 Dataset" and all(re.fullmatch(r"%[0-9A-Z] .+", line) for line in lines)
    assert f"%T {one_line(one.publication.title)}" in lines and f"%R {one.doi}" in lines
    assert sum(line.startswith("%A ") for line in lines) == len(one.publication.creators)


@given(releases)
@settings(max_examples=80, deadline=None)
def test_citations_of_odd_records_are_read_back(one):
    check_citations(one)


def _cff_licence(right: Rights) -> dict:
    told = yaml.safe_load(rendered(released(a_publication(rights=(right,))), "CITATION.cff"))
    CFF_SCHEMA.validate(told)
    return {key: value for key, value in told.items() if key.startswith("license")}


def test_every_licence_of_ours_is_in_citation_cff_by_identifier_where_its_schema_lists_it_else_by_address():
    listed = set(CFF_SCHEMA.schema["definitions"]["license-enum"]["enum"])
    for one in licences():
        by = {"license": one.spdx} if one.spdx in listed else {"license-url": one.url}
        assert _cff_licence(rights_from(one.spdx)) == by


def test_a_licence_that_we_do_not_know_is_in_citation_cff_by_its_address():
    assert _cff_licence(Rights(said="x", spdx="No-Such-1.0", url="https://x.example/l")) == {
        "license-url": "https://x.example/l"
    }
    assert _cff_licence(Rights(said="ask Bob")) == {}


def test_names_are_parted_as_bibtex_wants_them():
    people = (
        Agent(name="Testa Madeup", given_name="Testa", family_name="Madeup"),
        Agent(name="nobody_k", kind="account"),
        Agent(name="Smith and Sons", kind="organisation"),
    )
    bib = read_bibtex(rendered(released(a_publication(creators=people, more_creators=True)), "citation.bib"))
    assert bib["author"] == r"{Madeup}, {Testa} and {nobody\_k} and {Smith and Sons} and others"


def test_text_cannot_end_the_entry_or_begin_another():
    one = released(a_publication(title="}} @article{x, title = {y}", abstract="TY  - JOUR\nER  - "))
    check_citations(one)
    assert sum(tag == "AB" for tag, _ in read_ris(rendered(one, "citation.ris"))) == 1


def test_the_day_is_told_when_it_is_of_the_cited_year_only():
    assert ("DA", "2026/06/01") in read_ris(rendered(released(), "citation.ris"))
    assert "DA" not in dict(read_ris(rendered(released(a_publication(publication_year=2024)), "citation.ris")))


def test_two_publications_of_one_author_and_year_have_two_keys():
    from panfair.ontologies.identifiers import Doi

    keys = {
        read_bibtex(rendered(released(a_publication(doi=Doi.parse(doi))), "citation.bib"))["ID"]
        for doi in ("10.99999/a", "10.99999/b", "10.99999/###", "10.99999/???")
    }
    assert len(keys) == 4
