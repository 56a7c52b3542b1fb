"""DCAT-AP 3.0.1 as Turtle (dcat.ttl), with the schema.org description's triples beside it, and as RDF/XML for OAI-PMH.

The Turtle holds exactly the triples of metadata.jsonld and those of the DCAT description: one file has it all.
Every node that is referred to is typed (DCAT-AP 3.0.1, section 4); the OAI-PMH payload is the DCAT description alone.
"""

from collections.abc import Iterable

from panfair.builders.formats.schemaorg import schema_graph
from panfair.builders.metadata.catalogue_graph import add_contact, publisher_iri
from panfair.builders.metadata.crosswalk import Description, describe
from panfair.builders.metadata.description import Body, Copy, Licence, Party
from panfair.builders.metadata.format import Format, OaiPrefix, formats_of
from panfair.builders.metadata.memo import memoized
from panfair.builders.metadata.terms import (
    COAR_OPEN,
    EU_PUBLIC,
    IANA,
    LANGUAGE_TABLE,
    LANGUAGES,
    NEXUS,
    SCIENCE_THEME,
    STABLE,
    relation_terms,
)
from panfair.builders.portal import Portal
from panfair.builders.syntax.rdf import PREFIXES, RDF_XSD, TYPE, Graph, Iri, Literal, add, expanded, rdf_xml, turtle
from panfair.ontologies import nexus
from panfair.ontologies.embargo import Released

# SHACL knows no class that is not said: the shapes ask for rdfs:Resource, which everything is.
_DOCUMENT = ("foaf:Document", "rdfs:Resource")
_NOT_PERIODS = frozenset({"", ".."})


@memoized
def dcat_graph(released: Released, portal: Portal) -> Graph:
    """The DCAT description of a publication, its datasets and its files; the answer is shared."""
    d = describe(released, portal)
    writer = _Writer(d)
    writer.dataset()
    writer.people()
    writer.rights()
    writer.provenance()
    writer.parts()
    writer.surroundings()
    return writer.graph


class _Writer:
    """Writes one description into a graph."""

    def __init__(self, description: Description) -> None:
        self.d = description
        self.graph: Graph = {}
        self.language = language_tag(description.publication.language)

    def _say(self, subject: str, predicate: str, text: str | None, datatype: str = "") -> None:
        if text:
            add(self.graph, subject, predicate, Literal(text, datatype))

    def _text(self, subject: str, predicate: str, text: str | None) -> None:
        """A text in the record's language, where that is known."""
        if text:
            add(self.graph, subject, predicate, Literal(text, "", self.language))

    def _link(self, subject: str, predicate: str, thing: str, *types: str) -> None:
        add(self.graph, subject, predicate, Iri(thing))
        for kind in types:
            add(self.graph, thing, TYPE, Iri(expanded(kind)))

    def dataset(self) -> None:
        """The publication itself: what it is called, what it is about, where and when."""
        d, iri, publication = self.d, self.d.iri, self.d.publication
        add(self.graph, iri, TYPE, Iri(expanded("dcat:Dataset")))
        self._say(iri, "dct:identifier", d.iri, "xsd:anyURI")
        self._text(iri, "dct:title", publication.title)
        self._text(iri, "dct:description", d.summary)
        self._say(iri, "dct:issued", d.issued, "xsd:date")
        self._say(iri, "dct:created", d.created, "xsd:date")
        self._say(iri, "dct:modified", d.modified, "xsd:date")
        self._say(iri, "dcat:version", publication.version)
        if code := LANGUAGES.get(self.language.partition("-")[0].lower()):
            self._link(iri, "dct:language", LANGUAGE_TABLE + code, "dct:LinguisticSystem")
        self._period(iri, d.span, f"{d.landing}#period")
        if d.portal.place:
            place = d.portal.url("/#place")
            self._link(iri, "dct:spatial", place, "dct:Location")
            self._say(place, "rdfs:label", d.portal.place)
        self._link(iri, "dcat:landingPage", d.landing, "foaf:Document")
        self._link(iri, "dcat:theme", SCIENCE_THEME, "skos:Concept")
        add(self.graph, SCIENCE_THEME, "skos:prefLabel", Literal("Science and technology", "", "en"))
        for term in d.techniques:
            if term.iri:
                self._link(iri, "dcat:theme", term.iri, "skos:Concept")
                self._say(term.iri, "skos:prefLabel", term.name)
            self._say(iri, "dcat:keyword", term.name)
        for term in d.keywords:
            self._say(iri, "dcat:keyword", term.name)
        for material in d.materials:
            self._link(iri, "dct:subject", material.iri, "skos:Concept")
            self._say(material.iri, "skos:prefLabel", material.sample.name)
        for work in d.works:
            if work.iri:
                self._link(iri, relation_terms(work.related.relation).dcat, work.iri, *_DOCUMENT)
                self._say(work.iri, "dct:bibliographicCitation", work.related.citation)
        self._standards(iri, d.all_copies)
        for copy in d.all_copies:
            self._distribution(iri, copy)
        if not d.all_copies:
            self._access(iri)

    def people(self) -> None:
        """Creators, contributors, publisher, contact, funders."""
        d, iri = self.d, self.d.iri
        for party in d.creators:
            self._agent(iri, "dct:creator", party)
            self._link(iri, "prov:wasAttributedTo", party.iri)
        for party in d.contributors:
            self._agent(iri, "dct:contributor", party)
        self._agent(iri, "dct:publisher", d.publisher)
        add_contact(self.graph, iri, d.portal)
        for grant in d.grants:
            self._body(iri, "foaf:fundedBy", grant.funder)

    def rights(self) -> None:
        """That it is open, and under which licence; DCAT-AP has one access right, so COAR's stands with each file."""
        iri = self.d.iri
        self._link(iri, "dct:accessRights", EU_PUBLIC, "dct:RightsStatement")
        for n, licence in enumerate(self.d.licences, 1):
            self._licence(iri, licence, n)

    def provenance(self) -> None:
        """What measured it, what, how and when (PROV-O; SOSA for what was observed)."""
        d = self.d
        if not d.span and not d.devices:
            return
        activity = f"{d.landing}#measurement"
        self._link(d.iri, "prov:wasGeneratedBy", activity, "prov:Activity", "sosa:Observation")
        self._link(activity, "sosa:hasResult", d.iri)
        for term in d.techniques:
            if term.iri:
                self._link(activity, "sosa:usedProcedure", term.iri)
        for material in d.materials:
            self._link(activity, "sosa:hasFeatureOfInterest", material.iri)
        for party in d.creators:
            self._link(activity, "prov:wasAssociatedWith", party.iri)
        start, end = (d.span or "/").split("/")
        if start not in _NOT_PERIODS:
            self._say(activity, "prov:startedAtTime", start, "xsd:dateTime")
        if end not in _NOT_PERIODS:
            self._say(activity, "prov:endedAtTime", end, "xsd:dateTime")
        for device in d.devices:
            self._link(activity, "prov:used", device.iri, "prov:Entity")
            self._link(activity, "sosa:madeBySensor", device.iri)
            self._say(device.iri, "dct:title", device.name)

    def parts(self) -> None:
        """The datasets inside: what each is, its files, and what it was made from."""
        for part in self.d.parts:
            dataset = part.dataset
            self._link(self.d.iri, "dct:hasPart", part.iri, "dcat:Dataset")
            self._link(part.iri, "dct:isPartOf", self.d.iri)
            self._text(part.iri, "dct:title", dataset.name)
            self._text(part.iri, "dct:description", part.summary)
            self._say(part.iri, "dct:identifier", part.pid or dataset.id)
            self._period(part.iri, part.span, f"{part.iri.partition('#')[0]}#period-{part.folder}")
            for term in part.techniques:
                if term.iri:
                    self._link(part.iri, "dcat:theme", term.iri)
            for copy in part.copies:
                self._link(part.iri, "dcat:distribution", copy.iri)
            for source in part.inputs:
                self._link(part.iri, "prov:wasDerivedFrom", source)

    def surroundings(self) -> None:
        """The catalogue that lists it and the files that describe it."""
        d = self.d
        catalogue = d.portal.url("/#catalog")
        self._link(catalogue, "dcat:dataset", d.iri)
        add(self.graph, catalogue, TYPE, Iri(expanded("dcat:Catalog")))
        self._say(catalogue, "dct:title", d.portal.title)
        self._say(catalogue, "dct:description", d.portal.description or d.portal.title)
        publisher = publisher_iri(d.portal)
        self._link(catalogue, "dct:publisher", publisher, "foaf:Agent")
        self._say(publisher, "foaf:name", d.portal.publisher)
        self._link(d.iri, "dct:isPartOf", catalogue)
        self._link(catalogue, "foaf:homepage", d.portal.url("/"), "foaf:Document")
        for form in formats_of(d):
            if form.describes:
                self._link(d.iri, "foaf:page", d.landing + form.file, "foaf:Document")

    def _period(self, subject: str, span: str | None, iri: str) -> None:
        if not span:
            return
        start, end = span.split("/")
        self._link(subject, "dct:temporal", iri, "dct:PeriodOfTime")
        if start not in _NOT_PERIODS:
            self._say(iri, "dcat:startDate", start, "xsd:dateTime")
        if end not in _NOT_PERIODS:
            self._say(iri, "dcat:endDate", end, "xsd:dateTime")

    def _agent(self, subject: str, predicate: str, party: Party) -> None:
        # foaf:Agent is true of persons, organisations and accounts alike.
        more = {"person": ("foaf:Person",), "organisation": ("foaf:Organization",)}.get(party.agent.kind, ())
        self._link(subject, predicate, party.iri, "foaf:Agent", *more)
        self._say(party.iri, "foaf:name", party.agent.name)
        for body in party.bodies:
            self._body(party.iri, "prov:actedOnBehalfOf", body)

    def _body(self, subject: str, predicate: str, body: Body) -> None:
        self._link(subject, predicate, body.iri, "foaf:Agent", "foaf:Organization")
        self._say(body.iri, "foaf:name", body.name)

    def _licence(self, subject: str, licence: Licence, number: int) -> None:
        if licence.iri:
            self._link(subject, "dct:license", licence.iri, "dct:LicenseDocument")
            self._say(licence.iri, "dct:title", licence.name)
        else:
            iri = f"{self.d.landing}#rights-{number}"
            self._link(subject, "dct:rights", iri, "dct:RightsStatement")
            self._say(iri, "rdfs:label", licence.said)

    def _standards(self, subject: str, copies: Iterable[Copy]) -> None:
        """NeXus, and the classes of it that files conform to."""
        classes = dict.fromkeys(copy.nexus for copy in copies if copy.nexus)
        for iri, name in [(NEXUS, "NeXus"), *((nexus.IRI + name, name) for name in classes)] if classes else []:
            self._link(subject, "dct:conformsTo", iri, "dct:Standard")
            self._say(iri, "dct:title", name)

    def _distribution(self, subject: str, copy: Copy) -> None:
        iri, file = copy.iri, copy.file
        self._link(subject, "dcat:distribution", iri, "dcat:Distribution")
        self._text(iri, "dct:title", file.name)
        self._text(iri, "dct:description", file.description or file.name)
        self._link(iri, "dcat:accessURL", copy.url, "rdfs:Resource")
        self._link(iri, "dcat:downloadURL", copy.url)
        self._open(iri)
        if copy.media_type:
            kind = IANA + copy.media_type
            self._link(iri, "dcat:mediaType", kind, "dct:MediaType", "dct:MediaTypeOrExtent")
            self._link(iri, "dct:format", kind)
            self._say(kind, "rdfs:label", copy.media_type)
        if file.size_bytes is not None:
            self._say(iri, "dcat:byteSize", str(file.size_bytes), "xsd:nonNegativeInteger")
        if file.modified:
            self._say(iri, "dct:modified", str(file.modified.date()), "xsd:date")
        if copy.algorithm:
            checksum = f"{iri}-checksum"
            self._link(iri, "spdx:checksum", checksum, "spdx:Checksum")
            self._link(checksum, "spdx:algorithm", expanded(f"spdx:{copy.algorithm}"), "spdx:ChecksumAlgorithm")
            self._say(checksum, "spdx:checksumValue", (file.checksum or "").lower(), "xsd:hexBinary")
        self._standards(iri, [copy])

    def _access(self, subject: str) -> None:
        """Where no file has an address: the page that says how to get them."""
        iri = f"{self.d.landing}#access"
        self._link(subject, "dcat:distribution", iri, "dcat:Distribution")
        self._text(iri, "dct:title", self.d.publication.title)
        self._text(iri, "dct:description", self.d.summary)
        self._link(iri, "dcat:accessURL", self.d.access_url or self.d.landing, "rdfs:Resource")
        self._open(iri)

    def _open(self, iri: str) -> None:
        self._link(iri, "dcatap:availability", STABLE, "skos:Concept")
        add(self.graph, STABLE, "skos:prefLabel", Literal("stable", "", "en"))
        # DCAT-AP gives a distribution one licence and one statement of rights; the dataset has them all.
        known = [(n, licence) for n, licence in enumerate(self.d.licences, 1) if licence.iri]
        words = [(n, licence) for n, licence in enumerate(self.d.licences, 1) if not licence.iri]
        for n, licence in (*known[:1], *words[:1]):
            self._licence(iri, licence, n)
        if not words:
            self._link(iri, "dct:rights", COAR_OPEN, "dct:RightsStatement")


def language_tag(language: str | None) -> str:
    """The language when it has the form of a BCP 47 tag, else an empty text."""
    parts = (language or "").split("-")
    plain = all(part.isascii() and part.isalnum() and len(part) <= 8 for part in parts)
    return "-".join(parts) if plain and 2 <= len(parts[0]) <= 3 and parts[0].isalpha() else ""


def whole_graph(released: Released, portal: Portal) -> Graph:
    """All that is said of a publication in RDF: the schema.org description's triples and the DCAT description's."""
    graph = {subject: dict(said) for subject, said in schema_graph(released, portal).items()}
    for subject, said in dcat_graph(released, portal).items():
        graph.setdefault(subject, {}).update(said)
    return graph


def _render(released: Released, portal: Portal) -> bytes:
    return turtle(whole_graph(released, portal))


def _render_rdf(released: Released, portal: Portal) -> bytes:
    return rdf_xml(dcat_graph(released, portal))


FORMATS = (
    Format(
        name="DCAT Turtle",
        file="dcat.ttl",
        media_type="text/turtle",
        render=_render,
        profile="http://data.europa.eu/r5r/",
        order=20,
        oai=(OaiPrefix("dcat", PREFIXES["rdf"], RDF_XSD, _render_rdf),),
    ),
)
