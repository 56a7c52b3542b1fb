"""The page for people at /about/oai: where the endpoint is, in which formats and sets it answers, what to ask first.

All of it is read from the store that the endpoint answers from, so the page cannot promise what is not there.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from panfair.builders import Sheet
from panfair.builders.html.grid import Cell, Column, Grid, grid
from panfair.builders.html.language import marked, tr
from panfair.builders.html.menu import MenuLink
from panfair.builders.html.words import counted, number
from panfair.builders.oai.envelope import identifier_of, stamp
from panfair.builders.oai.static_harvest import INDEX
from panfair.builders.pages.page_kind import PageKind, Site
from panfair.builders.portal import Portal
from panfair.builders.sitewide.resourcesync import DESCRIPTION

_LIST = "/oai?verb=ListRecords&metadataPrefix="
_MOST_OPEN = 12
"""A kind of sets with more than these is folded."""
_BY_FILES = {
    INDEX: marked("All records as compressed answers of ListRecords, in numbered files"),
    DESCRIPTION: marked("ResourceSync: what there is and what has changed"),
}
_KINDS = {
    "openaire_data": marked("Everything"),
    "facility": marked("By facility"),
    "instrument": marked("By instrument"),
    "technique": marked("By technique"),
    "year": marked("By year of publication"),
}


@dataclass(frozen=True, slots=True)
class SetGroup:
    """The sets of one kind."""

    title: str
    sets: Grid
    count: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Example:
    """One request to try."""

    says: str
    address: str


@dataclass(frozen=True, slots=True)
class StoreView:
    """What a store holds, as a page shows it."""

    records: int
    deleted: int
    earliest: str
    """The first datestamp; empty when there is no record."""
    identifier: str
    """Of one record that is there; empty when there is none."""
    formats: Grid
    groups: tuple[SetGroup, ...]


def _sheets(site: Site) -> Iterable[Sheet]:
    view = _view(site.store)
    yield site.sheet(
        "/about/oai/",
        "pages/oai.html",
        title="OAI-PMH",
        here="/about/oai",
        trail=[("/", tr("Home")), ("/about/", tr("About"))],
        base=site.renderer.portal.url("/oai"),
        view=view,
        said=_said(view),
        examples=_examples(view),
        by_files=[Example(tr(says), f"/{path}") for path, says in _BY_FILES.items() if path in site.files],
    )


def _links(portal: Portal) -> Iterable[MenuLink]:
    yield MenuLink("about", "OAI-PMH", "/about/oai/", order=93)


def _said(view: StoreView) -> str:
    if not view.records and not view.deleted:
        return tr("Nothing is published yet.")
    records = counted(view.records, "record", "records")
    if not view.deleted:
        return tr("{records}, each in every format.").format(records=records)
    gone = counted(view.deleted, "withdrawn record", "withdrawn records")
    words = tr("{records}, each in every format, and {withdrawn} listed as deleted.")
    return words.format(records=records, withdrawn=gone)


def _examples(view: StoreView) -> list[Example]:
    found = [
        Example(tr("Who answers, since when, and how"), "/oai?verb=Identify"),
        Example(tr("The formats"), "/oai?verb=ListMetadataFormats"),
        Example(tr("The sets"), "/oai?verb=ListSets"),
        Example(tr("All records in Dublin Core, page by page"), f"{_LIST}oai_dc"),
        Example(tr("All records as OpenAIRE harvests them"), f"{_LIST}oai_datacite&set=openaire_data"),
    ]
    if view.earliest:
        found.append(Example(tr("What has changed since a day"), f"{_LIST}oai_dc&from={view.earliest[:10]}"))
    if view.identifier:
        record = f"/oai?verb=GetRecord&metadataPrefix=datacite&identifier={quote(view.identifier, safe=':/')}"
        found.append(Example(tr("One record in DataCite’s form"), record))
    return found


def _view(store: Path | None) -> StoreView:
    if store is None or not store.exists():
        return StoreView(0, 0, "", "", grid(tr("Formats"), (), ()), ())
    with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as db:
        return StoreView(*_totals(db), _formats(db), tuple(_groups(db)))


def _totals(db: sqlite3.Connection) -> tuple[int, int, str, str]:
    count, deleted, earliest = db.execute(
        "SELECT count(*), coalesce(sum(deleted), 0), min(datestamp) FROM item"
    ).fetchone()
    host = db.execute("SELECT value FROM meta WHERE name = 'host'").fetchone()[0]
    one = db.execute("SELECT key FROM item WHERE NOT deleted ORDER BY key LIMIT 1").fetchone()
    first = "" if earliest is None else stamp(earliest)
    return count - deleted, deleted, first, identifier_of(host, one[0]) if one else ""


def _formats(db: sqlite3.Connection) -> Grid:
    rows = db.execute("SELECT prefix, namespace, schema FROM format ORDER BY prefix != 'oai_dc', prefix").fetchall()
    columns = (Column("metadataPrefix"), Column(tr("Namespace")), Column(tr("Schema")))
    lines = [
        (Cell(prefix, _LIST + prefix), Cell(namespace), Cell(schema.rpartition("/")[2], schema, title=schema))
        for prefix, namespace, schema in rows
    ]
    return grid(tr("Formats"), columns, lines)


def _groups(db: sqlite3.Connection) -> list[SetGroup]:
    rows = db.execute(
        "SELECT spec, name, count(item.id) FROM oai_set LEFT JOIN member ON member.oai_set = oai_set.id "
        "LEFT JOIN item ON item.id = member.item AND NOT item.deleted GROUP BY oai_set.id ORDER BY spec"
    ).fetchall()
    kinds: dict[str, list[tuple[str, str, int]]] = {}
    for row in rows:
        kinds.setdefault(row[0].partition(":")[0], []).append(row)
    order = [*_KINDS, *sorted(kinds.keys() - _KINDS.keys())]
    return [_group(kind, kinds[kind]) for kind in order if kind in kinds]


def _group(kind: str, rows: list[tuple[str, str, int]]) -> SetGroup:
    columns = (Column(tr("Set")), Column("setSpec"), Column(tr("Records"), number=True))
    lines = [
        (
            Cell(name),
            Cell(spec, f"{_LIST}oai_dc&set={quote(spec, safe=':')}"),
            Cell(number(count), number=True),
        )
        for spec, name, count in rows
    ]
    title = tr(_KINDS.get(kind, kind))
    return SetGroup(
        title, grid(tr("Sets: {kind}").format(kind=title), columns, lines), len(lines), len(lines) <= _MOST_OPEN
    )


PAGES = (PageKind("oai", _sheets, _links),)
