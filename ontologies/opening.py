"""The first day on which a record is open, from every date and every word in it that can close it: the latest counts.

Comes in: a record as a harvester read it. Goes out: a day, or None for never. A day that is told vaguely ("2031")
counts as the last one that it may mean, and an embargo whose end cannot be read has no end: in doubt, closed.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from panfair.ontologies.record import Dataset, OtherDate, Publication, Withdrawal

NEVER = date.max
"""The day of what is closed and says no day on which it opens."""

_EMBARGO = re.compile(r"(?i)\b(?:embargo\w*|moratorium|sperrfrist|not (?:yet )?(?:public|open|available|released)\b)")
_NO_EMBARGO = re.compile(
    r"(?i)\b(?:no|not under|without|non|kein\w*|ohne|sans)\W+(?:\w+\W+)?embargo\w*|\bnon-?embargoed"
    r"|\bembargo\w*\s*[:=]\s*(?:no|none|false|0)\b"
    r"|\bembargo\w*\W+(?:\w+\W+){0,3}?(?:over|ended|expired|lifted|passed|elapsed|removed)\b"
)
_OPENS = re.compile(
    r"(?i)\b(?:available|accessible|public|open(?:s|ed)?|releas\w+|publish\w*|access|restricted|closed|confidential|"
    r"withheld|zugänglich|öffentlich|accessibles?|verfügbar)\W+(?:\w+\W+){0,5}?"
    r"(?:until|till|from|after|as of|on|in|starting|through|before|ab|bis|dès|jusqu\w*|à partir)\b"
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier", "february feb februar février fevrier", "march mar märz maerz mars",
            "april apr avril", "may mai", "june jun juni juin", "july jul juli juillet",
            "august aug août aout", "september sep sept septembre", "october oct oktober okt octobre",
            "november nov novembre", "december dec dezember dez décembre decembre",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES = re.compile(
    rf"(?i)\b(?:(?P<y1>\d{{4}})-(?P<m1>\d\d)(?:-(?P<d1>\d\d))?(?!\d)"
    rf"|(?P<a>\d{{1,2}})[./](?P<b>\d{{1,2}})[./](?P<y2>\d{{4}})"
    rf"|(?:(?P<d3>\d{{1,2}})(?:st|nd|rd|th|er)?\.?\s+(?:of\s+)?)?(?P<m3>{_MONTH})\.?,?\s+"
    rf"(?:(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?P<y3>\d{{4}})"
    rf"|(?P<y4>(?:19|2\d)\d\d))(?!\d)"
)
_LONGEST = 2000  # characters of a statement that are read


def opening_day(publication: Publication) -> date | None:
    """The first day on which the publication is open; None: never, for it has no date or an embargo without end.

    Counted are its release date, its publication date, the year of its citation, `Available` and `Issued` among its
    other dates, and what its rights say in words.
    """
    stated = [day for day in (publication.release_date, publication.publication_date) if day is not None]
    if not stated:
        return None
    days = (embargo_in(rights.said) for rights in publication.rights)
    dated = (other.day for other in publication.other_dates if _closes(other))
    latest = max(*stated, date(publication.publication_year, 1, 1), *dated, *(day for day in days if day))
    return None if latest == NEVER else latest


def dataset_opening_day(dataset: Dataset) -> date | None:
    """The first day on which a dataset of an open publication is open; None: it has no day of its own."""
    days = (embargo_in(rights.said) for rights in dataset.rights)
    return max((day for day in (dataset.release_date, *days) if day), default=None)


def withdrawal_of(publication: Publication) -> Withdrawal | None:
    """What the source says of its withdrawal: in so many words, or by a date of that kind."""
    if publication.withdrawal is not None:
        return publication.withdrawal
    days = sorted((other for other in publication.other_dates if other.kind == "Withdrawn"), key=lambda one: one.day)
    return Withdrawal(on=days[0].day, reason=days[0].note) if days else None


@lru_cache(maxsize=5_000)
def embargo_in(text: str) -> date | None:
    """The first open day that a statement of rights tells; None where it speaks of no embargo, `NEVER` without a day.

    >>> embargo_in("Embargo until 2031"), embargo_in("CC BY 4.0, available from 1 March 2031")
    (datetime.date(2031, 12, 31), datetime.date(2031, 3, 1))
    >>> embargo_in("Creative Commons Attribution 4.0"), embargo_in("under embargo") == NEVER
    (None, True)
    """
    text = text[:_LONGEST]
    embargo = bool(_EMBARGO.search(text)) and not _NO_EMBARGO.search(text)
    if not embargo and not _OPENS.search(text):
        return None
    return max(days_in(text), default=NEVER if embargo else None)


def days_in(text: str) -> Iterator[date]:
    """The days that a text names; of a month or a year its last, of `3/4/2031` the later one that it may mean."""
    for found in _DATES.finditer(text):
        part = found.groupdict()
        if part["a"]:
            one, other, year = int(part["a"]), int(part["b"]), int(part["y2"])
            both = [_day(year, one, other), _day(year, other, one)]
            yield from [max(day for day in both if day)] if any(both) else []
            continue
        year = int(part["y1"] or part["y3"] or part["y4"])
        month = int(part["m1"]) if part["m1"] else _MONTHS.get((part["m3"] or "").casefold())
        number = part["d1"] or part["d3"] or part["d4"]
        if day := _day(year, month or 12, int(number) if number else None):
            yield day


def _day(year: int, month: int, day: int | None) -> date | None:
    try:
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError:
        return None


def _closes(other: OtherDate) -> bool:
    return other.kind in {"Available", "Issued"} or bool(other.note and _EMBARGO.search(other.note))
