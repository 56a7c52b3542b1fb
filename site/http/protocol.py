"""HTTP/1.1 as the server speaks it: uvicorn's protocol by httptools, with a bound on the head of a request.

Why not uvicorn's default: h11 is written in Python, and a record by OAI-PMH costs less than h11 takes to read its
request. httptools keeps as long a head as a client likes to send; this ends such a connection instead.
"""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD = 48 << 10
"""Bytes of a request's line and headers, beyond those that come in one piece with the end of the head."""


class BoundedHttp(HttpToolsProtocol):
    """One connection; a head that grows beyond `LONGEST_HEAD` without an end gets status 400 and is cut off."""

    _in_head = True
    _got_on = False
    """Whether the last bytes ended a head or a message."""
    _waiting_bytes = 0

    def data_received(self, data: bytes) -> None:
        self._got_on = False
        super().data_received(data)
        if self._got_on or not self._in_head:
            self._waiting_bytes = 0
            return
        self._waiting_bytes += len(data)
        if self._waiting_bytes > LONGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        self._in_head, self._got_on = False, True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_head, self._got_on = True, True
        super().on_message_complete()
