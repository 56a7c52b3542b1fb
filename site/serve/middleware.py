"""The first to see a request: files go to the file server, the rest to the framework; all answers get what all need.

That is the security headers, leave for scripts of other sites to read (everything here is public and nothing depends on
who asks), HEAD for the framework's GET routes, and a line in the access log without the query: what people search for
is nobody's business.
"""

import logging
from collections.abc import Mapping
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panfair.builders.downloads.viewer.policy import is_viewers, viewer_policy
from panfair.builders.html.renderer import CONTENT_SECURITY_POLICY

log = logging.getLogger("panfair.site.access")

_OURS = frozenset({"/search", "/search/", "/oai", "/healthz", "/openapi.json"})
_OURS_BELOW = ("/api/", "/oai/")
_LONGEST_QUERY = 32 << 10  # bytes

SECURITY_HEADERS = (
    (b"content-security-policy", f"{CONTENT_SECURITY_POLICY}; frame-ancestors 'none'".encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Link, ETag, Content-Range, Content-Location, Content-Profile, Accept-Ranges, X-Total-Count",
    ),
)
_PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
)


class SiteMiddleware:
    """ASGI middleware: `site` answers for files, each of `endpoints` for its path, `app` for all else.

    An endpoint is spared the framework's routing, which costs more than many an answer.
    """

    def __init__(
        self,
        app: ASGIApp,
        site: ASGIApp,
        endpoints: Mapping[str, ASGIApp] | None = None,
        file_hosts: tuple[str, ...] = (),
    ) -> None:
        self._app = app
        self._site = site
        self._endpoints = endpoints or {}
        policy = f"{viewer_policy(file_hosts)}; frame-ancestors 'none'".encode()
        self._of_viewer = ((b"content-security-policy", policy), *SECURITY_HEADERS[1:])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method, path = scope["method"], scope["path"]
        begun, status, sent = perf_counter(), 0, 0
        if path.endswith("/") and path not in _OURS and (path.rstrip("/") in _OURS or path.startswith(_OURS_BELOW)):
            # The same with and without a slash at the end: no redirect, which would have to name a host.
            path = path.rstrip("/")
            raw = (scope.get("raw_path") or b"").rstrip(b"/")
            scope = {**scope, "path": path, "raw_path": raw or path.encode()}
        ours = path in _OURS or path.startswith(_OURS_BELOW)
        silent = method == "HEAD" and ours
        security = self._of_viewer if is_viewers(path) else SECURITY_HEADERS

        async def answer(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
                named = {name for name, _ in message["headers"]}
                added = security if method != "OPTIONS" else (*security, *_PREFLIGHT)
                message["headers"] = [*message["headers"], *(pair for pair in added if pair[0] not in named)]
            elif message["type"] == "http.response.body":
                if silent:
                    message["body"] = b""
                sent += len(message.get("body", b""))
            await send(message)

        try:
            if not ours:
                await self._site(scope, receive, answer)
            elif method == "OPTIONS":
                await _plain(answer, 204, b"")
            elif len(scope["query_string"]) > _LONGEST_QUERY:
                await _plain(answer, 414, b"The question is too long: ask for less than 32 kB.\n")
            else:
                app = self._endpoints.get(path, self._app)
                await app({**scope, "method": "GET"} if silent else scope, receive, answer)
        finally:
            if log.isEnabledFor(logging.INFO):
                took = (perf_counter() - begun) * 1000
                log.info(
                    "%s %s %d %d bytes %.1f ms",
                    method,
                    path[:300].encode("unicode_escape").decode(),
                    status,
                    sent,
                    took,
                )


async def _plain(send: Send, status: int, body: bytes) -> None:
    length = str(len(body)).encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", length)] if body else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
