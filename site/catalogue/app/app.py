"""The live core's web application: all routes of the ICAT+ dialect and our few, behind one guard."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import FastAPI

from panfair.ontologies.errors import ConfigError
from panfair.site.catalogue.accounts.core import assemble, utc_now
from panfair.site.catalogue.api import changes as api_follow
from panfair.site.catalogue.api import curation as api_curation
from panfair.site.catalogue.api import datasets as api_datasets
from panfair.site.catalogue.api import dois as api_doi
from panfair.site.catalogue.api import facility as api_catalogue
from panfair.site.catalogue.api import files as api_files
from panfair.site.catalogue.api import logbook as api_logbook
from panfair.site.catalogue.api import session as api_session
from panfair.site.catalogue.api.schemas import Refusal
from panfair.site.catalogue.app import middleware as guard
from panfair.site.catalogue.app.proxies import Proxies
from panfair.site.catalogue.pages.open_id import add_open_id
from panfair.site.catalogue.pages.routes import add_pages
from panfair.site.catalogue.settings import CoreSettings
from panfair.site.http.api_docs import add_api_docs
from panfair.site.http.openapi import describe_answers

_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refusal, "description": "a value that cannot be used (BAD_PARAMETER, VALIDATION)"},
    403: {"model": Refusal, "description": "no session, or not allowed (SESSION, INSUFFICIENT_PRIVILEGES)"},
    404: {"model": Refusal, "description": "no such row, or none that the caller may see"},
    413: {"model": Refusal, "description": "the body is too long"},
    429: {"model": Refusal, "description": "too many sign-ins failed"},
    503: {"model": Refusal, "description": "the database is busy"},
}


def create_core(settings: CoreSettings, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """The application that serves a core; `clock` gives the moment, in UTC.

    Run it in a process of its own, with uvicorn's access log off: the guard writes one that tells no secret.
    """
    app = assemble(settings, clock)
    for part in (
        api_session,
        api_catalogue,
        api_datasets,
        api_files,
        api_doi,
        api_curation,
        api_logbook,
        api_follow,
    ):
        app.include_router(part.router, responses=_REFUSALS)
    add_pages(app, settings)
    add_api_docs(app, "/docs")
    try:
        add_open_id(app, settings)
    except ConfigError:
        app.state.core.store.close()
        raise
    guard.install(app, settings.most_bytes)  # around all routes
    app.add_middleware(Proxies, trusted=settings.proxies)  # last, so that it is outermost
    describe_answers(app)  # in ICAT's form
    return app
