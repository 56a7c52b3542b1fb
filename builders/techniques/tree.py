"""A technique's place in PaNET as its page shows it: what it is a kind of, and which kinds of it there are.

Both are trees: PaNET is a graph, so a term that can be reached in two ways stands in the tree where it is nearest, and
only there with what hangs on it. Terms that data stand under are links with their counts. A technique without data of
its own has a page too when narrower ones have data, so that every broader term can be followed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from panfair.builders.card import Listing, Shelf
from panfair.ontologies import panet
from panfair.ontologies.panet import Term
from panfair.ontologies.text import slug


@dataclass(frozen=True, slots=True)
class Branch:
    """One term of the tree."""

    label: str
    address: str
    """Its page on this site; empty when nothing stands under it."""
    count: int
    """Publications of this very term; 0 when only narrower ones have some."""
    branches: tuple["Branch", ...] = field(default=())
    """What hangs on it, away from the technique whose tree it is."""


@dataclass(frozen=True, slots=True)
class TechniqueTree:
    """The terms around one technique."""

    broader: tuple[Branch, ...]
    """Directly above it, with what is above these."""
    narrower: tuple[Branch, ...]
    """Those directly below it that have data, with those below these."""
    others: int
    """How many directly below it have no data and are left out."""
    together: int
    """Publications of the technique and of all narrower ones, each once."""


def trees(listing: Listing) -> dict[str, tuple[Shelf, TechniqueTree]]:
    """The tree of every technique that needs a page, by the slug of its page, with its shelf (which may be empty)."""
    table = panet.load()
    standing = {shelf.slug: shelf for shelf in listing.shelves("technique")}
    terms = {name: term for name, shelf in standing.items() if shelf.iri and (term := table.term(shelf.iri))}
    for term in list(terms.values()):
        for above in table.ancestors(term.iri):
            name = slug(above.id)
            if above.is_technique and name not in terms:
                terms[name] = above
                standing.setdefault(name, Shelf("technique", name, above.label, above.iri, 0))

    linked = {term.iri for term in terms.values()}
    found = {}
    for name, shelf in standing.items():
        term = terms.get(name)
        if term is None:
            found[name] = (shelf, TechniqueTree((), (), 0, shelf.count))
            continue
        wider = {one.iri for one in table.ancestors(term.iri)}  # the root and its groupings are no techniques
        below = {one.iri for one in table.descendants(term.iri)} & linked
        slugs = [name, *(slug(table.terms[iri].id) for iri in below)]
        tree = TechniqueTree(
            _tree(term, "broader", wider, standing),
            _tree(term, "narrower", below, standing),
            len([one for one in _terms(term.narrower) if one.iri not in linked]),
            listing.together("technique", slugs) if below else shelf.count,
        )
        found[name] = (shelf, tree)
    return found


def _terms(iris: Iterable[str]) -> list[Term]:
    """The techniques among some terms, in the order of their labels."""
    found = (term for iri in iris if (term := panet.load().term(iri)))
    return sorted((one for one in found if one.is_technique and not one.deprecated), key=lambda one: one.label)


def _tree(
    term: Term, way: Literal["broader", "narrower"], allowed: set[str], shelves: dict[str, Shelf]
) -> tuple[Branch, ...]:
    """What hangs on a term: each of the allowed terms once, under the first of the nearest that lead to it."""
    below: dict[str, list[Term]] = {}
    seen, row = {term.iri}, [term]
    while row:
        reached = []
        for one in row:
            iris = one.broader if way == "broader" else one.narrower
            below[one.iri] = [other for other in _terms(iris) if other.iri in allowed and other.iri not in seen]
            seen |= {other.iri for other in below[one.iri]}
            reached += below[one.iri]
        row = reached

    def branches(of: Term) -> tuple[Branch, ...]:
        return tuple(
            Branch(one.label, f"/techniques/{name}/" if shelf else "", shelf.count if shelf else 0, branches(one))
            for one in below[of.iri]
            for name in [slug(one.id)]
            for shelf in [shelves.get(name)]
        )

    return branches(term)
