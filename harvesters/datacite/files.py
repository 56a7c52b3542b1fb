"""DataCite documents in files: JSON:API answers, lines as in DataCite's public data file, attributes alone, kernel XML.

A file's content tells what it is; `.gz` is unpacked. Lines are read one by one, so that a file of any size passes.
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

import orjson
from lxml import etree

from panfair.harvesters.datacite.xml import attributes_of, resources_in
from panfair.harvesters.reading.json_text import loads
from panfair.ontologies.errors import HarvestError

_ENDINGS = (".json", ".jsonl", ".ndjson", ".xml", ".json.gz", ".jsonl.gz", ".ndjson.gz", ".xml.gz")
_AGAIN = "fetch it again, nothing of this source was read"


def documents_in(source: str, root: Path, names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """The documents of all files, each with its place. Raises HarvestError for what is missing or broken."""
    for path in _paths(source, root, names):
        try:
            with _opened(path) as file:
                yield from _documents(file, path, source)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise HarvestError(f"{source}: {path.name}: not whole (gzip); {_AGAIN}") from None
        except OSError as error:
            raise HarvestError(f"{source}: {path.name}: {error.strerror}; {_AGAIN}") from None


def _paths(source: str, root: Path, names: Iterable[str]) -> list[Path]:
    found: list[Path] = []
    for name in names:
        path = root / name
        if path.is_dir():
            found += sorted(one for one in path.rglob("*") if one.is_file() and one.name.endswith(_ENDINGS))
        elif path.is_file():
            found.append(path)
        else:
            raise HarvestError(f"{source}: {name}: no such file or folder; nothing of this source was read")
    if not found:
        raise HarvestError(f"{source}: no {', '.join(_ENDINGS)} file in there")
    return found


def _opened(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if path.name.endswith(".gz") else path.open("rb")


def _documents(file: IO[bytes], path: Path, source: str) -> Iterator[tuple[str, Any]]:
    first = b""
    for first in file:
        first = first.removeprefix(b"\xef\xbb\xbf")
        if first.strip():
            break
    if first.lstrip()[:1] == b"<":
        yield from _from_xml(first + file.read(), path, source)
        return
    try:
        whole = loads(first)
    except orjson.JSONDecodeError:
        whole = None
    following = next((line for line in file if line.strip()), b"")
    if whole is None or not following:
        yield from _listed(whole if whole is not None else _json(first + following + file.read(), path, source), path)
        return
    for number, line in enumerate(chain((first, following), file), 1):
        if line.strip():
            yield f"{path.name}, line {number}", _line(line, number, path, source)


def _json(data: bytes, path: Path, source: str) -> Any:
    try:
        return loads(data)
    except orjson.JSONDecodeError as error:
        raise HarvestError(f"{source}: {path.name}: line {error.lineno}: not whole JSON; {_AGAIN}") from None


def _line(line: bytes, number: int, path: Path, source: str) -> Any:
    try:
        return loads(line)
    except orjson.JSONDecodeError:
        raise HarvestError(f"{source}: {path.name}: line {number} is not whole JSON; {_AGAIN}") from None


def _listed(found: Any, path: Path) -> Iterator[tuple[str, Any]]:
    """The documents of an answer: its `data`, a list, or one document."""
    data = found.get("data", found) if isinstance(found, dict) else found
    for number, document in enumerate(data if isinstance(data, list) else [data], 1):
        yield f"{path.name}, entry {number}", document


def _from_xml(data: bytes, path: Path, source: str) -> Iterator[tuple[str, Any]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise HarvestError(f"{source}: {path.name}: line {error.lineno}: not whole XML; {_AGAIN}") from None
    found = list(resources_in(root))
    if not found:
        raise HarvestError(f"{source}: {path.name}: no DataCite record in there")
    for number, resource in enumerate(found, 1):
        yield f"{path.name}, entry {number}", attributes_of(resource)
