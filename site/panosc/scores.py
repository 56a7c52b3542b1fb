"""Scores of documents and datasets for a free text, from the site's own search engine and in its own query language."""

from collections.abc import Mapping

from panfair.builders.search.language.query import parse
from panfair.builders.search.language.request import Scope
from panfair.site.search.engine import SearchEngine
from panfair.site.search.evaluate import matching


def scores_from(engine: SearchEngine, query: str, scope: Scope) -> Mapping[str, float]:
    """What is found, by its key in the index: above 0, and 1 for the very best.

    A publication that names no dataset is its own: among datasets it has its own score.
    """
    found = dict(_scores(engine, query, "publications")) if scope == "datasets" else {}
    return {**found, **_scores(engine, query, scope)}


def _scores(engine: SearchEngine, query: str, scope: Scope) -> Mapping[str, float]:
    with engine.index(scope) as index:
        if index is None:
            return {}
        node = parse(query).node
        mask = matching(index, node, {})
        found = index.best(node, mask, len(mask))
        best = found[0][1] if found else 0.0
        keys = index.table.columns.keys
        return {keys[row]: max(round(score / best, 4), 0.0001) if best > 0 else 1.0 for row, score in found}
