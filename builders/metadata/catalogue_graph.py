"""The catalogue as RDF: DCAT-AP 3.0.1 with the layers of a FAIR Data Point, in pages (catalog.ttl, catalog.jsonld).

A FAIR Data Point (specification 1.2) describes itself, then its catalogues, then their datasets: here one of each layer
for the whole site, with the LDP containers that its clients walk along. Pages are Hydra's: each says where the first,
last, next and previous page is. Days are the records': the catalogue's descriptions are as old as its first record, and
as new as the last change. What a change of one record alters (these days, how many records there are) the first page
alone tells.
"""

from collections.abc import Sequence
from urllib.parse import quote

from panfair.builders.card import Card
from panfair.builders.metadata.terms import COAR_OPEN, EU_PUBLIC, PANET_SET, SCIENCE_THEME
from panfair.builders.portal import Portal
from panfair.builders.syntax.rdf import PREFIXES, TYPE, Graph, Iri, Literal, add, expanded
from panfair.ontologies.identifiers import Doi

ON_A_PAGE = 250
CATALOGUE_PREFIXES = PREFIXES | {
    "fdp-o": "https://w3id.org/fdp/fdp-o#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "ldp": "http://www.w3.org/ns/ldp#",
}
_FDP_SPECIFICATION = "https://specs.fairdatapoint.org/fdp-specs-v1.2.html"
_DCAT_AP = "http://data.europa.eu/r5r/"


def catalogue_graph(
    portal: Portal, cards: Sequence[Card], page: int, pages: int, count: int, span: tuple[str, str] = ("", "")
) -> Graph:
    """One page of the catalogue (pages count from 1), with the layers above it; `count` records stand on all pages.

    `span` are the days on which the first record opened and the last one changed, or empty.
    """
    writer = _Writer(portal)
    writer.data_point()
    writer.catalogue()
    if page == 1:
        writer.counted(count)
        writer.dated(*span)
    writer.view(page, pages)
    for card in cards:
        writer.record(card)
    return writer.graph


def page_path(page: int, ending: str) -> str:
    """The path of a page: `catalog.ttl`, then `catalog/2.ttl`…"""
    return f"catalog.{ending}" if page == 1 else f"catalog/{page}.{ending}"


class _Writer:
    """Writes one page into a graph."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.graph: Graph = {}
        self.here = portal.url("/#catalog")
        self.point = portal.url("/#fair-data-point")

    def _say(self, subject: str, predicate: str, text: str, datatype: str = "") -> None:
        add(self.graph, subject, predicate, Literal(text, datatype))

    def _link(self, subject: str, predicate: str, thing: str, *types: str) -> None:
        add(self.graph, subject, predicate, Iri(thing))
        self._is(thing, *types)

    def _is(self, thing: str, *types: str) -> None:
        for kind in types:
            prefix, _, name = kind.partition(":")
            add(self.graph, thing, TYPE, Iri(CATALOGUE_PREFIXES[prefix] + name))

    def _about(self, thing: str, title: str, description: str) -> None:
        self._say(thing, "dct:title", title)
        self._say(thing, "dct:description", description)
        publisher = publisher_iri(self.portal)
        self._link(thing, "dct:publisher", publisher, "foaf:Agent")
        self._say(publisher, "foaf:name", self.portal.publisher)
        self._link(thing, "dct:accessRights", EU_PUBLIC, "dct:RightsStatement")
        self._link(thing, "fdp-o:metadataIdentifier", self.portal.url("/catalog.ttl"))
        add_contact(self.graph, thing, self.portal)
        if self.portal.metadata_licence:
            self._link(thing, "dct:license", self.portal.metadata_licence, "dct:LicenseDocument")

    def dated(self, first: str, last: str) -> None:
        """When the descriptions of the point and of the catalogue were issued, and last changed."""
        for predicate, day in (("Issued", first), ("Modified", last)):
            if day:
                self._metadata(self.point, predicate, day)
                self._metadata(self.here, predicate, day)
                self._say(self.here, f"dct:{predicate.lower()}", day, "xsd:date")

    def _metadata(self, thing: str, predicate: str, day: str) -> None:
        self._say(thing, f"fdp-o:metadata{predicate}", f"{day}T00:00:00Z", "xsd:dateTime")

    def data_point(self) -> None:
        """The FAIR Data Point: the service that this site is, and its container of catalogues."""
        portal, point = self.portal, self.point
        self._is(point, "fdp-o:MetadataService", "fdp-o:FAIRDataPoint", "dcat:DataService", "dcat:Resource")
        self._about(point, portal.title, portal.description or portal.title)
        self._link(point, "dct:conformsTo", _FDP_SPECIFICATION, "dct:Standard")
        self._say(_FDP_SPECIFICATION, "dct:title", "FAIR Data Point specification 1.2")
        self._link(point, "fdp-o:conformsToFdpSpec", _FDP_SPECIFICATION)
        self._link(point, "dcat:endpointURL", portal.url("/"), "rdfs:Resource")
        self._link(point, "fdp-o:metadataCatalog", self.here)
        self._container(portal.url("/#catalogs"), "Catalogues", point, "fdp-o:metadataCatalog")
        self._link(portal.url("/#catalogs"), "ldp:contains", self.here)

    def counted(self, count: int) -> None:
        """How many records there are."""
        self._say(self.here, "void:documents", str(count), "xsd:integer")
        self._say(self.here, "hydra:totalItems", str(count), "xsd:integer")

    def catalogue(self) -> None:
        """The catalogue itself and the services that answer for it."""
        portal, here = self.portal, self.here
        self._is(here, "dcat:Catalog", "dcat:Resource", "hydra:Collection")
        self._about(here, portal.title, portal.description or portal.title)
        self._link(here, "dct:isPartOf", self.point)
        self._link(here, "dct:conformsTo", _DCAT_AP, "dct:Standard")
        self._say(_DCAT_AP, "dct:title", "DCAT-AP 3.0.1")
        self._link(here, "foaf:homepage", portal.url("/"), "foaf:Document")
        self._link(here, "dcat:themeTaxonomy", PANET_SET, "skos:ConceptScheme")
        self._say(PANET_SET, "dct:title", "PaNET: photon and neutron experimental techniques")
        self._link(here, "void:inDataset", portal.url("/#catalog-rdf"), "void:Dataset")
        self._link(here, "dcat:service", self.point)
        for path, title, description in (
            ("/oai", "OAI-PMH 2.0", "/oai?verb=Identify"),
            ("/api/search", "Search", "/openapi.json"),
        ):
            service = portal.url(path)
            self._link(here, "dcat:service", service, "dcat:DataService")
            self._say(service, "dct:title", title)
            self._link(service, "dcat:endpointURL", service, "rdfs:Resource")
            self._link(service, "dcat:endpointDescription", portal.url(description), "rdfs:Resource")
            self._link(service, "dcat:servesDataset", portal.url("/#catalog-rdf"), "dcat:Dataset")
        rdf = portal.url("/#catalog-rdf")
        self._say(rdf, "dct:title", f"{portal.title}: all descriptions")
        self._say(rdf, "dct:description", "The descriptions of all publications as RDF.")
        self._container(portal.url("/#datasets"), "Datasets", here, "dcat:dataset")

    def _container(self, container: str, title: str, of: str, relation: str) -> None:
        self._is(container, "ldp:DirectContainer")
        self._say(container, "dct:title", title)
        self._link(container, "ldp:membershipResource", of)
        prefix, _, name = relation.partition(":")
        self._link(container, "ldp:hasMemberRelation", CATALOGUE_PREFIXES[prefix] + name)

    def view(self, page: int, pages: int) -> None:
        """Where this page stands among the pages (Hydra Core, section 5.4)."""
        this = self._page(page)
        self._link(self.here, "hydra:view", this, "hydra:PartialCollectionView")
        turns = {"first": 1, "last": pages, "next": page + 1, "previous": page - 1}
        for turn, number in turns.items():
            if 1 <= number <= pages:
                self._link(this, f"hydra:{turn}", self._page(number))

    def _page(self, page: int) -> str:
        return self.portal.url(page_path(page, "ttl"))

    def record(self, card: Card) -> None:
        """One publication: enough to know whether to read its own description, and the entry that tells its change."""
        portal, doi, landing = self.portal, Doi(card.doi).url, self.portal.url(card.page)
        self._link(self.here, "dcat:dataset", doi, "dcat:Dataset", "dcat:Resource")
        self._link(portal.url("/#datasets"), "ldp:contains", doi)
        self._link(doi, "dct:isPartOf", self.here)
        self._say(doi, "dct:identifier", doi, "xsd:anyURI")
        self._say(doi, "dct:title", card.title)
        self._say(doi, "dct:description", card.snippet or card.title)
        if card.day:
            self._say(doi, "dct:issued", card.day, "xsd:date")
        for technique in card.techniques:
            self._say(doi, "dcat:keyword", technique)
        self._link(doi, "dcat:theme", SCIENCE_THEME, "skos:Concept")
        add(self.graph, SCIENCE_THEME, "skos:prefLabel", Literal("Science and technology", "", "en"))
        self._link(doi, "dct:accessRights", EU_PUBLIC)
        self._link(doi, "dcat:landingPage", landing, "foaf:Document")
        self._link(doi, "rdfs:seeAlso", f"{landing}dcat.ttl")
        if card.changed:
            entry = f"{landing}#record"
            self._link(self.here, "dcat:record", entry, "dcat:CatalogRecord")
            self._link(entry, "foaf:primaryTopic", doi)
            self._say(entry, "dct:modified", card.changed[:10], "xsd:date")
            self._link(doi, "fdp-o:metadataIdentifier", entry)
            self._metadata(doi, "Issued", card.day or card.changed[:10])
            self._metadata(doi, "Modified", card.changed[:10])
            self._link(entry, "dct:conformsTo", _DCAT_AP)


def publisher_iri(portal: Portal) -> str:
    """What stands for who answers for the site: its ROR id, else a fragment of the front page."""
    return portal.publisher_ror or portal.url("/#contact")


def add_contact(graph: Graph, thing: str, portal: Portal) -> None:
    """Adds whom to ask about a thing: the office that the operator named."""
    contact = portal.url("/#contact")
    add(graph, thing, "dcat:contactPoint", Iri(contact))
    for kind in ("vcard:Kind", "vcard:Organization"):
        add(graph, contact, TYPE, Iri(expanded(kind)))
    add(graph, contact, "vcard:fn", Literal(portal.publisher))
    if "@" in portal.contact:
        add(graph, contact, "vcard:hasEmail", Iri("mailto:" + quote(portal.contact, safe="@+")))


def data_catalog(portal: Portal, techniques: Sequence[tuple[str, str]]) -> dict[str, object]:
    """schema.org's DataCatalog for the front page; `techniques` are names and IRIs (or empty) of what it holds most."""
    publisher: dict[str, object] = {"@type": "Organization", "@id": publisher_iri(portal), "name": portal.publisher}
    if portal.home_url:
        publisher["url"] = portal.home_url
    if "@" in portal.contact:
        contact = {"@type": "ContactPoint", "email": portal.contact, "contactType": "data curators"}
        publisher["contactPoint"] = contact
    document: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "DataCatalog",
        "@id": portal.url("/#catalog"),
        "name": portal.title,
        "description": portal.description or portal.title,
        "url": portal.url("/"),
        "identifier": portal.url("/"),
        "publisher": publisher,
        "isAccessibleForFree": True,
        "conditionsOfAccess": COAR_OPEN,
        **({"license": portal.metadata_licence} if portal.metadata_licence else {}),
        "mainEntityOfPage": {"@id": portal.url("/")},
        "subjectOf": [
            {"@type": "DigitalDocument", "url": portal.url(path), "encodingFormat": kind, "name": name}
            for path, kind, name in (
                ("/catalog.ttl", "text/turtle", "DCAT catalogue"),
                ("/catalog.jsonld", "application/ld+json", "DCAT catalogue"),
                ("/.well-known/void", "text/turtle", "VoID description of the RDF dump"),
            )
        ],
    }
    terms = [
        {"@type": "DefinedTerm", "@id": iri, "name": name, "url": iri} if iri else name for name, iri in techniques
    ]
    return document | ({"measurementTechnique": terms} if terms else {})
