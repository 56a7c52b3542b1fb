"""From schema.org JSON-LD to triples, as a JSON-LD processor with the context of schema.org reads it.

JSON-LD 1.1 API, section 8, for documents whose nodes all have an @id and whose foreign terms are full IRIs.
"""

from typing import Any

from panfair.builders.metadata.schema_org_nodes import Node
from panfair.builders.syntax.rdf import TYPE, Graph, Iri, Literal, Object, add, compacted

# How https://schema.org/docs/jsonldcontext.jsonld reads a plain text under these terms.
_ADDRESSES = frozenset({"url", "contentUrl", "license", "sameAs", "isBasedOn", "isPartOf", "inDefinedTermSet"})
_ADDRESSES |= {"archivedAt"}
_DATATYPES = {
    "datePublished": "schema:Date",
    "dateModified": "schema:Date",
    "dateCreated": "schema:Date",
    "startTime": "schema:DateTime",
    "endTime": "schema:DateTime",
}


def triples_of(document: Node) -> Graph:
    """The triples that a JSON-LD processor reads from a document of `jsonld_document` (JSON-LD 1.1 API, section 8)."""
    graph: Graph = {}
    _walk(document, graph)
    return graph


def _walk(node: Node, graph: Graph) -> None:
    subject: str = node["@id"]
    for term, value in node.items():
        if term in {"@id", "@context"}:
            continue
        values = value if isinstance(value, list) else [value]
        if term == "@type":
            for kind in values:
                add(graph, subject, TYPE, Iri(kind if ":" in kind else f"http://schema.org/{kind}"))
        elif term == "@reverse":
            for predicate, others in value.items():
                for other in others:
                    add(graph, other["@id"], f"schema:{predicate}", Iri(subject))
                    _walk(other, graph)
        else:
            predicate = compacted(term) if ":" in term else f"schema:{term}"
            for one in values:
                add(graph, subject, predicate, _object(term, one))
                if isinstance(one, dict):
                    _walk(one, graph)


def _object(term: str, value: Any) -> Object:
    match value:
        case dict():
            return Iri(value["@id"])
        case bool():
            return Literal("true" if value else "false", "xsd:boolean")
        case int():
            return Literal(str(value), "xsd:integer")
        case float():
            return Literal(str(value), "xsd:double")
        case _ if term in _ADDRESSES:
            return Iri(value)
        case _:
            return Literal(value, _DATATYPES.get(term, ""))
