"""Searching the published records: a query in, counted, sorted and highlighted results out; from many threads.

The engine opens the index once, and again when a run has replaced it; a search that is under way keeps the state that
it began with. While a replacement is half done the old state answers.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from panfair.builders.search_columns import Facet
from panfair.site.query import LONGEST, parse
from panfair.site.search_index import Mask, OpenIndex, Scores
from panfair.site.search_spread import Spread, spreads
from panfair.site.snippet import Wanted, highlighted, snippet, wanted
from panfair.site.suggest import suggestion

log = logging.getLogger(__name__)

Sort = Literal["relevance", "newest", "oldest", "largest"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest", "largest")
DEEPEST_OFFSET = 10_000
LARGEST_LIMIT = 1000
_SHOWN_COUNTS = 20


@dataclass(frozen=True)
class Result:
    """One publication that was found."""

    doi: str
    title: str
    url: str
    """Its page, from the root."""
    score: float
    """Zero or more; comparable within one answer only."""
    creators: tuple[str, ...]
    year: int
    day: str
    """When it opened, ISO 8601, or empty."""
    snippet: str
    """HTML, escaped, with <mark>."""
    title_html: str
    """HTML, escaped, with <mark>."""
    instruments: tuple[str, ...]
    techniques: tuple[str, ...]
    facility: str
    datasets: int
    files: int
    size_bytes: int
    superseded: bool


@dataclass(frozen=True)
class Count:
    """One value of a facet and how many of the found publications have it."""

    value: str
    count: int


@dataclass(frozen=True)
class Answer:
    """What a search found."""

    total: int
    """Exact."""
    results: tuple[Result, ...]
    notes: tuple[str, ...] = ()
    """Remarks on the query, plain text."""
    suggestion: str | None = None
    """When nothing was found: the query with its misspelt words mended, if that finds something."""
    facets: dict[str, tuple[Count, ...]] | None = None
    """technique, instrument, facility, year…: exact counts over all that was found, the most frequent first."""
    spreads: tuple[Spread, ...] = ()
    """The quantities that most of them tell."""


class SearchEngine:
    """Answers from the index in a folder; an absent index answers with nothing and says so."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._opened: OpenIndex | None = None
        self._signature: tuple[object, ...] | None = None
        self._users: dict[OpenIndex, int] = {}

    def search(self, query: str, *, limit: int = 20, offset: int = 0, sort: str = "relevance") -> Answer:
        """The publications that match, from `offset` on, at most `limit` of them.

        Never raises for what a query says. Numbers out of bounds are brought back into them, with a note.
        """
        parsed = parse(query)
        notes = dict.fromkeys(parsed.notes)
        if offset > DEEPEST_OFFSET:
            notes[f"Results after the first {DEEPEST_OFFSET} are not listed; narrow the search instead."] = None
        if sort not in SORTS:
            notes[f"Results can be sorted by {', '.join(SORTS)}; here they are by relevance."] = None
            sort = "relevance"
        offset, limit = max(0, offset), min(max(0, limit), LARGEST_LIMIT)
        with self._index() as index:
            if index is None:
                notes["There is no search index yet."] = None
                return Answer(0, (), tuple(notes), facets={})
            mask, scores = index.evaluate(parsed.node, notes)
            numbers = _ordered(index, mask, scores, sort)
            page = numbers[offset : offset + limit] if offset <= DEEPEST_OFFSET else numbers[:0]
            marks = wanted(parsed.node)
            results = tuple(_result(index.stored(number), float(scores[number]), marks) for number in page.tolist())
            better = None if len(numbers) else suggestion(query[:LONGEST], parsed.node, index)
            return Answer(len(numbers), results, tuple(notes), better, _facets(index, mask), spreads(index, mask))

    def count(self) -> int:
        """How many publications can be found at all."""
        with self._index() as index:
            return int(np.count_nonzero(index.live)) if index else 0

    def close(self) -> None:
        """Frees the files; a search that is under way ends first."""
        with self._lock:
            old, self._opened, self._signature = self._opened, None, None
            if old is not None and not self._users.get(old):
                old.close()

    @contextmanager
    def _index(self) -> Iterator[OpenIndex | None]:
        """The newest state that can be opened, kept open for as long as it is used."""
        with self._lock:
            self._refresh()
            index = self._opened
            if index is not None:
                self._users[index] = self._users.get(index, 0) + 1
        try:
            yield index
        finally:
            if index is not None:
                with self._lock:
                    self._users[index] -= 1
                    if not self._users[index]:
                        del self._users[index]
                        if index is not self._opened:
                            index.close()

    def _refresh(self) -> None:
        signature = self._seen()
        if signature == self._signature:
            return
        if signature is None:
            fresh = None
        else:
            try:
                fresh = OpenIndex(self.folder)
            except Exception as error:  # Whoosh raises whatever its pickles do; the old state goes on answering
                log.warning(
                    "the search index in %s cannot be opened (%s); the one before it answers", self.folder, error
                )
                return
        old, self._opened, self._signature = self._opened, fresh, signature
        if old is not None and not self._users.get(old):
            old.close()

    def _seen(self) -> tuple[object, ...] | None:
        """What tells one state of the folder from the next: its table of contents, by name, file and time."""
        tables = []
        try:
            for entry in self.folder.iterdir():
                if entry.suffix == ".toc":
                    found = entry.stat()
                    tables.append((entry.name, found.st_ino, found.st_mtime_ns, found.st_size))
        except OSError:
            return self._signature if self._opened else None
        if not tables and self._opened:
            return self._signature  # between two states
        return tuple(sorted(tables)) or None


def _ordered(index: OpenIndex, mask: Mask, scores: Scores, sort: str) -> npt.NDArray[np.int64]:
    """The numbers of the found documents in order; ties go by the newest day, then by the DOI."""
    numbers = np.flatnonzero(mask)
    columns, rank = index.columns, index.rank[numbers]
    newest = -columns.day[numbers]
    keys: tuple[npt.NDArray[Any], ...]
    match sort:
        case "oldest":
            keys = (rank, columns.day[numbers])
        case "largest":
            keys = (rank, newest, -columns.size[numbers])
        case "newest":
            keys = (rank, newest)
        case _:
            keys = (rank, newest, -np.round(scores[numbers], 4))
    return numbers[np.lexsort(keys)]


def _facets(index: OpenIndex, mask: Mask) -> dict[str, tuple[Count, ...]]:
    counts = {name: _facet_counts(facet, mask) for name, facet in index.columns.facets.items()}
    years, times = np.unique(index.columns.year[mask], return_counts=True)
    counts["year"] = tuple(
        Count(str(year), count)
        for year, count in sorted(zip(years.tolist(), times.tolist(), strict=True), reverse=True)
    )
    return counts


def _facet_counts(facet: Facet, mask: Mask) -> tuple[Count, ...]:
    rows = np.repeat(mask, np.diff(facet.starts))
    times = np.bincount(facet.ids[rows], minlength=len(facet.labels))
    best = sorted((-int(times[i]), facet.labels[i]) for i in np.flatnonzero(times).tolist())
    return tuple(Count(label, -count) for count, label in best[:_SHOWN_COUNTS])


def _result(kept: dict[str, Any], score: float, marks: Wanted) -> Result:
    facets = kept["facets"]
    return Result(
        doi=kept["doi"],
        title=kept["title"],
        url=kept["page"],
        score=round(score, 4),
        creators=tuple(kept["creators"][:6]),
        year=kept["year"],
        day=kept["day"],
        snippet=snippet(kept["abstract"], marks),
        title_html=highlighted(kept["title"], marks),
        instruments=tuple(facets["instrument"]),
        techniques=tuple(facets["technique"]),
        facility=next(iter(facets["facility"]), ""),
        datasets=kept["datasets"],
        files=kept["files"],
        size_bytes=kept["size_bytes"],
        superseded=kept["superseded"],
    )
