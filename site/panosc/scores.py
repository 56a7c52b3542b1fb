"""Scores of documents and datasets for a free text: the federated scorer's arithmetic over this site's own index.

Words are or-ed, as the scorer does, and are those of the index: folded, by their stems, without stop words. How many
items have a word the index says exactly; how often an item has it is counted in the texts that the index shows.
"""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from panfair.builders.search.documents.words import words
from panfair.builders.search.language.question import STOP_WORDS
from panfair.builders.search.language.request import Scope
from panfair.builders.search.language.tree import Or, Word
from panfair.site.panosc.scoring import scores_of, term_weight
from panfair.site.search.engine import SearchEngine
from panfair.site.search.index import SearchIndex

_MOST_TERMS = 32
_MOST_ITEMS = 1000
"""Items that are weighed: as many as one answer lists, those that the site's own search likes best."""


def scores_from(engine: SearchEngine, query: str, scope: Scope) -> Mapping[str, float]:
    """What is found, by its key in the index: above 0, up to 1.

    A publication that names no dataset is its own: among datasets it has its own score.
    """
    found = dict(_scores(engine, query, "publications")) if scope == "datasets" else {}
    return {**found, **_scores(engine, query, scope)}


def _scores(engine: SearchEngine, query: str, scope: Scope) -> Mapping[str, float]:
    terms = _terms(query)
    with engine.index(scope) as index:
        if index is None or not terms:
            return {}
        items = _items(index, terms)
        return {key: max(round(score, 4), 0.0001) for key, score in scores_of(items, tuple(terms)).items()}


def _terms(query: str) -> dict[str, str]:
    """The stems of the query's words, each with a word that it is looked for by."""
    found: dict[str, str] = {}
    for word in words(query):
        if not word.whole and word.text not in STOP_WORDS:
            found.setdefault(word.stem or word.text, word.text)
    return dict(list(found.items())[:_MOST_TERMS])


def _items(index: SearchIndex, terms: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """The weights of the terms in each item that has one of them."""
    leaves = {term: Word(text) for term, text in terms.items()}
    having = {term: index.having(leaf, {}) & index.table.live for term, leaf in leaves.items()}
    counts = {term: int(np.count_nonzero(mask)) for term, mask in having.items()}
    either = np.logical_or.reduce(list(having.values()))
    rows = [row for row, _ in index.best(Or(tuple(leaves.values())), either, _MOST_ITEMS)]
    keys, living = index.table.columns.keys, index.table.count
    found = {}
    for row in rows:
        own = _counted(index, row)
        found[keys[row]] = {
            # A word that is not in the texts that are shown stands in another field, and there once or more.
            term: term_weight(own.get(term, 1), max(1, len(own)), counts[term], living)
            for term in terms
            if having[term][row]
        }
    return found


def _counted(index: SearchIndex, row: int) -> Counter[str]:
    """How often each stem stands in the texts of an item."""
    shown = index.stored(row)
    texts = [shown["title"], shown["abstract"], shown.get("publication", "")]
    texts += [*shown["techniques"], *shown["instruments"]]
    return Counter(
        word.stem or word.text
        for text in texts
        for word in words(text)
        if not word.whole and word.text not in STOP_WORDS
    )
