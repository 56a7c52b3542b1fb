"""A local HTTP server around one function: what imitations of catalogues are served with."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

Answer = Callable[[str, dict[str, str], str], tuple[int, bytes, str]]
"""Path, query and host to status, body and media type."""
AnswerToAny = Callable[[str, str, str], tuple[int, bytes, str]]
"""Method, path with query, and host to status, body and media type."""


def answering(answer: Answer) -> AbstractContextManager[str]:
    """The address at which the function answers what is asked by GET."""

    def to_any(method: str, target: str, host: str) -> tuple[int, bytes, str]:
        if method != "GET":
            return 501, b"", "text/plain"
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        return answer(parts.path, query, host)

    return answering_any(to_any)


@contextmanager
def answering_any(answer: AnswerToAny) -> Iterator[str]:
    """The address at which the function answers GET, POST and DELETE, whatever is in their bodies."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, body, kind = answer(self.command, self.path, self.headers["Host"])
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_DELETE = do_GET

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
