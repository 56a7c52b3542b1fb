"""ICAT's own exchange files (its `port` service), read into the entities that python-icat's dumps give.

A version, then a table for each entity: a head such as `Dataset(complete:0,investigation(facility(name:1),name:2))`,
and a line for each of them. A reference is told by the values that are unique to what it names, or by a key of the
file (`?:0`); where it names nothing, its values are NULL and NA. Texts are quoted, with backslashes before quotes,
backslashes and the letters of control characters.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from panfair.ontologies.errors import HarvestError

Raw = dict[str, Any]

_VERSION = re.compile(rb"\s*(?:#[^\n]*\n\s*)*1\.\d+\s*\r?\n")
_HEAD = re.compile(r"([A-Z][A-Za-z]*)\s*\((.*)\)")
_CELL = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^,"]*))\s*(?:,|$)', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_TYPES = {"dataset", "investigation", "sample", "dataPublication"}
_TARGETS = {
    "content": "dataCollection", "publication": "dataPublication", "inputDataCollection": "dataCollection",
    "outputDataCollection": "dataCollection", "sourceDatafile": "datafile", "destDatafile": "datafile",
    "funding": "fundingReference",
}  # fmt: skip
_CHILDREN = {
    "investigationUser": ("investigation", "investigationUsers"),
    "investigationInstrument": ("investigation", "investigationInstruments"),
    "investigationParameter": ("investigation", "parameters"),
    "investigationFunding": ("investigation", "fundingReferences"),
    "keyword": ("investigation", "keywords"),
    "publication": ("investigation", "publications"),
    "datasetParameter": ("dataset", "parameters"),
    "datasetInstrument": ("dataset", "datasetInstruments"),
    "datasetTechnique": ("dataset", "datasetTechniques"),
    "sampleParameter": ("sample", "parameters"),
    "dataPublicationDate": ("publication", "dates"),
    "dataPublicationFunding": ("dataPublication", "fundingReferences"),
    "relatedItem": ("publication", "relatedItems"),
    "subject": ("dataPublication", "subjects"),
    "affiliation": ("user", "affiliations"),
    "dataCollectionDataset": ("dataCollection", "dataCollectionDatasets"),
    "dataCollectionDatafile": ("dataCollection", "dataCollectionDatafiles"),
    "dataCollectionInvestigation": ("dataCollection", "dataCollectionInvestigations"),
    "studyInvestigation": ("study", "studyInvestigations"),
}  # fmt: skip
"""Entities that python-icat keeps in a list of another: what they call that one, and its list."""


def is_port(data: bytes) -> bool:
    """Whether a file is one of ICAT's own exchange files, by its version line."""
    return _VERSION.match(data) is not None


def read_port(data: bytes, path: Path, source: str) -> dict[str, dict[str, Raw]]:
    """The entities by type and key. Raises HarvestError with the line that cannot be read."""
    tables: dict[str, list[Raw]] = {}
    fields: list[tuple[tuple[str, ...], int]] = []
    rows: list[Raw] = []
    text = data[_VERSION.match(data).end() :].decode("utf-8", "replace")  # type: ignore[union-attr]
    for number, line in _lines(text, data.count(b"\n", 0, len(data) - len(text.encode())) + 1):
        if head := _HEAD.fullmatch(line):
            fields = list(_fields(head[2]))
            rows = tables.setdefault(head[1][0].lower() + head[1][1:], [])
            continue
        cells = _cells(line)
        if cells is None or not fields or any(place >= len(cells) for _name, place in fields):
            raise HarvestError(f"{source}: {path.name}: line {number} is not as ICAT writes it; export it again")
        rows.append(_row(fields, cells))
    return _joined(tables)


def _lines(text: str, number: int) -> Iterator[tuple[int, str]]:
    for line in text.split("\n"):
        if line.strip() and not line.startswith("#"):
            yield number, line.strip()
        number += 1


def _fields(head: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """The paths of a head with the places of their values: `a(b:0,c:1)` is (a, b) at 0 and (a, c) at 1."""
    path: list[str] = []
    for name, sign, place in re.findall(r"([A-Za-z0-9_?]*)(\(|\)|:(?=\d))(\d*)", head):
        if sign == "(":
            path.append(name)
        elif sign == ")":
            path.pop()
        else:
            yield (*path, name), int(place)


def _cells(line: str) -> list[Any] | None:
    found: list[Any] = []
    at = 0
    while at < len(line) or line.endswith(","):
        cell = _CELL.match(line, at)
        if cell is None:
            return None
        at = cell.end()
        if cell[1] is not None:
            found.append(_ESCAPE.sub(lambda one: _PLAIN.get(one[1], one[1]), cell[1]))
        else:
            found.append({"NULL": None, "NA": None, "true": True, "false": False}.get(cell[2], cell[2]))
        if at >= len(line):
            break
    return found


def _row(fields: list[tuple[tuple[str, ...], int]], cells: list[Any]) -> Raw:
    """One entity; a reference is an object of what is told of the other, and none when a part of that is missing.

    By what is left it would lead to another: a person without the name of a session to one of a neighbour.
    """
    row: Raw = {}
    halved = {path[0] for path, place in fields if len(path) > 1 and cells[place] is None}
    for path, place in fields:
        value = cells[place]
        if value is None or path[0] in halved:
            continue
        inner = row
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        inner[path[-1]] = value
    return row


def _joined(tables: dict[str, list[Raw]]) -> dict[str, dict[str, Raw]]:
    """The entities under keys, references as keys, children in the lists of their parents."""
    keyed = {entity: {f"{entity}-{number}": row for number, row in enumerate(rows)} for entity, rows in tables.items()}
    finder = _Finder(keyed)
    for entity, rows in keyed.items():
        for row in rows.values():
            row |= {name: found for name, value in row.items() if (found := finder.key(entity, name, value))}
            row.pop("?", None)
    for entity, (parent, listed) in _CHILDREN.items():
        target = "dataPublicationUser" if entity == "affiliation" else _TARGETS.get(parent, parent)
        for row in keyed.pop(entity, {}).values():
            holder = keyed.get(target, {}).get(str(row.get(parent)))
            if holder is not None:
                holder.setdefault(listed, []).append(row)
    return keyed


class _Finder:
    """Finds what a reference names, by what it tells of it."""

    def __init__(self, keyed: dict[str, dict[str, Raw]]) -> None:
        # What a reference tells is compared with what stood in the file: rows change while they are joined.
        self._rows = {entity: {key: dict(row) for key, row in rows.items()} for entity, rows in keyed.items()}
        self._index: dict[tuple[str, tuple[tuple[str, ...], ...]], dict[tuple[Any, ...], str]] = {}

    def key(self, entity: str, name: str, value: Any) -> str | None:
        """The key of what an attribute refers to; None for a value, and for what is not in the file."""
        if not isinstance(value, dict):
            return None
        target = _TARGETS.get(name, name)
        if name == "type":
            target = f"{entity}Type" if entity in _TYPES else "parameterType"
        elif name == "user" and entity == "affiliation":
            target = "dataPublicationUser"
        paths = tuple(sorted(_paths(value)))
        index = self._index.get((target, paths))
        if index is None:
            rows = self._rows.get(target, {}).items()
            index = self._index[target, paths] = {_values(row, paths): key for key, row in reversed(list(rows))}
        return index.get(_values(value, paths))


def _paths(value: Raw, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from _paths(inner, (*above, name))
        else:
            yield (*above, name)


def _values(row: Raw, paths: tuple[tuple[str, ...], ...]) -> tuple[Any, ...]:
    found = []
    for path in paths:
        value: Any = row
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        found.append(value)
    return tuple(found)
