"""Telling DataCite of one DOI of the core at once, when a curator has minted it; the next sync does what is left."""

import logging
import time
from dataclasses import dataclass

from panfair.ontologies.errors import LockedError, PanfairError
from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.accounts.core import Core
from panfair.site.catalogue.doi.wanted import doi_table, wanted_dois
from panfair.site.catalogue.settings import CoreSettings
from panfair.site.registrar.datacite import Datacite, RegistrarError
from panfair.site.registrar.page import Pages
from panfair.site.registrar.plan import Known
from panfair.site.registrar.sync import Registrar, Report
from panfair.site.registrar.table import Table, alone

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a DOI stands at DataCite, as far as it is known here."""

    state: str
    """`draft`, `registered`, `findable`; empty: nothing is known of it there."""
    resolves: bool
    problem: str
    """What is in the way of what it should be; empty: nothing."""


def tell(core: Core, doi: Doi) -> Standing | None:
    """Brings a DOI at DataCite as far as it can be brought now; None where this core registers no DOIs, or not it.

    Raises nothing: DataCite's absence is no reason to take back what was minted.
    """
    settings = core.settings
    registrar = settings.registrar
    found = [one for one in wanted_dois(core.store, settings, core.today) if one.doi.key == doi.key]
    if registrar is None or not found:
        return None
    path = doi_table(settings)
    try:
        registrar.refuse_tests_in_earnest(settings.portal_url or "")
        with (
            alone(path),
            Table(path) as table,
            Datacite(registrar, registrar.password(), "", time.sleep, attempts=1) as datacite,
            Pages() as pages,
        ):
            return _standing(Registrar(datacite, pages, table).settle(found[0], Report()))
    except LockedError:
        return Standing("", False, "`panfair doi sync` is at work, and tells it")
    except PanfairError as error:
        log.warning("%s is minted, and DataCite was not told: %s", doi, error)
        return Standing("", False, str(error))


def standing(settings: CoreSettings, doi: Doi) -> Standing | None:
    """Where a DOI stood when DataCite was told last; None where this core registers no DOIs, or not this one."""
    registrar = settings.registrar
    if registrar is None or not registrar.may_touch(doi):
        return None
    try:
        with Table(doi_table(settings)) as table:
            return _standing(table.known(doi))
    except RegistrarError as error:
        return Standing("", False, str(error))


def _standing(known: Known) -> Standing:
    return Standing(known.state, known.registered and known.state in ("registered", "findable"), known.error)
