"""A served OAI-PMH endpoint for tests: uvicorn in a thread, made-up publications in all formats behind it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from panfair.builders.oai.store import StoreWriter, payloads_of, sets_of
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Publication
from panfair.site.oai.provider import OaiProvider, router
from support.records import PORTAL, a_publication, released

BEGIN = datetime(2026, 7, 1, tzinfo=UTC)


def numbered(number: int) -> Publication:
    """One of many: of five years, each with a title of its own."""
    return a_publication(
        doi=Doi.parse(f"10.99999/EXAMPLE-{number}"),
        title=f"Drainage of foam number{number}",
        publication_year=2020 + number % 5,
    )


def fill(store: Path, count: int, deleted: tuple[int, ...] = ()) -> dict[str, bool]:
    """Writes publications 0 to count - 1 in all formats; the answer is each key with whether it is deleted."""
    state = {}
    with StoreWriter(store, PORTAL.host) as writer:
        for number in range(count):
            one = released(numbered(number))
            writer.put(one.doi.key, BEGIN + timedelta(hours=number // 2), sets_of(one), payloads_of(one, PORTAL))
            state[one.doi.key] = False
        for number in deleted:
            key = numbered(number).doi.key
            writer.delete(key, BEGIN + timedelta(days=30))
            state[key] = True
    return state


def provider_of(store: Path, page_size: int = 10) -> OaiProvider:
    return OaiProvider(
        store,
        base_url=PORTAL.base_url,
        repository_name=PORTAL.title,
        admin_email=PORTAL.contact,
        secret=b"s" * 32,
        page_size=page_size,
    )


@contextmanager
def served(provider: OaiProvider) -> Iterator[str]:
    """The address of the endpoint while it is served."""
    app = FastAPI()
    app.include_router(router(provider))
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, args=([sock],), daemon=True)
    thread.start()
    try:
        for _ in range(500):
            if server.started:
                break
            time.sleep(0.01)
        assert server.started
        yield f"http://127.0.0.1:{sock.getsockname()[1]}/oai"
    finally:
        server.should_exit = True
        thread.join(10)
        sock.close()
