"""What an engine of the search must do: find words, phrases and beginnings, tell the best, keep what a result shows.

There are two: `search_index` (Whoosh, pure Python) and `search_tantivy` (an extra, for many records). Sets, counts,
facets, ranges and orders come from the columns (`search_table`), which both have; so they give the same answers, but
for the scores: each has its own.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from panfair.builders.search.documents.fields import IDENTIFIER
from panfair.builders.search.documents.scoring import WEIGHTS
from panfair.builders.search.language.tree import And, DoiIs, Most, Node, Or, Phrase, Prefix, Word
from panfair.site.search.columns import Mask, Table

Scores = npt.NDArray[np.float64]
Leaf = Word | Phrase | Prefix
FIELD_NAMES = tuple(WEIGHTS)
"""All fields that words are looked for in, in the order in which scores are summed."""
_BEGUN = tuple(name for name in FIELD_NAMES if name != IDENTIFIER)
MOST_EXPANSIONS = 200
"""Words of a field that a beginning stands for at most, the first in order."""


class SearchIndex(Protocol):
    """One state of one index, as it stood when it was opened; usable from many threads."""

    @property
    def table(self) -> Table: ...

    def having(self, leaf: Leaf, notes: dict[str, None]) -> Mask:
        """The documents that have it; not to be changed. A note tells when a beginning stands for too many words.

        A word is found as typed and by its stem, a compound run together or by its parts in a row, a phrase by its
        words one after the other in one field.
        """
        ...

    def best(self, node: Node, mask: Mask, most: int) -> list[tuple[int, float]]:
        """The documents of a set that answer a query best, at most so many, and their scores.

        A score is the sum over all words, phrases, beginnings and DOIs of the query that are not negated. Ties go by
        the newest day, then by the key.
        """
        ...

    def beginning(self, text: str, fields: Sequence[str], most: int) -> list[tuple[str, int]]:
        """The words that begin so, at most so many, and how many documents have each, the most frequent first."""
        ...

    def nearest(self, text: str, fields: Sequence[str], slips: int) -> str | None:
        """The word at most so many letters away that begins alike, the nearest and most frequent; None without one."""
        ...

    def stored(self, row: int) -> dict[str, Any]:
        """The document, as `builders.search.documents.document` made it, without its words."""
        ...

    def warm(self) -> None:
        """Reads ahead what many questions need, such as the places of the commonest words."""
        ...

    def close(self) -> None:
        """Frees the files."""
        ...


def fields_of(leaf: Leaf) -> tuple[str, ...]:
    """Where a leaf is looked for: a beginning not in identifiers and file names, too many begin alike."""
    return leaf.fields or (_BEGUN if isinstance(leaf, Prefix) else FIELD_NAMES)


def scoring_leaves(node: Node) -> Iterator[Leaf | DoiIs]:
    """What of a query makes a score, in the order of the query; nothing that must not occur."""
    match node:
        case Word() | Phrase() | Prefix() | DoiIs():
            yield node
        case And(nodes) | Or(nodes) | Most(nodes):
            for other in nodes:
                yield from scoring_leaves(other)


def best_first(table: Table, rows: npt.NDArray[np.int64], scores: Scores, most: int) -> list[tuple[int, float]]:
    """The best of these rows by `scores`, which has one for each document of the index."""
    found = scores[rows]
    order = np.lexsort((table.rank[rows], -table.columns.day[rows], -found))[:most]
    return list(zip(rows[order].tolist(), found[order].tolist(), strict=True))


def too_many(text: str) -> str:
    """The note on a beginning of too many words."""
    return f"“{text}*” begins too many words; the first {MOST_EXPANSIONS} were searched."
