"""What a field of a record may hold: types that clean, bound or refuse a value on entry, whoever brings it."""

import re
from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo
from math import isfinite
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from panfair.ontologies.text import clean_line, clean_text

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _line(value: object) -> object:
    return clean_line(value) if isinstance(value, str) else value


def _text(value: object) -> object:
    return clean_text(value) if isinstance(value, str) else value


def _number(value: object) -> object:
    """What no number of JSON is (beyond 64 bits, infinite, not a number) stays as text: every format can tell that."""
    if isinstance(value, tuple | list):
        values = [_number(one) for one in value]
        return ", ".join(map(str, value)) if any(isinstance(one, str) for one in values) else value
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        return str(value)
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def _day(value: object) -> object:
    """A day is a date or text: a number would be seconds to one source and milliseconds to another, and 0 long past."""
    if isinstance(value, int | float) or (isinstance(value, str) and not _DAY.fullmatch(value)):
        raise ValueError("a day is written as in 2026-11-28")
    return value


local_zone: ContextVar[tzinfo] = ContextVar("local_zone", default=UTC)
"""Whose clock a moment without a zone is read by: its source's while it is read, else UTC."""


def in_utc(value: datetime) -> datetime:
    """The same moment in UTC; one without a zone is by the clock of its source. Raises OverflowError."""
    return (value.replace(tzinfo=local_zone.get()) if value.tzinfo is None else value).astimezone(UTC)


def _utc(value: datetime) -> datetime:
    try:
        return in_utc(value)
    except OverflowError:
        raise ValueError("beyond the years 1 to 9999 in UTC") from None


Line = Annotated[str, BeforeValidator(_line), StringConstraints(min_length=1)]
"""Text of one line, cleaned, never empty: a field without a value is None."""
Text = Annotated[str, BeforeValidator(_text), StringConstraints(min_length=1)]
"""Text of several lines (plain text, no markup), cleaned, never empty."""
Value = Annotated[bool | int | float | Line | tuple[float, ...], BeforeValidator(_number)]
"""A truth, a number, a text of one line, or a row of numbers; all numbers finite and whole ones of 64 bits."""
Count = Annotated[int, Field(ge=0, lt=2**53)]
"""A number of files or bytes that every reader of JSON can carry (RFC 8259, section 6): 9 PB at most."""
Day = Annotated[date, BeforeValidator(_day)]
"""A day of the calendar, from a date or from text such as `2026-11-28`."""
Instant = Annotated[datetime, AfterValidator(_utc)]
"""A moment in UTC; one without a zone is by the clock of its source, else by UTC."""
