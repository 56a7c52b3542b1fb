"""A session's logbook over the API: for its team, before and after the release; nobody else learns that it is there."""

from datetime import date
from typing import Annotated

import orjson
from fastapi import APIRouter, Query

from panfair.site.catalogue.accounts.core import Caller, InPath
from panfair.site.catalogue.api import parameters as arguments
from panfair.site.catalogue.api.parameters import QueryText
from panfair.site.catalogue.api.schemas import Meta
from panfair.site.catalogue.api.schemas_people import ContentOut, EventIn, EventOut, TagName
from panfair.site.catalogue.api.serialize_parts import meta_of
from panfair.site.catalogue.errors import BadParameter, NoSuchRow, NotAllowed
from panfair.site.catalogue.store.access import may_write_logbook
from panfair.site.catalogue.store.entries import LogbookEntry
from panfair.site.catalogue.store.query import InvestigationQuery, Page
from panfair.site.catalogue.store.read import View
from panfair.site.catalogue.store.rows import LogbookEvent

router = APIRouter(prefix="/logbook/{sessionId}", tags=["Logbook"])

Session = Annotated[str | None, Query(alias="investigationId", max_length=100)]
Types = Annotated[str | None, Query(max_length=1000)]
Search = Annotated[str | None, Query(max_length=500)]


@router.get("/event", response_model_exclude_none=True)
def events(
    caller: InPath,
    investigation: Session = None,
    types: Types = None,
    search: Search = None,
    day: Annotated[str | None, Query(alias="date", max_length=100)] = None,
    limit: QueryText = None,
    skip: QueryText = None,
    sort_order: Annotated[str | None, Query(alias="sortOrder", max_length=10)] = None,
) -> list[EventOut]:
    """The notes of the caller's sessions, in the order of their time."""
    page = _page(caller, limit, skip, sort_order)
    with caller.view() as view:
        return _events(view, _found(view, investigation, types, search, arguments.day(day, "date"), page)[0])


@router.get("/event/count")
def count(
    caller: InPath,
    investigation: Session = None,
    types: Types = None,
    search: Search = None,
    day: Annotated[str | None, Query(alias="date", max_length=100)] = None,
) -> int:
    with caller.view() as view:
        return _found(view, investigation, types, search, arguments.day(day, "date"), Page(limit=0))[1]


@router.get("/event/dates")
def dates(caller: InPath, investigation: Session = None, types: Types = None, search: Search = None) -> list[str]:
    """The days that have notes."""
    with caller.view() as view:
        found, _ = _found(view, investigation, types, search, None, _page(caller, None, None, None))
    return sorted({row.created[:10] for row in found})


@router.get("/event/page", response_model_exclude_none=True)
def page_of_event(
    caller: InPath,
    number: Annotated[str, Query(alias="_id", max_length=100)],
    investigation: Session = None,
    limit: QueryText = None,
) -> Meta:
    """On which page of the logbook a note stands."""
    wanted = arguments.row_number(number, "_id")
    with caller.view() as view:
        found, total = _found(view, investigation, None, None, None, _page(caller, None, None, None))
    place = next((place for place, row in enumerate(found) if row.id == wanted), None)
    if place is None:
        raise NoSuchRow(f"there is no event {wanted}")
    size = max(_page(caller, limit, None, None).limit, 1)
    return meta_of(total, Page(limit=size, skip=place // size * size))


@router.post("/event", response_model_exclude_none=True)
def add(caller: InPath, note: EventIn, investigation: Session = None) -> EventOut:
    """Adds a note; `previousVersionEvent` names the one that it replaces, which stays."""
    user, core = caller.user(), caller.core
    row = arguments.optional_row(investigation, "investigationId")
    if row is None:
        raise BadParameter("investigationId is wanted")
    with caller.view() as view:
        session = view.investigation(row)
    if session is None:
        raise NoSuchRow(f"there is no investigation {row}")
    if not may_write_logbook(caller.identity, bool(session.mine)):
        raise NotAllowed("a logbook is written by its session's team")
    entry = LogbookEntry(
        type=note.type,
        category=note.category.lower(),
        title=note.title,
        content=tuple((one.format, one.text) for one in note.content),
        tags=tuple(one.name for one in note.tag),
        dataset=note.dataset_id,
        software=note.software,
        machine=note.machine,
        source=note.source,
        previous=note.previous_version_event,
    )
    with core.store.writing() as writer:
        number = writer.add_logbook(row, entry, core.now, user)
    with caller.view() as view:
        return _events(view, view.logbook(ids=[number])[0])[0]


def _page(caller: Caller, limit: str | None, skip: str | None, sort_order: str | None) -> Page:
    page = arguments.page(limit, skip, caller.core.settings.most_rows, None, sort_order)
    return Page(page.limit, page.skip, "created", page.descending)


def _found(
    view: View, investigation: str | None, types: str | None, search: str | None, day: date | None, page: Page
) -> tuple[list[LogbookEvent], int]:
    return view.logbook(
        arguments.optional_row(investigation, "investigationId"), arguments.words(types), search, None, (day, day), page
    )


def _events(view: View, rows: list[LogbookEvent]) -> list[EventOut]:
    names = {
        one.id: one.name
        for one in view.investigations(InvestigationQuery(ids=list({row.investigation for row in rows})))[0]
    }
    return [
        EventOut(
            id=str(row.id),
            investigation_id=row.investigation,
            investigation_name=names[row.investigation],
            dataset_id=row.dataset,
            type=row.type,
            category=row.category,
            tag=[TagName(name=name) for name in orjson.loads(row.tags)],
            title=row.title,
            content=[ContentOut(**one) for one in orjson.loads(row.content)],
            creation_date=row.created,
            username=row.author_name,
            full_name=row.author_full_name,
            software=row.software,
            machine=row.machine,
            source=row.source,
            previous_version_event=None if row.previous is None else {"_id": str(row.previous)},
        )
        for row in rows
    ]
