"""One name as a source writes it, read into an Agent: given name first, parted where the parts are certain.

Comes in: one piece of text that names one person, organisation or computer account. Goes out: an Agent whose name has
every letter of the text. In doubt the words stay in the order of the source and are not parted.
"""

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

from panfair.harvesters.reading.additions import apart, in_small_letters
from panfair.harvesters.reading.organisations import affiliation, is_organisation, known_ror
from panfair.ontologies.record import Agent
from panfair.ontologies.text import clean_line, fold

_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,3}")
_ACCOUNT = re.compile(r"[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*\d*")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_PARTICLES = frozenset(
    [
        *("van", "von", "vom", "zu", "zur", "zum", "de", "der", "den", "del", "della", "delle", "dela", "di", "da"),
        *("dos", "das", "do", "du", "des", "la", "le", "ten", "ter", "te", "af", "av", "bin", "ibn"),
    ]
)
# Written with a capital these are particles too; the others are then somebody's own name (Di Wang, Le Nguyen).
_CAPITAL_PARTICLES = frozenset({"Van", "Von", "De", "Del", "Della", "Der", "Den", "Dos"})
_VIETNAMESE = frozenset(
    ["nguyen", "tran", "pham", "hoang", "phan", "vu", "vo", "dang", "bui", "ngo", "duong", "ly", "huynh", "le"]
)
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def agent_of(text: str, surname: str | None = None) -> Agent:
    """The agent that one piece of text names. It needs at least one letter (pydantic's ValidationError otherwise).

    `surname` is a family name known from elsewhere, such as an account's: where the text holds it, it decides.

    >>> agent_of("Bourbaki, Nicolas").name
    'Nicolas Bourbaki'
    >>> agent_of("Jeroen A. van Bokhoven").family_name
    'van Bokhoven'
    >>> agent_of("Open Data Service").kind
    'unknown'
    """
    text = clean_line(text).strip(",; ") or clean_line(text)
    if is_organisation(text) and not _of_a_person(text):
        return Agent(name=text, kind="organisation", ror=known_ror(text))
    said = apart(text)
    agent = _person(in_small_letters(said.name), surname)
    changes: dict[str, object] = {}
    if said.orcid and agent.kind != "organisation":
        changes["orcid"] = said.orcid
    if said.affiliation:
        changes["affiliations"] = (affiliation(said.affiliation),)
    return agent.model_copy(update=changes) if changes else agent


def _of_a_person(text: str) -> bool:
    """Whether a text that names an organisation begins with a person's name: `Anna Schmidt (ESRF)`."""
    said = apart(text)
    return said.name != text and not is_organisation(said.name)


def _person(text: str, surname: str | None) -> Agent:
    """The agent of a bare name that is no known organisation's."""
    if is_account(text):
        return Agent(name=text, kind="account")
    if text.count(",") == 1:
        family, given = (part.strip() for part in text.split(","))
        if given and family and fold(given).rstrip(".") not in _SUFFIXES:
            return Agent(name=f"{given} {family}", given_name=given, family_name=family)
    words = text.split(" ")
    if "," in text or len(words) == 1 or not _latin(text):
        kind = "organisation" if re.fullmatch(r"[A-Z][A-Z0-9/-]+", text) else "person"
        return Agent.model_validate({"name": text, "kind": kind})
    parts = None if any(letter.isdigit() for letter in text) else _parts(words, surname)
    if parts is None:
        certain = surname is not None or is_person(" ".join(words[:2]))
        return Agent(name=text, kind="person" if certain else "unknown")
    given, family = parts
    return Agent(name=f"{given} {family}", given_name=given, family_name=family)


def is_account(text: str) -> bool:
    """Whether a text has the form of a computer account's name: one word in lower case, or with an underscore.

    >>> is_account("nass_k"), is_account("slsmx"), is_account("Aristotle")
    (True, True, False)
    """
    return " " not in text and ("_" in text or bool(_ACCOUNT.fullmatch(text)))


def is_person(text: str) -> bool:
    """Whether the parts of a name are those of a person, for certain.

    >>> is_person("Anna Schmidt"), is_person("Digital Archive")
    (True, False)
    """
    words = text.split(" ")
    return len(words) > 1 and any(_bare(fold(word)) in _given_names() or is_initials(word) for word in words)


def is_initials(word: str) -> bool:
    """Whether a word is one to three initials: `K.`, `JA`, `R.-M.`, and not a short name such as `Li`."""
    letters = [c for c in word if c.isalpha()]
    return bool(_INITIALS.fullmatch(word)) and all(c == c.upper() for c in letters)


def spellings(word: str) -> set[str]:
    """The ways in which accounts write a name: without accents, and with ä, ö, ü as ae, oe, ue."""
    german = word.casefold().translate(_GERMAN)
    return {_bare(fold(word)), _bare(fold(german))}


def _parts(words: list[str], surname: str | None) -> tuple[str, str] | None:
    """Given and family name of two or more words, or None where it is not certain which is which."""
    tail: list[str] = []
    if len(words) > 2 and fold(words[-1]).rstrip(".") in _SUFFIXES:
        words, tail = words[:-1], words[-1:]
    count = len(words)
    if surname and (found := _by_surname(words, surname)):
        return _joined(*found, tail)
    # "Loncaric F", "van Bokhoven JA": what ends in bare initials began with the family name.
    leading = _particle(words[0], words[1])
    if is_initials(words[-1]) and not is_initials(words[0]) and (count == 2 or leading):
        return _joined(words[-1:], words[:-1], tail)
    for place in range(1, count - 1):
        if _particle(words[place], words[place - 1]):
            return _joined(words[:place], words[place:], tail)
    names = [_bare(fold(word)) in _given_names() for word in words]
    if not names[0] and all(names[1:]) and not is_initials(words[0]) and not leading:
        return _joined(words[1:], words[:1], tail)
    middle_known = all(is_initials(word) or known for word, known in zip(words[1:-1], names[1:-1], strict=True))
    if middle_known and not is_initials(words[-1]) and not leading:
        return _joined(words[:-1], words[-1:], tail)
    return None


def _joined(given: list[str], family: list[str], tail: list[str]) -> tuple[str, str]:
    return " ".join(given), " ".join(family + tail)


def _by_surname(words: list[str], surname: str) -> tuple[list[str], list[str]] | None:
    """The words parted at a family name that is known from elsewhere."""
    for place, word in enumerate(words):
        if surname not in spellings(word):
            continue
        if place == 0:
            return words[1:], words[:1]
        start = place
        while start > 1 and _particle(words[start - 1], words[start - 2]):
            start -= 1
        return words[:start], words[start:]
    return None


def _particle(word: str, before: str) -> bool:
    if word in _CAPITAL_PARTICLES:
        return fold(before) not in _VIETNAMESE
    return word in _PARTICLES


def _bare(word: str) -> str:
    return re.sub(r"[^\w]", "", word)


def _latin(text: str) -> bool:
    return all(unicodedata.name(c, "").startswith("LATIN") for c in text if c.isalpha())


@cache
def _given_names() -> frozenset[str]:
    text = files("panfair.ontologies").joinpath("given_names.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["given"].split())
