"""The front door: what is here in numbers, ways in, and the newest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from panfair.builders import Sheet
from panfair.builders.card import Listing, Shelf, Totals
from panfair.builders.html.entries import card_view, sheet_key
from panfair.builders.html.head import embedded
from panfair.builders.html.language import tr, trn
from panfair.builders.html.list_kind import address_of
from panfair.builders.html.words import number, size_words
from panfair.builders.metadata.catalogue_graph import data_catalog
from panfair.builders.pages.page_kind import PageKind, Site
from panfair.builders.portal import Portal

_NEWEST = 6
_TILES = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the front page."""

    words: str
    label: str


def figures(totals: Totals, instruments: int) -> list[Figure]:
    """The numbers worth showing: none that is nothing."""
    if not totals.publications:
        return []
    years = str(totals.first_year)
    if totals.last_year != totals.first_year:
        years = f"{totals.first_year}–{totals.last_year}"
    shown = [Figure(number(totals.publications), trn("publication", "publications", totals.publications))]
    if totals.datasets:
        shown.append(Figure(number(totals.datasets), trn("dataset", "datasets", totals.datasets)))
    if totals.size_bytes:
        shown.append(Figure(size_words(totals.size_bytes), tr("of data")))
    if instruments:
        shown.append(Figure(number(instruments), trn("instrument", "instruments", instruments)))
    return [*shown, Figure(years, tr("years of publication") if "–" in years else tr("year of publication"))]


def site_node(portal: Portal) -> dict[str, object]:
    """The site in schema.org's words, with its search: what makes a search box beneath it in a search engine."""
    publisher: dict[str, object] = {"@type": "Organization", "name": portal.publisher}
    if portal.publisher_ror:
        publisher["@id"] = portal.publisher_ror
    if portal.home_url:
        publisher["url"] = portal.home_url
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "@id": portal.url("/"),
        "url": portal.url("/"),
        "name": portal.title,
        **({"description": portal.description} if portal.description else {}),
        "inLanguage": portal.language,
        "publisher": publisher,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": portal.url("/search/?q={search_term_string}")},
            "query-input": "required name=search_term_string",
        },
    }


def site_documents(portal: Portal, techniques: Sequence[tuple[str, str]]) -> list[dict[str, object]]:
    """Site and catalogue as JSON-LD; `techniques` are names and IRIs of what it holds most.

    Each is a document of its own: some readers look for a type in a document's root only, not in a graph.
    """
    return [site_node(portal), data_catalog(portal, techniques)]


def _sheets(site: Site) -> Iterator[Sheet]:
    listing, renderer = site.listing, site.renderer
    totals, ways = listing.totals(), ways_in(listing)
    count = len(listing.shelves("instrument"))
    newest = listing.shelf_key(limit=_NEWEST)

    def render() -> bytes:
        techniques = [(shelf.label, shelf.iri) for shelf in _largest(listing.shelves("technique"))]
        return renderer.render(
            "pages/home.html",
            here="/",
            address=renderer.portal.url("/"),
            documents=[embedded(document) for document in site_documents(renderer.portal, techniques)],
            figures=figures(totals, count),
            entries=[card_view(card) for card in listing.cards(limit=_NEWEST)],
            techniques=ways["techniques"],
            instruments=ways["instruments"],
        )

    yield Sheet("index.html", sheet_key(renderer, "home", totals, count, ways, newest), render, "/")


def ways_in(listing: Listing) -> dict[str, list[tuple[str, str, int]]]:
    """The fullest techniques and instruments and all years: address, label, publications."""
    years = sorted(listing.shelves("year"), key=lambda shelf: shelf.slug, reverse=True)
    return {
        "techniques": _tiles(_largest(listing.shelves("technique"))),
        "instruments": _tiles(_largest(listing.shelves("instrument"))),
        "years": _tiles(years),
    }


def _largest(shelves: list[Shelf]) -> list[Shelf]:
    """The shelves that hold most, ties in the order of the listing."""
    return sorted(shelves, key=lambda shelf: -shelf.count)[:_TILES]


def _tiles(shelves: list[Shelf]) -> list[tuple[str, str, int]]:
    return [(address_of(shelf), shelf.label, shelf.count) for shelf in shelves]


PAGES = (PageKind("home", _sheets),)
