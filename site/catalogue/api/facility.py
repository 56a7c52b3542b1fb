"""What is measured where, over the API: facilities, instruments, techniques, parameters, sessions and their people."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as PathPart

from panfair.site.catalogue.accounts.core import InHeader, InPath
from panfair.site.catalogue.api import parameters as arguments
from panfair.site.catalogue.api.parameters import QueryText
from panfair.site.catalogue.api.schemas import (
    FacilityOut,
    InstrumentOut,
    InvestigationOut,
    InvestigationUserOut,
    OntologyOut,
    ParameterTypeOut,
    TechniqueOut,
    TimelineOut,
    TypeOut,
)
from panfair.site.catalogue.api.serialize import investigations_out, people_out
from panfair.site.catalogue.api.serialize_parts import instrument_out, meta_of, technique_out, type_out
from panfair.site.catalogue.errors import BadParameter, NoSuchRow
from panfair.site.catalogue.store.query import InvestigationFilter, InvestigationQuery

router = APIRouter(tags=["Catalogue"])

_PANET = OntologyOut(name="PaNET", uri="http://purl.org/pan-science/PaNET/PaNET.owl", applies_to=["techniques"])
_FILTERS: dict[str, InvestigationFilter] = {
    "released": "released",
    "embargoed": "embargoed",
    "participant": "participant",
    "instrumentscientist": "instrumentscientist",
}


@router.get("/facilities", response_model_exclude_none=True, tags=["Facility"])
def facilities(caller: InHeader) -> list[FacilityOut]:
    with caller.view() as view:
        return [
            FacilityOut(
                name=row.name, full_name=row.full_name, url=row.url, description=row.description, ontologies=[_PANET]
            )
            for row in view.facilities()
        ]


@router.get("/catalogue/instruments", response_model_exclude_none=True)
def instruments(caller: InHeader) -> list[InstrumentOut]:
    with caller.view() as view:
        return [instrument_out(row) for row in view.instruments()]


@router.get("/catalogue/{sessionId}/instruments", response_model_exclude_none=True)
def instruments_of_session(caller: InPath) -> list[InstrumentOut]:
    return instruments(caller)


@router.get("/catalogue/techniques", response_model_exclude_none=True)
def techniques(caller: InHeader) -> list[TechniqueOut]:
    """The techniques of the datasets that the caller may see."""
    with caller.view() as view:
        return [technique_out(row) for row in view.techniques()]


@router.get("/catalogue/parameters", response_model_exclude_none=True)
def parameters(
    caller: InHeader,
    name: QueryText = None,
    parameter_type_id: Annotated[str | None, Query(alias="parameterTypeId", max_length=100)] = None,
) -> list[ParameterTypeOut]:
    """The kinds of parameters of the rows that the caller may see."""
    wanted = arguments.optional_row(parameter_type_id, "parameterTypeId")
    with caller.view() as view:
        return [
            ParameterTypeOut(id=str(row.id), name=row.name, units=row.units or None, description=row.description)
            for row in view.parameter_types()
            if name in {None, row.name} and wanted in {None, row.id}
        ]


@router.get("/catalogue/investigationtypes", response_model_exclude_none=True)
def investigation_types(caller: InHeader) -> list[TypeOut]:
    with caller.view() as view:
        found = {row.type for row in view.investigations(InvestigationQuery())[0]}
    return [one for one in map(type_out, sorted(name for name in found if name)) if one is not None]


@router.get("/catalogue/investigation/name/{investigationName}/normalize")
def normalize(name: Annotated[str, PathPart(alias="investigationName", max_length=200)]) -> str:
    """A proposal's name as the catalogue writes it: `ma1234` and `MA 1234` are `MA-1234`."""
    letters = "".join(c for c in name if c.isascii() and c.isalpha())
    digits = "".join(c for c in name if c.isascii() and c.isdigit())
    if not letters or not digits or not name.upper().startswith(letters.upper()):
        raise BadParameter("investigationName: letters and then digits are wanted")
    return f"{letters.upper()}-{digits}"


@router.get("/catalogue/{sessionId}/investigation", response_model_exclude_none=True)
def investigations(
    caller: InPath,
    kind: Annotated[str | None, Query(alias="filter", max_length=100)] = None,
    ids: QueryText = None,
    instrument: Annotated[str | None, Query(alias="instrumentName", max_length=500)] = None,
    name: Annotated[str | None, Query(alias="investigationName", max_length=500)] = None,
    start: Annotated[str | None, Query(alias="startDate", max_length=100)] = None,
    end: Annotated[str | None, Query(alias="endDate", max_length=100)] = None,
    release_dates: Annotated[str | None, Query(alias="releaseDates", max_length=20_000)] = None,
    search: Annotated[str | None, Query(max_length=500)] = None,
    limit: QueryText = None,
    skip: QueryText = None,
    sort_by: Annotated[str | None, Query(alias="sortBy", max_length=100)] = None,
    sort_order: Annotated[str | None, Query(alias="sortOrder", max_length=10)] = None,
    parameters: QueryText = None,
) -> list[InvestigationOut]:
    """Sessions. `released`: public, with a DOI; `embargoed`: not public yet, as far as the caller may see them.

    Without a filter, ids and name: the caller's own, as ICAT+ does it; for who is no user (anonymous) or every
    session's user (administrators), all that they may see.
    """
    if kind and kind.lower() not in _FILTERS:
        raise BadParameter(f"filter: one of {', '.join(_FILTERS)} is wanted")
    if kind is not None and kind.lower() in {"participant", "instrumentscientist"}:
        caller.user()
    page = arguments.page(limit, skip, caller.core.settings.most_rows, sort_by, sort_order)
    chosen = _FILTERS[kind.lower()] if kind else None
    if not kind and not ids and not name and not caller.identity.anonymous and not caller.identity.administrator:
        chosen = "participant"
    query = InvestigationQuery(
        filter=chosen,
        user=caller.identity.user,
        ids=arguments.row_numbers(ids, "ids"),
        instrument=instrument,
        name=name,
        search=search,
        starts_from=arguments.day(start, "startDate"),
        starts_until=arguments.day(end, "endDate"),
        release_dates=arguments.days(release_dates, "releaseDates"),
        conditions=arguments.conditions(parameters),
    )
    with caller.view() as view:
        rows, total = view.investigations(query, page)
        return investigations_out(view, rows, meta_of(total, page))


@router.get("/catalogue/{sessionId}/investigation/timeline", response_model_exclude_none=True)
def investigation_timeline(caller: InPath, instrument: QueryText = None) -> list[TimelineOut]:
    """When the sessions of an instrument were."""
    query = InvestigationQuery(instrument=instrument or None)
    with caller.view() as view:
        page = arguments.page(None, None, caller.core.settings.most_rows)
        return [
            TimelineOut(start_date=row.start, end_date=row.end, investigation_id=row.id, investigation_name=row.name)
            for row in view.investigations(query, page)[0]
        ]


@router.get(
    "/catalogue/{sessionId}/investigation/id/{investigationId}/investigationusers", response_model_exclude_none=True
)
def investigation_users(
    caller: InPath, number: Annotated[str, PathPart(alias="investigationId", max_length=100)]
) -> list[InvestigationUserOut]:
    """The people of a session; e-mail addresses and accounts are for its team."""
    row = arguments.row_number(number, "investigationId")
    with caller.view() as view:
        found = view.investigation(row)
        if found is None:
            raise NoSuchRow(f"there is no investigation {row}")
        return people_out(found, view.people([row])[row])
