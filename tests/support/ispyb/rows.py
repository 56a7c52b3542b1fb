"""Rows of ISPyB without a server: from the INSERTs of a dump, or by hand, and asked for as a database is."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from panfair.harvesters.ispyb.columns import Column, columns_read

_INSERT = re.compile(r"^INSERT INTO `(\w+)` \(([^)]*)\) VALUES (.*?);$", re.MULTILINE | re.DOTALL)
_VALUE = re.compile(r"'((?:[^'\\]|\\.|'')*)'|([^,()\s]+)|([(),])", re.DOTALL)
_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t", "\\0": "\0"}


def rows_of_dump(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table of a dump, as its INSERTs write them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table, names, body in _INSERT.findall(path.read_text(encoding="utf-8")):
        columns = re.findall(r"`(\w+)`", names)
        found[table] = [dict(zip(columns, values, strict=True)) for values in _tuples(body)]
    return found


def _tuples(body: str) -> Iterator[list[Any]]:
    values: list[Any] = []
    for text, bare, mark in _VALUE.findall(body):
        if mark == "(":
            values = []
        elif mark == ")":
            yield values
        elif mark != ",":
            values.append(_bare(bare) if bare else re.sub(r"\\(.)", _unescaped, text))


def _bare(text: str) -> Any:
    if text == "NULL":
        return None
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text) if re.fullmatch(r"-?[\d.e+-]+", text) else text


def _unescaped(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0], found[1])


class Rows:
    """What `Database` is to the reading: tables of dictionaries. Columns that no row of a table has are not there."""

    def __init__(self, tables: dict[str, list[dict[str, Any]]], also: Iterable[str] = ()) -> None:
        self._columns: dict[str, list[Column]] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        for table, wanted in columns_read(also).items():
            names = {name.casefold(): name for row in tables.get(table, ()) for name in row}
            self._columns[table] = [column for column in wanted if column.column.casefold() in names]
            self._rows[table] = [
                {one.column: row.get(names[one.column.casefold()]) for one in self._columns[table]}
                for row in tables.get(table, ())
            ]

    def columns(self, table: str) -> list[Column]:
        return self._columns.get(table, [])

    def has(self, *names: str) -> bool:
        return {one.name for found in self._columns.values() for one in found}.issuperset(names)

    def rows(self, table: str, key: str, ids: Iterable[Any]) -> list[dict[str, Any]]:
        wanted = {one for one in ids if one}
        return [dict(row) for row in self._rows.get(table, ()) if row.get(key) in wanted]

    def pages(self, table: str, key: str, size: int) -> Iterator[list[dict[str, Any]]]:
        found = sorted(self._rows.get(table, ()), key=lambda row: row[key])
        for start in range(0, len(found), size):
            yield found[start : start + size]
