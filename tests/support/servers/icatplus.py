"""ICAT+ servers for tests: ESRF's own mock in a process of its own, and one that answers what a test tells it to."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

from support.serving import a_free_port

_MOCK = "pyicat_plus_pytest_plugin.servers.icatplus_server"


@contextmanager
def mock_serving(folder: Path) -> Iterator[str]:
    """The address of ESRF's mock, which answers from the JSON tables in a folder."""
    port = a_free_port()
    command = [sys.executable, "-m", _MOCK, "--port", str(port), "--icat_data_dir", str(folder)]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://localhost:{port}"
    try:
        for _ in range(200):
            try:
                urlopen(f"{url}/catalogue/investigationtypes", timeout=5).close()
                break
            except (URLError, ConnectionError):
                assert process.poll() is None, "the mock did not start"
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait(10)


Answer = Callable[[str, dict[str, str]], tuple[int, bytes] | object]
"""Path and query to the JSON that is answered, or to a status and bytes."""


class _Handler(BaseHTTPRequestHandler):
    answer: Answer
    asked: list[str]

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer("POST")

    def do_DELETE(self) -> None:
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        parts = urlsplit(self.path)
        self.asked.append(f"{method} {self.path}")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        said: Any = type(self).answer(f"{method} {parts.path}", query)
        status, body = said if isinstance(said, tuple) else (200, json.dumps(said).encode())
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def answering(answer: Answer, asked: list[str] | None = None) -> Iterator[str]:
    """The address of a server that answers what a function says; `asked` fills with the requests."""
    handler = type("Handler", (_Handler,), {"answer": staticmethod(answer), "asked": [] if asked is None else asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
