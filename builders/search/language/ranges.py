"""Ranges in the search language: `energy:10..14keV`, `wavelength<1.1Å`, `resolution<2`, `size>1GB`, `date:2021-03..`.

A bare value means what rounds to it (`energy:12keV` is 11.5 to 12.5 keV, `energy:12.40keV` 12.395 to 12.405).
"""

import calendar
import re
from datetime import date
from math import inf, isfinite, nextafter

from panfair.builders.search.documents.fields import COUNTED
from panfair.builders.search.language.tree import Range
from panfair.ontologies.quantities import quantities

NAMES = frozenset({"size", "date"})
"""Columns that are no quantities of a measurement, and are parameters of an address too."""
DAYS = frozenset({"date", "measured"})
"""Columns whose values are days."""

_AHEAD = r"(?=\ {0,3}[-+\u2212.0-9])"
RANGE = re.compile(
    rf"""(?P<minus>-)?(?P<name>[A-Za-z][A-Za-z_]{{2,20}})
         (?P<sign>(?::?(?:<=|>=|<|>|=)|:|\ {{1,3}}(?:<=|>=|<|>|=){_AHEAD})(?:{_AHEAD}\ {{1,3}})?)
         (?P<value>[^\s()"]{{1,80}})
         (?=(?P<apart>[ \u00a0\u202f]{{1,3}}(?![-+.0-9\u2212]|[eE][-+]?[0-9])[^\s()"]{{1,20}})?)""",
    re.VERBOSE,
)
"""A range, `apart` what may be its unit after a blank."""
_NUMBER = r"[-+\u2212]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_ONE = re.compile(rf"(?P<number>{_NUMBER})(?P<unit>[^0-9.].*)?")
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_BYTES = re.compile(r"(?i)([kMGTP]?)(i?)B?")
_EPOCH = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}


def is_range(name: str) -> bool:
    """Whether a name before a colon or a sign is that of a column with ranges."""
    return name in NAMES or name in COUNTED or name in quantities()


def read_range(name: str, sign: str, value: str) -> Range | None:
    """The range that is meant; None when it cannot be read: a unit of another kind, no number, nothing at all."""
    sign = sign.strip(" ").lstrip(":")
    if not sign and (match := re.match(r"<=|>=|<|>|=", value)):
        sign, value = match[0], value[match.end() :]
    if sign in {"", "="} and ".." in value:
        first, _, last = value.partition("..")
        return _between(name, first, last)
    bounds = _bounds(name, value, "")
    if bounds is None:
        return None
    low, high = bounds
    match sign:
        case "<":
            return Range(name, -inf, nextafter(_exact(name, value, low), -inf))
        case "<=":
            return Range(name, -inf, _exact(name, value, high))
        case ">":
            return Range(name, nextafter(_exact(name, value, high), inf), inf)
        case ">=":
            return Range(name, _exact(name, value, low), inf)
    return Range(name, low, high)


def _between(name: str, first: str, last: str) -> Range | None:
    if not first and not last:
        return None
    unit = found["unit"] if last and (found := _ONE.fullmatch(last)) and found["unit"] else ""
    low = _bounds(name, first, unit) if first else (-inf, -inf)
    high = _bounds(name, last, "") if last else (inf, inf)
    if low is None or high is None:
        return None
    bottom = low[0] if name in DAYS or not first else _exact(name, first, low[0], unit)
    top = high[1] if name in DAYS or not last else _exact(name, last, high[1])
    return Range(name, min(bottom, top), max(bottom, top))


def _exact(name: str, value: str, rounded: float, unit: str = "") -> float:
    """The value itself, as an end of a range is meant; of a date the end of the stretch that it names."""
    if name in DAYS:
        return rounded
    found = _ONE.fullmatch(value)
    exact = _in_si(name, found["number"], found["unit"] or unit) if found else None
    return rounded if exact is None else exact


def _bounds(name: str, value: str, unit: str) -> tuple[float, float] | None:
    """The lowest and the highest value that is written so."""
    if name in DAYS:
        return _days(value)
    found = _ONE.fullmatch(value)
    if not found:
        return None
    number = found["number"].replace("\u2212", "-")
    middle = _in_si(name, number, found["unit"] or unit)
    if middle is None:
        return None
    mantissa, _, power = number.lower().partition("e")
    # Read, not raised to a power: what is beyond a double is then infinite, in Python as in the browser.
    half = 0.5 * float(f"1e{int(power or 0) - len(mantissa.partition('.')[2])}")
    ends = [_in_si(name, repr(float(number) + step), found["unit"] or unit) for step in (-half, half)]
    if ends[0] is None or ends[1] is None:
        return None
    return ends[0], ends[1]


def _in_si(name: str, number: str, unit: str) -> float | None:
    value = float(number.replace("\u2212", "-"))
    if name == "files":
        return value if not unit.strip() and isfinite(value) else None
    if name == "size":
        found = _BYTES.fullmatch(unit.strip())
        result = value * (1024 if found[2] else 1000) ** _EPOCH[found[1].lower()] if found else None
        return result if result is not None and isfinite(result) else None
    result = quantities()[name].to_si(value, unit.strip() or None)
    # Rounded as the values of records are, so that both ends of a range are in it.
    return float(f"{result:.12g}") if result is not None and isfinite(result) else None


def _days(value: str) -> tuple[float, float] | None:
    """The first and the last day of a year, a month or a day, as numbers."""
    found = _DAY.fullmatch(value)
    if not found:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        last = date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except (ValueError, calendar.IllegalMonthError):
        return None
    return float(first.toordinal()), float(last.toordinal())
