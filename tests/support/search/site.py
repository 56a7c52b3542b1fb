"""The demo's made-up facility, published and on the air twice: behind the server, and on a plain file host."""

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path

from panfair.site.demo.facility import facility
from panfair.site.serve.app import create_app
from support.records import TODAY
from support.serving import serving
from support.site_run import SiteRun

PUBLICATIONS = 46
HOSTILE = '<img src=x onerror="document.title=1"> & <mark>lysozyme</mark>'

_SOURCE = """
[[source]]
name = "demo"
kind = "dump"
path = "catalogue.yaml"
licence = "CC-BY-4.0"
"""


@dataclass(frozen=True)
class Hosts:
    """Where the same site answers."""

    served: str
    plain: str


def publish(folder: Path) -> SiteRun:
    """The facility's site; one of its publications has a title that is an attack."""
    dump = facility(TODAY, PUBLICATIONS)
    next(iter(dump["investigation"].values()))["title"] = escape(HOSTILE)  # read as text
    run = SiteRun(folder, tables=_SOURCE)
    (folder / "catalogue.yaml").write_text(json.dumps(dump), encoding="utf-8")
    run.publish()
    return run


@contextmanager
def hosts(run: SiteRun) -> Iterator[Hosts]:
    """The site on two addresses for as long as a test needs them."""
    with serving(create_app(run.config)) as served, plain_host(run.output / "www") as plain:
        yield Hosts(served, plain)


@contextmanager
def plain_host(www: Path) -> Iterator[str]:
    """A file host that knows nothing: what `python -m http.server` is."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=www))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Says nothing."""
