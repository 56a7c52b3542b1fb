"""How values lie in the core's columns: moments, days and numbers, there and back."""

import math
from datetime import UTC, date, datetime


def moment(value: datetime | None) -> str | None:
    """A moment as its column holds it: ISO 8601 in UTC with milliseconds, which sorts as text.

    >>> moment(datetime(2026, 3, 1, 12, 30, tzinfo=UTC))
    '2026-03-01T12:30:00.000Z'
    """
    if value is None:
        return None
    exact = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return exact.strftime("%Y-%m-%dT%H:%M:%S.") + f"{exact.microsecond // 1000:03d}Z"


def day_of(column: str | None) -> date | None:
    """The day that a column holds.

    >>> day_of("2026-03-01")
    datetime.date(2026, 3, 1)
    """
    return None if column is None else date.fromisoformat(column)


def number_in(text: str) -> float | None:
    """The number that a text is, for comparing; None when it is none, or not a finite one.

    >>> number_in("12.4"), number_in("nan"), number_in("12 keV")
    (12.4, None, None)
    """
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None
