"""The techniques that a site has most of, as the filter begins with them: the narrowest terms, not PaNET's widest."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from panfair.builders.search.language.request import SearchRequest
from panfair.builders.techniques.forest import Forest, Twig

_MOST = 6


@dataclass(frozen=True, slots=True)
class OwnTechnique:
    """One of them."""

    label: str
    count: int
    address: str
    """Of the search with it chosen, or not chosen any more."""
    chosen: bool


def own_techniques(request: SearchRequest, forest: Forest, counts: Mapping[str, int]) -> list[OwnTechnique]:
    """Those that something of what was found has, the most frequent first, at most six."""
    labels = dict.fromkeys((*_narrowest(forest.trees), *forest.others))
    found = sorted((label for label in labels if counts.get(label)), key=lambda label: (-counts[label], label))[:_MOST]
    chosen = request.chosen("technique")
    return [
        OwnTechnique(label, counts[label], request.toggled("technique", label).address(), label in chosen)
        for label in found
    ]


def _narrowest(twigs: Iterable[Twig]) -> Iterator[str]:
    for twig in twigs:
        if twig.narrower:
            yield from _narrowest(twig.narrower)
        elif not twig.pointer:
            yield twig.label
