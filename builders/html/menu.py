"""What every page links to: the menu in its head, and the lists and the texts in its foot.

The links come from the lists and the pages themselves. A list that holds nothing is left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from panfair.builders.discovery import modules_of
from panfair.builders.html.language import tr
from panfair.builders.html.list_kind import GROUP, all_lists
from panfair.builders.portal import Portal

PAGE_FOLDER = "panfair.builders.pages"

Place = Literal["head", "browse", "about"]
"""The menu in the head, the lists in the foot, the texts in the foot."""


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A link on every page."""

    place: Place
    label: str
    """In the site's language."""
    address: str
    order: int = 50
    """Its place among those of its menu; lower comes first. Lists have 10 to 70."""
    media_type: str = ""
    """What it leads to, where that is no page."""


@dataclass(frozen=True, slots=True)
class Menu:
    """The links of every page of one site, in order."""

    head: tuple[MenuLink, ...]
    browse: tuple[MenuLink, ...]
    about: tuple[MenuLink, ...]


def menu(portal: Portal) -> Menu:
    """The menu of a site in the language in use."""
    links = [*_lists(portal)]
    for module in modules_of(PAGE_FOLDER, GROUP):
        for page in getattr(module, "PAGES", ()):
            links += page.links(portal)
    links.sort(key=lambda link: link.order)
    return Menu(*(tuple(link for link in links if link.place == place) for place in ("head", "browse", "about")))


def lists_held(www: Path) -> tuple[str, ...]:
    """The names of the lists that hold something on a site that stands in a folder: those with the page of a shelf."""
    return tuple(kind.name for kind in all_lists() if any(www.glob(f"{kind.folder}/*/index.html")))


def _lists(portal: Portal) -> Iterator[MenuLink]:
    for kind in all_lists():
        if kind.menu and (portal.lists is None or kind.name in portal.lists):
            yield MenuLink("browse", tr(kind.title), kind.address, kind.order)
            if kind.menu == "head":
                yield MenuLink("head", tr(kind.title), kind.address, kind.order)
