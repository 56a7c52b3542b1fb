"""The columns of one open index as sets: who is in a range, who has a label, how often each label occurs, which order.

Everything here is exact and made with numpy on whole columns; the two engines share it, so filters, counts and orders
cannot differ between them. Deleted documents are in the columns still: `live` tells who counts.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from panfair.builders.search.index.columns import Columns, Facet

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
_LAST = "\U0010ffff"


class Table:
    """Columns, and which of their rows are live."""

    def __init__(self, columns: Columns, live: Mask) -> None:
        self.columns = columns
        self.live = live
        self.count = int(np.count_nonzero(live))
        self.memo: dict[tuple[str, str], Any] = {}
        """What others have made from the columns of this state, by what it is and of which column."""
        self._totals: dict[str, Numbers] = {}
        self._rows: dict[str, npt.NDArray[np.int32]] = {}

    def __len__(self) -> int:
        return len(self.columns)

    @cached_property
    def rank(self) -> Numbers:
        """The place of each document in the order of keys."""
        return _rank(self.columns.keys)

    @cached_property
    def title_rank(self) -> Numbers:
        """The place of each document in the order of folded titles, ties by key."""
        keys = self.columns.keys
        return _rank([(title, keys[row]) for row, title in enumerate(self.columns.titles)])

    def none(self) -> Mask:
        return np.zeros(len(self), dtype=np.bool_)

    def in_range(self, column: str, low: float, high: float) -> Mask:
        """The documents with a value between two ends; of size and day those that are known."""
        columns = self.columns
        if column == "size":
            return (columns.size > 0) & (columns.size >= low) & (columns.size <= high)
        if column == "date":
            return (columns.day > 0) & (columns.day >= low) & (columns.day <= high)
        numbers = columns.numbers[column]
        return _any_inside(numbers.starts, (numbers.values >= low) & (numbers.values <= high))

    def in_years(self, first: int, last: int) -> Mask:
        return (self.columns.year >= first) & (self.columns.year <= last)

    def having(self, name: str, value: str) -> Mask:
        """The documents that have a label of a facet; of `year` those of that year."""
        found = self.none()
        if name == "year":
            return self.columns.year == int(value) if _is_year(value) else found
        facet = self.columns.facets[name]
        place = bisect_left(facet.labels, value)
        if place < len(facet.labels) and facet.labels[place] == value:
            found[self._row_of(name)[facet.ids == place]] = True
        return found

    def having_only(self, name: str, values: Sequence[str]) -> Mask:
        """The documents that have at least one label of a facet, and none but these."""
        facet = self.columns.facets[name]
        wanted = [place for place, label in enumerate(facet.labels) if label in set(values)]
        others = ~np.isin(facet.ids, wanted)
        return (np.diff(facet.starts) > 0) & ~_any_inside(facet.starts, others)

    def named(self, key: str, prefix: bool) -> Mask:
        """The documents of one DOI, or of all whose keys begin so."""
        found = self.none()
        owners, rows = self._owners
        first = bisect_left(owners, key)
        last = bisect_left(owners, key + _LAST) if prefix else first
        while not prefix and last < len(owners) and owners[last] == key:
            last += 1
        found[rows[first:last]] = True
        return found

    def counts(self, name: str, mask: Mask) -> dict[str, int]:
        """How many documents of a set have each label of a facet; labels of none are left out."""
        if name == "year":
            first, places = self._years
            times = np.bincount(places[mask])
            return {str(first + i): int(times[i]) for i in np.flatnonzero(times).tolist()}
        facet = self.columns.facets[name]
        times = self._times(name, facet, mask)
        return {facet.labels[i]: int(times[i]) for i in np.flatnonzero(times).tolist()}

    def _times(self, name: str, facet: Facet, mask: Mask) -> Numbers:
        """Counts by label; of a large set as all without the rest, which is the smaller one to walk through."""
        rows, size = self._row_of(name), len(facet.labels)
        if 2 * int(np.count_nonzero(mask)) <= self.count:
            return np.bincount(facet.ids[mask[rows]], minlength=size)
        rest = self.live & ~mask
        if not rest.any():
            return self.totals(name)
        return self.totals(name) - np.bincount(facet.ids[rest[rows]], minlength=size)

    def totals(self, name: str) -> Numbers:
        """How many live documents have each label, in the order of labels."""
        if name not in self._totals:
            facet = self.columns.facets[name]
            ids = facet.ids[self.live[self._row_of(name)]]
            self._totals[name] = np.bincount(ids, minlength=len(facet.labels))
        return self._totals[name]

    def telling(self, column: str, mask: Mask) -> int:
        """How many documents of a set have a value of a quantity."""
        has = self.memo.get(("telling", column))
        if has is None:
            has = self.memo["telling", column] = np.diff(self.columns.numbers[column].starts) > 0
        return int(np.count_nonzero(has & mask))

    def by_value(self, column: str) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int32]]:
        """All values of a quantity, rising, and the document of each."""
        known: tuple[npt.NDArray[np.float64], npt.NDArray[np.int32]] | None = self.memo.get(("values", column))
        if known is None:
            numbers = self.columns.numbers[column]
            rows = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(numbers.starts))
            order = np.argsort(numbers.values, kind="stable")
            known = self.memo["values", column] = numbers.values[order], rows[order]
        return known

    def _row_of(self, name: str) -> npt.NDArray[np.int32]:
        """The document of each label in a facet's list."""
        if name not in self._rows:
            facet = self.columns.facets[name]
            self._rows[name] = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(facet.starts))
        return self._rows[name]

    @cached_property
    def _years(self) -> tuple[int, Numbers]:
        """The first year, and of each document the years since."""
        year = self.columns.year
        first = int(year.min()) if len(year) else 0
        return first, year - first

    @cached_property
    def _owners(self) -> tuple[list[str], Numbers]:
        """The keys of DOIs in order, and the document of each."""
        ends = self.columns.owner_ends.tolist()
        owners = [key[:end] for key, end in zip(self.columns.keys, ends, strict=True)]
        order = sorted(range(len(owners)), key=owners.__getitem__)
        return [owners[row] for row in order], np.array(order, dtype=np.int64)


def _any_inside(starts: npt.NDArray[np.int32], inside: Mask) -> Mask:
    """The documents of whose values any is inside."""
    before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(inside, dtype=np.int64)])
    found: Mask = before[starts[1:]] > before[starts[:-1]]
    return found


def _is_year(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit() and len(text) <= 5


def _rank(keys: Sequence[str] | Sequence[tuple[str, str]]) -> Numbers:
    order = sorted(range(len(keys)), key=keys.__getitem__)
    rank = np.empty(len(keys), dtype=np.int64)
    rank[order] = np.arange(len(keys))
    return rank
