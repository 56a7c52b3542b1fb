"""Answers of the framework's routes: tagged, as gzip where that is welcome."""

from fastapi import Request, Response

from panfair.site.http.coding import FAST, WORTH_ZIPPING, gzipped, strong_tag, zipped_tag
from panfair.site.http.conditional import is_unchanged
from panfair.site.http.negotiation import accepts_gzip


def reply(request: Request, body: bytes, media_type: str) -> Response:
    """An answer with a tag, as gzip where that is welcome; status 304 when the client has it already."""
    zipping = len(body) >= WORTH_ZIPPING and accepts_gzip(request.headers.get("accept-encoding"))
    tag = zipped_tag(strong_tag(body)) if zipping else strong_tag(body)
    headers = {"etag": tag, "vary": "Accept-Encoding", "cache-control": "no-cache"}
    if is_unchanged(request.headers.get("if-none-match"), None, tag, 0):
        return Response(status_code=304, headers=headers)
    if zipping:
        body = gzipped(body, FAST)
        headers["content-encoding"] = "gzip"
    return Response(body, media_type=media_type, headers=headers)
