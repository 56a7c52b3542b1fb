"""Answers of the framework's routes: tagged, as gzip where that is welcome."""

import hashlib
import zlib

from fastapi import Request, Response

from panfair.site.http.conditional import is_unchanged
from panfair.site.http.negotiation import accepts_gzip

_WORTH_ZIPPING = 600  # bytes


def reply(request: Request, body: bytes, media_type: str) -> Response:
    """An answer with a tag, as gzip where that is welcome; status 304 when the client has it already."""
    etag = hashlib.sha256(body).hexdigest()[:32]
    zipping = len(body) >= _WORTH_ZIPPING and accepts_gzip(request.headers.get("accept-encoding"))
    tag = f'"{etag}-gz"' if zipping else f'"{etag}"'
    headers = {"etag": tag, "vary": "Accept-Encoding", "cache-control": "no-cache"}
    if is_unchanged(request.headers.get("if-none-match"), None, tag, 0):
        return Response(status_code=304, headers=headers)
    if zipping:
        press = zlib.compressobj(1, zlib.DEFLATED, 31)
        body = press.compress(body) + press.flush()
        headers["content-encoding"] = "gzip"
    return Response(body, media_type=media_type, headers=headers)
