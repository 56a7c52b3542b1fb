"""The tables of `phrases.toml` as patterns and dictionaries: one truth for the server and for the browser's script.

A pattern is an expression that Python and JavaScript read alike, but for how they name groups. The text that it is
held against has single blanks for all blanks, so a pattern knows no other. Case never counts.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from panfair.ontologies import panet

_TABLES: dict[str, Any] = tomllib.loads(resources.files(__package__).joinpath("phrases.toml").read_text("utf-8"))

_START = r"(?:^|(?<=[ ,;]))"
_END = r"(?=[ ,;:!?]|\.(?: |$)|$)"
_PLAIN_NUMBER = r"[-−]?(?:[0-9]{1,3}(?:[,'’][0-9]{3})+|[0-9]+)(?:[.,][0-9]+)?(?:e[-+]?[0-9]+)?"
_YEAR = r"(?:1[89]|20)[0-9]{2}"


def _languages(table: Mapping[str, Any]) -> dict[str, Any]:
    """A table of dictionaries by language, as one."""
    return {key: value for words in table.values() for key, value in words.items()}


def _roles(table: Mapping[str, Mapping[str, Iterable[str]]]) -> dict[str, str]:
    """The role of each phrase of a table of roles, of all languages."""
    return {phrase.lower(): role for role, by in table.items() for some in by.values() for phrase in some}


def _phrases(table: Mapping[str, Iterable[str]]) -> list[str]:
    return [phrase for some in table.values() for phrase in some]


def _any(phrases: Iterable[str]) -> str:
    """One of these, the longest that can be."""
    ordered = sorted({phrase.lower() for phrase in phrases}, key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(re.escape(phrase).replace(r"\ ", " ").replace(r"\-", "-") for phrase in ordered) + ")"


NUMBERS: dict[str, int] = _languages(_TABLES["number"])
TIMES: dict[str, int] = _languages(_TABLES["times"])
MONTHS: dict[str, int] = _languages(_TABLES["month"])
UNITS: dict[str, str] = _TABLES["unit"]
"""Spellings of units that are to be written otherwise in a range."""
QUANTITIES: dict[str, str] = {name: key for key, names in _TABLES["quantity"].items() for name in names}
ALONE: list[str] = list(_TABLES["alone"].values())
"""The quantities that a unit of theirs means where none is named."""
AROUND: dict[str, list[str]] = _TABLES["around"]
"""The lengths that a unit of length means where one of these words stands in the sentence."""
SIGNS: dict[str, str] = {
    **_roles(_TABLES["sign"]),
    **_roles({f"tail.{role}": by for role, by in _TABLES["tail"].items()}),
    **{name: f"quantity.{key}" for name, key in QUANTITIES.items()},
}
"""What each phrase before or after an amount is: a sign (`below`), glue, or the name of a quantity."""
DAYS: dict[str, str] = _roles(_TABLES["day"])
"""What each phrase before or after a year or a day is."""
CUES: dict[str, list[str]] = {kind: _phrases(by) for kind, by in _TABLES["cue"].items()}
FACILITIES: list[list[str]] = list(_TABLES["facility"].values())
"""The names of one facility each."""

_COUNT = rf"{_any(NUMBERS)}(?: {_any((*NUMBERS, *TIMES))}){{0,5}}"
_NUMBER = rf"(?:{_PLAIN_NUMBER}(?: {_any(TIMES)}){{0,3}}|{_COUNT}|{_any(TIMES)})(?![0-9])"
_NO_UNIT = _any((*_phrases(_TABLES["join"]), *SIGNS))
_UNIT = rf"(?:{_any(UNITS)}|(?!{_NO_UNIT}[ ,])[^ ,;:!?\x22()0-9.–−+-](?:(?!-[0-9])[^ ,;:!?\x22()–]){{0,30}}?)"
_JOIN = rf"(?: ?[-–] ?| {_any(_phrases(_TABLES['join']))} )"
_LEAD = _any(phrase for phrase, role in SIGNS.items() if not role.startswith("tail."))
_TAIL = _any(phrase for phrase, role in SIGNS.items() if role.startswith(("tail.", "quantity.")))
_MONTH = _any(MONTHS)
_DATE = (
    rf"(?:[0-9]{{1,2}}(?:st|nd|rd|th|\.|er)? {_MONTH}\.?,? {_YEAR}|{_MONTH}\.? [0-9]{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}"
    rf"|{_MONTH}\.?,? {_YEAR}|{_YEAR}-[0-9]{{2}}(?:-[0-9]{{2}})?|{_YEAR})(?![0-9])"
)
_DAY_LEAD = _any(phrase for phrase, role in DAYS.items() if role != "tail")
_DAY_TAIL = _any(_phrases(_TABLES["day"]["tail"]))
_PERSON = r"(?P<value>[^ ,;:!?\x22()0-9]+(?: [^ ,;:!?\x22()0-9]+){0,3})"
PATTERNS: dict[str, str] = {
    "amount": rf"{_START}(?P<lead>(?:{_LEAD} ){{0,6}})(?P<first>{_NUMBER})(?: ?(?P<its>{_UNIT}))??"
    rf"(?:{_JOIN}(?P<second>{_NUMBER}))? ?(?P<unit>{_UNIT})(?P<tail>(?: {_TAIL}){{0,2}}){_END}",
    "day": rf"{_START}(?P<lead>(?:{_DAY_LEAD} ){{1,6}})(?P<first>{_DATE})(?:{_JOIN}(?P<second>{_DATE}))?"
    rf"(?P<tail>(?: {_DAY_TAIL})?){_END}",
    "signs": _any(SIGNS),
    "days": _any(DAYS),
    "date": rf"(?:(?P<dom>[0-9]{{1,2}})[a-z.]* (?P<month>{_MONTH})|(?P<month2>{_MONTH})\.? (?P<dom2>[0-9]{{1,2}})[a-z]*"
    rf"|(?P<month3>{_MONTH}))\.?,? (?P<year>{_YEAR})",
    "number": rf"(?P<plain>{_PLAIN_NUMBER})|[^ ]+",
    **{kind: rf"{_START}{_any(CUES[kind])}:? {_PERSON}{_END}" for kind in ("first", "pi", "author")},
    "by": rf"{_START}{_any(CUES['by'])} {_PERSON}{_END}",
    "proposal": rf"{_START}{_any(CUES['proposal'])}:? (?P<value>[a-z0-9/_-]*[0-9][a-z0-9/_-]*){_END}",
    "formula": rf"{_START}{_any(CUES['formula'])}:? (?P<value>[a-z][a-z0-9.]*){_END}",
    "without": rf"{_START}{_any(_phrases(_TABLES['without']))} (?P<value>[^ ,;:!?\x22()]+){_END}",
    **{
        f"cue.{kind}": rf"{_START}(?:{_any(CUES[kind])} ){{1,3}}$"
        for kind in ("instrument", "facility", "technique", "licence")
    },
}
"""By name; `number` takes the words of a number one by one, `cue.…` what ends in front of a name."""


@cache
def pattern(name: str) -> re.Pattern[str]:
    """One of the patterns, to be searched with."""
    return re.compile(PATTERNS[name], re.IGNORECASE)


@cache
def technique_names() -> dict[str, str]:
    """PaNET's other names and acronyms of techniques, and those of our own table, each with PaNET's label."""
    # Two terms may share a name, and PaNET's order is not the same in every process.
    named = sorted((term.label, name) for term in panet.load().terms.values() for name in term.alt_labels)
    return dict(sorted((name, label) for label, name in reversed(named) if name != label))


def tables() -> dict[str, Any]:
    """All of it for the browser's script: plain JSON."""
    return {
        "patterns": PATTERNS,
        "numbers": NUMBERS,
        "times": TIMES,
        "months": MONTHS,
        "units": UNITS,
        "alone": ALONE,
        "around": AROUND,
        "signs": SIGNS,
        "days": DAYS,
        "facilities": FACILITIES,
        "techniques": technique_names(),
    }
