"""What the core wants DataCite to say of its DOIs: the states alone, for words come from the public pages."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from panfair.builders.portal import Portal
from panfair.ontologies.errors import ConfigError
from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.settings import CoreSettings, read_settings
from panfair.site.catalogue.store.database import Store
from panfair.site.catalogue.store.known_dois import KnownDoi
from panfair.site.registrar.plan import Aim, Wanted


def doi_table(settings: CoreSettings) -> Path:
    """The registrar's table, beside the database."""
    return settings.database.with_name(f"{settings.database.stem}.registrar.sqlite")


def wanted_of_file(path: Path) -> tuple[CoreSettings, Sequence[Wanted]]:
    """The settings in a file, and what is wanted of the core's DOIs today. Raises ConfigError without [registrar]."""
    settings = read_settings(path)
    if settings.registrar is None:
        raise ConfigError(f"{path}: no table [registrar], so no DOI is registered; docs/dois.md shows one")
    with Store(settings.database) as store:
        return settings, wanted_dois(store, settings, datetime.now(UTC).date())


def wanted_dois(store: Store, settings: CoreSettings, day: date) -> list[Wanted]:
    """What is wanted of every DOI that the registrar may touch, in their order."""
    registrar = settings.registrar
    found = store.dois(day) if registrar else []
    return [
        Wanted(one.doi, _aim(one, settings), page_of(one.doi, settings))
        for one in found
        if registrar and registrar.may_touch(one.doi)
    ]


def page_of(doi: Doi, settings: CoreSettings) -> str:
    """The address of a DOI's page on the public site."""
    return Portal(title="", base_url=settings.portal_url or "", contact="", publisher="").landing(doi)


def _aim(one: KnownDoi, settings: CoreSettings) -> Aim:
    if one.state == "open":
        return "findable"
    if one.state == "withdrawn":
        return "withdrawn"
    told = settings.registrar and settings.registrar.embargoed == "registered"
    return "registered" if one.state == "closed" and told else "draft"
