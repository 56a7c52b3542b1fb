"""A visitor's requests to the site's address: few, short, and nothing is followed."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

import httpx2

_TIMEOUT = httpx2.Timeout(20, connect=10)
_MOST_BYTES = 8 << 20

logging.getLogger("httpx2").setLevel(logging.WARNING)


class Visitor:
    """Asks one host."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    def get(self, address: str, **headers: str) -> tuple[httpx2.Response, bytes]:
        """An answer and its body, at most 8 MiB of it. Raises httpx2.HTTPError when there is no answer."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        body = bytearray()
        with self._client.stream("GET", address, headers=sent) as answer:
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > _MOST_BYTES:
                    break
        return answer, bytes(body)


@contextmanager
def visiting(contact: str) -> Iterator[Visitor]:
    """A visitor without cookies, who follows no redirect."""
    agent = f"panfair-doctor/{version('panfair')} (+mailto:{contact})"
    with httpx2.Client(timeout=_TIMEOUT, headers={"User-Agent": agent}, follow_redirects=False) as client:
        yield Visitor(client)


def resolves(host: str) -> str | None:
    """Why a host name leads nowhere; None when it has an address."""
    try:
        socket.getaddrinfo(host, None)
    except (OSError, UnicodeError) as error:
        return str(getattr(error, "strerror", None) or error)
    return None
