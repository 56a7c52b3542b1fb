"""RDF written straight out: a graph without blank nodes, as Turtle 1.1, RDF/XML 1.1, N-Quads or JSON-LD.

A graph built and serialized by rdflib costs some 18 ms for each record, this a fraction of one; tests parse what it
writes with rdflib and compare. IRIs come in absolute and percent-encoded (`builders.addresses`), predicates and
datatypes as compact IRIs of PREFIXES.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from panfair.builders.syntax.xml import attribute, escaped

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "http://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sosa": "http://www.w3.org/ns/sosa/",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
TYPE = "rdf:type"
RDF_XSD = "http://www.openarchives.org/OAI/2.0/rdf.xsd"
"""The schema that lets rdf:RDF stand in an answer of OAI-PMH, with any content; it is no part of RDF."""
_SCHEMA = f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{PREFIXES["rdf"]} {RDF_XSD}"'
_STRING = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


class Iri(NamedTuple):
    """An object that is a thing."""

    iri: str


class Literal(NamedTuple):
    """An object that is a text, with a datatype (compact IRI) or a language, or neither."""

    text: str
    datatype: str = ""
    language: str = ""


Object = Iri | Literal
Graph = dict[str, dict[tuple[str, Object], None]]
"""Subject to its (predicate, object) pairs, each once, in the order in which they came."""


def add(graph: Graph, subject: str, predicate: str, value: Object) -> None:
    """Say one thing; what was said before is not said twice."""
    graph.setdefault(subject, {})[predicate, value] = None


def expanded(compact: str) -> str:
    """The IRI that a compact one stands for.

    >>> expanded("dct:title")
    'http://purl.org/dc/terms/title'
    """
    prefix, _, name = compact.partition(":")
    return PREFIXES[prefix] + name


def compacted(iri: str) -> str:
    """The compact form of a vocabulary's IRI. Raises KeyError when no prefix fits."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    raise KeyError(iri)


def turtle(graph: Graph, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """The graph as Turtle 1.1, UTF-8; predicates are compact IRIs of `prefixes`."""
    lines = [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in prefixes.items()]
    for subject, said in graph.items():
        pairs = " ;\n    ".join(
            f"{'a' if predicate == TYPE else predicate} {_object(predicate, value)}" for predicate, value in said
        )
        lines.append(f"\n<{subject}>\n    {pairs} .")
    return ("\n".join(lines) + "\n").encode()


def rdf_xml(graph: Graph) -> bytes:
    """The graph as one rdf:RDF element, UTF-8, without an XML declaration, as it stands in an answer of OAI-PMH."""
    used = {"rdf"} | {predicate.partition(":")[0] for said in graph.values() for predicate, _ in said}
    names = "".join(f' xmlns:{prefix}="{PREFIXES[prefix]}"' for prefix in sorted(used))
    parts = [f"<rdf:RDF{names}{_SCHEMA}>"]
    for subject, said in graph.items():
        parts.append(f'<rdf:Description rdf:about="{attribute(subject)}">')
        for predicate, value in said:
            if isinstance(value, Iri):
                parts.append(f'<{predicate} rdf:resource="{attribute(value.iri)}"/>')
            elif value.datatype:
                datatype = attribute(expanded(value.datatype))
                parts.append(f'<{predicate} rdf:datatype="{datatype}">{escaped(value.text)}</{predicate}>')
            elif value.language:
                parts.append(f'<{predicate} xml:lang="{value.language}">{escaped(value.text)}</{predicate}>')
            else:
                parts.append(f"<{predicate}>{escaped(value.text)}</{predicate}>")
        parts.append("</rdf:Description>")
    parts.append("</rdf:RDF>")
    return "".join(parts).encode()


def flat_jsonld(graph: Graph, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """The graph as JSON-LD 1.1, flattened: one object for each subject, predicates compact as in the Turtle."""
    nodes = []
    for subject, said in graph.items():
        node: dict[str, Any] = {"@id": subject}
        for predicate, value in said:
            if predicate == TYPE and isinstance(value, Iri):
                node.setdefault("@type", []).append(value.iri)
            else:
                node.setdefault(predicate, []).append(_json_value(value))
        nodes.append(node)
    document = {"@context": dict(prefixes), "@graph": nodes}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _json_value(value: Object) -> Any:
    if isinstance(value, Iri):
        return {"@id": value.iri}
    if value.datatype:
        return {"@value": value.text, "@type": value.datatype}
    return {"@value": value.text, "@language": value.language} if value.language else value.text


def ntriples(graph: Graph) -> str:
    """The graph as N-Triples 1.1, one statement a line."""
    return _lines(graph, ".")


def nquads(graph: Graph, name: str) -> str:
    """The graph as N-Quads 1.1 in the named graph `name`, one statement a line."""
    return _lines(graph, f"<{name}> .")


def _lines(graph: Graph, end: str) -> str:
    lines = []
    for subject, said in graph.items():
        for predicate, value in said:
            if isinstance(value, Iri):
                thing = f"<{value.iri}>"
            else:
                thing = f'"{value.text.translate(_STRING)}"'
                if value.datatype:
                    thing += f"^^<{expanded(value.datatype)}>"
                elif value.language:
                    thing += f"@{value.language}"
            lines.append(f"<{subject}> <{expanded(predicate)}> {thing} {end}\n")
    return "".join(lines)


def _object(predicate: str, value: Object) -> str:
    if isinstance(value, Iri):
        return f"<{value.iri}>"
    text = value.text.translate(_STRING)
    if value.datatype:
        return f'"{text}"^^{value.datatype}'
    return f'"{text}"@{value.language}' if value.language else f'"{text}"'
