"""Which documents a search means: the tree of a query over an index, narrowed by chosen facets and ranges.

Words come from the engine, all else from columns. The sets are whole and exact: no query is cut off at a limit.
"""

from collections.abc import Iterable

import numpy as np

from panfair.builders.search.documents.scoring import ENOUGH, word_weight
from panfair.builders.search.language.request import SearchRequest
from panfair.builders.search.language.tree import (
    And,
    DoiIs,
    Everything,
    FacetIs,
    Most,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Word,
    Years,
)
from panfair.site.search.columns import Mask, Table
from panfair.site.search.index import SearchIndex

NOT_ALL = "Not every record has all the words; those that have most come first. A + before a word asks for it."


def matching(index: SearchIndex, node: Node, notes: dict[str, None]) -> Mask:
    """Which live documents match: a mask that the caller may change. May add to the notes."""
    return _evaluate(index, node, notes) & index.table.live


class Narrowed:
    """The sets of one search: `mask` is what it finds; `without(name)` what it would without one facet or range.

    `base` are the documents that its query, read as `node`, means.
    """

    def __init__(self, table: Table, request: SearchRequest, node: Node, base: Mask) -> None:
        self.request = request
        self.node = node
        self._base = base
        self._parts = {name: _chosen(table, request, name, values) for name, values in request.choices}
        for name, _ in request.ranges:
            wanted = request.range(name)
            if wanted is not None:
                self._parts[name] = table.in_range(name, wanted.low, wanted.high)
        self.mask = _all(self._base, self._parts.values())

    def without(self, name: str) -> Mask:
        """What matches everything but the choices of this facet, or this range."""
        if name not in self._parts:
            return self.mask
        return _all(self._base, (part for other, part in self._parts.items() if other != name))


def _chosen(table: Table, request: SearchRequest, name: str, values: tuple[str, ...]) -> Mask:
    """The documents with one of the chosen values; of elements as the search says: with all, any or only these."""
    if name == "element" and request.elements == "only":
        return table.having_only(name, values)
    found = [table.having(name, value) for value in values]
    if name == "element" and request.elements == "all":
        return _all(found[0], found[1:])
    either: Mask = np.logical_or.reduce(found)
    return either


def _all(first: Mask, others: Iterable[Mask]) -> Mask:
    found = first.copy()
    for other in others:
        found &= other
    return found


def _most(index: SearchIndex, nodes: tuple[Word, ...], keywords: bool, notes: dict[str, None]) -> Mask:
    """What has enough of these words by their weight; of keywords all, where anything has all.

    Enough is half of what the best has: where nothing has most of the words, what has the most of them is found.
    A word that nothing has is left out, with a note.
    """
    table = index.table
    masks = [index.having(node, notes) & table.live for node in nodes]
    times = [int(np.count_nonzero(mask)) for mask in masks]
    weights = [word_weight(found, table.count) if found else 0 for found in times]
    unknown = [node.text for node, found in zip(nodes, times, strict=True) if not found]
    if unknown and len(unknown) < len(nodes):
        notes[f"In no record: {', '.join(unknown)}. The other words were searched."] = None
    known = [mask for mask, found in zip(masks, times, strict=True) if found]
    every = np.logical_and.reduce(known) if known else table.none()
    if keywords and not unknown and every.any():
        return every
    had = np.zeros(len(table), dtype=np.int64)
    for mask, weight in zip(masks, weights, strict=True):
        had += mask * weight
    found: Mask = (had >= ENOUGH * had.max(initial=0)) & np.logical_or.reduce(masks)
    if (found & ~every).any():
        notes[NOT_ALL] = None
    return found


def _evaluate(index: SearchIndex, node: Node, notes: dict[str, None]) -> Mask:
    """The set of a tree, deleted documents perhaps among it; it may be the engine's own and is not to be changed."""
    table = index.table
    match node:
        case Word() | Phrase() | Prefix():
            return index.having(node, notes)
        case And(nodes):
            return _all(_evaluate(index, nodes[0], notes), (_evaluate(index, other, notes) for other in nodes[1:]))
        case Most(nodes, keywords):
            return _most(index, nodes, keywords, notes)
        case Or(nodes):
            either: Mask = np.logical_or.reduce([_evaluate(index, other, notes) for other in nodes])
            return either
        case Not(inner):
            return ~_evaluate(index, inner, notes)
        case DoiIs(key, prefix):
            return table.named(key, prefix)
        case Years(first, last):
            return table.in_years(first, last)
        case Range(column, low, high):
            return table.in_range(column, low, high)
        case FacetIs(facet, value):
            return table.having(facet, value)
        case Everything():
            return table.live
