"""Tests of all formats over every real record that is at hand: each form valid, all telling one story."""

import pytest
from lxml import etree
from rdflib import Graph
from rocrate.rocrate import ROCrate

from panfair.ontologies.embargo import Released
from support.format_cases import real_releases, rendered
from support.formats.agree import check_agreement
from support.formats.citations import check_citations
from support.formats.datacite import check_datacite, check_older, oai_dc_schema
from support.formats.dcat import check_mandatory
from support.formats.rdf import check_triples
from support.formats.rocrate import check_crate, crate
from support.judges.dcat import remarks
from support.judges.rocrate import LACKING, issues


@pytest.fixture(scope="module")
def real(shared) -> list[Released]:
    return real_releases(shared)


def test_there_are_real_records_of_both_collections(real):
    assert len(real) > 140


def test_every_real_record_is_valid_datacite(real):
    for one in real:
        check_datacite(one)
        check_older(one)


def test_every_real_record_is_valid_oai_dc(real, shared):
    schema = oai_dc_schema(shared)
    for one in real:
        assert schema.validate(etree.fromstring(rendered(one, "dublincore.xml"))), (one.doi, schema.error_log)


def test_every_real_record_has_the_same_triples_in_all_rdf_forms(real):
    for one in real:
        check_triples(one)
        check_mandatory(one)


def test_the_shapes_of_dcat_ap_find_nothing_wrong_in_real_records(real):
    together = Graph()
    for one in real[::3]:
        together.parse(data=rendered(one, "dcat.ttl"), format="turtle")
    assert remarks(together) == ""


def test_every_real_record_is_a_whole_crate(real):
    for one in real:
        check_crate(one)


def test_the_library_that_people_use_opens_every_real_crate_detached_and_attached(real, tmp_path):
    for one in real:
        for name in ("ro-crate-metadata.json", "metadata.zip"):
            (tmp_path / name).write_bytes(rendered(one, name))
            opened = ROCrate(tmp_path / name)
            assert opened.name == one.publication.title, (one.doi, name)
            (tmp_path / name).unlink()


def test_no_format_contradicts_another_on_any_real_record(real):
    for one in real:
        check_agreement(one)
        check_citations(one)


def test_the_validator_finds_real_crates_lacking_only_what_their_source_lacks(real):
    # The validator takes two seconds for each, a minute for the longest: these stand for the rest.
    by_size = sorted(real, key=lambda one: len(rendered(one, "ro-crate-metadata.json")))
    for one in by_size[:: len(by_size) // 5]:
        assert [issue for issue in issues(crate(one)) if not issue[1].startswith(LACKING)] == [], one.doi
