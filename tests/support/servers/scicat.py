"""A server that answers as SciCat does, v3 and v4, on 127.0.0.1, with faults planted where a test wants them."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Fault = Callable[[str, int], tuple[int, dict[str, str], bytes] | None]
"""Path and number of the request (from 1) to status, headers and body; None lets the server answer."""


class SciCat:
    """What the server knows, and what it was asked."""

    def __init__(self, published: list[dict], datasets: list[dict] = (), blocks: list[dict] = ()) -> None:
        self.published, self.datasets, self.blocks = list(published), list(datasets), list(blocks)
        self.fault: Fault = lambda path, number: None
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.hidden: set[str] = set()
        self.url = ""

    def answer(self, path: str, filters: dict[str, Any]) -> Any:
        """The JSON of a route below /api/v3 or /api/v4; KeyError when there is none."""
        version, _, route = path.removeprefix("/api/").partition("/")
        if route in self.hidden or version not in {"v3", "v4"}:
            raise KeyError(route)
        limits = filters.get("limits", {})
        if route == "publisheddata/count":
            return {"count": len(self.published)}
        if route == "publisheddata":
            assert limits["order"] == "createdAt:asc" if version == "v3" else limits["sort"] == {"createdAt": "asc"}
            return self.published[limits["skip"] : limits["skip"] + limits["limit"]]
        if route == ("datasets" if version == "v3" else "datasets/public"):
            pids = filters["where"]["pid"]["inq" if version == "v3" else "$in"]
            return [one for one in self.datasets if one["pid"] in pids and one.get("isPublished")]
        if version == "v4" and route == "origdatablocks/public":
            return [one for one in self.blocks if one["datasetId"] in filters["where"]["datasetId"]["$in"]]
        if version == "v3" and route.endswith("/origdatablocks"):
            pid = unquote(route.split("/")[1])
            return [one for one in self.blocks if one["datasetId"] == pid]
        raise KeyError(route)


@contextmanager
def served(scicat: SciCat) -> Iterator[SciCat]:
    """The server on a free port, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            scicat.asked.append(address.path)
            scicat.agents.add(self.headers.get("User-Agent", ""))
            fault = scicat.fault(address.path, len(scicat.asked))
            if fault is not None:
                self._send(*fault)
                return
            filters = json.loads(parse_qs(address.query).get("filter", ["{}"])[0])
            try:
                self._send(200, {}, json.dumps(scicat.answer(address.path, filters)).encode())
            except KeyError:
                self._send(404, {}, b'{"statusCode":404,"message":"Cannot GET"}')

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {
                "Content-Type": "application/json",
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    scicat.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield scicat
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
