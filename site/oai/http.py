"""OAI-PMH over HTTP: GET, HEAD and POST at /oai, gzip, limits on size and on requests at a time.

OAI-PMH 2.0, section 3.1. A small ASGI application of its own beside FastAPI's routing, because a harvest is thousands
of requests and the framework's work on each costs more than the answer. A person's browser gets a page (`oai_html`).
"""

import asyncio
import logging
import resource
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from resource import getrusage
from time import perf_counter
from typing import Protocol
from urllib.parse import unquote_plus

from fastapi import APIRouter
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from panfair.site.http.coding import FAST, gzipped
from panfair.site.http.negotiation import accepts_gzip
from panfair.site.oai.html import PAGE_HEADERS, STYLE_FILES, page, style_file
from panfair.site.oai.store import StoreBroken

log = logging.getLogger(__name__)

MOST_IN_FLIGHT = 64
_LONGEST_REQUEST = 16_384  # bytes of arguments, in the address or in the body
_MOST_ARGUMENTS = 32
_RETRY_SECONDS = b"10"
_SLOW_SECONDS = 0.005
_CAREFUL_TIMES = 32
_THIS_THREAD = getattr(resource, "RUSAGE_THREAD", resource.RUSAGE_SELF)  # Linux tells threads apart
_FORM = b"application/x-www-form-urlencoded"
_Make = Callable[[list[tuple[str, str]], datetime], bytes]
_Headers = list[tuple[bytes, bytes]]


class Answering(Protocol):
    """What the endpoint asks of a provider."""

    def answer(self, arguments: list[tuple[str, str]], now: datetime) -> bytes: ...

    def zipped_answer(self, arguments: list[tuple[str, str]], now: datetime) -> bytes: ...


def router(provider: Answering, most_in_flight: int = MOST_IN_FLIGHT) -> APIRouter:
    """The routes of the endpoint: `/oai`, and its style files below it."""
    routes = APIRouter()
    routes.routes.append(Route("/oai", OaiEndpoint(provider, most_in_flight), name="oai", include_in_schema=False))
    for name in STYLE_FILES:
        routes.routes.append(Route(f"/oai/{name}", _StyleFile(name), include_in_schema=False))
    return routes


class _StyleFile:
    """The ASGI application of one style file."""

    def __init__(self, name: str) -> None:
        self._media_type, self._content = STYLE_FILES[name], style_file(name)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in {"GET", "HEAD"}:
            await _refuse(send, 405, "this is a file", [(b"allow", b"GET, HEAD")])
            return
        await _send(send, 200, self._media_type, self._content, [], empty=scope["method"] == "HEAD")


class OaiEndpoint:
    """The ASGI application: one request in, one answer out; more than `most_in_flight` at a time are sent away.

    A request is in flight from its first byte until its answer is sent, so slow readers count too.
    """

    def __init__(self, provider: Answering, most_in_flight: int = MOST_IN_FLIGHT) -> None:
        self._provider = provider
        self._most = most_in_flight
        self._in_flight = 0
        self._careful = _CAREFUL_TIMES  # at the start nothing is in memory
        # The store is read under one lock, so more threads would only wait; the second makes pages meanwhile.
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="oai")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        if method not in {"GET", "HEAD", "POST"}:
            await _refuse(send, 405, "OAI-PMH is asked by GET or POST", [(b"allow", b"GET, HEAD, POST")])
            return
        if self._in_flight >= self._most:
            await _refuse(send, 503, "too many requests at a time", [(b"retry-after", _RETRY_SECONDS)])
            return
        self._in_flight += 1
        try:
            await self._answer(scope, receive, send, method)
        finally:
            self._in_flight -= 1

    async def _answer(self, scope: Scope, receive: Receive, send: Send, method: str) -> None:
        query: bytes = scope["query_string"]
        headers: _Headers = scope["headers"]
        if len(query) > _LONGEST_REQUEST:
            await _refuse(send, 414, "the request is too long")
            return
        if method == "POST":
            if _header(headers, b"content-type").partition(b";")[0].strip().lower() not in {_FORM, b""}:
                await _refuse(send, 415, f"the body must be {_FORM.decode()}")
                return
            body = await _body(receive)
            if body is None:
                await _refuse(send, 413, "the request is too long", [(b"connection", b"close")])
                return
            query = b"&".join(part for part in (query, body) if part)
        zipping = accepts_gzip(_header(headers, b"accept-encoding").decode("latin-1"))
        # Only browsers send this, and only when a person opens the address (Fetch Metadata, section 2.1): `Accept`
        # would not do, Java's standard client asks for text/html too.
        as_page = _header(headers, b"sec-fetch-dest") == b"document"
        make = self._provider.zipped_answer if zipping and not as_page else self._provider.answer
        try:
            content = await self._make(make, _arguments(query))
        except StoreBroken as error:
            log.error("OAI-PMH: %s", error)
            await _refuse(send, 503, "the repository is being mended", [(b"retry-after", b"600")])
            return
        if as_page:
            content = await asyncio.get_running_loop().run_in_executor(self._threads, _page, content, zipping)
        media_type = b"text/html; charset=utf-8" if as_page else b"text/xml; charset=utf-8"
        about = _encoding(zipping) + (PAGE_HEADERS if as_page else [])
        await _send(send, 200, media_type, content, about, empty=method == "HEAD")

    async def _make(self, make: _Make, arguments: list[tuple[str, str]]) -> bytes:
        """The answer, made here, or in a thread when the last answers were slow.

        From memory an answer takes less time than handing it to a thread; from a slow disk it must not hold up others.
        Slow means that it waited: a machine that is busy with something else is no faster with a thread more.
        """
        now = datetime.now(UTC)
        if self._careful:
            self._careful -= 1
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, make, arguments, now)
        begin, waits = perf_counter(), _waits()
        content = make(arguments, now)
        if perf_counter() - begin > _SLOW_SECONDS and _waits() > waits:
            self._careful = _CAREFUL_TIMES
        return content


def _page(answer: bytes, zipping: bool) -> bytes:
    """An answer as a page for people."""
    made = page(answer)
    return gzipped(made, FAST) if zipping else made


def _waits() -> int:
    """How often this thread has waited for something, such as a disk."""
    return getrusage(_THIS_THREAD).ru_nvcsw


def _arguments(query: bytes) -> list[tuple[str, str]]:
    """The arguments in their order. What is not UTF-8 gets U+FFFD, which no argument of OAI-PMH may have.

    Of very many the first few are enough: no verb takes so many, so the provider refuses them.
    """
    parts = query.decode("latin-1").split("&", _MOST_ARGUMENTS)[:_MOST_ARGUMENTS]
    pairs = (part.partition("=") for part in parts if part)
    return [(_plain(name), _plain(value)) for name, _, value in pairs]


def _plain(text: str) -> str:
    return unquote_plus(text, errors="replace") if "%" in text or "+" in text else text


async def _body(receive: Receive) -> bytes | None:
    """The body of a request; None when it is too long or the client has gone."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > _LONGEST_REQUEST:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes:
    return b",".join(value for key, value in headers if key == name)


def _encoding(zipping: bool) -> _Headers:
    vary = (b"vary", b"Accept-Encoding, Sec-Fetch-Dest")
    return [vary, (b"content-encoding", b"gzip")] if zipping else [vary]


async def _refuse(send: Send, status: int, reason: str, headers: _Headers | None = None) -> None:
    await _send(send, status, b"text/plain; charset=utf-8", f"{reason}\n".encode(), headers or [])


async def _send(
    send: Send, status: int, media_type: bytes, content: bytes, headers: _Headers, empty: bool = False
) -> None:
    length = (b"content-length", str(len(content)).encode())
    start = [(b"content-type", media_type), length, (b"cache-control", b"no-cache"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": b"" if empty else content})
