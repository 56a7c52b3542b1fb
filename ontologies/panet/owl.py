"""A release of PaNET (OWL RDF/XML, or the project's CSV for the ROBOT tool) read and turned into our table of facts.

The table (`vocabularies/panet.ttl`, SKOS) holds IRI, labels, broader terms and what each defining class is about; no
definition sentences. Broader terms are computed by `graph.classify` from subclass, equivalence and intersection
axioms. PaNET is licensed CC BY 4.0; its creators are named at its IRI.
"""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from xml.sax import SAXException

from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from panfair.ontologies.errors import OntologyError
from panfair.ontologies.panet.classify import (
    NOTHING,
    THING,
    And,
    Axioms,
    Expression,
    Some,
    asserted_cycle,
    classify,
    reduced,
)
from panfair.ontologies.panet.names import NAMESPACE, ROOT, SPECIFIERS
from panfair.ontologies.panet.robot_csv import Release, read_csv, tidy

_REPLACED_BY = URIRef("http://purl.obolibrary.org/obo/IAO_0100001")

log = logging.getLogger(__name__)


def build_table(source: Path) -> bytes:
    """The table of facts as Turtle, made from a release: same file, same bytes.

    Raises OntologyError, with the reason, for a file that is neither of the two forms, that lacks the technique
    root, whose subclass axioms run in a circle, or where some class can have no member.
    """
    release = read_release(source)
    above = _broader_terms(source, release)
    about = _subjects(release.axioms)
    return "".join(_turtle(release, above, about)).encode()


def read_release(source: Path) -> Release:
    """A release of PaNET, whichever of the two forms the file has. Raises OntologyError when it has neither."""
    try:
        data = source.read_bytes()
    except OSError as error:
        raise OntologyError(f"{source}: {error.strerror}; the old table stays") from None
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        return _read_owl(source, data)
    if b"rdfs:label" in head or b",Label," in head:
        return read_csv(source, data)
    raise OntologyError(f"{source}: neither OWL in RDF/XML nor PaNET's own CSV; the old table stays")


def _read_owl(source: Path, data: bytes) -> Release:
    graph = Graph()
    try:
        graph.parse(data=data, format="xml")
    except (SAXException, ValueError, LookupError, AssertionError) as error:
        raise OntologyError(f"{source}: not readable as RDF/XML: {error}; the old table stays") from None
    except Exception as error:  # rdflib has its own root-less errors: ParserError descends from Exception
        raise OntologyError(f"{source}: not readable as RDF/XML: {error}; the old table stays") from error
    ontology = graph.value(predicate=RDF.type, object=OWL.Ontology)
    version = graph.value(ontology, OWL.versionInfo) if ontology else None
    release = Release(str(version or "unknown"))
    axioms = release.axioms
    for narrow, wide in graph.subject_objects(RDFS.subClassOf):
        _assert(axioms, _owl(graph, narrow), _owl(graph, wide))
    for one, other in graph.subject_objects(OWL.equivalentClass):
        left, right = _owl(graph, one), _owl(graph, other)
        if left is not None and right is not None:
            axioms.equivalent(left, right)
    for one, other in graph.subject_objects(OWL.disjointWith):
        left, right = _owl(graph, one), _owl(graph, other)
        if left is not None and right is not None:
            axioms.disjoint(left, right)
    axioms.roles += [(str(a), str(b)) for a, b in graph.subject_objects(RDFS.subPropertyOf)]
    axioms.domains += [(str(a), str(b)) for a, b in graph.subject_objects(RDFS.domain)]
    axioms.ranges += [(str(a), str(b)) for a, b in graph.subject_objects(RDFS.range)]
    for name in graph.subjects(RDF.type, OWL.Class):
        if not isinstance(name, URIRef) or not name.startswith(NAMESPACE):
            continue
        labels = sorted(tidy(str(label)) for label in graph.objects(name, RDFS.label))
        if labels:
            release.labels[str(name)] = labels[0]
        release.alt_labels[str(name)] = labels[1:] + [tidy(str(x)) for x in graph.objects(name, SKOS.altLabel)]
        if str(graph.value(name, OWL.deprecated) or "").lower() in {"true", "1"}:
            release.deprecated[str(name)] = str(graph.value(name, _REPLACED_BY) or "")
    return release


def _owl(graph: Graph, node: Node) -> Expression | None:
    """The class expression at a node, or None (and a line in the log) where it lies outside OWL EL."""
    if isinstance(node, URIRef):
        return THING if node == OWL.Thing else NOTHING if node == OWL.Nothing else str(node)
    members = graph.value(node, OWL.intersectionOf)
    if members is not None:
        parts = [_owl(graph, part) for part in Collection(graph, members)]
        kept = tuple(part for part in parts if part is not None)
        return And(kept) if len(kept) == len(parts) else None
    role, filler = graph.value(node, OWL.onProperty), graph.value(node, OWL.someValuesFrom)
    inner = _owl(graph, filler) if filler is not None else None
    if role is not None and inner is not None:
        return Some(str(role), inner)
    log.warning("an axiom outside OWL EL was left out; broader terms may be fewer than a full reasoner finds")
    return None


def _assert(axioms: Axioms, narrow: Expression | None, wide: Expression | None) -> None:
    if narrow is not None and wide is not None:
        axioms.subclasses.append((narrow, wide))


def _broader_terms(source: Path, release: Release) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """For every term its direct broader terms and its equals, after the checks that `build_table` promises."""
    if ROOT not in release.labels:
        raise OntologyError(f"{source}: lacks the technique root {ROOT}; the old table stays")
    links: dict[str, list[str]] = {}
    for narrow, wide in release.axioms.subclasses:
        if isinstance(narrow, str) and isinstance(wide, str):
            links.setdefault(narrow, []).append(wide)
    if circle := asserted_cycle(links):
        raise OntologyError(f"{source}: narrower terms run in a circle: {', '.join(circle)}; the old table stays")
    above = classify(release.axioms)
    if empty := sorted(name for name, names in above.items() if NOTHING in names):
        raise OntologyError(f"{source}: these terms contradict themselves: {', '.join(empty)}; the old table stays")
    known = {name for name in release.labels if name.startswith(NAMESPACE)}
    equals = {name: frozenset(o for o in above.get(name, ()) if name in above.get(o, ())) for name in known}
    strict = {name: (above.get(name, frozenset()) & known) - equals[name] for name in known}
    direct = reduced(strict)
    return {name: (direct[name], equals[name]) for name in known}


def _subjects(axioms: Axioms) -> dict[str, str]:
    """For every class that is defined as `∃role.S` and no more, the specifier S."""
    found: dict[str, str] = {}
    for one, other in axioms.equivalents:
        if isinstance(one, str) and isinstance(other, Some) and isinstance(other.filler, str):
            found[one] = other.filler
    return found


def _turtle(
    release: Release, above: dict[str, tuple[frozenset[str], frozenset[str]]], about: dict[str, str]
) -> Iterator[str]:
    yield "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
    yield "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    yield f"@prefix panet: <{NAMESPACE}> .\n"
    yield "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    yield "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n\n"
    yield f"<{NAMESPACE}> a skos:ConceptScheme ;\n"
    yield '    dcterms:title "PaNET, photon and neutron experimental techniques: labels and hierarchy"@en ;\n'
    yield f"    dcterms:source <{NAMESPACE}PaNET.owl> ;\n"
    yield f"    owl:versionInfo {_quoted(release.version)} ;\n"
    yield "    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;\n"
    yield '    rdfs:comment "Facts taken from PaNET by its creators (PaN ontologies group), CC BY 4.0. Changed:'
    yield ' broader terms are computed from all its axioms; definitions are left out."@en ;\n'
    tops = [name for name in (ROOT, SPECIFIERS) if name in release.labels]
    yield f"    skos:hasTopConcept {', '.join(map(_short, tops))} .\n"
    for name in sorted(above, key=lambda iri: (len(iri), iri)):
        broader, equals = above[name]
        facts = ["a skos:Concept", f"skos:prefLabel {_quoted(release.labels[name])}@en"]
        others = sorted({x for x in release.alt_labels.get(name, ()) if x and x != release.labels[name]})
        facts += [f"skos:altLabel {', '.join(f'{_quoted(x)}@en' for x in others)}"] if others else []
        facts += [f"skos:broader {', '.join(map(_short, sorted(broader)))}"] if broader else []
        facts += [f"skos:exactMatch {', '.join(map(_short, sorted(equals)))}"] if equals else []
        facts += [f"skos:related {_short(about[name])}"] if name in about else []
        if name in release.deprecated:
            facts.append("owl:deprecated true")
            if release.deprecated[name]:
                facts.append(f"dcterms:isReplacedBy {_short(release.deprecated[name])}")
        yield f"\n{_short(name)} " + " ;\n    ".join(facts) + " .\n"


def _short(iri: str) -> str:
    local = iri.removeprefix(NAMESPACE)
    return f"panet:{local}" if local != iri and re.fullmatch(r"\w+", local, re.ASCII) else f"<{iri}>"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
