"""Conditional and partial requests: what If-None-Match, If-Modified-Since, If-Match, Range and If-Range ask for.

RFC 9110, sections 13 and 14. Several ranges at once are answered with the whole file, as section 14.2 allows:
nobody who reads data asks for them, and overlapping ones are an old way to tire a server.
"""

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*$", re.ASCII | re.IGNORECASE)


def http_date(seconds: float) -> str:
    """A moment in seconds since 1970 as HTTP writes it.

    >>> http_date(0)
    'Thu, 01 Jan 1970 00:00:00 GMT'
    """
    return format_datetime(datetime.fromtimestamp(int(seconds), UTC), usegmt=True)


def is_unchanged(none_match: str | None, modified_since: str | None, etag: str, modified: float) -> bool:
    """Whether the client has it already (status 304); a tag decides, the date only where no tag was sent.

    >>> is_unchanged('W/"a", "b"', None, '"b"', 0), is_unchanged(None, "Thu, 01 Jan 1970 00:00:09 GMT", '"b"', 9.5)
    (True, True)
    """
    if none_match is not None:
        return none_match.strip() == "*" or any(tag == etag for _, tag in _TAG.findall(none_match))
    if modified_since is not None:
        limit = _seconds(modified_since)
        return limit is not None and int(modified) <= limit
    return False


def fails(if_match: str | None, etag: str) -> bool:
    """Whether If-Match asks for something else than what there is (status 412)."""
    if if_match is None or if_match.strip() == "*":
        return False
    return not any(tag == etag and not weak for weak, tag in _TAG.findall(if_match))


def range_holds(if_range: str | None, etag: str, modified: float) -> bool:
    """Whether a Range may be answered: always without If-Range, else when its tag, or its date, is ours."""
    if if_range is None:
        return True
    if if_range.lstrip().startswith(('"', "W/")):
        return if_range.strip() == etag
    return _seconds(if_range) == int(modified)


def part(header: str | None, size: int) -> tuple[int, int] | None:
    """The first byte and the one after the last that a Range header asks for; None for the whole file.

    Raises ValueError when the range lies outside of the file (status 416).

    >>> part("bytes=0-99", 50), part("bytes=-10", 50), part("bytes=0-1,4-5", 50)
    ((0, 50), (40, 50), None)
    """
    found = _RANGE.match(header.strip()) if header else None
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = int(found[2])
        if length == 0 or size == 0:
            raise ValueError("an empty range")
        return max(0, size - length), size
    first = int(found[1])
    last = int(found[2]) if found[2] else size - 1
    if found[2] and last < first:
        return None  # not a range at all (section 14.1.1), so it is passed over
    if first >= size:
        raise ValueError("the range begins after the end")
    return first, min(last, size - 1) + 1


def _seconds(date: str) -> int | None:
    try:
        return int(parsedate_to_datetime(date.strip()).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
