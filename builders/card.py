"""A publication in brief, and the shelves it stands on: what home, browse pages, feeds and the sitemap are made from.

The ledger keeps cards as JSON, so that a listing never loads whole records. Cards are made from `Released` only.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal, Protocol

import orjson

from panfair.ontologies.embargo import Released, opening_day
from panfair.ontologies.nexus import field_of
from panfair.ontologies.record import Dataset, File, Publication
from panfair.ontologies.text import fold, slug

_MOST_PARAMETERS = 60
GroupKind = Literal["technique", "instrument", "year", "person", "facility", "sample", "parameter"]
GROUP_KINDS: tuple[GroupKind, ...] = (
    "technique",
    "instrument",
    "year",
    "person",
    "facility",
    "sample",
    "parameter",
)


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

    kind: GroupKind
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
class Totals:
    """The numbers of the home page."""

    publications: int
    datasets: int
    files: int
    size_bytes: int
    first_year: int
    last_year: int


class Listing(Protocol):
    """Where builders of listings read from; the ledger is one."""

    def totals(self) -> Totals: ...

    def span(self) -> tuple[str, str]:
        """The day on which the first record opened and that on which the last one changed, ISO 8601; empty: none."""
        ...

    def shelves(self, kind: GroupKind) -> list[Shelf]:
        """All shelves of a kind that hold something, with their counts, in the order of their labels."""
        ...

    def cards(self, kind: GroupKind | None = None, slug: str = "", *, offset: int = 0, limit: int = 50) -> list[Card]:
        """A stretch of the cards on a shelf (or of all cards), newest first, ties by DOI."""
        ...

    def beside(self, kind: GroupKind, slug: str, other: GroupKind) -> list[Shelf]:
        """The shelves of another kind that the records of a shelf stand on too, `count` of them, in label order."""
        ...

    def by_year(self, kind: GroupKind, slug: str) -> list[YearCount]:
        """The years of a shelf's records, the newest first."""
        ...

    def together(self, kind: GroupKind, slugs: Iterable[str]) -> int:
        """How many records stand on at least one of several shelves of a kind."""
        ...

    def shelf_key(self, kind: GroupKind | None = None, slug: str = "", *, offset: int = 0, limit: int = 50) -> str:
        """A digest of what `cards` would return, cheaper than the cards."""
        ...


def files_and_bytes(publication: Publication) -> tuple[int, int]:
    """How many files there are and how many bytes they have: as the source counts, else all that parts of it tell."""
    files = sum(dataset.file_count or len(dataset.files) for dataset in publication.datasets) + len(publication.files)
    size = sum(dataset.size_bytes or _bytes(dataset.files) for dataset in publication.datasets)
    return publication.file_count or files, publication.size_bytes or size + _bytes(publication.files)


def _bytes(files: tuple[File, ...]) -> int:
    return sum(file.size_bytes or 0 for file in files)


def card_of(released: Released, changed: str) -> Card:
    """The card of a released publication."""
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
        facility=_facility(released),
        instruments=tuple(shelf.label for shelf in shelves_of(released) if shelf.kind == "instrument"),
        techniques=tuple(shelf.label for shelf in shelves_of(released) if shelf.kind == "technique"),
        snippet=text if len(text) <= 280 else text[:280].rsplit(" ", 1)[0] + " …",
        datasets=len(publication.datasets),
        size_bytes=size,
        files=files,
        superseded=publication.superseded_by is not None,
        language=publication.language or "",
    )


def shelves_of(released: Released) -> list[Shelf]:
    """The shelves that a publication stands on, each once: its own and its datasets' techniques and instruments."""
    publication = released.publication
    shelves = [Shelf("year", str(publication.publication_year), str(publication.publication_year))]
    parts: tuple[Publication | Dataset, ...] = (publication, *publication.datasets)
    for technique in (technique for part in parts for technique in part.techniques):
        term = technique.iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1] if technique.iri else ""
        name = slug(term if term else technique.said)
        shelves.append(Shelf("technique", name, technique.name, technique.iri or ""))
    for instrument in (instrument for part in parts for instrument in part.instruments):
        address = instrument.identifier.url if instrument.identifier else None
        shelves.append(
            Shelf("instrument", slug(instrument.name), instrument.full_name or instrument.name, address or "")
        )
    for sample in (*publication.samples, *(sample for dataset in publication.datasets for sample in dataset.samples)):
        if sample.kind:
            shelves.append(Shelf("sample", slug(sample.kind), sample.kind, note=sample.formula or ""))
    shelves += _parameters(parts)
    for person in (*publication.creators, *publication.contributors):
        if person.orcid:
            shelves.append(Shelf("person", person.orcid.lower(), person.name, person.orcid.url))
    facility = _facility(released)
    if facility:
        shelves.append(Shelf("facility", slug(facility), facility, _facility_address(released)))
    return _once(shelf for shelf in shelves if shelf.slug)


def _parameters(parts: Iterable[Publication | Dataset]) -> list[Shelf]:
    """The parameters of a publication, each once; the first of many."""
    found: dict[str, Shelf] = {}
    for parameter in (parameter for part in parts for parameter in part.parameters):
        if parameter.name not in found and len(found) < _MOST_PARAMETERS:
            field = field_of(parameter.name, parameter.nexus)
            found[parameter.name] = Shelf(
                "parameter",
                slug(parameter.name),
                parameter.name,
                field.iri if field else "",
                note=parameter.unit or "",
            )
    return list(found.values())


def _facility(released: Released) -> str:
    publication = released.publication
    return publication.facility.full_name or publication.facility.name if publication.facility else ""


def _facility_address(released: Released) -> str:
    facility = released.publication.facility
    return (facility.ror.url if facility.ror else facility.url or "") if facility else ""


def _once(shelves: Iterable[Shelf]) -> list[Shelf]:
    seen: dict[tuple[str, str], Shelf] = {}
    for shelf in shelves:
        seen.setdefault((shelf.kind, shelf.slug), shelf)
    return sorted(seen.values(), key=lambda shelf: (shelf.kind, fold(shelf.label), shelf.slug))
