"""The columns of ISPyB that are read, in one table: the SELECTs, the GRANTs, the docs and the record are made from it.

`columns.tsv`, beside this file, says of each column what becomes of it: a key that rows are joined by, a field of the
record (in brackets), or the name of a parameter, with its unit there and how the value is read (`readings.py`).
`never.tsv` names columns that are never read, and why.
"""

import csv
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

Flavour = Literal["DLS", "ESRF"]
"""The two schemas that ISPyB has grown into: Diamond's, and the ESRF's."""

ASKED = frozenset({"BLSample.SMILES", "Protein.sequence"})
"""Columns that may be confidential: read only where the operator names them."""


class Column(NamedTuple):
    """One column that is read."""

    table: str
    column: str
    becomes: str
    """`key`, `(a field of the record)`, or the name of a parameter; `{shell}` in it is a shell of resolution."""
    unit: str
    """Of the value as it is published."""
    reading: str
    """How the value is read: a word of `readings.READINGS`, or nothing for as it is."""
    flavour: Literal["both", "DLS", "ESRF"]
    note: str

    @property
    def name(self) -> str:
        """`Table.column`."""
        return f"{self.table}.{self.column}"

    @property
    def is_parameter(self) -> bool:
        """Whether it becomes a parameter."""
        return self.becomes != "key" and not self.becomes.startswith("(")


@cache
def columns() -> tuple[Column, ...]:
    """All columns that may be read, table by table."""
    return tuple(Column._make(row.values()) for row in _rows("columns.tsv"))


def columns_read(also: Iterable[str] = (), flavour: Flavour | None = None) -> dict[str, list[Column]]:
    """The columns that are read, by table: without those that only an operator unlocks, but for those in `also`."""
    found: dict[str, list[Column]] = {}
    for column in columns():
        if column.name in ASKED and column.name not in set(also):
            continue
        if flavour is None or column.flavour in ("both", flavour):
            found.setdefault(column.table, []).append(column)
    return found


@cache
def never_read() -> tuple[tuple[str, str, str], ...]:
    """Table, column (`*`: all of them) and reason of what is never read."""
    return tuple((row["table"], row["column"], row["why"]) for row in _rows("never.tsv"))


def _rows(name: str) -> Iterable[dict[str, str]]:
    text = files("panfair.harvesters.ispyb").joinpath(name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
