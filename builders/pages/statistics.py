"""The page at /statistics/: what is here in numbers, by year, technique, instrument and facility, what is not open and
when it opens. Each table is a CSV file too, for whoever has to report it.

Of closed data it says how many DOIs have a page that says so, and in which month they open; a draft counts nowhere.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from panfair.builders import Sheet
from panfair.builders.card import ClosedCounts, Listing, YearSum
from panfair.builders.html.charts import Columns, columns, share
from panfair.builders.html.language import marked, tr
from panfair.builders.html.list_kind import address_of, list_kind
from panfair.builders.html.menu import MenuLink
from panfair.builders.html.words import number, size_words
from panfair.builders.pages.page_kind import PageKind, Site
from panfair.builders.portal import Portal

ADDRESS = "/statistics/"
_LISTS = ("technique", "instrument", "facility", "funder")
_MOST_ROWS = 15
_MOST_YEARS = 80
"""Years that are further apart than that are not drawn with the empty ones between them."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table with its bar, of 100."""

    label: str
    address: str
    cells: tuple[str, ...]
    bar: float


@dataclass(frozen=True, slots=True)
class Part:
    """One heading of the page: charts, the table of their numbers, and the file of them."""

    name: str
    """Of its file and its anchor: `years`."""
    title: str
    text: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: int = 0
    all: str = ""
    """The address of the whole list, where there is one."""
    charts: tuple[Columns, ...] = ()


def _sheets(site: Site) -> Iterator[Sheet]:
    listing = site.listing
    years, closed = listing.years(), listing.closed()
    parts = [part for part in _parts(listing, years, closed) if part.rows]
    yield site.sheet(ADDRESS, "pages/statistics.html", parts=parts)
    for name, table in _tables(listing, years, closed):
        if len(table) > 1:
            yield _file(name, table)


def _links(_portal: Portal) -> Iterable[MenuLink]:
    yield MenuLink("about", tr("Statistics"), ADDRESS, order=60)


def _parts(listing: Listing, years: Sequence[YearSum], closed: ClosedCounts) -> Iterator[Part]:
    yield _by_year(years)
    for kind in _LISTS:
        yield _by_list(listing, kind)
    yield _access(sum(year.publications for year in years), closed)
    yield _opening(closed)


def _by_year(years: Sequence[YearSum]) -> Part:
    shown = _filled(years)
    measures = (
        (tr("Publications"), [(str(year.year), year.publications, number(year.publications)) for year in shown]),
        (tr("Datasets"), [(str(year.year), year.datasets, number(year.datasets)) for year in shown]),
        (tr("Files"), [(str(year.year), year.files, number(year.files)) for year in shown]),
        (tr("Size"), [(str(year.year), year.size_bytes, size_words(year.size_bytes)) for year in shown]),
    )
    most = max((year.publications for year in years), default=0)
    rows = [
        Row(
            str(year.year),
            f"{list_kind('year').address}{year.year}/",
            (number(year.publications), number(year.datasets), number(year.files), size_words(year.size_bytes)),
            share(year.publications, most),
        )
        for year in years
    ]
    return Part(
        "years",
        tr("By year of publication"),
        "",
        (tr("Year"), *(title for title, _ in measures)),
        tuple(rows),
        charts=tuple(filter(None, (columns(title, values) for title, values in measures))),
    )


def _filled(years: Sequence[YearSum]) -> list[YearSum]:
    """The years in order, with those between them that brought nothing."""
    known = {year.year: year for year in years}
    if not known or max(known) - min(known) > _MOST_YEARS:
        return sorted(years, key=lambda year: year.year)
    return [known.get(year, YearSum(year, 0, 0, 0, 0)) for year in range(min(known), max(known) + 1)]


def _by_list(listing: Listing, kind: str) -> Part:
    described = list_kind(kind)
    shelves = sorted(listing.shelves(kind), key=lambda shelf: -shelf.count)
    most = shelves[0].count if shelves else 0
    rows = [
        Row(shelf.label, address_of(shelf), (number(shelf.count),), share(shelf.count, most))
        for shelf in shelves[:_MOST_ROWS]
    ]
    return Part(
        described.folder,
        tr(described.title),
        "",
        (tr(described.one), tr("Publications")),
        tuple(rows),
        left_out=max(0, len(shelves) - _MOST_ROWS),
        all=described.address,
    )


_ACCESS = (marked("Open"), marked("Under embargo"), marked("On request"), marked("Withdrawn"))


def _access_counts(opened: int, closed: ClosedCounts) -> list[tuple[str, int]]:
    counts = (opened, closed.embargoed, closed.on_request, closed.withdrawn)
    return [(words, count) for words, count in zip(_ACCESS, counts, strict=True) if count]


def _access(opened: int, closed: ClosedCounts) -> Part:
    counts = _access_counts(opened, closed)
    most = max((count for _, count in counts), default=0)
    rows = [Row(tr(words), "", (number(count),), share(count, most)) for words, count in counts]
    text = tr("Of what is not open, only DOIs that have a page count.") if len(rows) > 1 else ""
    return Part("access", tr("Access"), text, (tr("Access"), tr("Publications")), tuple(rows))


def _opening(closed: ClosedCounts) -> Part:
    most = max((count for _, count in closed.opening), default=0)
    rows = [Row(month, "", (number(count),), share(count, most)) for month, count in closed.opening]
    return Part(
        "opening",
        tr("When embargoes end"),
        tr("So many of the DOIs that are announced open in each month."),
        (tr("Month"), tr("Publications")),
        tuple(rows[:_MOST_ROWS]),
        left_out=max(0, len(rows) - _MOST_ROWS),
    )


def _tables(
    listing: Listing, years: Sequence[YearSum], closed: ClosedCounts
) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """The tables as files, each with its head; in English, and numbers as numbers, for programs."""
    head = ("year", "publications", "datasets", "files", "bytes")
    lines = [(year.year, year.publications, year.datasets, year.files, year.size_bytes) for year in years]
    yield "years", [head, *lines]
    for kind in _LISTS:
        shelves = listing.shelves(kind)
        yield (
            list_kind(kind).folder,
            [(kind, "identifier", "publications"), *((shelf.label, shelf.iri, shelf.count) for shelf in shelves)],
        )
    counts = _access_counts(sum(year.publications for year in years), closed)
    yield "access", [("access", "publications"), *((words.lower(), count) for words, count in counts)]
    yield "opening", [("month", "publications"), *closed.opening]


def _file(name: str, table: Sequence[Sequence[object]]) -> Sheet:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(table)  # RFC 4180, section 2
    body = text.getvalue().encode()
    return Sheet(f"{ADDRESS[1:]}{name}.csv", sha256(body).hexdigest(), lambda: body)


PAGES = (PageKind("statistics", _sheets, _links),)
