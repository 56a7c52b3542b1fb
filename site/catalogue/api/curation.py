"""A curator's decisions over the API: release dates, a session's own DOI, withdrawals."""

from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as PathPart

from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.accounts.core import Caller, InHeader
from panfair.site.catalogue.api import parameters as arguments
from panfair.site.catalogue.api.dois import new_doi
from panfair.site.catalogue.api.schemas import Said
from panfair.site.catalogue.api.schemas_people import InvestigationDoiIn, ReleaseDateIn, WithdrawIn
from panfair.site.catalogue.errors import BadParameter, Invalid, NoSuchRow, NotAllowed
from panfair.site.catalogue.store.access import may_curate
from panfair.site.catalogue.store.entries import LogbookEntry
from panfair.site.catalogue.store.rows import Investigation

router = APIRouter(tags=["Curation"])

InvestigationPart = Annotated[str, PathPart(alias="investigationId", max_length=100)]


@router.post("/catalogue/investigations/{investigationId}/release-date")
def release_date(caller: InHeader, number: InvestigationPart, wanted: ReleaseDateIn) -> Said:
    """Moves the day from when on a session is public: not into the past, and not for one that was withdrawn."""
    row = _curated(caller, number)
    core = caller.core
    if wanted.release_date < core.today:
        raise BadParameter("releaseDate: a day in the past; today is the earliest")
    if row.withdrawn_on:
        raise Invalid(f"investigation {row.id} was withdrawn; its release date stands")
    with core.store.writing() as writer:
        changed = writer.set_release_date(row.id, wanted.release_date, core.now, caller.user())
        if changed and wanted.message:
            note = LogbookEntry(type="notification", category="info", content=(("plainText", wanted.message),))
            writer.add_logbook(row.id, note, core.now, caller.user())
    return Said(message=f"investigation {row.id} opens on {wanted.release_date.isoformat()}")


@router.post("/panfair/investigations/{investigationId}/doi", tags=["panfair"])
def investigation_doi(caller: InHeader, number: InvestigationPart, wanted: InvestigationDoiIn) -> Said:
    """Reserves a DOI for a session, or mints the one that is reserved (a new one when there is none)."""
    row, core = _curated(caller, number), caller.core
    with core.store.writing() as writer:
        doi = Doi(row.doi) if row.doi else new_doi(core, "ES")
        if row.doi and wanted.state == "reserved":
            raise Invalid(f"investigation {row.id} has a DOI already; a DOI is for ever")
        writer.set_investigation_doi(row.id, doi, wanted.state == "minted", core.now, caller.user())
    return Said(message=doi)


@router.post("/panfair/withdraw", tags=["panfair"])
def withdraw(caller: InHeader, wanted: WithdrawIn) -> Said:
    """Takes a session, a dataset or a data publication out of the public, for ever, with a reason that is shown."""
    core = caller.core
    _only_curators(caller)
    with caller.view() as view:
        found = {
            "investigation": view.investigation,
            "dataset": view.dataset,
            "data_publication": view.publication,
        }[wanted.entity](wanted.id)
    if found is None:
        raise NoSuchRow(f"there is no {wanted.entity} {wanted.id}")
    try:
        newer = None if wanted.replaced_by is None else Doi.parse(wanted.replaced_by)
    except IdentifierError as error:
        raise BadParameter(f"replacedBy: {error}") from None
    with core.store.writing() as writer:
        told = writer.withdraw(wanted.entity, wanted.id, wanted.reason, core.now, caller.user(), newer)
    inside = "" if told else "; it was never public, so the reason stays inside"
    return Said(message=f"{wanted.entity} {wanted.id} was withdrawn{inside}")


def _curated(caller: Caller, number: str) -> Investigation:
    caller.user()
    row = arguments.row_number(number, "investigationId")
    with caller.view() as view:
        found = view.investigation(row)
    if found is None:
        raise NoSuchRow(f"there is no investigation {row}")
    _only_curators(caller)
    return found


def _only_curators(caller: Caller) -> None:
    if not may_curate(caller.identity):
        raise NotAllowed("this is for curators")
