"""Pages in a browser: the session in a cookie, and forms that another site cannot send.

The cookie is HttpOnly and SameSite=Lax, and Secure with the `__Host-` prefix unless the core runs for a trial without
HTTPS. It never counts for the API, which asks for the session id in the path or a header, so a cookie alone changes
nothing. A form carries its session's token (OWASP's synchronizer token); one without a session yet, the sign-in form,
is held to its own site by the Origin header.
"""

import secrets
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import Response

from panfair.site.catalogue.accounts.core import Caller, Core, core_of
from panfair.site.catalogue.accounts.sign_in import ANONYMOUS_SESSION, Signed
from panfair.site.catalogue.errors import NoSession, NotAllowed
from panfair.site.catalogue.settings import CoreSettings
from panfair.site.catalogue.store.access import ANONYMOUS

FORM_TOKEN = "form_token"  # noqa: S105
"""The name of the hidden field of every form."""


def cookie_name(settings: CoreSettings) -> str:
    return "__Host-panfair" if settings.secure_cookies else "panfair"


def remember(response: Response, core: Core, signed: Signed) -> None:
    """Puts a session into the browser's cookie."""
    response.set_cookie(
        cookie_name(core.settings),
        signed.session_id,
        max_age=max(0, int((signed.expires - core.now).total_seconds())),
        path="/",
        secure=core.settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )


def forget(response: Response, core: Core) -> None:
    """Takes the session out of the browser."""
    settings = core.settings
    response.delete_cookie(
        cookie_name(settings), path="/", secure=settings.secure_cookies, httponly=True, samesite="lax"
    )


def signed_in(request: Request) -> Signed | None:
    """Who is signed in by the cookie; None: nobody."""
    core = core_of(request)
    session_id = request.cookies.get(cookie_name(core.settings))
    if not session_id or session_id == ANONYMOUS_SESSION:
        return None
    try:
        return core.sign_in.find(session_id)
    except NoSession:
        return None


def caller_of(request: Request) -> Caller:
    """Who asks for a page: the cookie's account, or anonymous. A dependency for the pages' routes."""
    signed = signed_in(request)
    return Caller(core_of(request), signed.identity if signed else ANONYMOUS)


def check_form(request: Request, token: str | None) -> Signed:
    """Who sent a form. Raises NoSession when nobody is signed in, NotAllowed when the form is not one of ours."""
    check_origin(request)
    signed = signed_in(request)
    if signed is None:
        raise NoSession("sign in first")
    if not token or not secrets.compare_digest(token.encode("utf-8", "replace"), signed.csrf.encode()):
        raise NotAllowed("this form was not made for this session; load the page again")
    return signed


def check_origin(request: Request) -> None:
    """Refuses a form that another site sent, by its Origin header. Raises NotAllowed."""
    origin = request.headers.get("origin")
    if origin is None:
        return  # an old browser, or no browser: SameSite and the token stand
    ours = {_host(core_of(request).settings.base_url), request.headers.get("host", "")}
    if _host(origin) not in ours:
        raise NotAllowed("this form came from another site")


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""
