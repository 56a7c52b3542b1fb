"""The browse pages: all publications, and one list for each technique, instrument, year, person and facility.

Each page is a `Sheet` whose key digests what it shows, so that a run renders only the lists that changed.
"""

from collections.abc import Iterator

from panfair.builders import Sheet
from panfair.builders.card import GROUP_KINDS, GroupKind, Listing, Shelf
from panfair.builders.entries import entry, sheet_key
from panfair.builders.home import home_sheets
from panfair.builders.html import Renderer
from panfair.builders.pages import Pages, stretch
from panfair.builders.shelf_pages import FOLDERS, ShelfWords, address_of, feed_of, shelf_words

_CARDS = 50
_SHELVES = 300


def listing_sheets(listing: Listing, renderer: Renderer) -> Iterator[Sheet]:
    """Home, the search page, and every browse page, in the order of their addresses' kinds."""
    yield from home_sheets(listing, renderer)
    yield from _card_pages(listing, renderer, None)
    for kind in GROUP_KINDS:
        shelves = listing.shelves(kind)
        yield from _index_pages(renderer, kind, shelves)
        for shelf in shelves:
            yield from _card_pages(listing, renderer, shelf)


def _card_pages(listing: Listing, renderer: Renderer, shelf: Shelf | None) -> Iterator[Sheet]:
    """The pages of one shelf, newest first; of all publications when it is None."""
    kind: GroupKind | None = shelf.kind if shelf else None
    slug = shelf.slug if shelf else ""
    root = address_of(shelf) if shelf else "/publications/"
    count = shelf.count if shelf else listing.totals().publications
    words = shelf_words(shelf)
    feed = feed_of(shelf) if shelf else "/feeds/all.atom"
    for pages in stretch(root, count, _CARDS):

        def render(pages: Pages = pages) -> bytes:
            cards = listing.cards(kind, slug, offset=pages.offset, limit=_CARDS)
            return renderer.render(
                "pages/shelf.html",
                words=words,
                here="" if shelf else root,
                pages=pages,
                address=renderer.portal.url(pages.address),
                entries=[entry(card) for card in cards],
                count=count,
                feed=feed,
            )

        shown = listing.shelf_key(kind, slug, offset=pages.offset, limit=_CARDS)
        key = sheet_key(renderer, "shelf", shelf, pages, count, shown)
        yield Sheet(f"{root[1:]}{pages.folder}index.html", key, render)


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
