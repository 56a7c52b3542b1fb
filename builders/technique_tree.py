"""A technique's place in PaNET as its page shows it: what it is a kind of, and which kinds of it there are.

Terms that data stand under are links with their counts. A technique without data of its own has a page too when
narrower ones have data, so that every broader term can be followed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from panfair.builders.card import Shelf
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


@dataclass(frozen=True, slots=True)
class TechniqueTree:
    """The terms around one technique."""

    broader: tuple[Branch, ...]
    """All above it, the nearest first."""
    narrower: tuple[Branch, ...]
    """Directly below it, those with data first."""
    others: int
    """How many directly below it have no data and are left out."""


def trees(shelves: Iterable[Shelf]) -> dict[str, tuple[Shelf, TechniqueTree]]:
    """The tree of every technique that needs a page, by the slug of its page, with its shelf (which may be empty)."""
    table = panet.load()
    standing = {shelf.slug: shelf for shelf in shelves}
    terms = {name: term for name, shelf in standing.items() if shelf.iri and (term := table.term(shelf.iri))}
    for term in list(terms.values()):
        for above in table.ancestors(term.iri):
            name = slug(above.id)
            if above.is_technique and name not in terms:
                terms[name] = above
                standing.setdefault(name, Shelf("technique", name, above.label, above.iri, 0))

    def branch(term: Term) -> Branch:
        name = slug(term.id)
        known = name in terms
        return Branch(term.label, f"/techniques/{name}/" if known else "", standing[name].count if known else 0)

    found = {}
    for name, shelf in standing.items():
        term = terms.get(name)
        if term is None:
            found[name] = (shelf, TechniqueTree((), (), 0))
            continue
        below = [branch(one) for iri in term.narrower if (one := table.term(iri)) and not one.deprecated]
        linked = tuple(one for one in below if one.address)
        branches = tuple(branch(one) for one in table.ancestors(term.iri) if one.is_technique)
        found[name] = (shelf, TechniqueTree(branches, linked, len(below) - len(linked)))
    return found
