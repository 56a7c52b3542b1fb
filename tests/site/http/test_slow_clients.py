"""Clients that leave their requests half done, or take no answer: they are told to go, and shut nobody out."""

import socket
import time
from contextlib import ExitStack

import pytest

from panfair.site.http.protocol import BoundedHttp
from support.serving import ask, serving

_LARGE = 8 << 20
_FIRST_PIECES = (
    b"",
    b"GET / HT",
    b"GET / HTTP/1.1\r\nHost: x\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhal",
)
acted: list[bytes] = []


class _Hasty(BoundedHttp):
    head_seconds, silent_seconds, body_seconds, unread_seconds = 0.4, 0.4, 1.2, 0.4


async def _app(scope, receive, send):
    """Takes a whole body, remembers it, and answers; /large with a few megabytes."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return
        body += message["body"]
        more = message["more_body"]
    acted.append(body)
    answer = bytes(_LARGE) if scope["path"] == "/large" else b"done"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(answer))]})
    await send({"type": "http.response.body", "body": answer})


@pytest.fixture(scope="module")
def base():
    with serving(_app, http=_Hasty, most=100) as address:
        yield address


def _client(base: str, first: bytes = b"") -> socket.socket:
    host, port = base.removeprefix("http://").split(":")
    client = socket.create_connection((host, int(port)), timeout=10)
    client.sendall(first)
    return client


def _rest(client: socket.socket) -> bytes:
    """All that still comes; b"" when the server only closed."""
    answer = b""
    try:
        while part := client.recv(65536):
            answer += part
    except ConnectionError:
        pass
    return answer


@pytest.mark.parametrize("first", _FIRST_PIECES)
def test_a_request_that_is_not_completed_gets_408_and_is_not_acted_on(base, first):
    acted.clear()
    with _client(base, first) as client:
        assert _rest(client).startswith(b"HTTP/1.1 408 ")
    assert ask(base, "/").status == 200 and acted == [b""]


@pytest.mark.parametrize(
    "first", [b"GET / HTTP/1.1\r\nX-Slow: ", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n"]
)
def test_a_byte_now_and_then_keeps_no_request_open(base, first):
    with _client(base, first) as client:
        began = time.monotonic()
        with pytest.raises(ConnectionError):
            while time.monotonic() - began < 20:
                client.sendall(b"a")
                time.sleep(0.1)


def test_a_second_request_is_waited_for_no_longer_than_a_first(base):
    with _client(base, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as client:
        assert client.recv(65536).endswith(b"done")
        client.sendall(b"GET / HTTP/1.1\r\n")
        assert _rest(client).startswith(b"HTTP/1.1 408 ")


def test_who_takes_nothing_of_an_answer_is_left_and_who_takes_it_slowly_gets_all(base):
    asked = b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with _client(base, asked) as still, _client(base, asked) as slow:
        taken = 0
        while part := slow.recv(1 << 19):
            taken += len(part)
            time.sleep(0.05)
        assert taken > _LARGE
        time.sleep(0.5)
        assert len(_rest(still)) < _LARGE


def test_four_hundred_slow_clients_shut_nobody_out(base):
    with serving(_app, most=100) as patient, ExitStack() as clients:  # as in earnest: nobody is told to go meanwhile
        for number in range(400):
            clients.enter_context(_client(patient, _FIRST_PIECES[number % len(_FIRST_PIECES)]))
            if number % 50 == 49:
                assert ask(patient, "/").body == b"done"
