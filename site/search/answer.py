"""What a search found, as page, API and static engine tell it, and how it is put together from an index's sets."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from panfair.builders.search.language.request import CHOICES, Asked
from panfair.site.search.columns import Table
from panfair.site.search.evaluate import Narrowed
from panfair.site.search.highlight import Wanted, highlighted, snippet
from panfair.site.search.histogram import Spread
from panfair.site.search.index import SearchIndex

_SHOWN_COUNTS = 20
_SHOWN_CREATORS = 6
_WHOLE = frozenset({"technique", "year", "element"})
"""Facets that are told whole: a tree, a time line and a periodic table are made from them."""


@dataclass(frozen=True)
class Told:
    """What a technique's reader looks for first, such as `Energy` and `12.4 keV (1 Å)`."""

    label: str
    value_words: str


@dataclass(frozen=True)
class Result:
    """One publication or dataset that was found."""

    doi: str
    title: str
    title_html: str
    """HTML, escaped, with <mark>."""
    url: str
    """Its page, from the root."""
    score: float
    """Zero or more; comparable within one answer only."""
    creators: tuple[str, ...]
    """The first six."""
    creator_count: int
    """Of all of them."""
    year: int
    day: str
    """When it opened, ISO 8601, or empty."""
    snippet: str
    """HTML, escaped, with <mark>."""
    instruments: tuple[str, ...]
    techniques: tuple[str, ...]
    facility: str
    datasets: int
    files: int
    size_bytes: int
    superseded: bool
    numbers: tuple[Told, ...]
    """At most three."""
    publication: str = ""
    """Of a dataset the title of its publication; else empty."""


@dataclass(frozen=True)
class Count:
    """One value of a facet, how many have it of what matches everything else, and whether it is chosen."""

    value: str
    count: int
    chosen: bool = False


@dataclass(frozen=True)
class Answer:
    """What a search found."""

    asked: Asked
    total: int
    """Exact."""
    results: tuple[Result, ...] = ()
    notes: tuple[str, ...] = ()
    """Remarks on the query, plain text."""
    suggestion: str | None = None
    """When nothing was found: the query with its misspelt words mended, if that finds something."""
    facets: dict[str, tuple[Count, ...]] | None = None
    """The most frequent values first, ties by label; at most twenty and all that are chosen, but for `_WHOLE`."""
    spreads: tuple[Spread, ...] = ()
    """The quantities that most of them tell."""


def ordered(index: SearchIndex, found: Narrowed, most: int) -> list[tuple[int, float]]:
    """The first rows of what was found, with their scores, in the order that was asked for.

    Ties go by the newest day, then by the key. Only the order by relevance has scores.
    """
    if found.asked.sort == "relevance":
        return index.best(found.node, found.mask, most)
    table = index.table
    rows = np.flatnonzero(found.mask)
    columns, rank = table.columns, table.rank[rows]
    newest = -columns.day[rows]
    keys: tuple[npt.NDArray[Any], ...]
    match found.asked.sort:
        case "oldest":
            keys = (rank, columns.day[rows])
        case "largest":
            keys = (rank, newest, -columns.size[rows])
        case "title":
            keys = (table.title_rank[rows],)
        case "newest":
            keys = (rank, newest)
    return [(row, 0.0) for row in rows[np.lexsort(keys)[:most]].tolist()]


def facet_counts(table: Table, found: Narrowed) -> dict[str, tuple[Count, ...]]:
    """The counts of every facet over what matches everything but its own choices."""
    return {name: _counts(name, table.counts(name, found.without(name)), found.asked.chosen(name)) for name in CHOICES}


def result_of(index: SearchIndex, row: int, score: float, marks: Wanted) -> Result:
    """A document as a result shows it."""
    kept = index.stored(row)
    return Result(
        doi=kept["doi"],
        title=kept["title"],
        title_html=highlighted(kept["title"], marks),
        url=kept["page"],
        score=round(score, 4),
        creators=tuple(kept["creators"][:_SHOWN_CREATORS]),
        creator_count=kept.get("creator_count", len(kept["creators"])),
        year=kept["year"],
        day=kept["day"],
        snippet=snippet(kept["abstract"], marks),
        instruments=tuple(kept["instruments"]),
        techniques=tuple(kept["techniques"]),
        facility=kept["facility"],
        datasets=kept["datasets"],
        files=kept["files"],
        size_bytes=kept["size_bytes"],
        superseded=kept["superseded"],
        numbers=tuple(Told(label, words) for label, words in kept["told"]),
        publication=kept.get("publication", ""),
    )


def _counts(name: str, times: dict[str, int], chosen: tuple[str, ...]) -> tuple[Count, ...]:
    found = {**dict.fromkeys(chosen, 0), **times}
    best = sorted(found, key=lambda value: (-found[value], value))
    return tuple(
        Count(value, found[value], value in chosen)
        for place, value in enumerate(best)
        if name in _WHOLE or place < _SHOWN_COUNTS or value in chosen
    )
