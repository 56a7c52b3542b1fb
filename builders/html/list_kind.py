"""A list of the site: by technique, by instrument, by year… ONE FILE in `builders/pages/lists/` = ONE LIST.

A list is a module of that folder (or one that a package offers under the entry point group `panfair.pages`) with the
name `LISTS`: a tuple of `ListKind`, one as a rule. What is found here gets its index page, a page and perhaps a feed
for each shelf, its place in menu and sitemap, and its links on landing pages; no other file names it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from panfair.builders.card import Listing, Shelf
from panfair.builders.discovery import modules_of
from panfair.builders.html.language import tr
from panfair.builders.html.words import web_address
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released
from panfair.ontologies.errors import ConfigError
from panfair.ontologies.record import Dataset, Publication
from panfair.ontologies.text import fold

_LISTS = "panfair.builders.pages.lists"
GROUP = "panfair.pages"
"""The entry point group for lists and for pages of the site."""
_NAME = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class ShelfWords:
    """What a page of a list says above its publications or its shelves."""

    title: str
    kind: str = ""
    """What it is one of; empty on the pages of all publications and of a whole list."""
    trail: tuple[tuple[str, str], ...] = ()
    about: str = ""
    other_names: str = ""
    address: str = ""
    """Its own identifier on the web."""
    address_words: str = ""


@dataclass(frozen=True, slots=True)
class Crossing:
    """Another list whose shelves a shelf's page leads to: the instruments of a technique."""

    kind: str
    title: str
    most: int | None = 24
    """The fullest so many; None: all."""
    belongs: Callable[[Shelf, Shelf], bool] = lambda shelf, other: True
    """Whether a shelf of the other list that shares a publication with this one is shown at all."""


def _as_listed(kind: "ListKind", listing: Listing, portal: Portal) -> Iterator[tuple[Shelf, Mapping[str, object]]]:
    return ((shelf, {}) for shelf in listing.shelves(kind.name))


def _by_label(shelves: list[Shelf]) -> list[Shelf]:
    return shelves


def _as_they_are(words: ShelfWords, shelf: Shelf) -> ShelfWords:
    return words


@dataclass(frozen=True)
class ListKind:
    """One list: what its shelves are, which publications stand on them, and what its pages say."""

    name: str
    """What the ledger and the addresses of feeds call it: `technique`."""
    folder: str
    """Its address below the root: `techniques`."""
    title: str
    """Of the whole list, as all words here in English and `marked` for the translators."""
    one: str
    """What one shelf is."""
    about: str
    """One sentence on the whole list."""
    of: Callable[[Released], Iterable[Shelf]]
    """The shelves that a publication stands on; one named twice counts once, as it is named first."""
    order: int = 50
    """Its place among the lists; lower comes first."""
    words: Callable[[ShelfWords, Shelf], ShelfWords] = _as_they_are
    """What else is said of one shelf than its label and its address."""
    crossings: tuple[Crossing, ...] = ()
    by_year: bool = False
    """Whether a shelf's page tells what each year brought."""
    feed: bool = False
    """Whether each shelf has a feed."""
    menu: Literal["head", "foot", ""] = "foot"
    """Where its index is linked from every page while it holds something: `head` means in the foot too."""
    chips: int | None = None
    """Its place among the links under the title of a landing page; lower comes first. None: none there."""
    in_details: bool = False
    """Whether a landing page links its shelves in the list of details."""
    newest: int | None = None
    """A shelf's page shows only so many publications; None: all, page by page."""
    one_note: bool = False
    """Whether the note of a shelf counts only where all its records say the same."""
    template: str = "pages/shelf.html"
    """The page of a shelf. `package:file.html` is a file of another package."""
    pages: Callable[["ListKind", Listing, Portal], Iterator[tuple[Shelf, Mapping[str, object]]]] = _as_listed
    """Every shelf that gets a page, with what its own template shows besides."""
    ordered: Callable[[list[Shelf]], list[Shelf]] = _by_label
    """The order of its index, given the order of labels."""

    @property
    def address(self) -> str:
        """The address of its index from the root: `/techniques/`."""
        return f"/{self.folder}/"

    def index_words(self) -> ShelfWords:
        """What its index says above the shelves."""
        return ShelfWords(tr(self.title), trail=(("/", tr("Home")),), about=tr(self.about))

    def shelf_words(self, shelf: Shelf) -> ShelfWords:
        """What the page of one shelf says above its publications."""
        address = web_address(shelf.iri)
        words = ShelfWords(
            title=shelf.label,
            kind=tr(self.one),
            trail=(("/", tr("Home")), (self.address, tr(self.title))),
            address=address,
            address_words=address.removeprefix("https://").removeprefix("http://"),
        )
        return self.words(words, shelf)


@cache
def all_lists() -> tuple[ListKind, ...]:
    """Every list there is, in the order of menus. Raises ConfigError when one cannot be, or two are one."""
    found = [kind for module in modules_of(_LISTS, GROUP) for kind in getattr(module, "LISTS", ())]
    for what in ("name", "folder"):
        names = [getattr(kind, what) for kind in found]
        for name in names:
            if not _NAME.fullmatch(name):
                raise ConfigError(f"a list has the {what} {name!r}: it takes small letters, digits and hyphens")
            if names.count(name) > 1:
                raise ConfigError(f"two lists have the {what} {name!r}; take out one of the packages that bring them")
    return tuple(sorted(found, key=lambda kind: (kind.order, kind.name)))


@cache
def list_kind(name: str) -> ListKind:
    """The list of this name; KeyError when there is none."""
    return {kind.name: kind for kind in all_lists()}[name]


def parts_of(released: Released) -> tuple[Publication | Dataset, ...]:
    """The publication and its datasets: what has techniques, instruments, samples and parameters of its own."""
    return (released.publication, *released.publication.datasets)


def shelves_of(released: Released) -> list[Shelf]:
    """The shelves that a publication stands on in all lists, each once."""
    found: dict[tuple[str, str], Shelf] = {}
    for kind in all_lists():
        for shelf in kind.of(released):
            if shelf.slug:
                found.setdefault((shelf.kind, shelf.slug), shelf)
    return sorted(found.values(), key=lambda shelf: (shelf.kind, fold(shelf.label), shelf.slug))


def address_of(shelf: Shelf) -> str:
    """The address of a shelf's page from the root: `/techniques/panet01129/`."""
    return f"{list_kind(shelf.kind).address}{shelf.slug}/"


def feed_of(shelf: Shelf) -> str:
    """The address of a shelf's feed from the root; empty where its list has no feeds."""
    return f"/feeds/{shelf.kind}/{shelf.slug}.atom" if list_kind(shelf.kind).feed else ""
