"""Pairs of frequent words that stand side by side, so that a phrase of such words needs not all places of both.

Where `x` and `ray` stand in half of all documents, their places are megabytes; those of the pair are what is asked for.
Phrases of rarer words are put together from the words' own places.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

PAIR_MARK = "&"
"""Before the two words and the blank between them, so that the pair is no word."""
FREQUENT_FROM = 16_000
"""Postings, of all fields together."""
_PLACE_BITS, _NUMBER_BITS = 24, 32

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Where two words stand side by side, one row for each time: by the words, then field, document and place."""

    first: Ints
    second: Ints
    row: Ints
    """The posting of the first word: it tells field, document and length."""
    place: Ints
    """Of the first word."""


def pairs_in(rows: npt.NDArray[np.void], places: npt.NDArray[np.uint32], frequent: npt.NDArray[np.bool_]) -> Pairs:
    """The pairs in some postings and their places; `frequent` tells for each term whether it is."""
    wanted = frequent[rows["term"]]
    at = places[np.repeat(wanted, rows["places"])].astype(np.int64)
    row = np.repeat(np.flatnonzero(wanted), rows["places"][wanted])
    field, number = rows["field"][row].astype(np.int64), rows["number"][row].astype(np.int64)
    spot = (field << (_NUMBER_BITS + _PLACE_BITS)) | (number << _PLACE_BITS) | at
    order = np.argsort(spot, kind="stable")
    spot, row = spot[order], row[order]
    begin, end = np.searchsorted(spot, spot + 1, "left"), np.searchsorted(spot, spot + 1, "right")
    times = end - begin
    left = np.repeat(np.arange(len(spot)), times)
    right = np.repeat(begin - (np.cumsum(times) - times), times) + np.arange(int(times.sum()))
    first, second = rows["term"][row[left]].astype(np.int64), rows["term"][row[right]].astype(np.int64)
    sorted_by = np.lexsort((spot[left], second, first))
    found = np.stack([first, second, row[left], spot[left] & ((1 << _PLACE_BITS) - 1)])[:, sorted_by]
    new = np.ones(found.shape[1], dtype=np.bool_)
    new[1:] = (found[:, 1:] != found[:, :-1]).any(axis=0)
    return Pairs(*found[:, new])
