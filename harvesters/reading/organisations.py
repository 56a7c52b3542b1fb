"""Whether a name is an organisation's: by a kept list of the field's organisations first, then by words in it.

The table is `ontologies/vocabularies/organisations.toml`. What is in neither is not said to be an organisation.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from panfair.ontologies.record import Affiliation
from panfair.ontologies.text import fold

_SIGNS = re.compile(r"[\W_]+")
_LEAST_ACRONYM = 3


def is_organisation(text: str) -> bool:
    """Whether a name is an organisation's.

    >>> [is_organisation(name) for name in ("SPring-8", "ISIS Neutron and Muon Source", "CEA Saclay", "Anna Bureau")]
    [True, True, True, False]
    """
    names, words, phrases = _table()
    plain = _plain(text)
    if not plain:
        return False
    if plain in names or any(f" {phrase} " in f" {plain} " for phrase in phrases):
        return True
    first = text.split(" ")[0].strip(",")
    if len(first) >= _LEAST_ACRONYM and first == first.upper() and _plain(first) in names and not text.isupper():
        return True  # "DESY Hamburg"
    return any(words.fullmatch(part.strip(".,;:()")) for part in re.split(r"[\s/]+", fold(text)))


def known_name(text: str) -> bool:
    """Whether the very name stands in the kept list."""
    return _plain(text) in _table()[0]


def known_ror(text: str) -> str | None:
    """The ROR id of an organisation by its very name, where the kept list has one.

    >>> known_ror("Paul-Scherrer-Institut"), known_ror("Group 7, Paul Scherrer Institut")
    ('03eh3y714', None)
    """
    return _rors().get(_plain(text))


def affiliation(name: str, ror: str | None = None) -> Affiliation:
    """An affiliation with the ROR id that its source tells, else with the one that is known of the very name."""
    return Affiliation(name=name, ror=ror or known_ror(name))


def _plain(text: str) -> str:
    return _SIGNS.sub(" ", fold(text)).strip()


@cache
def _rors() -> dict[str, str]:
    return {_plain(name): ror for name, ror in _vocabulary()["ror"].items()}


@cache
def _table() -> tuple[frozenset[str], re.Pattern[str], tuple[str, ...]]:
    raw = _vocabulary()
    words = "|".join(re.escape(fold(word)).replace(r"\*", r"\w*") for word in raw["word"])
    return frozenset(map(_plain, raw["name"])), re.compile(words), tuple(map(_plain, raw["phrase"]))


@cache
def _vocabulary() -> dict[str, Any]:
    path = files("panfair.ontologies").joinpath("vocabularies/organisations.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))
