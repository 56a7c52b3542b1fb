"""The page for every address that leads nowhere: `404.html`, by which name file hosts know it."""

from collections.abc import Iterator

from panfair.builders import Sheet
from panfair.builders.html.entries import sheet_key
from panfair.builders.pages.page_kind import PageKind, Site


def _sheets(site: Site) -> Iterator[Sheet]:
    yield Sheet("404.html", sheet_key(site.renderer, "404"), lambda: site.renderer.render("pages/404.html"))


PAGES = (PageKind("not-found", _sheets),)
