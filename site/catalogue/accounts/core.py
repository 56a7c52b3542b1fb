"""The live core as a web application: its parts, and who is calling.

It runs as a process of its own (`panfair catalogue serve`): the public server never imports it, and has no way to its
database. OpenAPI is at /docs.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi import Path as PathPart
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from panfair.site.catalogue.accounts.sign_in import SignIn
from panfair.site.catalogue.errors import NotAllowed
from panfair.site.catalogue.settings import CoreSettings
from panfair.site.catalogue.store.access import ANONYMOUS, Identity
from panfair.site.catalogue.store.database import Store
from panfair.site.catalogue.store.read import View


@dataclass(frozen=True, slots=True)
class Core:
    """What all requests share."""

    settings: CoreSettings
    store: Store
    sign_in: SignIn
    clock: Callable[[], datetime]

    @property
    def now(self) -> datetime:
        return self.clock()

    @property
    def today(self) -> date:
        """The day in UTC: an embargo ends at the same moment for everybody."""
        return self.now.astimezone(UTC).date()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request, and what they may see."""

    core: Core
    identity: Identity

    @contextmanager
    def view(self) -> Iterator[View]:
        """What this caller may see today."""
        with self.core.store.seen_by(self.identity, self.core.today) as view:
            yield view

    def user(self) -> int:
        """The caller's account. Raises NotAllowed for anonymous."""
        if self.identity.user is None:
            raise NotAllowed("sign in first")
        return self.identity.user


def core_of(request: Request) -> Core:
    """The core that an application serves."""
    core: Core = request.app.state.core
    return core


def _in_path(request: Request, session_id: Annotated[str, PathPart(alias="sessionId", max_length=200)]) -> Caller:
    core = core_of(request)
    return Caller(core, core.sign_in.find(session_id).identity)


_bearer = HTTPBearer(auto_error=False, description="a session id; without one the caller is anonymous")


def _in_header(
    request: Request, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)] = None
) -> Caller:
    core = core_of(request)
    if sent is None:
        return Caller(core, ANONYMOUS)
    return Caller(core, core.sign_in.find(sent.credentials).identity)


InPath = Annotated[Caller, Depends(_in_path)]
"""The caller by the session id in the path, as ICAT+'s older routes have it."""
InHeader = Annotated[Caller, Depends(_in_header)]
"""The caller by `Authorization: Bearer`; anonymous without."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def assemble(settings: CoreSettings, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """An application with the core behind it and no routes yet; the store is closed when it shuts down."""
    store = Store(settings.database)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        yield
        store.close()

    app = FastAPI(title="panfair live core", description=__doc__, lifespan=life, docs_url=None, redoc_url=None)
    app.state.core = Core(
        settings, store, SignIn(store, settings.session_minutes, settings.longest_session_hours, clock), clock
    )
    return app
