"""The search page as a file: for its script to fill in, with lists for who has none."""

from collections.abc import Iterator

from panfair.builders import Sheet
from panfair.builders.card import Listing
from panfair.builders.html.entries import sheet_key
from panfair.builders.html.language import tr
from panfair.builders.html.menu import MenuLink
from panfair.builders.pages.home import ways_in
from panfair.builders.pages.page_kind import PageKind, Site
from panfair.builders.portal import Portal
from panfair.builders.search.page.page import shell
from panfair.ontologies import panet


def _sheets(site: Site) -> Iterator[Sheet]:
    ways, labels = ways_in(site.listing), _technique_labels(site.listing)
    key = sheet_key(site.renderer, "search", ways, labels)
    yield Sheet("search/index.html", key, lambda: shell(site.renderer, labels, ways))


def _links(portal: Portal) -> Iterator[MenuLink]:
    yield MenuLink("head", tr("Search"), "/search/", order=80)


def _technique_labels(listing: Listing) -> list[str]:
    """The labels by which the search knows the techniques: PaNET's own, or what was said where PaNET has no term."""
    table = panet.load()
    terms = [(shelf, table.term(shelf.iri) if shelf.iri else None) for shelf in listing.shelves("technique")]
    return sorted({term.label if term else shelf.label for shelf, term in terms})


PAGES = (PageKind("search", _sheets, _links),)
