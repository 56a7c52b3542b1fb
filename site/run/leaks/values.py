"""The values of an output, each by itself: text nodes, attributes, JSON strings, literals, cells, lines.

Two values that stand side by side are never read together. Values come as they are spelt in the file, so that equal
ones are soon seen to be equal; `readings_of` undoes entities and escapes.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

from panfair.site.run.leaks.pieces import Kind, pieces_of, with_plain_ends

_TAGS = re.compile(r"[<>]")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_LONG_LITERAL = re.compile(rb'"""((?:[^"\\]|\\.|"(?!""))*+)"""', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_NO_BRACKETS = bytes.maketrans(b"<>", b"  ")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": " ", "f": " "}
_SHORT = 4  # letters, which tell nothing


def values_in(body: bytes, path: str) -> Iterator[str]:
    """The values of an output; what kind it is, its name and its first bytes say."""
    for kind, pieces in pieces_of(body, path):
        yield from (value.decode("utf-8", "replace") for value in values_of(kind, pieces))


def values_of(kind: Kind, pieces: Iterable[bytes]) -> Iterable[bytes]:
    """The values in some pieces of an output, those left out that are too short to tell anything."""
    return _CUTTERS[kind](pieces)


def readings_of(value: str) -> Iterator[str]:
    """What a reader or a machine may see in a value: as it stands, without entities, escapes and percent signs.

    A value that is a document itself, such as JSON in an attribute or markup in a feed, gives the values in it.

    >>> list(readings_of("a&amp;b"))
    ['a&b']
    """
    if "&" in value:
        value = html.unescape(value)
    inner = value.lstrip()
    if inner[:1] in ("{", "[") and _STRING.search(inner):
        yield from (reading for one in _json(inner) for reading in readings_of(one))
    elif "<" in value and ">" in value:
        yield from (reading for one in _markup(value) for reading in readings_of(one))
    else:
        yield value
        if "\\" in value and (plain := _ESCAPE.sub(_unescaped, value)) != value:  # in a page or a path it is no escape
            yield from readings_of(plain)
        if "%" in value and (plain := unquote(value)) != value:
            yield plain


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        return chr(number) if (number := int(code, 16)) < 0x110000 else " "
    return _PLAIN.get(found[3], found[3])


def _markup(text: str) -> Iterator[str]:
    """Text nodes and, of each tag, its attributes' values and what is left of it."""
    inside = False
    for piece in _TAGS.split(text):
        if not inside or '"' not in piece:
            yield piece
        else:
            yield from piece.split('"')
        inside = not inside


def _json(text: str) -> Iterator[str]:
    """The strings of a document, and what stands outside of them: nothing but marks and numbers, if it is JSON."""
    for place, piece in enumerate(_STRING.split(text)):
        if place % 2 or len(piece) > _SHORT:
            yield piece


def _of_markup(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """As `_markup`; a piece stands from behind a `<` to the next one."""
    for piece in pieces:
        tag, closed, text = piece.partition(b">")
        if not closed:
            yield piece
            continue
        yield from tag.split(b'"')
        if b">" in text:
            yield from text.split(b">")
        elif len(text) > _SHORT:
            yield text


def _of_json(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """The strings and what stands between them; a piece is a line, or a document."""
    return with_plain_ends(b'"'.join(pieces)).split(b'"')


def _of_triples(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Literals, IRIs and names; a piece is a line, or a document."""
    outside = []
    for piece in pieces:
        if b'"' not in piece:
            outside.append(piece)
            continue
        if b'"""' in piece:
            yield from _LONG_LITERAL.findall(piece)
            piece = _LONG_LITERAL.sub(b" ", piece)
        parts = with_plain_ends(piece).split(b'"')
        yield from parts[1::2]
        outside += parts[::2]
    yield from b" ".join(outside).translate(_NO_BRACKETS).split()


def _of_calendar(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a calendar, unfolded (RFC 5545, section 3.1)."""
    for piece in pieces:
        yield from piece.replace(b"\r\n ", b"").splitlines()


def _of_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        yield from piece.splitlines()


def _whole(pieces: Iterable[bytes]) -> Iterable[bytes]:
    return pieces


_CUTTERS: dict[Kind, Callable[[Iterable[bytes]], Iterable[bytes]]] = {
    "markup": _of_markup,
    "json": _of_json,
    "triples": _of_triples,
    "calendar": _of_calendar,
    "lines": _of_lines,
    "values": _whole,
}
