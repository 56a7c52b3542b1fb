"""The techniques of a catalogue as trees, for choosing: PaNET's terms with data, each once, below its nearest term.

PaNET gives many terms several broader ones. A term stands in full below one of them, the most special (the one with
the fewest kinds of its own), and below the others as a pointer, so that it is found from every side and yet is one
thing to choose.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from panfair.ontologies import panet
from panfair.ontologies.panet import Panet, Term
from panfair.ontologies.text import slug


@dataclass(frozen=True, slots=True)
class Twig:
    """One term of a tree."""

    label: str
    id: str
    """Of its place on the page, unique."""
    narrower: tuple["Twig", ...]
    """The terms below it, in PaNET's order (by label)."""
    pointer: bool = False
    """Whether the term stands in full elsewhere and this only points there."""


@dataclass(frozen=True, slots=True)
class Forest:
    """All techniques of a catalogue."""

    trees: tuple[Twig, ...]
    others: tuple[str, ...]
    """What the catalogue calls techniques without a term in PaNET."""


def technique_forest(labels: Iterable[str]) -> Forest:
    """The trees over these techniques and all that is above them, and the labels that are in no tree."""
    table = panet.load()
    terms: dict[str, Term] = {}
    others = set()
    for label in labels:
        term = next((one for one in table.labelled(label) if one.label == label and one.is_technique), None)
        if term is None:
            others.add(label)
            continue
        for one in (term, *table.ancestors(term.iri)):
            if one.is_technique:
                terms[one.iri] = one
    homes = {iri: _home(term, terms, table) for iri, term in terms.items()}

    def twig(term: Term, above: tuple[str, ...]) -> Twig:
        if above and homes[term.iri] != above[-1]:
            return Twig(term.label, _id(term), (), pointer=True)
        below = [terms[iri] for iri in term.narrower if iri in terms and iri not in above]
        return Twig(term.label, _id(term), tuple(twig(one, (*above, term.iri)) for one in below))

    roots = sorted((term for iri, term in terms.items() if homes[iri] is None), key=lambda term: term.label)
    return Forest(tuple(twig(term, ()) for term in roots), tuple(sorted(others)))


def _home(term: Term, terms: dict[str, Term], table: Panet) -> str | None:
    """The IRI of the term below which this one stands in full; None for the top of a tree."""
    above = [iri for iri in term.broader if iri in terms and iri != term.iri]
    return min(above, key=lambda iri: (len(table.descendants(iri)), terms[iri].label, iri), default=None)


def _id(term: Term) -> str:
    return f"t-{slug(term.id)}"
