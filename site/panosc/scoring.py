"""The arithmetic of the federated scorer, so that scores of several facilities can be merged into one list.

panosc-eu/panosc-search-scoring: a term weighs its count by the number of different terms of the item, times
log10(1 + N/n) for n of N items that have it; an item scores the cosine between its weights of the query's terms and a
query of ones. Of a query of one term the cosine tells nothing: there the weights count, the largest as 0.9.
"""

from collections.abc import Mapping, Sequence
from math import log10, sqrt

SINGLE_TERM = 0.9
"""The score of the best item for one term."""

Weights = Mapping[str, float]
"""An item's weight of each term that it has."""


def term_weight(count: int, terms: int, having: int, items: int) -> float:
    """How much a term tells that stands `count` times in an item of so many different terms.

    >>> round(term_weight(2, 40, 3, 27), 4)
    0.05
    """
    return count / terms * log10(1 + items / having)


def scores_of(items: Mapping[str, Weights], terms: Sequence[str]) -> dict[str, float]:
    """The score of each item that has any of the terms: above 0, up to 1.

    >>> found = scores_of({"a": {"foam": 0.3, "dry": 0.1}, "b": {"dry": 0.2}}, ("foam", "dry"))
    >>> {item: round(score, 3) for item, score in found.items()}
    {'a': 0.894, 'b': 0.707}
    """
    known = {
        item: {term: weight for term, weight in weights.items() if term in terms} for item, weights in items.items()
    }
    known = {item: weights for item, weights in known.items() if any(weights.values())}
    if len(terms) == 1:
        (term,) = terms
        most = max((weights[term] for weights in known.values()), default=1.0)
        return {item: SINGLE_TERM * weights[term] / most for item, weights in known.items()}
    length = sqrt(len(terms))
    return {
        item: sum(weights.values()) / (sqrt(sum(weight * weight for weight in weights.values())) * length)
        for item, weights in known.items()
    }
