"""JSON as catalogues write it: also with what RFC 8259 leaves out, so that one odd value is not the end of a list.

JavaScript and Python servers write `NaN` and `Infinity`, numbers beyond a double and halves of surrogate pairs. They
are read here, and the record's own types refuse them where they stand.
"""

import json
from typing import Any

import orjson

_MOST_DIGITS = 4000  # Python reads no more than 4300 into a number; these stay as text


def loads(data: bytes) -> Any:
    """The value of a JSON text. Raises orjson.JSONDecodeError where it is none, with its place."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        try:
            return json.loads(data, parse_int=_whole)
        except (ValueError, RecursionError):
            raise error from None


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) < _MOST_DIGITS else digits
