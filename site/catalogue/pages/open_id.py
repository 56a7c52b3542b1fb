"""Sign-in through an OpenID Connect issuer, by authlib: the authorization code flow with PKCE, state and nonce.

A person the facility does not know cannot sign in, whatever the issuer says (`accounts.identities`). What must be
remembered between the two redirects lies in a cookie of its own that is signed and lasts ten minutes. OpenID Connect
Core 1.0, section 3.1.
"""

import os
import secrets
from typing import Any

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, FastAPI, Request
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import RedirectResponse, Response

from panfair.ontologies.errors import ConfigError
from panfair.site.catalogue.accounts.core import core_of
from panfair.site.catalogue.accounts.identities import person_in
from panfair.site.catalogue.errors import NoSession
from panfair.site.catalogue.pages.forms import remember
from panfair.site.catalogue.settings import CoreSettings

BEGIN = "/sign-in/openid"
_BACK = "/sign-in/openid/back"
_MINUTES = 10


def add_open_id(app: FastAPI, settings: CoreSettings, home: str = "/") -> None:
    """Adds the two routes of the flow; after it the browser has its cookie and is sent `home`.

    Does nothing without [open_id]. Raises ConfigError when the client's secret is not in the environment.
    """
    table = settings.open_id
    if table is None:
        return
    secret = os.environ.get(table.client_secret_env)
    if not secret:
        raise ConfigError(f"the environment variable {table.client_secret_env} holds no secret for OpenID Connect")
    oauth = OAuth()
    issuer: Any = oauth.register(
        "issuer",
        server_metadata_url=f"{table.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_id=table.client_id,
        client_secret=secret,
        client_kwargs={
            "scope": "openid email" if table.first_sign_in_by_email else "openid",
            "code_challenge_method": "S256",
        },
    )
    router = APIRouter(include_in_schema=False)

    @router.get(BEGIN)
    async def begin(request: Request) -> Response:
        answer: Response = await issuer.authorize_redirect(request, settings.base_url + _BACK)
        return answer

    @router.get(_BACK)
    async def back(request: Request) -> Response:
        try:
            token = await issuer.authorize_access_token(request)
        except OAuthError:
            raise NoSession("the issuer did not confirm the sign-in; try again") from None
        except Exception as error:
            # The issuer's answers are foreign: whatever is wrong with them, nobody is signed in.
            raise NoSession(f"the issuer's answer could not be checked ({type(error).__name__})") from None
        # Without an id_token nothing was checked: `userinfo` beside the access token is only what somebody says.
        claims = token.get("userinfo") if token.get("id_token") else None
        person = person_in(claims or {}, table.groups_claim)
        core = core_of(request)
        signed = core.sign_in.by_open_id(person, table)
        request.session.clear()
        answer = RedirectResponse(home, status_code=303)
        remember(answer, core, signed)
        return answer

    app.include_router(router)
    app.add_middleware(
        SessionMiddleware,
        secret_key=secrets.token_urlsafe(32),  # of this process: a sign-in that a restart interrupts begins anew
        session_cookie="panfair-openid",
        max_age=_MINUTES * 60,
        same_site="lax",
        https_only=settings.secure_cookies,
    )
