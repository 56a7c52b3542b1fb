"""Which documents a search means: the tree of a query over an index, narrowed by chosen facets and ranges.

Words come from the engine, all else from columns. The sets are whole and exact: no query is cut off at a limit.
"""

from collections.abc import Iterable

import numpy as np

from panfair.builders.search_scoring import NAMED_BY_DOI
from panfair.site.query_tree import And, DoiIs, Everything, FacetIs, Node, Not, Or, Phrase, Prefix, Range, Word, Years
from panfair.site.search_asked import Asked
from panfair.site.search_engine import FIELD_NAMES, Hits, Scores, SearchIndex
from panfair.site.search_table import Mask, Table


def matching(index: SearchIndex, node: Node, notes: dict[str, None]) -> tuple[Mask, Scores]:
    """Which live documents match, and how well; a document outside the set has score 0. May add to the notes."""
    mask, scores = _evaluate(index, node, notes)
    mask &= index.table.live
    return mask, np.where(mask, scores, 0.0)


class Narrowed:
    """The sets of one search: `mask` is what it finds; `without(name)` what it would without one facet or range."""

    def __init__(self, index: SearchIndex, asked: Asked, node: Node, notes: dict[str, None]) -> None:
        self.asked = asked
        self._base, self.scores = matching(index, node, notes)
        table = index.table
        self._parts = {name: _chosen(table, asked, name, values) for name, values in asked.choices}
        for name, _ in asked.ranges:
            wanted = asked.range(name)
            if wanted is not None:
                self._parts[name] = table.in_range(name, wanted.low, wanted.high)
        self.mask = _all(self._base, self._parts.values())

    def without(self, name: str) -> Mask:
        """What matches everything but the choices of this facet, or this range."""
        if name not in self._parts:
            return self.mask
        return _all(self._base, (part for other, part in self._parts.items() if other != name))


def _chosen(table: Table, asked: Asked, name: str, values: tuple[str, ...]) -> Mask:
    """The documents with one of the chosen values; of elements as the search says: with all, any or only these."""
    if name == "element" and asked.elements == "only":
        return table.having_only(name, values)
    found = [table.having(name, value) for value in values]
    if name == "element" and asked.elements == "all":
        return _all(found[0], found[1:])
    either: Mask = np.logical_or.reduce(found)
    return either


def _all(first: Mask, others: Iterable[Mask]) -> Mask:
    found = first.copy()
    for other in others:
        found &= other
    return found


def _evaluate(index: SearchIndex, node: Node, notes: dict[str, None]) -> tuple[Mask, Scores]:
    """A fresh mask and fresh scores: the caller may change them."""
    table = index.table
    match node:
        case Word(text, fields):
            return _dense(table, index.word(text, fields or FIELD_NAMES))
        case Phrase(text, fields):
            return _dense(table, index.phrase(text, fields or FIELD_NAMES))
        case Prefix(text, fields):
            return _dense(table, index.prefix(text, fields or FIELD_NAMES, notes))
        case And(nodes):
            mask, scores = _evaluate(index, nodes[0], notes)
            for other in nodes[1:]:
                more, plus = _evaluate(index, other, notes)
                mask &= more
                scores += plus
            return mask, scores
        case Or(nodes):
            mask, scores = _evaluate(index, nodes[0], notes)
            for other in nodes[1:]:
                more, plus = _evaluate(index, other, notes)
                mask |= more
                scores += plus
            return mask, scores
        case DoiIs(key, prefix):
            found = table.named(key, prefix)
            return found, np.where(found, NAMED_BY_DOI, 0.0)
    return _plain(index, node, notes), np.zeros(len(table), dtype=np.float64)


def _plain(index: SearchIndex, node: Node, notes: dict[str, None]) -> Mask:
    """What is in the set or not, but never more or less so."""
    table = index.table
    match node:
        case Not(inner):
            return ~_evaluate(index, inner, notes)[0]
        case Years(first, last):
            return table.in_years(first, last)
        case Range(column, low, high):
            return table.in_range(column, low, high)
        case FacetIs(facet, value):
            return table.having(facet, value)
        case Everything():
            return np.ones(len(table), dtype=np.bool_)
    raise AssertionError(node)


def _dense(table: Table, hits: Hits) -> tuple[Mask, Scores]:
    mask, scores = table.none(), np.zeros(len(table), dtype=np.float64)
    mask[hits.rows] = True
    scores[hits.rows] = hits.scores
    return mask, scores
