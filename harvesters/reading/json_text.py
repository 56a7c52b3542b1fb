"""JSON as catalogues write it: also with what RFC 8259 leaves out, so that one odd value is not the end of a list.

JavaScript and Python servers write `NaN` and `Infinity`, numbers beyond a double and halves of surrogate pairs. They
are read here, and the record's own types refuse them where they stand.
"""

import json
from typing import Any

import orjson

from panfair.ontologies.errors import RecordError

_MOST_LEVELS = 200  # of lists and objects in each other
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


def check_sound(value: Any, levels: int = _MOST_LEVELS) -> None:
    """Passes over a value that records can be read from. Raises RecordError that says why it is none."""
    if not levels:
        raise RecordError("it is nested too deeply")
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeError:
            raise RecordError("half a character (a lone surrogate) is in it, which no file can carry") from None
    elif isinstance(value, list):
        for item in value:
            check_sound(item, levels - 1)
    elif isinstance(value, dict):
        for name, item in value.items():
            check_sound(name, levels - 1)
            check_sound(item, levels - 1)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) < _MOST_DIGITS else digits
