"""Sign-in over the API: POST, GET, PUT and DELETE of `/session`, in ICAT+'s shapes."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as PathPart

from panfair.site.catalogue.accounts.core import Core, core_of
from panfair.site.catalogue.accounts.sign_in import ANONYMOUS_SESSION, Signed
from panfair.site.catalogue.api.schemas_people import Credentials, SessionOut, SessionStatus
from panfair.site.catalogue.errors import BadParameter

router = APIRouter(tags=["Session"])

TheCore = Annotated[Core, Depends(core_of)]
SessionId = Annotated[str, PathPart(alias="sessionId", max_length=200)]
ANONYMOUS_PLUGINS = frozenset({"anon", "anonymous"})


@router.post("/session", response_model_exclude_none=True)
def sign_in(core: TheCore, request: Request, credentials: Credentials) -> SessionOut:
    """A session for a name and a password; plugin `anon`: the session of everybody, without either."""
    if credentials.plugin in ANONYMOUS_PLUGINS:
        return _session(core, core.sign_in.find(ANONYMOUS_SESSION))
    if not credentials.username or not credentials.password:
        raise BadParameter("username and password are wanted")
    name = credentials.username + (credentials.username_suffix or "")
    address = request.client.host if request.client else "unknown"
    return _session(core, core.sign_in.by_password(name, credentials.password, address))


@router.get("/session/{sessionId}", response_model_exclude_none=True)
def session(core: TheCore, session_id: SessionId) -> SessionStatus:
    """Whose session it is and how long it lasts."""
    return _status(core, core.sign_in.find(session_id))


@router.put("/session/{sessionId}", response_model_exclude_none=True)
def refresh(core: TheCore, session_id: SessionId) -> SessionStatus:
    """The same, after its life has begun anew."""
    return _status(core, core.sign_in.prolong(session_id))


@router.delete("/session/{sessionId}", status_code=204)
def sign_out(core: TheCore, session_id: SessionId) -> Response:
    """Ends the session."""
    core.sign_in.sign_out(session_id)
    return Response(status_code=204)


def _session(core: Core, signed: Signed) -> SessionOut:
    who = signed.identity
    return SessionOut(
        session_id=signed.session_id,
        username=who.name,
        name=who.name,
        full_name=who.full_name,
        life_time_minutes=_minutes_left(core, signed.expires),
        expiration_time=signed.expires.isoformat(),
        is_administrator=who.administrator,
        is_instrument_scientist=who.instrument_scientist,
        is_minter=who.minter or who.administrator,
    )


def _status(core: Core, signed: Signed) -> SessionStatus:
    details: dict[str, str | None] = {}
    if signed.identity.user is not None:
        with core.store.accounts_as_they_are() as accounts:
            details = accounts.details(signed.identity.user)
    return SessionStatus(
        remaining_minutes=_minutes_left(core, signed.expires),
        user_name=signed.identity.name,
        affiliation=details.get("affiliation"),
        email=details.get("email"),
        full_name=signed.identity.full_name,
        user=_session(core, signed),
    )


def _minutes_left(core: Core, expires: datetime) -> float:
    return round((expires - core.now).total_seconds() / 60, 2)
