"""The whole catalogue as N-Quads: a named graph for each publication, gzip files below `dump/`, VoID beside them.

A catalogue of up to 500 publications is one file. A larger one is cut by the digest of the DOI into a power of two of
files of some 500 each, so that a run writes again only those that hold what changed. Gzip files can be put end to end.
"""

import gzip
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256

from panfair.builders import Sheet
from panfair.builders.formats.dcat import whole_graph
from panfair.builders.metadata.catalogue_graph import publisher_iri
from panfair.builders.metadata.terms import COAR_OPEN
from panfair.builders.portal import Portal
from panfair.builders.syntax.rdf import TYPE, Graph, Iri, Literal, add, expanded, nquads, turtle
from panfair.ontologies.embargo import Released

FOLDER = "dump"
VOID = ".well-known/void"
_A_FILE = 500

Read = Callable[[list[str]], Iterator[Released]]
"""The releases of these keys, in their order."""


def dump_sheets(entries: Iterable[tuple[str, str]], read: Read, portal: Portal, fingerprint: str) -> Iterator[Sheet]:
    """The files of the dump and their VoID description.

    `entries` are the keys of the open records, each with a digest of what is said of it, in the order of the keys.
    """
    known = list(entries)
    files = 1
    while files * _A_FILE < len(known):
        files *= 2
    buckets: list[list[tuple[str, str]]] = [[] for _ in range(files)]
    for key, digest in known:
        buckets[int(sha256(key.encode()).hexdigest()[:8], 16) % files].append((key, digest))
    paths = []
    for number, bucket in enumerate(buckets):
        path = f"{FOLDER}/catalogue.nq.gz" if files == 1 else f"{FOLDER}/catalogue-{number:0{len(str(files))}}.nq.gz"
        paths.append(path)

        def render(keys: list[str] = [key for key, _ in bucket]) -> bytes:  # noqa: B006 (bound, never changed)
            quads = (nquads(whole_graph(one, portal), portal.landing(one.doi)) for one in read(keys))
            return gzip.compress("".join(quads).encode(), 6, mtime=0)

        yield Sheet(path, sha256(repr((fingerprint, bucket)).encode()).hexdigest(), render)
    void = void_document(portal, paths, len(known))
    yield Sheet(VOID, sha256(void).hexdigest(), lambda: void)


def void_document(portal: Portal, paths: Iterable[str], count: int) -> bytes:
    """What there is to have (VoID, https://www.w3.org/TR/void/), as Turtle."""
    graph: Graph = {}
    here = portal.url("/#catalog-rdf")
    add(graph, here, TYPE, Iri(expanded("void:Dataset")))
    add(graph, here, "dct:title", Literal(portal.title))
    add(graph, here, "dct:description", Literal(portal.description or portal.title))
    add(graph, here, "dct:publisher", Iri(publisher_iri(portal)))
    add(graph, here, "rdfs:seeAlso", Iri(portal.url("/catalog.ttl")))
    add(graph, here, "dct:accessRights", Iri(COAR_OPEN))
    add(graph, here, "foaf:homepage", Iri(portal.url("/")))
    add(graph, here, "void:documents", Literal(str(count), "xsd:integer"))
    add(graph, here, "void:uriSpace", Literal(portal.url("/doi/")))
    add(graph, here, "void:feature", Iri("http://www.w3.org/ns/formats/N-Quads"))
    add(graph, here, "void:feature", Iri("http://www.w3.org/ns/formats/Turtle"))
    for vocabulary in ("dcat", "schema", "prov", "sosa", "skos"):
        add(graph, here, "void:vocabulary", Iri(expanded(f"{vocabulary}:")))
    for path in paths:
        add(graph, here, "void:dataDump", Iri(portal.url(path)))
    return turtle(graph)
