"""Bodies as gzip, and their tags: the same for files, for routes and for OAI-PMH."""

import hashlib
import zlib

WORTH_ZIPPING = 600
"""Bytes from which on gzip is worth the time."""
FAST = 1
"""The level for what is made for one answer: XML and JSON shrink to a seventh, the next levels cost twice the time."""
THOROUGH = 6
"""The level for what is kept and sent many times."""
_GZIP_FRAME = 31  # zlib's way to say gzip's frame; it has no time in it


def gzipped(body: bytes, level: int) -> bytes:
    """The body as gzip, always the same bytes for the same body."""
    press = zlib.compressobj(level, zlib.DEFLATED, _GZIP_FRAME)
    return press.compress(body) + press.flush()


def strong_tag(body: bytes) -> str:
    """The strong ETag of the very bytes that are sent, in its quotation marks."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def zipped_tag(tag: str) -> str:
    """The tag of the same body as gzip, which is another representation (RFC 9110, section 8.8.3.3).

    >>> zipped_tag('"1a2b"')
    '"1a2b-gz"'
    """
    return f'{tag[:-1]}-gz"'
