"""While a person types: what the last word may become, grouped as techniques, instruments, people, samples, titles.

A label is offered when each word that was typed begins one of its words; a technique by its synonyms too (`SAXS`).
Labels that begin as the whole text does go first, then those of most publications.
"""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal

import numpy as np

from panfair.builders.search.documents.labels import COMPLETED, page_of_technique, spelt
from panfair.builders.search.documents.words import words
from panfair.builders.search.language.tree import And, Node, Prefix, Word
from panfair.site.search.columns import Table
from panfair.site.search.evaluate import matching
from panfair.site.search.index import SearchIndex

Group = Literal["techniques", "instruments", "people", "samples", "titles"]
MOST_ITEMS = 8
LONGEST = 200
"""Characters of what was typed that are looked at."""
_MOST_OF_A_GROUP = 4
_MOST_LOOKED_AT = 5000  # labels that have the last word
_SHORTEST_TITLE = 3  # letters
_COLUMNS: tuple[tuple[Group, str], ...] = (
    ("techniques", "technique"),
    ("instruments", "instrument"),
    ("people", "people"),
    ("samples", "sample"),
)


@dataclass(frozen=True)
class Item:
    """One thing to go on with."""

    label: str
    url: str | None
    """Its page on this site, from the root, if it surely has one."""
    query: str
    """What to search for, in the query language."""


@dataclass(frozen=True)
class Completions:
    """The items of one group."""

    name: Group
    items: tuple[Item, ...]


def completions(index: SearchIndex, typed: str) -> tuple[Completions, ...]:
    """The groups that offer something, at most eight items in all: each group its best, then the next best."""
    wanted = [word.text for word in words(typed[:LONGEST]) if not word.whole]
    if not wanted:
        return ()
    found: dict[Group, list[Item]] = {
        group: _labels(index.table, column, wanted)[:_MOST_OF_A_GROUP] for group, column in _COLUMNS
    }
    found["titles"] = _titles(index, wanted)
    taken = dict.fromkeys(found, 0)
    for place in range(_MOST_OF_A_GROUP):
        for group, items in found.items():
            if place < len(items) and sum(taken.values()) < MOST_ITEMS:
                taken[group] += 1
    return tuple(Completions(group, tuple(items[: taken[group]])) for group, items in found.items() if taken[group])


def _labels(table: Table, column: str, wanted: list[str]) -> list[Item]:
    facet = table.columns.facets[column]
    folded, places = _words_of(table, column)
    last = wanted[-1]
    hits = set(places[bisect_left(folded, last) : bisect_left(folded, last + "\U0010ffff")][:_MOST_LOOKED_AT])
    counts = table.totals(column)
    good = []
    for place in hits:
        own = spelt(facet.labels[place], column)
        if counts[place] and all(any(word.startswith(one) for word in own) for one in wanted):
            begins = " ".join(own).startswith(" ".join(wanted))
            good.append((not begins, -int(counts[place]), facet.labels[place]))
    return [item for _, _, label in sorted(good) if (item := _item(column, label))][:_MOST_OF_A_GROUP]


def _words_of(table: Table, column: str) -> tuple[list[str], list[int]]:
    """The words of all labels in order, and the label that each is of; made once for each state of an index."""
    known: tuple[list[str], list[int]] | None = table.memo.get(("words", column))
    if known is None:
        pairs = sorted(
            (word, place)
            for place, label in enumerate(table.columns.facets[column].labels)
            for word in set(spelt(label, column))
        )
        known = [word for word, _ in pairs], [place for _, place in pairs]
        table.memo["words", column] = known
    return known


def _item(column: str, label: str) -> Item | None:
    """What to do with a label; None for one that the query language cannot quote."""
    if '"' in label or len(label) > LONGEST:
        return None
    return Item(label, page_of_technique(label) if column == "technique" else None, f'{COMPLETED[column]}"{label}"')


def _titles(index: SearchIndex, wanted: list[str]) -> list[Item]:
    """The best titles that hold all these words, the last one perhaps only begun."""
    if len(wanted[-1]) < _SHORTEST_TITLE:
        return []
    fields = ("title",)
    leaves: tuple[Node, ...] = (*(Word(word, fields) for word in wanted[:-1][:8]), Prefix(wanted[-1], fields))
    node = And(leaves)
    mask = matching(index, node, {})
    if not np.any(mask):
        return []
    shown = [index.stored(row) for row, _ in index.best(node, mask, _MOST_OF_A_GROUP)]
    # One line for each title: sessions of one proposal often share theirs, and nobody can tell the lines apart.
    best = {one["title"]: one for one in reversed(shown)}
    titles = dict.fromkeys(one["title"] for one in shown)
    return [Item(title, best[title]["page"], title.replace('"', " ")) for title in titles]
