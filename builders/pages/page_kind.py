"""A page of the site as a whole: ONE FILE of this folder = ONE PAGE KIND, with its template in `templates/pages/`.

A page kind is a module of this folder (or one that a package offers under the entry point group `panfair.pages`) with
the name `PAGES`: a tuple of `PageKind`; a package names its templates `package:file.html`. A kind says what links to
it from every page, and makes its sheets from a `Site`. A list (by technique, by instrument…) is even less: see
`builders.html.list_kind`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from panfair.builders import Sheet
from panfair.builders.card import Listing
from panfair.builders.discovery import modules_of
from panfair.builders.html.entries import sheet_key
from panfair.builders.html.list_kind import GROUP
from panfair.builders.html.menu import PAGE_FOLDER, MenuLink
from panfair.builders.html.renderer import Renderer
from panfair.builders.portal import Portal

if TYPE_CHECKING:  # that module is a page kind itself
    from panfair.builders.pages.versions import Releases, Versions


@dataclass(frozen=True)
class Site:
    """What pages of the site as a whole are made from: open records only."""

    renderer: Renderer
    listing: Listing
    texts: Mapping[str, str] = field(default_factory=dict)
    """The site's own texts in Markdown, by name."""
    store: Path | None = None
    """What OAI-PMH answers from; None: there is none."""
    files: frozenset[str] = frozenset()
    """The paths of what is made for machines beside the pages: static harvest, ResourceSync."""
    works: Sequence[tuple["Versions", str]] = ()
    """The works with several versions, each with a digest of all that its page is made from."""
    releases: "Releases" = lambda keys: iter(())
    """The open records of some keys."""

    def sheet(self, page: str, template: str, **context: object) -> Sheet:
        """The page at an address such as `/statistics/`, in the sitemap, made by a template from this context alone.

        The template also gets `address` and `here`. What stands in the context is what the page is made from: it is
        rendered again when that reads differently (`repr`), or when code or templates have changed.
        """
        key = sheet_key(self.renderer, page, template, sorted(context.items()))
        values = {"address": self.renderer.portal.url(page), "here": page} | context
        path = f"{page.lstrip('/')}index.html"
        return Sheet(path, key, lambda: self.renderer.render(template, **values), page)


def _no_links(portal: Portal) -> Iterable[MenuLink]:
    return ()


@dataclass(frozen=True)
class PageKind:
    """A page of the site, or several of one kind."""

    name: str
    sheets: Callable[[Site], Iterable[Sheet]]
    """The pages of this kind; the same site, the same sheets."""
    links: Callable[[Portal], Iterable[MenuLink]] = _no_links
    """What leads to it from every page."""
    order: int = 50
    """Where two kinds make the same page, the one with the lower number counts."""


@cache
def all_pages() -> tuple[PageKind, ...]:
    """Every page kind there is, by order and name."""
    found = [kind for module in modules_of(PAGE_FOLDER, GROUP) for kind in getattr(module, "PAGES", ())]
    return tuple(sorted(found, key=lambda kind: (kind.order, kind.name)))


def page_sheets(site: Site) -> Iterator[Sheet]:
    """Every page of the site but those of DOIs, each path once."""
    seen: set[str] = set()
    for kind in all_pages():
        for sheet in kind.sheets(site):
            if sheet.path not in seen:
                seen.add(sheet.path)
                yield sheet
