"""The entities of a python-icat dump with what they refer to, and the numbers that a server gave them.

A dump names entities by keys and has no numbers. Those that recorded answers tell are taken from there; the others are
given in the order of the dump, or as one expects of how the catalogue was filled.
"""

import lzma
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

import yaml

from support.servers.icat.schema import Field, Schema

_STAMPS = frozenset({"createId", "createTime", "modId", "modTime"})
Json = dict[str, Any]
Expected = Callable[["Row"], Iterable[int]]
"""The numbers that an entity may have, as far as one knows how a catalogue was filled; none for no idea."""


class Row:
    """An entity: its attributes, what it refers to, and its number (0 until it has one)."""

    def __init__(self, entity: str, key: str) -> None:
        self.entity = entity
        self.key = key
        self.number = 0
        self.values: Json = {}
        self.references: dict[str, Row] = {}


class Content:
    """All entities of a dump."""

    def __init__(self, path: Path, schema: Schema) -> None:
        self.schema = schema
        self.rows: dict[str, list[Row]] = {entity: [] for entity in schema.entities}
        self._keys: dict[str, Row] = {}
        self._lists: dict[tuple[str, str, int], list[Row]] = {}
        raws: list[tuple[Row, Json]] = []
        with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as text:
            for chunk in yaml.load_all(text, Loader=yaml.CSafeLoader):  # plain data, as safe_load reads it
                for table, members in chunk.items():
                    entity = table[0].upper() + table[1:]
                    for key, raw in members.items() if entity in schema.entities else ():
                        raws.append((self._row(entity, key), raw))
                        self._keys[f"{entity} {key}"] = raws[-1][0]
        for row, raw in raws:
            self._fill(row, raw)

    def _row(self, entity: str, key: str) -> Row:
        row = Row(entity, key)
        self.rows[entity].append(row)
        return row

    def _fill(self, row: Row, raw: Json) -> None:
        fields = self.schema.entities[row.entity]
        for name, value in raw.items():
            field = fields.get(name)
            if field is None:
                continue
            if field.relation == "MANY":
                for child in value:
                    made = self._row(field.type, f"{row.key} {name}")
                    made.references[self.schema.back(row.entity, field)] = row
                    self._fill(made, child)
            elif field.relation == "ONE":
                if (known := self._keys.get(f"{field.type} {value}")) is not None:
                    row.references[name] = known
            else:
                row.values[name] = _value(field, value)

    def listed(self, row: Row, field: Field) -> list[Row]:
        """What a list of an entity holds."""
        if not self._lists:
            for each in (one for rows in self.rows.values() for one in rows):
                for name, target in each.references.items():
                    self._lists.setdefault((each.entity, name, id(target)), []).append(each)
        return self._lists.get((field.type, self.schema.back(row.entity, field), id(row)), [])

    def learn(self, answers: Iterable[Json]) -> None:
        """Takes the numbers that rows of recorded answers tell: `{"Dataset": {…}}`."""
        for answer in answers:
            for entity, told in answer.items():
                self._learn(told, self.rows[entity])

    def _learn(self, told: Json, among: list[Row]) -> None:
        row = next((one for one in among if one.number == told["id"]), None)
        unnumbered = [one for one in among if not one.number]
        row = row or next((one for one in unnumbered if self._alike(one, told)), None)
        if row is None and len(unnumbered) == 1:
            row = unnumbered[0]  # it was renamed since
        if row is None:
            return
        row.number = told["id"]
        for name, value in told.items():
            field = self.schema.entities[row.entity][name]
            if field.relation == "ONE" and name in row.references:
                self._learn(value, [row.references[name]])
            elif field.relation == "MANY":
                for child in value:
                    self._learn(child, self.listed(row, field))

    def _alike(self, row: Row, told: Json) -> bool:
        """Whether a recorded entity is this one: by its own name where it has one, else by all that is told of it."""
        for name in ("name", "pid", "doi"):
            if name in told and row.entity != "Technique":
                return bool(row.values.get(name) == told[name])
        fields = self.schema.entities[row.entity]
        for name, value in told.items():
            if name in _STAMPS or name == "id":
                continue
            if fields[name].relation == "ATTRIBUTE" and row.values.get(name) != value:
                return False
            if fields[name].relation == "ONE" and (
                name not in row.references or not self._alike(row.references[name], value)
            ):
                return False
        return True

    def number(self, expected: Expected = lambda row: ()) -> None:
        """Gives numbers to those that have none yet: expected ones where they are free, else the next."""
        for rows in self.rows.values():
            taken = {row.number for row in rows}
            unnumbered = (row for row in rows if not row.number)
            for row in sorted(unnumbered, key=lambda row: figures(row) if expected(row) else []):
                row.number = next(one for one in chain(expected(row), count(1)) if one not in taken)
                taken.add(row.number)

    def all(self) -> Iterator[Row]:
        for rows in self.rows.values():
            yield from rows


def figures(row: Row) -> list[int]:
    """The figures in a name, or in that of the dataset or session that it is of: those who fill a catalogue count."""
    if "name" not in row.values or row.entity == "Keyword":
        above = row.references.get("dataset") or row.references.get("investigation")
        return figures(above) if above else []
    return [int(part) for part in re.findall(r"\d+", str(row.values["name"]))]


def _value(field: Field, value: object) -> object:
    """A value of a dump as REST tells it."""
    if field.type == "Date" and isinstance(value, str):
        return moment(value)
    if field.type == "Long" and isinstance(value, str):
        return int(value)
    if field.type == "Double" and isinstance(value, str):
        return float(value)
    return value


def moment(text: str) -> str:
    """A moment in ICAT's form of REST.

    >>> moment("2024-06-14T23:01:12+00:00")
    '2024-06-14T23:01:12.000Z'
    """
    return rest_moment(datetime.fromisoformat(text))


def rest_moment(moment: datetime) -> str:
    """A moment as REST tells it: UTC, to the millisecond."""
    found = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return found.isoformat(timespec="milliseconds").replace("+00:00", "Z")
