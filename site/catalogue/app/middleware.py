"""What stands around every request of the core: a limit on bodies, errors in ICAT's form, a log that tells no secret.

ICAT+ carries the session id in paths and queries, and an embargoed row's words can stand in a query or in an error's
text. So the access log names the route, never the path; an unforeseen error is logged as its class and its place in
the code, never as its message; and uvicorn's own access log, when somebody turns it on, has its paths masked.
"""

import logging
import sqlite3
import time
import traceback
from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from panfair.ontologies.mistakes import reason
from panfair.site.catalogue.errors import CatalogueError

log = logging.getLogger("panfair.catalogue")
access_log = logging.getLogger("panfair.catalogue.access")

_CODES = {404: "NO_SUCH_OBJECT_FOUND", 405: "NOT_IMPLEMENTED", 413: "BAD_PARAMETER"}


class Guard:
    """ASGI middleware, outermost."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *_SAFE_HEADERS]
            await send(message)

        try:
            body = await self._body(scope, receive)
            if body is None:
                answer = refusal(413, "BAD_PARAMETER", f"the body is longer than {self._most} bytes")
                answer.headers["Connection"] = "close"
                await answer(scope, receive, noted)
            else:
                await self._app(scope, _replay(body, receive), noted)
        except ClientDisconnect:
            pass
        except sqlite3.OperationalError as error:
            # Another process writes for longer than SQLite's patience, or the disk is full.
            log.error("the database does not answer: %s at %s", type(error).__name__, place_of(error))
            if not status:
                answer = refusal(503, "INTERNAL", "the catalogue is busy; try again in a minute")
                answer.headers["Retry-After"] = "60"
                await answer(scope, receive, noted)
        except Exception as error:
            log.error("an unforeseen %s at %s", type(error).__name__, place_of(error))
            if not status:
                answer = refusal(500, "INTERNAL", "something went wrong here; the operator's log says where")
                await answer(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "no such route")
            spent = 1000 * (time.monotonic() - began)
            access_log.info("%s %s %s %.0f ms", _method(scope), route, status, spent)

    async def _body(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body, or None when it is too long: no route has to think of it, and none is begun in vain.

        Raises ClientDisconnect when the client goes before its end: half a request is never acted on.
        """
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self._most:
            return None
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise ClientDisconnect
            body += message.get("body", b"")
            if len(body) > self._most:
                return None
            if not message.get("more_body", False):
                return bytes(body)


class MaskPaths(logging.Filter):
    """Keeps paths and queries out of uvicorn's access log: its second argument after the address is the path."""

    def filter(self, record: logging.LogRecord) -> bool:
        args = record.args
        if isinstance(args, tuple) and len(args) >= 3:
            record.args = (args[0], args[1], "/…", *args[3:])
        return True


def install(app: FastAPI, most_bytes: int) -> None:
    """Puts the guard around an application."""
    app.add_middleware(Guard, most_bytes=most_bytes)
    app.add_exception_handler(CatalogueError, _refused)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _http)
    uvicorn_log = logging.getLogger("uvicorn.access")
    if not any(isinstance(one, MaskPaths) for one in uvicorn_log.filters):
        uvicorn_log.addFilter(MaskPaths())


def refusal(status: int, code: str, message: str) -> Response:
    """An error as ICAT tells it (`IcatExceptionMapper`): {"code": …, "message": …}."""
    return Response(orjson.dumps({"code": code, "message": message}), status_code=status, media_type="application/json")


def place_of(error: BaseException) -> str:
    """Where in the code an error arose: file names and lines, no values."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))


_SAFE_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),  # a path can hold a session id
    (b"x-frame-options", b"DENY"),
)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, CatalogueError)
    return refusal(error.status, error.code, str(error))


async def _not_valid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return refusal(400, "BAD_PARAMETER", explain(error.errors()))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = {404: "there is no such address", 405: "not by this method"}.get(error.status_code, "refused")
    answer = refusal(error.status_code, _CODES.get(error.status_code, "BAD_PARAMETER"), said)
    answer.headers.update(error.headers or {})
    return answer


def explain(problems: Sequence[Any]) -> str:
    """What is wrong with a request: the places and the rules, never the values."""
    words = []
    for problem in problems:
        place = ".".join(str(part) for part in problem["loc"] if part not in {"body", "query", "path"})
        words.append(f"{place or 'body'}: {reason(problem)}" if problem["type"] != "json_invalid" else "not JSON")
    return "; ".join(words[:5])[:500]


def _method(scope: Scope) -> str:
    method = str(scope["method"])
    return method if method.isalpha() and len(method) <= 8 else "?"


def _replay(body: bytes, receive: Receive) -> Receive:
    """Gives a body that was read once more, and then what the server says next."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
