"""A real server on a free port of this machine for as long as a test needs it, and one plain way to ask it."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import orjson
import uvicorn
from starlette.types import ASGIApp

from panfair.site.http.protocol import BoundedHttp


@dataclass(frozen=True)
class Reply:
    """An answer; names of headers in lower case, several of one name joined by commas."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return orjson.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(base: str, path: str, method: str = "GET", **headers: str) -> Reply:
    """Sends the path as it stands, normalised by nobody; `accept_encoding="gzip"` is the header Accept-Encoding."""
    host, port = base.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=20)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        response = connection.getresponse()
        found: dict[str, str] = {}
        for name, value in response.getheaders():
            key = name.lower()
            found[key] = f"{found[key]}, {value}" if key in found else value
        return Reply(response.status, found, response.read())
    finally:
        connection.close()


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    app: ASGIApp, port: int | None = None, http: type[BoundedHttp] = BoundedHttp, most: int | None = None
) -> Iterator[str]:
    """The address of an application that is being served; `most`: connections at a time."""
    port = port or a_free_port()
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            host="127.0.0.1",
            port=port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
            http=http,
            limit_concurrency=most,
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert thread.is_alive() and time.monotonic() < deadline, "the server did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
