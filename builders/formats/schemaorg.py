"""schema.org JSON-LD from a released publication: metadata.jsonld, what the landing page embeds, and schema.org RDF.

Follows schema.org 30 and Google's "Dataset structured data". The context is the plain `https://schema.org`, as search
engines want it; the few words of PROV and DCMI stand as full IRIs, which need no context. Every node has an @id, so the
document is a graph without blank nodes, and `builders.jsonld` says it in RDF: Turtle and OAI-PMH carry those triples.
"""

import orjson

from panfair.builders.metadata.crosswalk import Description, describe
from panfair.builders.metadata.description import Work
from panfair.builders.metadata.format import Format, OaiPrefix, formats_of
from panfair.builders.metadata.memo import memoized
from panfair.builders.metadata.schema_org_datasets import (
    catalogue_node,
    download_node,
    licence_terms,
    measured_nodes,
    part_node,
    standards_of,
)
from panfair.builders.metadata.schema_org_nodes import (
    CONFORMS_TO,
    PROV,
    Node,
    body_node,
    device_node,
    filled,
    grant_node,
    material_node,
    party_node,
    term_node,
    work_type,
)
from panfair.builders.metadata.schema_org_triples import triples_of
from panfair.builders.metadata.terms import COAR_OPEN, relation_terms
from panfair.builders.portal import Portal
from panfair.builders.syntax.rdf import PREFIXES, RDF_XSD, Graph, rdf_xml
from panfair.ontologies.embargo import Released

MOST_EMBEDDED = 50


def jsonld_document(released: Released, portal: Portal) -> Node:
    """The description as a JSON-LD document; it is the caller's to change.

    All datasets are in hasPart; files and parameters are bounded (`builders.describer`).
    """
    d = describe(released, portal)
    publication = d.publication
    document: Node = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": d.iri,
        "identifier": d.iri,
        "url": d.landing,
        "name": publication.title,
        "description": d.summary,
        "creator": [party_node(party) for party in d.creators],
        "contributor": [party_node(party) for party in d.contributors],
        "publisher": party_node(d.publisher),
        "sourceOrganization": body_node(d.facility) if d.facility else None,
        "datePublished": d.issued,
        "dateModified": d.modified,
        "dateCreated": d.created,
        "temporalCoverage": d.span,
        "spatialCoverage": _place(portal),
        "version": publication.version,
        "inLanguage": publication.language,
        **licence_terms(d.licences, d.landing),
        "conditionsOfAccess": COAR_OPEN,
        "isAccessibleForFree": True,
        "keywords": _keywords(d),
        "measurementTechnique": [term_node(term) for term in d.techniques],
        "variableMeasured": measured_nodes(d),
        "about": [material_node(material) for material in d.materials],
        "distribution": [download_node(copy) for copy in d.all_copies],
        "archivedAt": d.access_url,
        "hasPart": [part_node(part, d) for part in d.parts],
        "funding": [grant_node(grant) for grant in d.grants],
        "funder": [body_node(body) for body in dict.fromkeys(grant.funder for grant in d.grants)],
        "includedInDataCatalog": catalogue_node(portal),
        "subjectOf": [
            {
                "@type": "DigitalDocument",
                "@id": d.landing + form.file,
                "name": form.name,
                "url": d.landing + form.file,
                "encodingFormat": form.media_type.partition(";")[0],
            }
            for form in formats_of(d)
            if form.describes
        ],
        "isPartOf": _proposal(d),
        CONFORMS_TO: standards_of(d.all_copies),
        PROV + "wasAttributedTo": [{"@id": party.iri} for party in d.creators],
        PROV + "wasGeneratedBy": _measurement(d),
    }
    for n, work in enumerate(d.works, 1):
        _relate(document, work, f"{d.landing}#work-{n}")
    return filled(document)


def page_document(released: Released, portal: Portal) -> Node:
    """The description for embedding in the landing page: of datasets, files and quantities the first MOST_EMBEDDED.

    A page of 472 datasets would else carry a quarter of a megabyte that only machines read; metadata.jsonld has all.
    """
    document = jsonld_document(released, portal)
    for term in ("hasPart", "distribution", "variableMeasured"):
        if isinstance(document.get(term), list):
            document[term] = document[term][:MOST_EMBEDDED]
    return document


@memoized
def schema_graph(released: Released, portal: Portal) -> Graph:
    """The description's triples; the answer is shared."""
    return triples_of(jsonld_document(released, portal))


def _keywords(d: Description) -> list[Node | str]:
    words: list[Node | str] = [term_node(term) for term in d.techniques]
    names = {term.name for term in d.techniques}
    words += [term_node(term) for term in d.keywords if term.iri or term.name not in names]
    return list({w if isinstance(w, str) else w["@id"]: w for w in words}.values())


def _place(portal: Portal) -> Node | None:
    """Where the data were taken."""
    return {"@type": "Place", "@id": portal.url("/#place"), "name": portal.place} if portal.place else None


def _proposal(d: Description) -> list[Node]:
    """The proposal that the time at the instrument was given for."""
    number = d.publication.proposal
    if not number:
        return []
    node = {"@type": "CreativeWork", "@id": f"{d.landing}#proposal", "name": f"Proposal {number}", "identifier": number}
    return [node]


def _measurement(d: Description) -> Node | None:
    start, end = (d.span or "/").split("/")
    if not d.span and not d.devices:
        return None
    used = [{"@id": device.iri} for device in d.devices] + [{"@id": t.iri} for t in d.techniques if t.iri]
    return filled(
        {
            "@type": ["CreateAction", PROV + "Activity"],
            "@id": f"{d.landing}#measurement",
            "name": "Measurement",
            "startTime": start if start != ".." else None,
            "endTime": end if end != ".." else None,
            "agent": [{"@id": party.iri} for party in d.creators],
            "instrument": [device_node(device) for device in d.devices],
            "result": {"@id": d.iri},
            "object": [{"@id": material.iri} for material in d.materials],
            PROV + "used": used,
            PROV + "wasAssociatedWith": [{"@id": party.iri} for party in d.creators],
        }
    )


def _relate(document: Node, work: Work, fragment: str) -> None:
    terms = relation_terms(work.related.relation)
    place, name = document, terms.schema
    if terms.reverse:
        place = document.setdefault("@reverse", {})
    if name == "sameAs" and not work.iri:
        name = "citation"
    value: Node | str
    if name == "sameAs":
        value = work.iri or ""
    elif name == "citation" and not work.iri:
        value = work.words
    else:
        value = {"@type": work_type(work), "@id": work.iri or fragment, "name": work.words}
        if work.iri:
            value["url"] = work.iri
    if not value:
        return
    place[name] = [*(place.get(name) or []), value]
    if work.related.relation == "IsDerivedFrom" and work.iri:
        derived = PROV + "wasDerivedFrom"
        document[derived] = [*(document.get(derived) or []), {"@id": work.iri}]


def _render(released: Released, portal: Portal) -> bytes:
    return orjson.dumps(jsonld_document(released, portal), option=orjson.OPT_INDENT_2) + b"\n"


def _render_rdf(released: Released, portal: Portal) -> bytes:
    return rdf_xml(schema_graph(released, portal))


FORMATS = (
    Format(
        name="schema.org JSON-LD",
        file="metadata.jsonld",
        media_type="application/ld+json",
        render=_render,
        profile="https://schema.org/",
        order=10,
        oai=(OaiPrefix("schema_org", PREFIXES["rdf"], RDF_XSD, _render_rdf),),
    ),
)
