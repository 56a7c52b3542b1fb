"""ICAT's entities by type and key, and the finding of one that another refers to."""

import re
from collections.abc import Iterator
from typing import Any

Raw = dict[str, Any]

_SIMPLE_KEY = re.compile(r"^[A-Z]\w*?_name-((?:[^=_()-]|=[0-9A-F]{2})+)$")
_ESCAPE = re.compile(r"=([0-9A-F]{2})")


class Store:
    """All entities of a catalogue that a harvest holds."""

    def __init__(self, entities: dict[str, dict[str, Raw]]) -> None:
        self.entities = entities
        self._naming: dict[tuple[str, str], dict[str, list[Raw]]] = {}

    def all(self, entity: str) -> Iterator[Raw]:
        yield from self.entities.get(entity, {}).values()

    def items(self, entity: str) -> Iterator[tuple[str, Raw]]:
        yield from self.entities.get(entity, {}).items()

    def naming(self, entity: str, attribute: str, key: str) -> list[Raw]:
        """The entities of a type whose attribute names this key, in their order; all are looked through once."""
        index = self._naming.get((entity, attribute))
        if index is None:
            index = self._naming[entity, attribute] = {}
            for raw in self.all(entity):
                index.setdefault(str(raw.get(attribute)), []).append(raw)
        return index.get(key, [])

    def find(self, entity: str, reference: Any) -> Raw:
        """The entity that a reference names; an entity in place of a reference is itself; empty when there is none.

        A part of a dump may refer to what only the whole dump holds: then the name in the dump key is all we know.
        """
        if isinstance(reference, dict):
            return reference
        if reference is None:
            return {}
        found = self.entities.get(entity, {}).get(str(reference))
        if found is None and (simple := _SIMPLE_KEY.match(str(reference))):
            return {"name": unescaped(simple[1])}
        return found or {}


def unescaped(text: str) -> str:
    """A value of a dump key as it was: `=2F` is a slash (python-icat, `icat.entity.Entity.getUniqueKey`).

    >>> unescaped("db=2Fnbour")
    'db/nbour'
    """
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
