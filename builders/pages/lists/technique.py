"""The list by technique: PaNET's terms where the catalogue's words could be mapped, with their place in its tree."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from panfair.builders.card import Listing, Shelf
from panfair.builders.html.language import marked
from panfair.builders.html.list_kind import Crossing, ListKind, ShelfWords, parts_of
from panfair.builders.portal import Portal
from panfair.builders.techniques.tree import trees
from panfair.ontologies import panet
from panfair.ontologies.embargo import Released
from panfair.ontologies.mapping import synonyms_of
from panfair.ontologies.mapping.sssom import esrfet
from panfair.ontologies.panet import Term, label_key
from panfair.ontologies.record import Technique
from panfair.ontologies.text import slug


def _of(released: Released) -> Iterator[Shelf]:
    for technique in (one for part in parts_of(released) for one in part.techniques):
        term = technique.iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1] if technique.iri else ""
        yield Shelf("technique", slug(term if term else technique.said), technique.name, technique.iri or "")


def _words(words: ShelfWords, shelf: Shelf) -> ShelfWords:
    term = panet.load().term(shelf.iri) if shelf.iri else None
    if term is None:
        return words
    return replace(words, other_names=", ".join(other_names(term)), address_words=f"PaNET: {term.id}")


def _pages(kind: ListKind, listing: Listing, portal: Portal) -> Iterator[tuple[Shelf, Mapping[str, object]]]:
    """Techniques with data and those above them, with the tree around each and what is shown of its data."""
    for shelf, tree in trees(listing).values():
        profile = portal.profiles.of(Technique(said=shelf.label, iri=shelf.iri or None))
        yield shelf, {"tree": tree, "profile": profile}


def other_names(term: Term) -> tuple[str, ...]:
    """What a technique is called too: by PaNET, by our table, by ESRF's terms for the very same thing; each once."""
    theirs = (row.label for row in esrfet().values() if row.panet == term.id and row.match == "exact")
    found = {label_key(term.label): ""}
    for name in (*term.alt_labels, *synonyms_of(term), *sorted(theirs)):
        found.setdefault(label_key(name), name)
    return tuple(filter(None, found.values()))


LISTS = (
    ListKind(
        name="technique",
        folder="techniques",
        title=marked("Techniques"),
        one=marked("Technique"),
        about=marked("How the data were taken, in the words of PaNET where the catalogue’s could be mapped."),
        of=_of,
        order=10,
        words=_words,
        crossings=(Crossing("instrument", marked("By instrument")),),
        by_year=True,
        feed=True,
        menu="head",
        chips=20,
        template="pages/technique.html",
        pages=_pages,
    ),
)
