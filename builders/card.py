"""A publication in brief, and the shelves it stands on: what home, browse pages, feeds and the sitemap are made from.

The ledger keeps cards as JSON, so that a listing never loads whole records. Cards are made from `Released` only.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Protocol

import orjson

from panfair.builders.stretches import Stretch
from panfair.ontologies.embargo import Released, opening_day
from panfair.ontologies.record import File, Publication


@dataclass(frozen=True, slots=True)
class Card:
    """One line of a listing."""

    doi: str
    page: str
    title: str
    creators: tuple[str, ...]
    """The first ones; `more` counts the rest."""
    more: int
    year: int
    day: str
    """The day it opened, ISO 8601."""
    changed: str
    """The day its public metadata last changed, ISO 8601."""
    facility: str
    instruments: tuple[str, ...]
    techniques: tuple[str, ...]
    snippet: str
    datasets: int
    size_bytes: int
    files: int
    superseded: bool = False
    language: str = ""
    """Of title and snippet, as the record says it."""
    thumbnail: str = ""
    """The address of a small picture of its data; known once it is rendered."""

    def to_json(self) -> bytes:
        return orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)

    @classmethod
    def from_json(cls, data: bytes | str) -> "Card":
        raw = orjson.loads(data)
        for name in ("creators", "instruments", "techniques"):
            raw[name] = tuple(raw[name])
        return cls(**raw)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One entry of a browse list: a technique, an instrument, a year, a person, a facility…"""

    kind: str
    """The name of its list: `technique`."""
    slug: str
    """Its name in the address: `/techniques/<slug>/`."""
    label: str
    iri: str = ""
    """Its identifier on the web (PaNET IRI, ORCID, instrument PID), where it has one."""
    count: int = 0
    note: str = ""
    """What else its records say of it: the unit of a parameter, the chemical formula of a type of sample."""


@dataclass(frozen=True, slots=True)
class YearCount:
    """What one year brought to a shelf."""

    year: int
    publications: int
    datasets: int
    """All datasets of these publications."""


@dataclass(frozen=True, slots=True)
class YearSum:
    """What one year of publication brought to the whole site."""

    year: int
    publications: int
    datasets: int
    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ClosedCounts:
    """How many DOIs have a page without data, and when those under embargo open; of none more than its page says."""

    embargoed: int
    on_request: int
    withdrawn: int
    opening: tuple[tuple[str, int], ...]
    """Month (ISO 8601) and how many open in it, the next one first."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers of the home page."""

    publications: int
    datasets: int
    files: int
    size_bytes: int
    first_year: int
    last_year: int


def part_of(key: str, of: int) -> int:
    """The part that a record always stands in, by the digest of its key: one that comes or goes moves no other."""
    return int.from_bytes(sha256(key.encode()).digest()[:4], "big") % of


class Listing(Protocol):
    """Where builders of listings read from; the ledger is one."""

    def totals(self) -> Totals: ...

    def years(self) -> list[YearSum]:
        """What each year of publication brought, the newest first."""
        ...

    def closed(self) -> ClosedCounts:
        """How many DOIs have a notice or a tombstone."""
        ...

    def span(self) -> tuple[str, str]:
        """The day on which the first record opened and that on which the last one changed, ISO 8601; empty: none."""
        ...

    def shelves(self, kind: str) -> list[Shelf]:
        """All shelves of a kind that hold something, with their counts, in the order of their labels."""
        ...

    def cards(self, kind: str | None = None, slug: str = "", *, offset: int = 0, limit: int = 50) -> list[Card]:
        """A stretch of the cards on a shelf (or of all cards), newest first, ties by DOI."""
        ...

    def part(self, number: int, of: int) -> list[Card]:
        """The cards of one of so many parts (see `part_of`), by DOI."""
        ...

    def part_key(self, number: int, of: int) -> str:
        """A digest of a part's cards, by which a page of them is known to be the same as before."""
        ...

    def beside(self, kind: str, slug: str, other: str) -> list[Shelf]:
        """The shelves of another kind that the records of a shelf stand on too, `count` of them, in label order."""
        ...

    def by_year(self, kind: str, slug: str) -> list[YearCount]:
        """The years of a shelf's records, the newest first."""
        ...

    def together(self, kind: str, slugs: Iterable[str]) -> int:
        """How many records stand on at least one of several shelves of a kind."""
        ...

    def stretches(self, kind: str | None = None, slug: str = "") -> list[Stretch]:
        """The pages of a shelf, or of all publications, each with a digest of its cards."""
        ...

    def shelf_key(self, kind: str | None = None, slug: str = "", *, limit: int = 50) -> str:
        """A digest of what `cards` would return of the newest, cheaper than the cards."""
        ...


def files_and_bytes(publication: Publication) -> tuple[int, int]:
    """How many files there are and how many bytes they have: as the source counts, else all that parts of it tell."""
    files = sum(dataset.file_count or len(dataset.files) for dataset in publication.datasets) + len(publication.files)
    size = sum(dataset.size_bytes or _bytes(dataset.files) for dataset in publication.datasets)
    return publication.file_count or files, publication.size_bytes or size + _bytes(publication.files)


def _bytes(files: tuple[File, ...]) -> int:
    return sum(file.size_bytes or 0 for file in files)


def card_of(released: Released, changed: str, shelves: Iterable[Shelf]) -> Card:
    """The card of a released publication that stands on these shelves."""
    labels: dict[str, list[str]] = {}
    for shelf in shelves:
        labels.setdefault(shelf.kind, []).append(shelf.label)
    publication = released.publication
    names = [creator.name for creator in publication.creators]
    text = " ".join((publication.abstract or "").split())
    files, size = files_and_bytes(publication)
    return Card(
        doi=str(publication.doi),
        page=publication.doi.page,
        title=publication.title,
        creators=tuple(names[:3]),
        more=max(0, len(names) - 3),
        year=publication.publication_year,
        day=str(opening_day(publication) or ""),
        changed=changed,
        facility=publication.facility.full_name or publication.facility.name if publication.facility else "",
        instruments=tuple(labels.get("instrument", ())),
        techniques=tuple(labels.get("technique", ())),
        snippet=text if len(text) <= 280 else text[:280].rsplit(" ", 1)[0] + " …",
        datasets=len(publication.datasets),
        size_bytes=size,
        files=files,
        superseded=publication.superseded_by is not None,
        language=publication.language or "",
    )
