"""An output cut into pieces on its bytes, so that no value of it stands in two of them; what is packed is opened first.

A piece is a line, what follows a `<`, or a string: most come again and again, in every page and form, and are known
without being looked into. `values` cuts the others further. A large output comes bit by bit.
"""

import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Literal, NamedTuple
from zipfile import ZipFile

import orjson

from panfair.builders.search.documents.words import VALUE_END

Kind = Literal["markup", "json", "triples", "calendar", "lines", "values"]
"""How the pieces are cut further; `values` are whole."""

_SCRIPT = b'<script type="application/ld+json">'
_GZIP = b"\x1f\x8b"
_PIECES_AT_ONCE = 1 << 18  # bytes
_BLOCK = 1 << 16  # bytes
_FIRST = 500  # bytes; JSON for people has its first line end there
_LETTERS = re.compile(rb"[A-Za-z0-9][\x20-\x7e]{4,}")
_STEM = b"~"
_VALUE_END = VALUE_END.encode()  # between the values of a field, in documents of the search
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("html", "xml", "svg", "atom", "xsl"), "markup"),
    **dict.fromkeys(("json", "jsonld", "map"), "json"),
    **dict.fromkeys(("ttl", "nt", "nq"), "triples"),
    "ics": "calendar",
}


class Pieces(NamedTuple):
    """Some pieces of an output, all of one kind."""

    kind: Kind
    pieces: list[bytes]


def digest_of(body: bytes) -> bytes:
    """By which a body that was found clean is known again inside of another file."""
    return hashlib.blake2b(body, digest_size=16).digest()


def pieces_of(body: bytes, path: str, is_known: Callable[[bytes], bool] = lambda _body: False) -> Iterator[Pieces]:
    """The pieces of an output; what kind it is, its name and its first bytes say.

    Of what is packed inside of it, members that `is_known` are left out.
    """
    if body.startswith(_GZIP):
        for member in _gunzipped(body):
            if not is_known(member):
                yield from _of_member(member, path.removesuffix(".gz"), is_known)
        return
    kind = path.rsplit("/", 1)[-1].rpartition(".")[2]
    if kind == "zip":
        with ZipFile(BytesIO(body)) as archive:
            for name in archive.namelist():
                yield Pieces("values", [part.encode() for part in name.split("/")])
                if not is_known(member := archive.read(name)):
                    yield from pieces_of(member, name, is_known)
        return
    yield from _of_text(body, _KINDS.get(kind, "lines"))


def _of_member(body: bytes, path: str, is_known: Callable[[bytes], bool]) -> Iterator[Pieces]:
    if not path.endswith(".bin"):
        yield from pieces_of(body, path, is_known)
    elif path.rsplit("/", 1)[-1].startswith("delta-"):
        yield from _of_changes(body)
    else:
        yield _of_static_search(body)


def _gunzipped(body: bytes) -> Iterator[bytes]:
    """The members of a gzip file, one after the other. Raises EOFError or zlib.error for a broken one."""
    at = 0
    while at < len(body):
        member, parts = zlib.decompressobj(31), []
        while not member.eof:
            if at >= len(body):
                raise EOFError("a gzip file ends in the middle")
            block = body[at : at + _BLOCK]
            parts.append(member.decompress(block))
            at += len(block)
        at -= len(member.unused_data)
        yield b"".join(parts)


def _of_text(body: bytes, kind: Kind) -> Iterator[Pieces]:
    if kind == "calendar" or (kind == "triples" and (b'"""' in body or b"'''" in body)):
        yield Pieces(kind, [body])
    elif kind == "markup":
        while (start := body.find(_SCRIPT)) >= 0 and (end := body.find(b"<", start + 1)) >= 0:
            yield from _strings(body[start + len(_SCRIPT) : end])
            body = body[:start] + body[end:]
        yield from _cut(body, b"<", kind)
    elif kind == "json" and b"\n" not in body[:_FIRST]:
        yield from _strings(body)
    elif kind == "lines" and not _is_text(body):
        yield Pieces("values", _LETTERS.findall(body))
    else:
        yield from _cut(body, b"\n", kind)


def _strings(body: bytes) -> Iterator[Pieces]:
    """The strings of a JSON document that is one line, and what stands between them."""
    yield from _cut(with_plain_ends(body).replace(_VALUE_END, b'"'), b'"', "values")


def with_plain_ends(body: bytes) -> bytes:
    """A text with escapes, spelt so that a quotation mark is the end of a string, and nothing else.

    >>> with_plain_ends(rb'say "a \\"b\\""')
    b'say "a \\\\u0022b\\\\u0022"'
    """
    return body.replace(b"\\\\", b"\\u005c").replace(b'\\"', b"\\u0022") if b"\\" in body else body


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _cut(body: bytes, at: bytes, kind: Kind) -> Iterator[Pieces]:
    start = 0
    while (end := body.find(at, start + _PIECES_AT_ONCE)) >= 0:
        yield Pieces(kind, body[start:end].split(at))
        start = end + 1
    yield Pieces(kind, body[start:].split(at) if start else body.split(at))


def _of_static_search(body: bytes) -> Pieces:
    """The text before the numbers of a file of the static search: JSON, or a vocabulary.

    A vocabulary is no text: that two of its words stand side by side says nothing. Stems are no words, and each stands
    beside the words that have it.
    """
    text = body.partition(b"\0")[0]
    if text.startswith((b"{", b"[")):
        return Pieces("json", [text])
    return Pieces("values", [word for word in text.split() if not word.startswith(_STEM)])


def _of_changes(body: bytes) -> Iterator[Pieces]:
    """What has changed since the files of the static search were made: such files, end to end, behind a table."""
    table, _, files = body.partition(b"\0")
    yield Pieces("json", [table])
    for scope in orjson.loads(table).values():
        for at, length in scope["files"].values():
            yield _of_static_search(files[at : at + length])
