"""Tests of BibTeX, RIS, CSL-JSON, CFF and EndNote: what citation software reads back is what the record says."""

import re

import yaml
from hypothesis import given, settings

from panfair.ontologies.licences import licences, rights_from
from panfair.ontologies.record import Agent, Rights
from support.format_cases import releases, rendered
from support.formats.citation_readers import read_bibtex, read_ris
from support.formats.citations import CFF_SCHEMA, _cff_licence, check_citations, one_line
from support.records import a_publication, released


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
