"""ICAT's entities with their fields and relations, as an icat.server 6.2.0 told them (icat-6.2.0-entities.tsv)."""

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = "data/icat/real/icat-6.2.0-entities.tsv"
_TWICE = {
    ("DataCollection", "jobsAsInput"): "inputDataCollection",
    ("DataCollection", "jobsAsOutput"): "outputDataCollection",
    ("Datafile", "sourceDatafiles"): "destDatafile",
    ("Datafile", "destDatafiles"): "sourceDatafile",
}
"""Lists whose entity names the holder by two fields: the one that is meant."""


@dataclass(frozen=True)
class Field:
    """A field of an entity: an attribute, a reference (`ONE`) or a list (`MANY`), and of what."""

    name: str
    relation: str
    type: str


@dataclass(frozen=True)
class Schema:
    """Entity to field name to field; `before` knows which entities an older ICAT lacks."""

    entities: Mapping[str, Mapping[str, Field]]

    def back(self, entity: str, field: Field) -> str:
        """The field by which what is in a list names the entity that holds the list."""
        if found := _TWICE.get((entity, field.name)):
            return found
        (name,) = (
            one.name for one in self.entities[field.type].values() if one.relation == "ONE" and one.type == entity
        )
        return name

    def columns(self, entity: str) -> list[str]:
        """The fields of an entity that a table has: all but its lists."""
        return [field.name for field in self.entities[entity].values() if field.relation != "MANY"]

    def without(self, missing: frozenset[str]) -> "Schema":
        """The schema of an older server: without these entities, and without every field that leads to them."""
        kept = {
            entity: {name: field for name, field in fields.items() if field.type not in missing}
            for entity, fields in self.entities.items()
            if entity not in missing
        }
        return Schema(kept)


@cache
def schema() -> Schema:
    """The schema of the server that was asked."""
    root = Path(__file__).resolve().parents[4]
    path = Path(os.environ.get("PANFAIR_SHARED", root.parent / "shared")) / _FILE
    found: dict[str, dict[str, Field]] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            found.setdefault(row["entity"], {})[row["field"]] = Field(row["field"], row["relation"], row["type"])
    return Schema(found)
