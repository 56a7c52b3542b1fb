"""The labels of a column by their words, in order, as static files: what is completed while a person types.

A file is a list in JSON of `[word, label, documents, [other names], page or null]`, cut by the words' order.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from panfair.builders.search.documents.labels import other_names, page_of_technique, spelt
from panfair.builders.search.static.packing import as_json, packed_file
from panfair.builders.search.static.shards import place_in_order

_ENTRIES_A_FILE = 600


class Completion:
    """The labels of one column, gathered document by document."""

    def __init__(self, column: str) -> None:
        self.column = column
        self.firsts: list[str] = []
        """The first word of each file."""
        self._counts: dict[str, int] = {}

    def add(self, labels: Sequence[str]) -> None:
        """The labels of the next document."""
        for label in labels:
            self._counts[label] = self._counts.get(label, 0) + 1

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The files by name, in order."""
        pairs = sorted(
            ((word, label) for label in self._counts for word in set(spelt(label, self.column))),
            key=lambda pair: (place_in_order(pair[0]), pair[1]),
        )
        for number, start in enumerate(range(0, len(pairs), _ENTRIES_A_FILE)):
            chosen = pairs[start : start + _ENTRIES_A_FILE]
            self.firsts.append(chosen[0][0])
            yield f"complete-{self.column}-{number}", packed_file(as_json([self._entry(*pair) for pair in chosen]))

    def _entry(self, word: str, label: str) -> list[Any]:
        technique = self.column == "technique"
        names = list(other_names(label)) if technique else []
        return [word, label, self._counts[label], names, page_of_technique(label) if technique else None]
