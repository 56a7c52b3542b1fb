"""Tests of metadata.jsonld, dcat.ttl and their RDF/XML: parsed back by rdflib, without a network."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from rdflib import RDF, Graph, Literal, URIRef

from panfair.builders.formats.dcat import dcat_graph
from panfair.builders.formats.schemaorg import jsonld_document, page_document
from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.format import all_formats, formats_of
from panfair.builders.syntax.rdf import turtle
from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Agent, File, Funding, Parameter, Related, Rights
from support.format_cases import PORTAL, releases, rendered
from support.formats.rdf import DCAT, DCT, PROV, SCHEMA, check_triples, jsonld
from support.records import a_dataset, a_publication, released


@given(releases)
@settings(max_examples=60, deadline=None)
def test_turtle_holds_the_triples_of_the_jsonld_and_the_dcat_description_and_no_others(one):
    check_triples(one)


def test_the_made_up_record_has_the_same_triples_in_all_rdf_forms():
    check_triples(released())


@pytest.mark.parametrize(
    "relation",
    [
        "IsSourceOf",
        "IsIdenticalTo",
        "IsPartOf",
        "HasPart",
        "IsNewVersionOf",
        "IsObsoletedBy",
        "Continues",
        "IsReviewedBy",
    ],
)
def test_every_kind_of_relation_is_the_same_in_all_rdf_forms(relation):
    related = (
        Related(relation=relation, identifier=Identifier(scheme="DOI", value="10.99999/other")),
        Related(relation=relation, citation="Madeup (1999) A book without an address"),
    )
    check_triples(released(a_publication(related=related)))


def test_jsonld_says_what_dataset_search_engines_ask_for():
    document = jsonld_document(released(), PORTAL)
    assert document["@type"] == "Dataset"
    assert document["@id"] == document["identifier"] == "https://doi.org/10.99999/EXAMPLE-1"
    assert document["url"] == "https://data.example.org/doi/10.99999/example-1/"
    assert 50 <= len(document["description"]) <= 5000
    assert document["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert document["isAccessibleForFree"] is True
    assert document["conditionsOfAccess"] == "http://purl.org/coar/access_right/c_abf2"
    assert document["creator"][0]["@id"] == "https://orcid.org/0000-0002-1825-0097"
    assert document["creator"][0]["affiliation"]["@id"] == "https://ror.org/02550n020"
    assert document["datePublished"] == "2026-06-01"
    assert document["measurementTechnique"]["@id"] == "http://purl.org/pan-science/PaNET/PaNET01129"
    assert document["distribution"]["contentUrl"] == "https://data.example.org/files/scan_0001.h5"
    assert document["distribution"]["encodingFormat"] == "application/x-hdf5"
    assert document["distribution"]["sha256"] == "0" * 64
    assert document["hasPart"]["variableMeasured"]["unitText"] == "keV"
    assert document["includedInDataCatalog"]["name"] == PORTAL.title
    assert {file["url"].rsplit("/", 1)[1] for file in document["subjectOf"]} == {
        form.file for form in formats_of(describe(released(), PORTAL)) if form.describes
    }
    assert document["http://www.w3.org/ns/prov#wasGeneratedBy"]["instrument"]["name"] == "EX01 - Imaging"


@pytest.mark.parametrize("kind", ["account", "unknown"])
def test_an_account_or_a_name_in_doubt_is_neither_person_nor_organisation(kind):
    one = released(a_publication(creators=(Agent(name="nobody_k", kind=kind),)))
    graph = Graph().parse(data=rendered(one, "dcat.ttl"), format="turtle")
    (creator,) = graph.objects(URIRef(one.doi.url), SCHEMA.creator)
    assert set(graph.objects(creator, RDF.type)) == {URIRef("http://xmlns.com/foaf/0.1/Agent"), SCHEMA.Thing}
    assert (creator, SCHEMA.name, Literal("nobody_k")) in graph


def test_a_list_with_a_number_beyond_64_bits_keeps_it():
    one = released(a_publication(parameters=(Parameter(name="flux", value=(1e20, 2.0)),), datasets=()))
    assert json.loads(rendered(one, "metadata.jsonld"))["variableMeasured"]["value"] == "1e+20, 2"


def test_an_unknown_licence_is_words_and_not_an_address():
    graph = jsonld(released(a_publication(rights=(Rights(said="ask Bob first"),))))
    dataset = URIRef("https://doi.org/10.99999/EXAMPLE-1")
    assert not list(graph.objects(dataset, SCHEMA.license))
    (usage,) = graph.objects(dataset, SCHEMA.usageInfo)
    assert (usage, SCHEMA.name, Literal("ask Bob first")) in graph


def test_a_script_for_an_address_is_left_out():
    file = File(name="x.h5", url="javascript:alert(1)")
    one = released(a_publication(files=(file,), datasets=(), url="javascript:alert(2)"))
    for form in all_formats():
        assert b"javascript:" not in form.render(one, PORTAL), form.file


def test_nexus_is_told_by_conforms_to_and_hdf5_by_media_type():
    file = File(name="a.nxs", url="https://data.example.org/a.nxs")
    one = released(a_publication(datasets=(a_dataset(files=(file,)),)))
    graph = jsonld(one)
    dataset = URIRef(one.doi.url)
    assert set(map(str, graph.objects(dataset, DCT.conformsTo))) == {
        "https://www.nexusformat.org/",
        "http://purl.org/nexusformat/definitions/NXroot",
    }
    (download,) = graph.objects(dataset, SCHEMA.distribution)
    assert (download, SCHEMA.encodingFormat, Literal("application/x-hdf5")) in graph


def test_all_datasets_are_parts_and_documents_stay_bounded():
    many = tuple(
        a_dataset(
            id=f"id-{n}",
            name=f"scan {n}",
            files=tuple(File(name=f"{n}-{k}.h5", url=f"https://data.example.org/{n}/{k}.h5") for k in range(20)),
            parameters=tuple(Parameter(name=f"p{k}", value=k) for k in range(50)),
        )
        for n in range(472)
    )
    one = released(a_publication(datasets=many))
    document = jsonld_document(one, PORTAL)
    assert len(document["hasPart"]) == 472
    assert len(document["distribution"]) == 500
    assert len(rendered(one, "metadata.jsonld")) < 1_500_000
    assert len(rendered(one, "ro-crate-metadata.json")) < 2_500_000
    assert len(page_document(one, PORTAL)["hasPart"]) == 50
    assert len(json.dumps(page_document(one, PORTAL))) < 300_000
    linkset = json.loads(rendered(one, "linkset.json"))["linkset"]
    assert len(linkset[0]["item"]) == 472 * 20, "the linkset names every file"


def test_dcat_types_every_node_that_it_refers_to():
    file = File(
        name="a.nxs", url="https://data.example.org/a.nxs", checksum="0" * 32, checksum_algorithm="md5", size_bytes=1
    )
    funding = (Funding(funder="Example Fund", funder_id=Identifier(scheme="ROR", value="02550n020")),)
    one = released(a_publication(language="en", funding=funding, datasets=(a_dataset(files=(file,)),)))
    graph = Graph().parse(data=turtle(dcat_graph(one, PORTAL)), format="turtle")
    typed = set(graph.subjects(RDF.type))
    # What these lead to is a file, a mailbox or the dataset's own page: no class is asked of it.
    free = {DCAT.accessURL, DCAT.downloadURL, URIRef("http://www.w3.org/2006/vcard/ns#hasEmail"), RDF.type}
    bare = {(p, o) for _, p, o in graph if isinstance(o, URIRef) and p not in free and o not in typed}
    assert not bare


def test_dates_are_dates():
    one = released(a_publication(release_date=date(2026, 6, 1)))
    graph = Graph().parse(data=turtle(dcat_graph(one, PORTAL)), format="turtle")
    (issued,) = graph.objects(URIRef(one.doi.url), DCT.issued)
    assert issued.toPython() == date(2026, 6, 1)


def test_processing_says_what_it_was_made_from():
    raw = a_dataset(id="raw", name="raw")
    from panfair.ontologies.record import DatasetLink

    volume = a_dataset(id="volume", name="volume", kind="processed", inputs=(DatasetLink(id="raw", public=True),))
    graph = jsonld(released(a_publication(datasets=(raw, volume))))
    landing = "https://data.example.org/doi/10.99999/example-1/"
    made = URIRef(landing + "datasets/volume/")
    assert list(graph.objects(made, PROV.wasDerivedFrom)) == [URIRef(landing + "datasets/raw/")]
