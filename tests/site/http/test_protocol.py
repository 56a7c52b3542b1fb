"""HTTP as the server speaks it: no client makes it remember more than a bounded head."""

import socket

import pytest

from panfair.site.http.protocol import LONGEST_HEAD
from support.serving import ask, serving


async def _count(scope, receive, send):
    """Answers with the number of bytes of the request's body."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    told = str(size).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(told))]})
    await send({"type": "http.response.body", "body": told})


@pytest.fixture(scope="module")
def base():
    with serving(_count) as address:
        yield address


def _sent(base: str, *pieces: bytes) -> bytes:
    """What comes back until the server closes the connection, or falls silent."""
    host, port = base.removeprefix("http://").split(":")
    answer = b""
    with socket.create_connection((host, int(port)), timeout=2) as client:
        try:
            for piece in pieces:
                client.sendall(piece)
            while part := client.recv(65536):
                answer += part
        except (TimeoutError, ConnectionError):
            pass
    return answer


def test_a_head_without_an_end_is_cut_off_and_others_are_served(base):
    endless = [b"GET / HTTP/1.1\r\nHost: x\r\n"] + [b"X-More: " + b"a" * 8000 + b"\r\n"] * 500
    assert _sent(base, *endless)[:12] in {b"HTTP/1.1 400", b""}  # the end may come while we still send
    assert _sent(base, b"GET /" + b"a" * (LONGEST_HEAD + 1), *[b"a" * 9000] * 50)[:12] in {b"HTTP/1.1 400", b""}
    assert ask(base, "/").status == 200


def test_a_long_body_and_many_requests_in_one_piece_are_no_long_head(base):
    size = 4 * LONGEST_HEAD
    posted = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % size
    assert _sent(base, posted, b"a" * size).endswith(b"\r\n\r\n%d" % size)
    one = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    count = LONGEST_HEAD // len(one) + 50
    asked = one * count + one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    assert _sent(base, asked).count(b"HTTP/1.1 200") == count + 1


@pytest.mark.parametrize(
    "line", [b"GET / HTTP/9.9", b"G\x00T / HTTP/1.1", b"GET /\x00 HTTP/1.1", b"\x16\x03\x01\x02", b"GET"]
)
def test_what_is_no_http_gets_400_or_nothing(base, line):
    assert _sent(base, line + b"\r\nHost: x\r\n\r\n")[:12] in {b"HTTP/1.1 400", b""}
    assert ask(base, "/").status == 200
