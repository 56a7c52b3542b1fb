"""What an engine of the search must do: find words, phrases and beginnings, and keep what a result shows.

There are two: `search_index` (Whoosh, pure Python) and `search_tantivy` (an extra, for many records). Sets, counts,
facets, ranges and orders come from the columns (`search_table`), which both have; so they give the same answers, but
for the scores: each has its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from panfair.builders.search_scoring import WEIGHTS
from panfair.site.search_table import Table

Scores = npt.NDArray[np.float64]
FIELD_NAMES = tuple(WEIGHTS)
"""All fields that words are looked for in, in the order in which scores are summed."""


@dataclass(frozen=True, slots=True)
class Hits:
    """The documents that have a term: their rows, rising, each once, and how well they match. Not to be changed."""

    rows: npt.NDArray[np.int32]
    scores: Scores


class SearchIndex(Protocol):
    """One state of one index, as it stood when it was opened; usable from many threads."""

    @property
    def table(self) -> Table: ...

    def word(self, text: str, fields: Sequence[str]) -> Hits:
        """A word as typed: itself and its stem; of a compound the whole, or its parts in a row."""
        ...

    def phrase(self, text: str, fields: Sequence[str]) -> Hits:
        """The words of a text one after the other in one field."""
        ...

    def prefix(self, text: str, fields: Sequence[str], notes: dict[str, None]) -> Hits:
        """Words that begin so; of too many the first, which a note tells."""
        ...

    def beginning(self, text: str, fields: Sequence[str], most: int) -> list[tuple[str, int]]:
        """The words that begin so, at most so many, and how many documents have each, the most frequent first."""
        ...

    def nearest(self, text: str, fields: Sequence[str], slips: int) -> str | None:
        """The word at most so many letters away that begins alike, the nearest and most frequent; None without one."""
        ...

    def stored(self, row: int) -> dict[str, Any]:
        """The document, as `builders.search_document` made it, without its words."""
        ...

    def close(self) -> None:
        """Frees the files."""
        ...
