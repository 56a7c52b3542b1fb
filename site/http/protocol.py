"""HTTP/1.1 as the servers speak it: uvicorn's protocol by httptools, with bounds on what a client may leave half done.

Why not uvicorn's default: h11 is written in Python, and a record by OAI-PMH costs less than h11 takes to read its
request. httptools keeps as long a head as a client likes to send, and uvicorn waits for the rest of a request for ever;
here such a connection ends (408), and when there are too many, the one that has kept us waiting longest goes first.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD = 48 << 10
"""Bytes of a request's line and headers, beyond those that come in one piece with the end of the head."""
_TIMED_OUT = (
    b"HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: 30\r\n"
    b"connection: close\r\n\r\nThe request was not completed."
)


class BoundedHttp(HttpToolsProtocol):
    """One connection. A head that grows beyond `LONGEST_HEAD` without an end gets status 400 and is cut off."""

    head_seconds = 20.0
    """From a connection's beginning, or a request's first byte, to the end of the head."""
    body_seconds = 120.0
    """From the end of the head to that of the body."""
    silent_seconds = 20.0
    """Between two pieces of a body."""
    unread_seconds = 60.0
    """Without a byte of an answer taken."""

    _in_head = True
    _got_on = False
    """Whether the last bytes ended a head or a message."""
    _waiting_bytes = 0
    _due: asyncio.TimerHandle | None = None
    """When what we wait for must be there; None: a whole request was sent, and the next one has not begun."""
    _since = 0.0
    """Since when we wait, by the loop's clock."""
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._make_room()
        self._since = self.loop.time()
        self._wait(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(None)
        self._have_read()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._got_on = False
        super().data_received(data)
        if self._got_on:
            self._since, self._waiting_bytes = self.loop.time(), 0
        if not self._in_head:
            self._wait(min(self.silent_seconds, self._since + self.body_seconds - self.loop.time()))
        elif self._got_on:
            self._wait(None)
        else:
            self._head_goes_on(len(data))

    def _head_goes_on(self, count: int) -> None:
        if not self._waiting_bytes and self._due is None:
            self._since = self.loop.time()
            self._wait(self.head_seconds)
        self._waiting_bytes += count
        if self._waiting_bytes > LONGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        self._in_head, self._got_on = False, True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head, self._got_on = True, True
        super().on_message_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._unread is None:
            self._see_reading(-1)

    def resume_writing(self) -> None:
        self._have_read()
        super().resume_writing()

    def _wait(self, seconds: float | None) -> None:
        """Waits so long from now on for the rest of a request; None: for nothing."""
        if self._due is not None:
            self._due.cancel()
        self._due = None if seconds is None else self.loop.call_later(max(seconds, 0), self._overdue)

    def _overdue(self) -> None:
        self._due = None
        if self.transport.is_closing():
            return
        answering = self.cycle is not None and not self.cycle.response_complete
        if (self._in_head and answering) or self.flow.read_paused:  # the next request can wait; or it is we who wait
            self._wait(self.head_seconds)
            return
        begun = False
        if answering:
            begun = self.cycle.response_started
            self.cycle.disconnected = True  # what is half here is never acted on
            self.cycle.message_event.set()
        if not begun:
            self.transport.write(_TIMED_OUT)
        self.transport.close()

    def _make_room(self) -> None:
        """Where no more connections may be, ends the one that has kept us waiting longest, if any has."""
        most = self.config.limit_concurrency
        if most is None or len(self.connections) < most:
            return
        waited = [one for one in self.connections if isinstance(one, BoundedHttp) and one is not self and one._idle]
        if waited:
            longest = min(waited, key=lambda one: one._since)
            self.connections.discard(longest)
            longest.transport.abort()

    @property
    def _idle(self) -> bool:
        """Whether it is the client's turn."""
        return self._due is not None or self.timeout_keep_alive_task is not None

    def _see_reading(self, before: int) -> None:
        """Looks now and then whether the client takes anything of the answer."""
        left = self.transport.get_write_buffer_size()
        if left == before:
            self.transport.abort()
        else:
            self._unread = self.loop.call_later(self.unread_seconds, self._see_reading, left)

    def _have_read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
