"""The files of dumps, read whole: JSON documents, MongoDB's line files, ICAT entities from YAML and XML.

python-icat's exchange forms: YAML documents and `<data>` elements, each a chunk of entities under dump keys; what
refers to another entity names its key (python-icat, `icat.dumpfile`). XML is read with entities and network off.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import yaml
from lxml import etree

from panfair.harvesters.dump.port import is_port, read_port
from panfair.harvesters.reading.json_text import loads
from panfair.ontologies.errors import HarvestError

Raw = dict[str, Any]
Entities = dict[str, dict[str, Raw]]
"""Entity type in lower camel case (`dataPublication`) to dump key to attributes; a reference is a dump key."""

_TELLING = frozenset({"investigation", "dataset", "dataPublication", "facility", "user", "grouping", "instrument"})
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_dump(path: Path, source: str) -> Entities | list[Raw]:
    """The ICAT entities of a dump, or the JSON documents of a collection. Raises HarvestError with file and place."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise HarvestError(f"{source}: {path.name}: {error.strerror}; nothing of it was read") from None
    data = data.removeprefix(b"\xef\xbb\xbf")
    start = data.lstrip()[:1]
    if start == b"<":
        return _from_xml(data, path, source)
    if is_port(data):
        return _merged([read_port(data, path, source)], path, source)
    if start in (b"{", b"["):
        return _from_json(data, path, source)
    if not start:
        raise HarvestError(f"{source}: {path.name}: the file is empty; export it again")
    return _from_yaml(data, path, source)


def _from_json(data: bytes, path: Path, source: str) -> Entities | list[Raw]:
    try:
        found = loads(data)
    except orjson.JSONDecodeError as error:
        if data.lstrip()[:1] == b"{" and (lines := _lines(data)) is not None:
            return lines
        raise HarvestError(
            f"{source}: {path.name}: line {error.lineno}, column {error.colno}: not whole JSON ({error.msg}); "
            "export it again, nothing of it was read"
        ) from None
    if isinstance(found, dict):
        if _TELLING & found.keys() and all(isinstance(part, dict) for part in found.values()):
            return _merged([found], path, source)
        found = found.get("results", [found])
    return found if isinstance(found, list) else []


def _lines(data: bytes) -> list[Raw] | None:
    """The documents of a file with one JSON object a line (mongoexport); None when it is not that."""
    found = []
    for line in data.splitlines():
        if line.strip():
            try:
                found.append(loads(line))
            except orjson.JSONDecodeError:
                return None
    return found if len(found) > 1 else None


def _from_yaml(data: bytes, path: Path, source: str) -> Entities:
    try:
        chunks = list(yaml.load_all(data, _Loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise HarvestError(
            f"{source}: {path.name}: {place}not readable as YAML ({problem}); export it again, nothing of it was read"
        ) from None
    except (IndexError, KeyError, AttributeError, TypeError, OverflowError):
        raise HarvestError(
            f"{source}: {path.name}: not readable as YAML (a value is not what its tag says); nothing of it was read"
        ) from None
    except (ValueError, RecursionError) as error:
        raise HarvestError(f"{source}: {path.name}: not readable as YAML ({error}); nothing of it was read") from None
    return _merged([chunk for chunk in chunks if chunk is not None], path, source)


def _from_xml(data: bytes, path: Path, source: str) -> Entities:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise HarvestError(
            f"{source}: {path.name}: line {error.lineno}: not whole XML ({error.msg}); "
            "export it again, nothing of it was read"
        ) from None
    if root.tag != "icatdata":
        raise HarvestError(f"{source}: {path.name}: its root is <{root.tag}> and not python-icat's <icatdata>")
    chunks: list[Entities] = []
    for data_element in root.iterfind("data"):
        chunk: Entities = {}
        for number, element in enumerate(data_element):
            if isinstance(element.tag, str):
                key = element.get("id") or f"{element.tag}-{len(chunks)}-{number}"
                chunk.setdefault(element.tag, {})[key] = _attributes(element)
        chunks.append(chunk)
    return _merged(chunks, path, source)


def _attributes(element: Any) -> Raw:
    """The attributes of one XML entity: text, a reference's key, or a list of what it holds."""
    found: Raw = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if reference := child.get("ref"):
            found[child.tag] = reference
        elif len(child):
            found.setdefault(child.tag, []).append(_attributes(child))
        else:
            found[child.tag] = _value(child.text or "")
    return found


def _value(text: str) -> Any:
    return {"true": True, "false": False}.get(text, text)


def _merged(chunks: Sequence[Any], path: Path, source: str) -> Entities:
    merged: Entities = {}
    for chunk in chunks:
        shaped = isinstance(chunk, dict) and all(isinstance(part, dict) for part in chunk.values())
        if not shaped:
            raise HarvestError(f"{source}: {path.name}: not a dump that python-icat wrote; nothing of it was read")
        for entity, members in chunk.items():
            kept = {str(key): values for key, values in members.items() if isinstance(values, dict)}
            merged.setdefault(str(entity), {}).update(kept)
    if not _TELLING & merged.keys():
        raise HarvestError(f"{source}: {path.name}: it holds no entity of ICAT; nothing of it was read")
    return merged
