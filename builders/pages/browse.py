"""The browse pages: all publications, and one list for each technique, instrument, year, person and facility.

Each page is a `Sheet` whose key digests what it shows, so that a run renders only the lists that changed.
"""

from collections.abc import Iterator

from panfair.builders import Sheet
from panfair.builders.card import GROUP_KINDS, GroupKind, Listing, Shelf
from panfair.builders.html.entries import entry, sheet_key
from panfair.builders.html.language import tr
from panfair.builders.html.paging import Pages, stretch
from panfair.builders.html.renderer import Renderer
from panfair.builders.html.shelf_pages import (
    BY_YEAR,
    CROSSED,
    CROSSING_WORDS,
    FOLDERS,
    Crossing,
    ShelfWords,
    address_of,
    feed_of,
    shelf_words,
)
from panfair.builders.pages.home import home_sheets
from panfair.builders.techniques.tree import TechniqueTree, trees
from panfair.ontologies.record import Technique
from panfair.ontologies.techniques import Profile

_CARDS = 50
_NEWEST = 10
_SHELVES = 300
_MOST_CROSSED = 24


def listing_sheets(listing: Listing, renderer: Renderer) -> Iterator[Sheet]:
    """Home, the search page, and every browse page, in the order of their addresses' kinds."""
    yield from home_sheets(listing, renderer)
    yield from _card_pages(listing, renderer, None)
    for kind in GROUP_KINDS:
        shelves = listing.shelves(kind)
        yield from _index_pages(renderer, kind, shelves)
        if kind == "technique":
            for shelf, tree in trees(listing).values():
                yield from _card_pages(listing, renderer, shelf, tree)
        else:
            for shelf in shelves:
                yield from _card_pages(listing, renderer, shelf)


def _card_pages(
    listing: Listing, renderer: Renderer, shelf: Shelf | None, tree: TechniqueTree | None = None
) -> Iterator[Sheet]:
    """The pages of one shelf, newest first; of all publications when it is None."""
    kind: GroupKind | None = shelf.kind if shelf else None
    slug = shelf.slug if shelf else ""
    root = address_of(shelf) if shelf else "/publications/"
    count = shelf.count if shelf else listing.totals().publications
    words = shelf_words(shelf)
    feed = (feed_of(shelf) if shelf.count else "") if shelf else "/feeds/all.atom"
    crossings = _crossings(listing, shelf) if shelf and shelf.count else ()
    years = listing.by_year(shelf.kind, slug) if shelf and shelf.count and shelf.kind in BY_YEAR else []
    profile = _profile(renderer, shelf) if shelf and tree else None
    # Of a parameter, what it means counts; whoever wants all its publications searches for them.
    shown_cards = _NEWEST if kind == "parameter" else _CARDS
    for pages in stretch(root, min(count, _NEWEST) if kind == "parameter" else count, shown_cards):

        def render(pages: Pages = pages) -> bytes:
            cards = listing.cards(kind, slug, offset=pages.offset, limit=shown_cards)
            return renderer.render(
                "pages/shelf.html",
                words=words,
                here="" if shelf else root,
                pages=pages,
                address=renderer.portal.url(pages.address),
                entries=[entry(card) for card in cards],
                count=count,
                feed=feed,
                tree=tree,
                crossings=crossings,
                years=years,
                profile=profile,
            )

        shown = listing.shelf_key(kind, slug, offset=pages.offset, limit=shown_cards)
        key = sheet_key(renderer, "shelf", shelf, pages, count, shown, tree, crossings, years)
        yield Sheet(f"{root[1:]}{pages.folder}index.html", key, render)


def _profile(renderer: Renderer, shelf: Shelf) -> Profile | None:
    return renderer.portal.profiles.of(Technique(said=shelf.label, iri=shelf.iri or None))


def _crossings(listing: Listing, shelf: Shelf) -> tuple[Crossing, ...]:
    """Where else the publications of a shelf stand: the instruments of a technique, the techniques of an instrument."""
    return tuple(
        Crossing(
            tr(CROSSING_WORDS[other]),
            tuple((address_of(found), found.label, found.count) for found in _most(listing, shelf, other)),
        )
        for other in CROSSED.get(shelf.kind, ())
    )


def _most(listing: Listing, shelf: Shelf, other: GroupKind) -> list[Shelf]:
    """The shelves that share most with one, the fullest first."""
    return sorted(listing.beside(shelf.kind, shelf.slug, other), key=lambda one: -one.count)[:_MOST_CROSSED]


def _index_pages(renderer: Renderer, kind: GroupKind, shelves: list[Shelf]) -> Iterator[Sheet]:
    """The list of a kind's shelves: years from the newest, all others by name."""
    ordered = sorted(shelves, key=lambda shelf: shelf.slug, reverse=True) if kind == "year" else shelves
    root = f"/{FOLDERS[kind]}/"
    for pages in stretch(root, len(ordered), _SHELVES):
        shown = ordered[pages.offset : pages.offset + _SHELVES]

        def render(pages: Pages = pages, shown: list[Shelf] = shown) -> bytes:
            return renderer.render(
                "pages/shelves.html",
                words=ShelfWords.of_kind(kind),
                here=root,
                pages=pages,
                address=renderer.portal.url(pages.address),
                tiles=[(address_of(shelf), shelf.label, shelf.count) for shelf in shown],
                count=len(ordered),
            )

        key = sheet_key(renderer, "shelves", kind, pages, len(ordered), shown)
        yield Sheet(f"{root[1:]}{pages.folder}index.html", key, render)
