"""Years and days in a sentence: `published in 2022`, `before March 2021`, `between 2019 and 2022`."""

import re
from collections.abc import Iterator

from panfair.builders.search.language.amounts import SHOWN, each, inverted, roles_of
from panfair.builders.search.language.condition import Condition
from panfair.builders.search.language.known_names import KnownNames
from panfair.builders.search.language.phrases import DAYS, MONTHS, pattern
from panfair.builders.search.language.ranges import read_range

_SIGNS = {"below": "<", "above": ">", "most": "<=", "least": ">="}
_TELLING = frozenset({*_SIGNS, "between", "within", "published", "measured"})


def days(rest: str, sentence: str, known: KnownNames) -> Iterator[Condition]:
    """The years and days in `rest`, which is the sentence with what is not to be read covered."""
    return each(rest, "day", lambda found: _condition(found, sentence))


def _condition(found: re.Match[str], sentence: str) -> Condition | None:
    roles = roles_of(found["lead"], "days", DAYS)
    if found["tail"]:
        roles.append("least")
    if _TELLING.isdisjoint(roles):
        return None
    first, second = date(found["first"]), date(found["second"]) if found["second"] else None
    signs = [role for role in roles if role in _SIGNS]
    if second is not None:
        signs = []
    elif "between" in roles:
        return None
    sign, negated = inverted(signs[-1] if signs else None, "not" in roles)
    value = f"{first}..{second}" if second is not None else first
    measured = "measured" in roles
    if measured and read_range("measured", ":", value) is not None:
        key = "measured"
    elif len(first) == len(second or first) == 4:
        key = "year"
    elif read_range("date", ":", value) is not None:
        key = "date"
    else:
        return None
    exact = f"{'-' * negated}{key}:{_SIGNS[sign] if sign else ''}{value}"
    value = f"{SHOWN[sign]}{value}" if sign else value
    typed = sentence[found.start() : found.end()]
    # Not every catalogue tells when it was measured.
    return Condition(key, value, negated, exact, typed, found.start(), found.end(), guessed=key == "measured")


def date(text: str) -> str:
    """A year, a month or a day as ISO 8601 has it.

    >>> date("12 March 2021"), date("march 2021"), date("12. März 2021"), date("2021-03"), date("Mar 3rd, 2021")
    ('2021-03-12', '2021-03', '2021-03-12', '2021-03', '2021-03-03')
    """
    found = pattern("date").fullmatch(text)
    if found is None:
        return text
    month = MONTHS[(found["month"] or found["month2"] or found["month3"]).lower()]
    day = found["dom"] or found["dom2"]
    return f"{found['year']}-{month:02}" + (f"-{int(day):02}" if day else "")
