"""The browse pages: all publications, and of every list its index and the page of each shelf.

Each page is a `Sheet` whose key digests what it shows, so that a run renders only the lists that changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from panfair.builders import Sheet
from panfair.builders.card import Listing, Shelf
from panfair.builders.html.entries import card_view, sheet_key
from panfair.builders.html.language import tr
from panfair.builders.html.list_kind import ListKind, ShelfWords, address_of, all_lists, feed_of
from panfair.builders.html.menu import MenuLink
from panfair.builders.html.paging import Pages, stretch
from panfair.builders.html.words import days_in_words
from panfair.builders.pages.page_kind import PageKind, Site
from panfair.builders.portal import Portal
from panfair.builders.stretches import Stretch

_SHELVES = 300


@dataclass(frozen=True, slots=True)
class Crossed:
    """Where else the publications of a shelf stand."""

    title: str
    tiles: tuple[tuple[str, str, int], ...]
    """Address, label, and how many of the shelf's publications stand there."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One page of a shelf. Of the whole shelf only the first says something, so that the others seldom change."""

    address: str
    first: str
    """The address of the shelf's first page."""
    days: str
    """When its publications opened, in words; empty on the first page."""
    newer: str
    older: str
    """The addresses of the pages before and behind it."""
    years: tuple[tuple[str, str], ...] = ()
    """On the first of several: the years in which publications opened, and the page that each begins on."""

    @property
    def is_first(self) -> bool:
        return self.address == self.first


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the pages of one shelf, or of all publications, are made from."""

    root: str
    count: int
    words: ShelfWords
    feed: str
    template: str = "pages/shelf.html"
    kind: str | None = None
    slug: str = ""
    newest: int | None = None
    crossings: tuple[Crossed, ...] = ()
    years: tuple[object, ...] = ()


def _all_publications(site: Site) -> Iterator[Sheet]:
    about = tr("All open publications, the newest first.")
    words = ShelfWords(tr("Publications"), trail=(("/", tr("Home")),), about=about)
    yield from _pages(site, _Shown("/publications/", site.listing.totals().publications, words, "/feeds/all.atom"), {})


def _links(portal: Portal) -> Iterator[MenuLink]:
    yield MenuLink("head", tr("Publications"), "/publications/", order=0)
    yield MenuLink("browse", tr("Publications"), "/publications/", order=0)
    yield MenuLink("about", tr("News feed"), "/feeds/all.atom", order=94, media_type="application/atom+xml")


def _lists(site: Site) -> Iterator[Sheet]:
    for kind in all_lists():
        yield from _index_pages(site, kind)
        for shelf, more in kind.pages(kind, site.listing, site.renderer.portal):
            yield from _pages(site, _shown(site.listing, kind, shelf), more)


def _shown(listing: Listing, kind: ListKind, shelf: Shelf) -> _Shown:
    filled = shelf.count > 0
    return _Shown(
        root=address_of(shelf),
        count=shelf.count,
        words=kind.shelf_words(shelf),
        feed=feed_of(shelf) if filled else "",
        template=kind.template,
        kind=kind.name,
        slug=shelf.slug,
        newest=kind.newest,
        crossings=_crossings(listing, kind, shelf) if filled else (),
        years=tuple(listing.by_year(kind.name, shelf.slug)) if filled and kind.by_year else (),
    )


def _pages(site: Site, shown: _Shown, more: Mapping[str, object]) -> Iterator[Sheet]:
    """The pages of one shelf, newest first. `more` is what its own template shows besides, on the first."""
    listing, renderer = site.listing, site.renderer
    found = _newest_alone(listing, shown) if shown.newest else listing.stretches(shown.kind, shown.slug)
    for part, stretch_of_it in zip(_parts(shown.root, found), found, strict=True):
        said = shown if part.is_first else replace(shown, count=0, crossings=(), years=())
        beside = more if part.is_first else dict.fromkeys(more)

        def render(
            part: _Part = part, at: Stretch = stretch_of_it, said: _Shown = said, beside: Mapping[str, object] = beside
        ) -> bytes:
            cards = listing.cards(said.kind, said.slug, offset=at.offset, limit=at.count)
            return renderer.render(
                said.template,
                words=said.words,
                here="" if said.kind else said.root,
                part=part,
                address=renderer.portal.url(part.address),
                entries=[card_view(card) for card in cards],
                count=said.count,
                feed=said.feed,
                crossings=said.crossings,
                years=said.years,
                **beside,
            )

        key = sheet_key(renderer, "shelf", said, part, stretch_of_it.cards, sorted(beside.items()))
        in_sitemap = part.is_first and (shown.count or not shown.kind)
        yield Sheet(f"{part.address[1:]}index.html", key, render, part.address if in_sitemap else "")


def _newest_alone(listing: Listing, shown: _Shown) -> list[Stretch]:
    """The one page of a shelf that shows its newest publications only."""
    most = shown.newest or 0
    return [Stretch("", 0, most, "", "", (), listing.shelf_key(shown.kind, shown.slug, limit=most))]


def _parts(root: str, found: list[Stretch]) -> list[_Part]:
    addresses = ["", *(f"{root}{one.name}/" if one.name else root for one in found), ""]
    years: dict[str, str] = {}
    for address, one in zip(addresses[1:], found, strict=False):
        for year in one.years:
            years.setdefault(year, address)
    return [
        _Part(
            address=addresses[place + 1],
            first=root,
            days=_days(one) if place else "",
            newer=addresses[place],
            older=addresses[place + 2],
            years=() if place or len(found) == 1 else tuple(years.items()),
        )
        for place, one in enumerate(found)
    ]


def _days(one: Stretch) -> str:
    if not one.oldest:
        return tr("without a day")
    return days_in_words(date.fromisoformat(one.oldest), date.fromisoformat(one.newest))


def _crossings(listing: Listing, kind: ListKind, shelf: Shelf) -> tuple[Crossed, ...]:
    """Where else the publications of a shelf stand, the fullest first: the techniques of an instrument."""
    found = []
    for crossing in kind.crossings:
        beside = listing.beside(shelf.kind, shelf.slug, crossing.kind)
        most = sorted((one for one in beside if crossing.belongs(shelf, one)), key=lambda one: -one.count)
        tiles = tuple((address_of(one), one.label, one.count) for one in most[: crossing.most])
        found.append(Crossed(tr(crossing.title), tiles))
    return tuple(found)


def _index_pages(site: Site, kind: ListKind) -> Iterator[Sheet]:
    """The index of a list's shelves."""
    renderer, shelves = site.renderer, kind.ordered(site.listing.shelves(kind.name))
    for pages in stretch(kind.address, len(shelves), _SHELVES):
        tiles = [
            (address_of(shelf), shelf.label, shelf.count) for shelf in shelves[pages.offset : pages.offset + _SHELVES]
        ]

        def render(pages: Pages = pages, tiles: list[tuple[str, str, int]] = tiles) -> bytes:
            return renderer.render(
                "pages/shelves.html",
                words=kind.index_words(),
                here=kind.address,
                pages=pages,
                address=renderer.portal.url(pages.address),
                tiles=tiles,
                count=len(shelves),
            )

        key = sheet_key(renderer, "shelves", kind.name, kind.index_words(), pages, len(shelves), tiles)
        in_sitemap = pages.number == 1 and shelves
        yield Sheet(f"{pages.address[1:]}index.html", key, render, pages.address if in_sitemap else "")


PAGES = (PageKind("publications", _all_publications, _links), PageKind("lists", _lists))
