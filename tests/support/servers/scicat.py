"""An imitation of SciCat on 127.0.0.1, v3 and v4, with faults planted where a test wants them.

`SciCat` holds documents as MongoDB does (v4's shape); `scicat_answers` says what is answered, as an anonymous reader
gets it. `test_scicat_imitation` holds it against the answers of a real SciCat.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from support.servers.scicat_answers import Answer, Catalogue, answer

Fault = Callable[[str, int], tuple[int, dict[str, str], bytes] | None]
"""Path and number of the request (from 1) to status, headers and body; None lets the server answer."""


class SciCat(Catalogue):
    """What the server knows, and what it was asked."""

    def __init__(self, *collections: list[dict]) -> None:
        super().__init__(*collections)
        self.fault: Fault = lambda path, number: None
        self.asked: list[str] = []
        self.questions: list[tuple[str, dict[str, str]]] = []
        self.agents: set[str] = set()
        self.tokens: set[str] = set()
        """The readers' tokens that have not run out."""
        self.hidden: set[str] = set()
        """The collections that this SciCat shows to nobody: `datasets`, `origdatablocks`, `v4`…"""
        self.url = ""

    def answer(self, path: str, query: dict[str, str], token: str | None = None) -> Answer:
        """The answer to a GET."""
        parts = path.removeprefix("/api/").split("/")
        if self.hidden & {parts[0], *parts[1:2], *parts[3:4]}:
            return 404, {"message": f"Cannot GET {path}", "error": "Not Found", "statusCode": 404}
        return answer(self, path, query, known=token in self.tokens)


@contextmanager
def served(scicat: SciCat) -> Iterator[SciCat]:
    """The server on a free port, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            query = dict(parse_qsl(address.query))
            scicat.asked.append(address.path)
            scicat.questions.append((address.path, query))
            scicat.agents.add(self.headers.get("User-Agent", ""))
            fault = scicat.fault(address.path, len(scicat.asked))
            if fault is not None:
                self._send(*fault)
                return
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            status, body = scicat.answer(address.path, query, token)
            self._send(status, {}, body.encode() if isinstance(body, str) else json.dumps(body).encode())

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
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    scicat.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield scicat
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
