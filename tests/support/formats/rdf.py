"""The RDF forms of a record, read into graphs and compared."""

import json

from rdflib import Graph, Namespace
from rdflib.term import BNode

from panfair.builders.formats.dcat import dcat_graph
from panfair.builders.metadata.format import all_formats
from panfair.builders.syntax.rdf import turtle
from panfair.ontologies.embargo import Released
from support.format_cases import PORTAL, rendered

SCHEMA = Namespace("http://schema.org/")


DCAT = Namespace("http://www.w3.org/ns/dcat#")


DCT = Namespace("http://purl.org/dc/terms/")


PROV = Namespace("http://www.w3.org/ns/prov#")


# What https://schema.org/docs/jsonldcontext.jsonld says of the terms that are used; written from its rules, not from
# the code: terms for addresses are IRIs, terms for dates have schema.org's datatypes.
CONTEXT = {"@vocab": "http://schema.org/"} | {
    **{
        term: {"@type": "@id"}
        for term in (
            "url",
            "contentUrl",
            "license",
            "sameAs",
            "isBasedOn",
            "isPartOf",
            "inDefinedTermSet",
            "archivedAt",
        )
    },
    **{term: {"@type": "Date"} for term in ("datePublished", "dateModified", "dateCreated")},
    **{term: {"@type": "DateTime"} for term in ("startTime", "endTime")},
}


def jsonld(one: Released) -> Graph:
    document = json.loads(rendered(one, "metadata.jsonld"))
    assert document["@context"] == "https://schema.org", "search engines want the plain context"
    document["@context"] = CONTEXT
    return Graph().parse(data=json.dumps(document), format="json-ld")


def oai(one: Released, prefix: str) -> Graph:
    (render,) = [each.render for form in all_formats() for each in form.oai if each.prefix == prefix]
    return Graph().parse(data=render(one, PORTAL), format="xml")


def check_triples(one: Released) -> None:
    schema = set(jsonld(one))
    full = set(Graph().parse(data=rendered(one, "dcat.ttl"), format="turtle"))
    dcat = set(Graph().parse(data=turtle(dcat_graph(one, PORTAL)), format="turtle"))
    assert not any(isinstance(term, BNode) for triple in schema | full for term in triple)
    assert schema == set(oai(one, "schema_org"))
    assert dcat == set(oai(one, "dcat"))
    assert schema <= full
    assert full == schema | dcat
    assert not any(str(predicate).startswith(str(SCHEMA)) for _, predicate, _ in dcat)
