"""What a model of the PaNOSC search API is made of, and the ways in which one hangs on another.

In the templates `{c}` is the thing itself, `{p}` the thing that it belongs to.
"""

from dataclasses import dataclass
from typing import Literal

ValueKind = Literal["text", "number", "flag", "moment", "list", "value"]
"""`value`: a parameter's, number or text; `list`: a JSON list of texts."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a model."""

    name: str
    sql: str
    kind: ValueKind = "text"


@dataclass(frozen=True, slots=True)
class Relation:
    """How the things of one model are found from those of another."""

    name: str
    model: str
    many: bool
    owners: str
    """The parents that have such a child: SQL with {p}, {c} and {where}."""
    loading: str
    """FROM of the children of parents: the tables, with {c}."""
    link: str
    """The parent's id, in the tables of `loading`."""
    order: str
    """The order of one parent's children, in the tables of `loading`; no two of them have the same place."""
    holds: str = "1"
    """What holds for all children."""
    among: str = ""
    """That the parents are those of a JSON list, where that is more than `link IN (…)`: with {c} and one mark."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model: its properties in the order of answers."""

    name: str
    table: str
    properties: tuple[Property, ...]
    relations: tuple[Relation, ...] = ()
    text: tuple[str, ...] = ()
    """The properties that the operator `text` looks into."""
    order: str = "{c}.key"
    base: str = "1"
    """What holds for all that is listed."""
    row: str = "{c}.id"
    """Its number in the store."""
    key: str = ""
    """What `/{pid}` names it by; empty for what has no address of its own."""

    def property(self, name: str) -> Property | None:
        return next((one for one in self.properties if one.name == name), None)

    def relation(self, name: str) -> Relation | None:
        return next((one for one in self.relations if one.name == name), None)


def plain(*names: str) -> tuple[Property, ...]:
    """Properties that are columns of the same name."""
    return tuple(Property(name, f"{{c}}.{name}") for name in names)


PLACES = 1 << 24
AMONG = f"({{c}}p.OWNER, {{c}}p.place) IN (SELECT value / {PLACES}, value % {PLACES} FROM json_each(?))"
PUBLIC = Property("isPublic", "1", "flag")
"""All that is here is public."""


def numbered(table: str, owner: str) -> str:
    """The number of a thing that has none of its own: its owner's and its place, of which no owner has so many."""
    return f"({table}.{owner} * {PLACES} + {table}.place)"


def one(name: str, model: str, source: str, joined: str, owners: str, owner: str = "") -> Relation:
    """Back to the one thing that something belongs to; `owner` is set where the something has no id of its own."""
    return Relation(
        name,
        model,
        False,
        owners,
        f"{source} AS {{c}}p {joined}",
        numbered("{c}p", owner) if owner else "{c}p.id",
        "{c}.id",
        among=AMONG.replace("OWNER", owner) if owner else "",
    )


def parameters(table: str, model: str) -> Relation:
    """The parameters that stand in a table of their own."""
    tables = f"meaning AS {{c}}m CROSS JOIN {table} AS {{c}} ON {{c}}.meaning = {{c}}m.id"
    loading = f"{table} AS {{c}} JOIN meaning AS {{c}}m ON {{c}}m.id = {{c}}.meaning"
    return Relation(
        "parameters",
        model,
        True,
        f"{{p}}.id IN (SELECT {{c}}.owner FROM {tables} WHERE {{where}})",
        loading,
        "{c}.owner",
        "{c}.place",
    )


def by_table(name: str, model: str, table: str) -> Relation:
    """Techniques and samples: they recur, so a table stands between."""
    between = f"dataset_{table}"
    return Relation(
        name,
        model,
        True,
        f"{{p}}.id IN (SELECT {{c}}b.dataset FROM {between} AS {{c}}b WHERE {{c}}b.{table} IN"
        f" (SELECT {{c}}.id FROM {table} AS {{c}} WHERE {{where}}))",
        f"{between} AS {{c}}b JOIN {table} AS {{c}} ON {{c}}.id = {{c}}b.{table}",
        "{c}b.dataset",
        "{c}b.place",
    )


def datasets(table: str) -> Relation:
    """Back from what recurs to the datasets that have it."""
    between = f"dataset_{table}"
    return Relation(
        "datasets",
        "Dataset",
        True,
        f"{{p}}.id IN (SELECT {{c}}b.{table} FROM {between} AS {{c}}b WHERE {{c}}b.dataset IN"
        " (SELECT {c}.id FROM dataset AS {c} WHERE {c}.shown AND {where}))",
        f"{between} AS {{c}}b JOIN dataset AS {{c}} ON {{c}}.id = {{c}}b.dataset",
        f"{{c}}b.{table}",
        "{c}.key",
        "{c}.shown",
    )
