"""What a list can be limited to, and its WHERE: every value is bound, every column and operator is one of ours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import orjson

SessionState = Literal["embargoed", "open", "withdrawn"]
"""What a session is to the public: not open yet (or never), open, or taken out of it."""
InvestigationFilter = Literal["released", "embargoed", "participant", "instrumentscientist"]
Comparison = Literal["eq", "like", "gt", "gteq", "lt", "lteq", "in"]

_OPERATORS = {"gt": ">", "gteq": ">=", "lt": "<", "lteq": "<="}


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of a parameter: `name~op~value` in ICAT+. `in` takes values with `;` between them."""

    name: str
    op: Comparison
    value: str


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: `skip` rows from its beginning, at most `limit`."""

    limit: int = 100
    skip: int = 0
    sort: str = "id"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class InvestigationQuery:
    """What sessions are wanted; None: no matter."""

    filter: InvestigationFilter | None = None
    user: int | None = None
    ids: Sequence[int] | None = None
    doi: str | None = None
    instrument: str | None = None
    name: str | None = None
    search: str | None = None
    starts_from: date | None = None
    starts_until: date | None = None
    release_dates: Sequence[date] | None = None
    conditions: Sequence[Condition] = ()
    mine: bool = False
    """Only those of whose team the reader is."""
    state: SessionState | None = None


@dataclass(frozen=True, slots=True)
class DatasetQuery:
    """What datasets are wanted; None: no matter."""

    ids: Sequence[int] | None = None
    investigations: Sequence[int] | None = None
    publication: int | None = None
    samples: Sequence[int] | None = None
    instrument: str | None = None
    kind: str | None = None
    search: str | None = None
    techniques: Sequence[str] | None = None
    starts_from: date | None = None
    starts_until: date | None = None
    conditions: Sequence[Condition] = ()


@dataclass(slots=True)
class Where:
    """Conditions that must all hold, with their values."""

    clauses: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, clause: str, *values: object) -> None:
        self.clauses.append(f"({clause})")
        self.values.extend(values)

    def one_of(self, column: str, wanted: Sequence[object] | None) -> None:
        if wanted is not None:
            self.add(f"{column} IN (SELECT value FROM json_each(?))", orjson.dumps(list(wanted)).decode())

    def between(self, column: str, first: date | None, last: date | None) -> None:
        if first is not None:
            self.add(f"{column} >= ?", first.isoformat())
        if last is not None:
            self.add(f"substr({column}, 1, 10) <= ?", last.isoformat())

    def words(self, columns: Sequence[str], text: str | None) -> None:
        """Every word of the text stands somewhere in the columns."""
        for word in (text or "").split():
            said = " || ' ' || ".join(f"coalesce({column}, '')" for column in columns)
            self.add(f"instr(lower({said}), lower(?)) > 0", word)

    def parameters(self, owner: str, conditions: Sequence[Condition]) -> None:
        """A row of the owner (`dataset`, `sample`, `investigation`) has a parameter for each condition."""
        for one in conditions:
            test, values = _compare(one)
            self.add(
                f"EXISTS (SELECT 1 FROM seen_parameter AS p WHERE p.{owner} = x.id AND p.name = ? AND {test})",
                one.name,
                *values,
            )

    @property
    def sql(self) -> str:
        return " WHERE " + " AND ".join(self.clauses) if self.clauses else ""


def _compare(one: Condition) -> tuple[str, list[object]]:
    if one.op == "like":
        return "instr(lower(p.value), lower(?)) > 0", [one.value.strip("%")]
    if one.op == "in":
        return "p.value IN (SELECT value FROM json_each(?))", [orjson.dumps(one.value.split(";")).decode()]
    try:
        number = float(one.value)
    except ValueError:
        # Text is compared as text: dates and names have an order too.
        return ("p.value = ?" if one.op == "eq" else f"p.value {_OPERATORS[one.op]} ?"), [one.value]
    if one.op == "eq":
        return "(p.number = ? OR p.value = ?)", [number, one.value]
    return f"p.number {_OPERATORS[one.op]} ?", [number]
