"""The whole catalogue as N-Quads: a named graph for each publication, gzip files below `dump/`, VoID beside them.

A catalogue of up to 200 publications is one file. A larger one is cut by the digest of the DOI into a power of two of
files of some 100 to 200, so that a run writes again only those that hold what changed. A file is its publications' gzip
members, end to end: each is made once, where its publication is rendered, and taken over from the file that stands.
"""

import gzip
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from struct import Struct

from panfair.builders import Sheet
from panfair.builders.formats.dcat import whole_graph
from panfair.builders.metadata.catalogue_graph import publisher_iri
from panfair.builders.metadata.terms import COAR_OPEN
from panfair.builders.portal import Portal
from panfair.builders.syntax.rdf import TYPE, Graph, Iri, Literal, add, expanded, nquads, turtle
from panfair.ontologies.embargo import Released

FOLDER = "dump"
VOID = ".well-known/void"
_A_FILE = 200

_EXTRA = Struct("<2sHI16s")
"""What stands in the extra field of a member (RFC 1952, section 2.3.1.1) before the DOI's key: our two letters, how
long the rest is, how long the member is, and of what it was made."""
_OURS, _HEAD = b"PF", 10  # bytes of a gzip header

Members = Callable[[str, list[tuple[str, str]]], Iterator[bytes]]
"""The marked members that a file of this path is to have, in the order of these keys, each told with its digest."""


def quads_member(released: Released, portal: Portal) -> bytes:
    """A publication's graph as N-Quads: one gzip member, made where the publication is rendered."""
    quads = nquads(whole_graph(released, portal), portal.landing(released.doi))
    return gzip.compress(quads.encode(), 6, mtime=0)


def marked(member: bytes, key: str, digest: bytes) -> bytes:
    """A member that tells whose it is and what it was made of (16 bytes), so that `members_in` finds it in a file."""
    name = key.encode()
    rest = _EXTRA.size - 4 + len(name)
    length = len(member) + 2 + 4 + rest
    extra = _EXTRA.pack(_OURS, rest, length, digest) + name
    return member[:3] + b"\x04" + member[4:_HEAD] + len(extra).to_bytes(2, "little") + extra + member[_HEAD:]


def members_in(body: bytes) -> dict[str, tuple[bytes, bytes]]:
    """The marked members of a file by the keys of their publications: digest and member; none of an unmarked file."""
    found: dict[str, tuple[bytes, bytes]] = {}
    at = 0
    while at + _HEAD + 2 + _EXTRA.size <= len(body) and body[at : at + 4] == b"\x1f\x8b\x08\x04":
        ours, rest, length, digest = _EXTRA.unpack_from(body, at + _HEAD + 2)
        if ours != _OURS or at + length > len(body) or length <= rest:
            break
        name = body[at + _HEAD + 2 + _EXTRA.size : at + _HEAD + 2 + 4 + rest]
        found[name.decode()] = (digest, body[at : at + length])
        at += length
    return found


def dump_sheets(
    entries: Iterable[tuple[str, str]], members: Members, portal: Portal, fingerprint: str
) -> Iterator[Sheet]:
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

        def render(path: str = path, bucket: list[tuple[str, str]] = bucket) -> bytes:
            return b"".join(members(path, bucket)) or gzip.compress(b"", 6, mtime=0)

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
