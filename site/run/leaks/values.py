"""The values of an output, each by itself: text nodes, attributes, JSON strings, literals, cells, lines.

Two values that stand side by side are never read together. What packs others (gzip, zip, the files of the static
search) is taken apart first. Values come as they are spelt in the file, so that equal ones are soon seen to be equal;
`readings_of` undoes entities and escapes.
"""

import gzip
import html
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZipFile

import orjson

_GZIP = b"\x1f\x8b"
_TAGS = re.compile(r"[<>]")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_TERM = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*+"""|"(?:[^"\\]|\\.)*+"|<[^<>\s]*+>|[^\s<>"]+', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_LETTERS = re.compile(rb"[A-Za-z0-9][\x20-\x7e]{4,}")
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": " ", "f": " "}
_STEM = "~"
_SHORT = 4  # letters, which tell nothing


def values_in(body: bytes, path: str) -> Iterator[str]:
    """The values of an output; what kind it is, its name and its first bytes say."""
    if body.startswith(_GZIP):
        body, path = gzip.decompress(body), path.removesuffix(".gz")
        if path.endswith(".bin"):
            one_file = not path.rsplit("/", 1)[-1].startswith("delta-")
            yield from _of_static_search(body) if one_file else _of_changes(body)
            return
    kind = path.rsplit("/", 1)[-1].rpartition(".")[2]
    if kind == "zip":
        with ZipFile(BytesIO(body)) as archive:
            for name in archive.namelist():
                yield from name.split("/")
                yield from values_in(archive.read(name), name)
        return
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        yield from (run.decode("ascii") for run in _LETTERS.findall(body))
        return
    yield from _CUTTERS.get(kind, _lines)(text)


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


def _triples(text: str) -> Iterator[str]:
    return (term.strip('"<>') for term in _TERM.findall(text))


def _lines(text: str) -> Iterator[str]:
    return iter(text.splitlines())


def _calendar(text: str) -> Iterator[str]:
    """The lines of a calendar, unfolded (RFC 5545, section 3.1)."""
    return iter(text.replace("\r\n ", "").splitlines())


def _of_static_search(body: bytes) -> Iterator[str]:
    """The text before the numbers of a file of the static search: JSON, or a vocabulary.

    A vocabulary is no text: that two of its words stand side by side says nothing. Stems are no words, and each stands
    beside the words that have it.
    """
    text = body.partition(b"\0")[0].decode("utf-8", "replace")
    if text.startswith(("{", "[")):
        yield from _json(text)
        return
    yield from (word for word in text.split() if not word.startswith(_STEM))


def _of_changes(body: bytes) -> Iterator[str]:
    """What has changed since the files of the static search were made: such files, end to end, behind a table."""
    table, _, files = body.partition(b"\0")
    yield from _json(table.decode("utf-8", "replace"))
    for scope in orjson.loads(table).values():
        for at, length in scope["files"].values():
            yield from _of_static_search(files[at : at + length])


_CUTTERS: dict[str, Callable[[str], Iterator[str]]] = {
    **dict.fromkeys(("html", "xml", "svg", "atom", "xsl"), _markup),
    **dict.fromkeys(("json", "jsonld", "map"), _json),
    **dict.fromkeys(("ttl", "nt", "nq"), _triples),
    "ics": _calendar,
}
