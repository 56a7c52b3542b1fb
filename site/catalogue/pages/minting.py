"""Minting a session's DOI in the pages: what will be registered is shown first, and done is said when it is done."""

from typing import Any

from panfair.builders.html.language import marked, tr
from panfair.builders.pages.landing import Fact
from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.accounts.core import Caller, Core
from panfair.site.catalogue.doi.preview import preview
from panfair.site.catalogue.doi.telling import Standing, standing, tell
from panfair.site.catalogue.errors import Invalid, NoSuchRow, NotAllowed
from panfair.site.catalogue.settings import CoreSettings
from panfair.site.catalogue.store.access import may_curate

MINTED = {
    "minted": marked("The DOI was minted here. Registering it at DataCite is not done from here."),
    "findable": marked("The DOI is registered at DataCite and leads to its public page."),
    "reserved-there": marked(
        "The DOI was minted and is reserved at DataCite. It is registered when its public page stands."
    ),
    "untold": marked("The DOI was minted here. DataCite could not be told yet: the next panfair doi sync tells it."),
}
"""What is said after minting, by how far it came."""
_STATES = {
    "draft": marked("reserved, not registered yet"),
    "registered": marked("registered, not to be found"),
    "findable": marked("registered and to be found"),
    "": marked("not told yet"),
}


def mint_page(caller: Caller, row_number: int) -> dict[str, Any]:
    """What the page that asks for a confirmation places."""
    core = caller.core
    with caller.view() as view:
        row = view.investigation(row_number)
        if row is None or not row.mine:
            raise NoSuchRow("there is no such session")
        if not may_curate(caller.identity):
            raise NotAllowed("this is for curators")
        if row.doi_state == "minted" or row.withdrawn_on:
            raise Invalid("this session has a DOI already, or was withdrawn; there is nothing to mint")
        shown = preview(view, row, core.settings, core.today)
    return {
        "id": row.id,
        "name": f"{row.name} {row.visit_id}",
        "doi": row.doi or "",
        "preview": shown,
        "missing": [tr(line) for line in shown.missing],
        "registers": core.settings.registrar is not None,
    }


def told(core: Core, doi: Doi) -> str:
    """How far a DOI came that was minted just now: a key of `MINTED`."""
    found = tell(core, doi)
    if found is None:
        return "minted"
    if found.state == "findable" and found.resolves:
        return "findable"
    return "reserved-there" if found.state else "untold"


def at_datacite(settings: CoreSettings, doi: str | None) -> Fact | None:
    """Where a DOI stands at DataCite, in a line; None where this core does not register it."""
    found = standing(settings, Doi(doi)) if doi else None
    return None if found is None else Fact("DataCite", _words(found))


def _words(found: Standing) -> str:
    words = tr(_STATES.get(found.state, ""))
    if found.state == "findable" and not found.resolves:
        words = tr("registered, but it does not resolve yet")
    return f"{words} ({found.problem})" if found.problem else words
