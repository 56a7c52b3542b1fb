"""Whoosh's posting lists as arrays: the documents of a segment with a term, how often, and at which places.

Whoosh hands out one document a call, which is slow for common words. Its blocks (format W3, fixed in 2.7.4) are read
here whole; what is not in blocks (a list so short that it stands in the term's own entry) is read call by call.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.matching import FilterMatcher

from panfair.builders.search.index.whoosh_pickles import loads

PLACE_BITS = 24
"""Of a number that holds a document above and a place below."""
_COUNT_BYTES = 4  # before the places of a word in a document stands their count

Rows = npt.NDArray[np.int32]


def blocks(matcher: Any) -> Iterator[tuple[Rows, npt.NDArray[np.float64]]]:
    """The documents with a term and how often it stands in each, block by block, rising."""
    for rows, weights, _ in _read(matcher):
        yield rows, np.broadcast_to(np.asarray(1.0 if weights is None else weights, np.float64), rows.shape)


def places(matcher: Any, wanted: Rows) -> npt.NDArray[np.int64]:
    """Where a term stands in some of its documents: document and place in one number each, rising."""
    found: list[int] = []
    for rows, _, values in _read(matcher):
        for place in np.flatnonzero(np.isin(rows, wanted, assume_unique=True)).tolist():
            at = int(rows[place]) << PLACE_BITS
            # A pickled list of steps from place to place; its last byte, a full stop, may have been left out.
            steps = values[place][_COUNT_BYTES:]
            for step in loads(steps if steps.endswith(b".") else steps + b"."):
                at += step
                found.append(at)
    return np.array(found, dtype=np.int64)


def _read(matcher: Any) -> Iterator[tuple[Rows, Any, Sequence[bytes]]]:
    """The documents, deleted ones too, their weights (one for all, one for each, None: all 1), their encoded places."""
    if isinstance(matcher, FilterMatcher):
        matcher = matcher.child  # deleted documents come with the others: who asks knows them
    if not isinstance(matcher, W3LeafMatcher):
        rows, weights, values = [], [], []
        while matcher.is_active():
            rows.append(matcher.id())
            weights.append(matcher.weight())
            values.append(matcher.value())
            matcher.next()
        yield np.array(rows, dtype=np.int32), weights, values
        return
    while matcher.is_active():
        matcher._read_data()
        steps, weights, values = matcher._data
        yield np.cumsum(np.asarray(steps, dtype=np.int64)).astype(np.int32), weights, values
        matcher._next_block()
