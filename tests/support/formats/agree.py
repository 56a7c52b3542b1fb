"""Each format read back by itself, with nothing of the code that wrote it, into the same few facts."""

import json
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZipFile

import yaml
from lxml import etree
from rdflib import Graph, Namespace, URIRef

from panfair.builders.formats.dcat import dcat_graph
from panfair.builders.metadata.crosswalk import describe, identifier_address
from panfair.builders.metadata.format import all_formats, formats_of
from panfair.builders.syntax.rdf import turtle
from panfair.ontologies.embargo import Released
from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Agent, Facility, Funding, Instrument, Keyword, Parameter, Related
from support.format_cases import PORTAL, rendered
from support.formats.citation_readers import read_bibtex, read_ris, text_of
from support.records import a_dataset, a_publication, released

DCT = Namespace("http://purl.org/dc/terms/")


SCHEMA = Namespace("http://schema.org/")


FOAF = Namespace("http://xmlns.com/foaf/0.1/")


DC = "{http://purl.org/dc/elements/1.1/}"


PROV = "http://www.w3.org/ns/prov#"


K = "{http://datacite.org/schema/kernel-4}"


COAR = "http://purl.org/coar/access_right/c_abf2"


EU_REPO = "info:eu-repo/semantics/openAccess"


EU = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"


_CITATIONS = (
    "citation", "subjectOf", "about", "isPartOf", "hasPart", "exampleOfWork", "workExample", "isBasedOn", "sameAs",
    "translationOfWork", "workTranslation", "mentions",
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What a format says; None where it has no place for it."""

    identifier: str
    title: str
    people: frozenset[str] | None = None
    day: str | None = None
    year: int | None = None
    licences: frozenset[str] | None = None
    access: str | None = None
    relations: frozenset[str] | None = None


def each(value: object) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def from_schema_org(one: Released, works: frozenset[str]) -> Facts:
    document = json.loads(rendered(one, "metadata.jsonld"))
    values = [v for term in _CITATIONS for v in each(document.get(term))]
    values += [v for others in document.get("@reverse", {}).values() for v in each(others)]
    found = {v["@id"] if isinstance(v, dict) else v for v in values}
    return Facts(
        identifier=document["@id"],
        title=document["name"],
        people=frozenset(person["name"] for person in each(document.get("creator"))),
        day=document["datePublished"],
        licences=frozenset(each(document.get("license"))),
        access=document["conditionsOfAccess"],
        relations=frozenset(found & works),
    )


def from_schema_rdf(graph: Graph, one: Released) -> Facts:
    dataset = URIRef(one.doi.url)
    (title,) = graph.objects(dataset, SCHEMA.name)
    (day,) = graph.objects(dataset, SCHEMA.datePublished)
    return Facts(
        identifier=str(next(graph.objects(dataset, SCHEMA.identifier))),
        title=str(title),
        people=frozenset(str(n) for c in graph.objects(dataset, SCHEMA.creator) for n in graph.objects(c, SCHEMA.name)),
        day=str(day),
        licences=frozenset(map(str, graph.objects(dataset, SCHEMA.license))),
        access=str(next(graph.objects(dataset, SCHEMA.conditionsOfAccess))),
    )


def from_dcat(graph: Graph, one: Released, works: frozenset[str]) -> Facts:
    dataset = URIRef(one.doi.url)
    (rights,) = graph.objects(dataset, DCT.accessRights)
    assert str(rights) == EU
    (identifier,) = graph.objects(dataset, DCT.identifier)
    (title,) = graph.objects(dataset, DCT.title)
    (issued,) = graph.objects(dataset, DCT.issued)
    return Facts(
        identifier=str(identifier),
        title=str(title),
        people=frozenset(str(n) for c in graph.objects(dataset, DCT.creator) for n in graph.objects(c, FOAF.name)),
        day=str(issued),
        licences=frozenset(map(str, graph.objects(dataset, DCT.license))),
        access=COAR,
        relations=frozenset(map(str, graph.objects(dataset))) & works,
    )


def from_datacite(document: etree._Element, plain: dict[str, str]) -> Facts:
    root = next(document.iter(f"{K}resource"))
    rights = [node.get("rightsURI") for node in root.iter(f"{K}rights")]
    assert COAR in rights and EU_REPO in rights
    names = [node.text for node in root.iter(f"{K}creatorName")]
    (day,) = [node.text for node in root.iter(f"{K}date") if node.get("dateType") == "Available"]
    related = [
        identifier_address(Identifier(scheme=node.get("relatedIdentifierType"), value=node.text))
        for node in root.iter(f"{K}relatedIdentifier")
        if node.get("resourceTypeGeneral") not in ("Instrument", "PhysicalObject")
    ]
    return Facts(
        identifier="https://doi.org/" + root.findtext(f"{K}identifier"),
        title=root.findtext(f"{K}titles/{K}title"),
        people=frozenset(plain.get(name, name) for name in names if name != ":unav"),
        day=day,
        year=int(root.findtext(f"{K}publicationYear")),
        licences=frozenset(uri for uri in rights if uri and uri not in (COAR, EU_REPO)),
        access=COAR,
        relations=frozenset(address for address in related if address),
    )


def from_datacite_json(one: Released, plain: dict[str, str]) -> Facts:
    values = json.loads(rendered(one, "datacite.json"))
    rights = {right.get("rightsUri") for right in values["rightsList"]}
    assert COAR in rights and EU_REPO in rights
    (day,) = [date["date"] for date in values["dates"] if date["dateType"] == "Available"]
    names = [creator["name"] for creator in values["creators"]]
    return Facts(
        identifier="https://doi.org/" + values["doi"],
        title=values["titles"][0]["title"],
        people=frozenset(plain.get(name, name) for name in names if name != ":unav"),
        day=day,
        year=int(values["publicationYear"]),
        licences=frozenset(uri for uri in rights if uri and uri not in (COAR, EU_REPO)),
        access=COAR,
    )


def from_dublin_core(root: etree._Element, plain: dict[str, str], works: frozenset[str]) -> Facts:

    def texts(name: str) -> list[str]:
        return [node.text for node in root.iter(DC + name)]

    assert EU_REPO in texts("rights")
    (day,) = texts("date")
    return Facts(
        identifier=texts("identifier")[0],
        title=texts("title")[0],
        people=frozenset(plain.get(name, name) for name in texts("creator")),
        day=day,
        licences=frozenset(text for text in texts("rights") if text.startswith(("http://", "https://"))),
        access=COAR,
        relations=frozenset(texts("relation")) & works,
    )


def from_ro_crate(one: Released, works: frozenset[str]) -> Facts:
    graph = {node["@id"]: node for node in json.loads(rendered(one, "ro-crate-metadata.json"))["@graph"]}
    descriptor = graph["ro-crate-metadata.json"]
    root = graph[descriptor["about"]["@id"]]
    licences = [graph[ref["@id"]] for ref in each(root["license"])]
    people = [graph[ref["@id"]]["name"] for term in ("author", "creator") for ref in each(root.get(term))]
    found = {ref["@id"] for term in _CITATIONS for ref in each(root.get(term)) if isinstance(ref, dict)}
    readable = {unquote(work): work for work in works}
    return Facts(
        identifier=root["@id"],
        title=root["name"],
        people=frozenset(name for names in people for name in each(names)),
        day=root["datePublished"],
        licences=frozenset(node["url"] for node in licences if "url" in node),
        access=root["conditionsOfAccess"],
        relations=frozenset(readable[unquote(iri)] for iri in found if unquote(iri) in readable),
    )


def from_bibtex(one: Released) -> Facts:
    bib = read_bibtex(rendered(one, "citation.bib"))
    return Facts(identifier=bib["url"], title=text_of(bib["title"]), year=int(bib["year"]))


def from_ris(one: Released, plain: dict[str, str]) -> Facts:
    ris = read_ris(rendered(one, "citation.ris"))
    people = frozenset(plain.get(value, value) for tag, value in ris if tag == "AU")
    return Facts(identifier=dict(ris)["UR"], title=dict(ris)["TI"], people=people, year=int(dict(ris)["PY"]))


def from_csl(one: Released) -> Facts:
    item = json.loads(rendered(one, "csl.json"))
    return Facts(
        identifier="https://doi.org/" + item["DOI"], title=item["title"], year=item["issued"]["date-parts"][0][0]
    )


def from_cff(one: Released) -> Facts:
    told = yaml.safe_load(rendered(one, "CITATION.cff"))
    return Facts(
        # The file format takes real DOIs only; a test DOI stands in the address of the page alone.
        identifier="https://doi.org/" + told.get("doi", str(one.doi)),
        title=told["title"],
        day=str(told["date-released"]),
    )


def from_endnote(one: Released, plain: dict[str, str]) -> Facts:
    lines = rendered(one, "citation.enw").decode().splitlines()
    pairs = [(line[:2], line[3:]) for line in lines]
    people = frozenset(plain.get(name, name) for name in (v.removesuffix(",") for tag, v in pairs if tag == "%A"))
    told = dict(pairs)
    return Facts(told["%U"], told["%T"], people=people, day=told["%8"], year=int(told["%D"]))


def from_croissant(one: Released) -> Facts:
    told = json.loads(rendered(one, "croissant.json"))
    return Facts(
        identifier=told["@id"],
        title=told["name"],
        day=told["datePublished"],
        licences=frozenset(each(told["license"])),
    )


def from_archive(one: Released) -> Facts:
    with ZipFile(BytesIO(rendered(one, "metadata.zip"))) as archive:
        graph = {node["@id"]: node for node in json.loads(archive.read("ro-crate-metadata.json"))["@graph"]}
    root = graph["./"]
    return Facts(
        identifier=graph[root["identifier"]["@id"]]["url"],
        title=root["name"],
        day=root["datePublished"],
        access=root["conditionsOfAccess"],
    )


def from_linkset(one: Released) -> Facts:
    page = json.loads(rendered(one, "linkset.json"))["linkset"][0]
    licences = frozenset(target["href"] for target in page.get("license", []))
    return Facts(identifier=page["cite-as"][0]["href"], title=one.publication.title, licences=licences)


def check_agreement(one: Released) -> None:
    publication = one.publication
    # Some formats sort names by the family: those are the same names.
    plain = {person.inverted: person.name for person in publication.creators}
    works = {identifier_address(related.identifier) for related in publication.related}
    # A work that is the publication itself, or one of its own things, cannot be told from these.
    known = frozenset(work for work in works if work and unquote(work) != unquote(one.doi.url))
    payloads = {each.prefix: each.render(one, PORTAL) for form in all_formats() for each in form.oai}
    trees = {prefix: etree.fromstring(payload) for prefix, payload in payloads.items()}
    graphs = {prefix: Graph().parse(data=payloads[prefix], format="xml") for prefix in ("dcat", "schema_org")}
    facts = {
        "metadata.jsonld": from_schema_org(one, known),
        "dcat.ttl": from_dcat(Graph().parse(data=turtle(dcat_graph(one, PORTAL)), format="turtle"), one, known),
        "datacite.xml": from_datacite(etree.fromstring(rendered(one, "datacite.xml")), plain),
        "datacite-4.5.xml": from_datacite(etree.fromstring(rendered(one, "datacite-4.5.xml")), plain),
        "datacite.json": from_datacite_json(one, plain),
        "dublincore.xml": from_dublin_core(etree.fromstring(rendered(one, "dublincore.xml")), plain, known),
        "ro-crate-metadata.json": from_ro_crate(one, known),
        "citation.bib": from_bibtex(one),
        "citation.ris": from_ris(one, plain),
        "citation.enw": from_endnote(one, plain),
        "CITATION.cff": from_cff(one),
        "csl.json": from_csl(one),
        "linkset.json": from_linkset(one),
        "metadata.zip": from_archive(one),
        "oai_dc": from_dublin_core(trees["oai_dc"], plain, known),
        "datacite": from_datacite(trees["datacite"], plain),
        "oai_datacite": from_datacite(trees["oai_datacite"], plain),
        "dcat": from_dcat(graphs["dcat"], one, known),
        "schema_org": from_schema_rdf(graphs["schema_org"], one),
    }
    if "croissant.json" in {form.file for form in formats_of(describe(one, PORTAL))}:
        facts["croissant.json"] = from_croissant(one)
    always = {form.file for form in all_formats() if form.applies is None} | set(payloads)
    assert always <= set(facts), "a format that nothing is compared with"
    names = frozenset(person.name for person in publication.creators)
    licences = facts["metadata.jsonld"].licences
    assert licences is not None
    for form, said in facts.items():
        assert unquote(said.identifier) == unquote(one.doi.url), form
        assert said.title == publication.title, form
        assert said.people is None or said.people == names, form
        assert said.day is None or said.day == facts["metadata.jsonld"].day, form
        assert said.year is None or said.year == publication.publication_year, form
        assert said.access is None or said.access == COAR, form
        assert said.licences is None or set(map(unquote, said.licences)) == set(map(unquote, licences)), form
        assert said.relations is None or said.relations & known == known, form


def a_record_with_everything() -> Released:
    person = Agent(name="Contra Madeup", contributor_type="DataCollector")
    return released(
        a_publication(
            datasets=(a_dataset(), a_dataset(id="2", identifier=Identifier(scheme="DOI", value="10.99999/scan"))),
            version="2",
            language="en",
            contributors=(person,),
            parameters=(Parameter(name="energy", value=12.4, unit="keV"),),
            instruments=(Instrument(name="EX01", identifier=Identifier(scheme="DOI", value="10.99999/ex01")),),
            facility=Facility(name="EXN", full_name="Example Neutron Source"),
            keywords=(Keyword(term="foam"),),
            funding=(Funding(funder="Example Fund", award_number="EX-1"),),
            related=(
                Related(relation="IsSupplementTo", identifier=Identifier(scheme="DOI", value="10.99999/paper")),
                Related(relation="IsDerivedFrom", identifier=Identifier(scheme="DOI", value="10.99999/source")),
                Related(relation="Cites", citation="A book without an identifier"),
            ),
        )
    )
