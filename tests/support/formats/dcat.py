"""What DCAT-AP makes mandatory, looked for in a graph."""

from rdflib import RDF, Graph, Namespace, URIRef

from panfair.builders.formats.dcat import dcat_graph
from panfair.builders.syntax.rdf import turtle
from panfair.ontologies.embargo import Released
from support.format_cases import PORTAL

DCAT = Namespace("http://www.w3.org/ns/dcat#")


DCT = Namespace("http://purl.org/dc/terms/")


def graph_of(one: Released) -> Graph:
    return Graph().parse(data=turtle(dcat_graph(one, PORTAL)), format="turtle")


def check_mandatory(one: Released) -> None:
    graph = graph_of(one)
    for dataset in graph.subjects(RDF.type, DCAT.Dataset):
        assert len(list(graph.objects(dataset, DCT.title))) == 1, dataset
        assert len(list(graph.objects(dataset, DCT.description))) == 1, dataset
        assert len(list(graph.objects(dataset, DCT.accessRights))) <= 1, dataset
    main = URIRef(one.doi.url)
    for needed in (DCT.publisher, DCAT.contactPoint, DCAT.distribution, DCAT.theme, DCAT.landingPage):
        assert list(graph.objects(main, needed)), needed
    for distribution in graph.subjects(RDF.type, DCAT.Distribution):
        assert list(graph.objects(distribution, DCAT.accessURL)), distribution
        assert len(list(graph.objects(distribution, DCT.license))) <= 1, distribution
        assert len(list(graph.objects(distribution, DCT.rights))) == 1, distribution
