"""How an answer is put together from an index's sets: rows in order, counts of facets, documents as results."""

from typing import Any

import numpy as np
import numpy.typing as npt

from panfair.builders.search.documents.facets import FACETS
from panfair.builders.search.language.answer import FacetCount, Figure, SearchResult
from panfair.site.search.columns import Table
from panfair.site.search.evaluate import Narrowed
from panfair.site.search.highlight import Wanted, excerpt, highlighted
from panfair.site.search.index import SearchIndex

_SHOWN_COUNTS = 20
_SHOWN_CREATORS = 6
_FACETS = (*FACETS, "year")
_WHOLE = frozenset({"technique", "year", "element"})
"""Facets that are told whole: a tree, a time line and a periodic table are made from them."""


def ordered(index: SearchIndex, found: Narrowed, most: int) -> list[tuple[int, float]]:
    """The first rows of what was found, with their scores, in the order that was asked for.

    Ties go by the newest day, then by the key. Only the order by relevance has scores.
    """
    if found.request.sort == "relevance":
        return index.best(found.node, found.mask, most)
    table = index.table
    rows = np.flatnonzero(found.mask)
    columns, rank = table.columns, table.rank[rows]
    newest = -columns.day[rows]
    keys: tuple[npt.NDArray[Any], ...]
    match found.request.sort:
        case "oldest":
            keys = (rank, columns.day[rows])
        case "largest":
            keys = (rank, newest, -columns.size[rows])
        case "title":
            keys = (table.title_rank[rows],)
        case "newest":
            keys = (rank, newest)
    return [(row, 0.0) for row in rows[np.lexsort(keys)[:most]].tolist()]


def facet_counts(table: Table, found: Narrowed) -> dict[str, tuple[FacetCount, ...]]:
    """The counts of every facet over what matches everything but its own choices."""
    return {
        name: _counts(name, table.counts(name, found.without(name)), found.request.chosen(name)) for name in _FACETS
    }


def result_of(index: SearchIndex, row: int, score: float, marks: Wanted) -> SearchResult:
    """A document as a result shows it; its `url` goes from the root."""
    stored = index.stored(row)
    return SearchResult(
        doi=stored["doi"],
        title=stored["title"],
        title_html=highlighted(stored["title"], marks),
        url=stored["page"],
        score=round(score, 4),
        creators=tuple(stored["creators"][:_SHOWN_CREATORS]),
        creator_count=stored.get("creator_count", len(stored["creators"])),
        year=stored["year"],
        day=stored["day"],
        highlight=excerpt(stored["abstract"], marks),
        instruments=tuple(stored["instruments"]),
        techniques=tuple(stored["techniques"]),
        facility=stored["facility"],
        datasets=stored["datasets"],
        files=stored["files"],
        size_bytes=stored["size_bytes"],
        superseded=stored["superseded"],
        numbers=tuple(Figure(label=label, value_words=words) for label, words in stored["told"]),
        publication=stored.get("publication", ""),
    )


def _counts(name: str, times: dict[str, int], chosen: tuple[str, ...]) -> tuple[FacetCount, ...]:
    found = {**dict.fromkeys(chosen, 0), **times}
    best = sorted(found, key=lambda value: (-found[value], value))
    return tuple(
        FacetCount(value=value, count=found[value], chosen=value in chosen)
        for place, value in enumerate(best)
        if name in _WHOLE or place < _SHOWN_COUNTS or value in chosen
    )
