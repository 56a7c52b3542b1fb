"""The small server: the site's files, search, OAI-PMH. Reads output/ and nothing else; closed records are not in there.

It follows a run while it serves: files, index, store and tombstones are looked at anew when they have changed.
"""

import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import lru_cache, partial
from importlib.metadata import version

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from panfair.builders.html.menu import lists_held
from panfair.builders.html.renderer import Renderer
from panfair.builders.search.language.request import SCOPES
from panfair.ontologies.errors import RequestError, ServeError
from panfair.ontologies.mistakes import reason
from panfair.site.config.settings import Config
from panfair.site.files.site import StaticSite
from panfair.site.http.api_docs import add_api_docs
from panfair.site.http.openapi import describe_answers
from panfair.site.http.protocol import BoundedHttp
from panfair.site.oai.http import OaiEndpoint
from panfair.site.oai.provider import OaiProvider, router
from panfair.site.panosc.api import PATHS as PANOSC_PATHS
from panfair.site.panosc.api import panosc_router, problem
from panfair.site.panosc.scores import scores_from
from panfair.site.panosc.store import PanoscStore
from panfair.site.search.api import search_api
from panfair.site.search.engine import SearchEngine
from panfair.site.search.page import search_pages
from panfair.site.serve.middleware import SiteMiddleware
from panfair.site.state.layout import INDEX, PANOSC, STORE
from panfair.site.state.secret import site_key

log = logging.getLogger(__name__)

_MOST_AT_A_TIME = 512  # connections; of those that only wait for their client the longest goes first
_KEEP_ALIVE = 15  # seconds


def create_app(config: Config) -> FastAPI:
    """The whole site as an ASGI application, over what stands in output/; it never opens ledger or spool."""
    engine = SearchEngine({scope: config.output / INDEX / scope for scope in SCOPES}, config.output)
    panosc = PanoscStore(config.output / PANOSC)
    provider = OaiProvider(
        config.output / STORE,
        base_url=config.site.base_url,
        repository_name=config.site.title,
        admin_email=config.site.contact,
        secret=site_key(config),
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        engine.close()
        provider.close()
        panosc.close()

    app = FastAPI(
        title=config.site.title,
        version=version("panfair"),
        description="Search in the released records of this site; its OAI-PMH endpoint is at /oai.",
        docs_url=None,  # FastAPI's pages load scripts from a third party
        redoc_url=None,
        redirect_slashes=False,  # it would send on to whatever the Host header says
        lifespan=lifespan,
    )
    app.include_router(search_api(engine, config.portal, config.output / "www"))
    app.include_router(search_pages(engine, _renderer(config)))
    app.include_router(router(provider))
    app.include_router(panosc_router(panosc, partial(scores_from, engine)))

    add_api_docs(app, "/api/docs")

    @app.get("/healthz", summary="Whether there is a site to serve", responses={503: {}})
    def health() -> JSONResponse:
        published = (config.output / "www" / "index.html").is_file()
        state = {"status": "ok" if published else "nothing is published yet", "publications": engine.count()}
        return JSONResponse(state, 200 if published else 503, headers={"cache-control": "no-store"})

    @app.exception_handler(RequestValidationError)
    def wrong(request: Request, error: RequestValidationError) -> Response:
        reasons = [f"{problem['loc'][-1]}: {reason(problem)}" for problem in error.errors()]
        return failed(request, "; ".join(reasons), 400)

    @app.exception_handler(RequestError)
    def senseless(request: Request, error: RequestError) -> Response:
        return failed(request, str(error), 400)

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        answer = failed(request, str(error.detail), error.status_code)
        answer.headers.update(error.headers or {})
        return answer

    def failed(request: Request, message: str, status: int) -> Response:
        """In the words of the interface that was asked."""
        if request.url.path.startswith(PANOSC_PATHS):
            return problem(status, message)
        return JSONResponse({"error": message}, status)

    describe_answers(app)
    site = StaticSite(config.output, config.site.base_url)
    hosts = config.portal.file_hosts
    app.add_middleware(SiteMiddleware, site=site, endpoints={"/oai": OaiEndpoint(provider)}, file_hosts=hosts)
    return app


def _renderer(config: Config) -> Callable[[], Renderer]:
    """The renderer with the menu of the site that stands: a run that fills or empties a list writes the home page."""
    www = config.output / "www"

    @lru_cache(maxsize=1)
    def of(home: tuple[int, ...]) -> Renderer:
        return Renderer(replace(config.portal, lists=lists_held(www)))

    def current() -> Renderer:
        try:
            status = (www / "index.html").stat()
        except OSError:
            return of(())
        return of((status.st_ino, status.st_mtime_ns, status.st_size))

    return current


class _Server(uvicorn.Server):
    """Tells when it answers."""

    def __init__(self, settings: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(settings)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._ready()


def serve(config: Config, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serves until a signal ends it; `ready` is called once it answers.

    Raises ServeError when the address cannot be had.
    """
    with bound(host, port) as listener:
        run(config, listener, ready)


def bound(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A socket at an address, for the caller to close; `shared`: others of this account may have it too.

    Raises ServeError when the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Told its protocol, asyncio turns off the delay that small answers would wait for (TCP_NODELAY).
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ServeError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; choose another --port or --host"
        ) from error
    return listener


def run(config: Config, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serves on a bound socket until a signal ends it."""
    settings = uvicorn.Config(
        create_app(config),
        log_config=None,
        access_log=False,  # ours tells no queries
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=5,
        limit_concurrency=_MOST_AT_A_TIME,
        http=BoundedHttp,
        ws="none",
    )
    with suppress(KeyboardInterrupt):  # uvicorn has ended in good order and passes the signal on
        _Server(settings, ready).run(sockets=[listener])
