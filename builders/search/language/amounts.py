"""Amounts in a sentence: quantities and sizes with their units, as numbers or words, alone, from here to there, above
or below."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from panfair.builders.search.language.condition import Condition
from panfair.builders.search.language.known_names import KnownNames
from panfair.builders.search.language.phrases import ALONE, AROUND, NUMBERS, SIGNS, TIMES, UNITS, pattern
from panfair.builders.search.language.ranges import read_range
from panfair.ontologies.quantities import quantities
from panfair.ontologies.units import plain_unit, spellings

_SHORTEST_SPELT = 3  # letters of a unit in any case, and of one behind a number in words: `a T cell` is no field
_LARGEST_SPELT = 1e15
_INVERTED = {"below": "least", "above": "most", "most": "above", "least": "below"}
_SIGNS = {"below": "<", "above": ">", "most": "<=", "least": ">="}
SHOWN = {"below": "< ", "above": "> ", "most": "≤ ", "least": "≥ "}
_FILES = "files"
_BYTES = re.compile(r"[kKMGTP]i?B")


def amounts(rest: str, sentence: str, known: KnownNames) -> Iterator[Condition]:
    """The amounts in `rest`, which is the sentence with what is not to be read covered."""
    return each(rest, "amount", lambda found: _condition(found, sentence))


def each(rest: str, name: str, read: Callable[[re.Match[str]], Condition | None]) -> Iterator[Condition]:
    """The conditions that a pattern's places are read as; behind one that is none a place may begin at once."""
    at = 0
    while found := pattern(name).search(rest, at):
        condition = read(found)
        if condition:
            yield condition
        at = found.end() if condition else found.start() + 1


def roles_of(text: str, name: str, table: dict[str, str]) -> list[str]:
    """What the phrases of a lead are, in their order."""
    return [table[one[0].lower()] for one in pattern(name).finditer(text)]


def inverted(sign: str | None, negated: bool) -> tuple[str | None, bool]:
    """`not above` is `most`."""
    return (_INVERTED[sign], False) if negated and sign in _INVERTED else (sign, negated)


def _condition(found: re.Match[str], sentence: str) -> Condition | None:
    roles = [*roles_of(found["lead"], "signs", SIGNS), *roles_of(found["tail"], "signs", SIGNS)]
    names = [role.removeprefix("quantity.") for role in roles if role.startswith("quantity.")]
    signs = [role.removeprefix("tail.") for role in roles if role.removeprefix("tail.") in _SIGNS]
    sign, negated = inverted(signs[-1] if signs else None, "not" in roles)
    first, second = number(found["first"]), number(found["second"]) if found["second"] else None
    unit, its = _unit(found["unit"]), _unit(found["its"]) if found["its"] else ""
    spelt = not re.match(r"[-−0-9]", found["first"])
    if unit is None or its is None or (spelt and len(unit) < _SHORTEST_SPELT and len(found["unit"]) < _SHORTEST_SPELT):
        return None
    if second is not None and sign is not None:
        return None
    if unit == _FILES:
        if its or sign is None:  # `three files` are words
            return None
        unit = ""
    value = f"{first}{its}..{second}{unit}" if second is not None else f"{first}{unit}"
    for key in names or _quantities_of(unit or _FILES, sentence):
        if read_range(key, ":", value) is None:
            continue
        guessed = not names and sign is None and not negated and not (second and "between" in roles)
        as_range = exact = f"{key}{_SIGNS[sign] if sign else ':'}{value}"
        # An article before the number belongs to the words before it, not to the amount.
        start = found.start()
        typed = sentence[start : found.end()]
        if guessed:
            start, typed = found.start("first"), sentence[found.start("first") : found.end()]
            exact = f'({exact} OR "{typed}")'
        shown = value if second is not None else f"{SHOWN[sign] if sign else ''}{first} {unit}".rstrip()
        exact = f"{'-' * negated}{exact}"
        return Condition(
            key, shown, negated, exact, typed, start, found.end(), guessed, as_range=as_range if guessed else ""
        )
    return None


def number(text: str) -> str:
    """A number as the search language writes it; nothing where it is too large for words.

    >>> number("12,000"), number("1,5"), number("twelve thousand"), number("2 million"), number("−100"), number("a")
    ('12000', '1.5', '12000', '2000000', '-100', '1')
    """
    total, scale, last = 0.0, 0.0, ""
    for word in pattern("number").finditer(text):
        if word["plain"]:
            last = _plain(word["plain"])
            scale = float(last)
            continue
        lower = word[0].lower()
        if lower in TIMES:
            scale, last = (scale or 1.0) * TIMES[lower], ""
        elif lower in NUMBERS:
            total, scale, last = total + scale, float(NUMBERS[lower]), ""
    value = total + scale
    if last or not abs(value) < _LARGEST_SPELT:
        return last
    return str(round(value)) if abs(value - round(value)) < 1e-6 else repr(value)


def _plain(text: str) -> str:
    """Digits with their thousands run together and a point as the decimal mark."""
    text = text.replace("−", "-").replace("’", "'")
    whole = re.match(r"-?[0-9]{1,3}(?:[,'][0-9]{3})+(?![0-9])", text)
    if whole:
        text = whole[0].replace(",", "").replace("'", "") + text[whole.end() :]
    return text.replace(",", ".")


def _unit(written: str) -> str | None:
    """A unit as a range has it; None for what is none that both the server and the browser know."""
    unit = UNITS.get(written) or UNITS.get(written.lower()) or written
    if _BYTES.fullmatch(unit) or unit in {"B", _FILES}:
        return unit
    plain = plain_unit(unit)
    exact, folded = spellings()
    meant = exact.get(plain) or (folded.get(plain.lower()) if len(plain) >= _SHORTEST_SPELT else None)
    known = meant is not None and meant.kind in _kinds() and not re.search(r"[\s()\"]", plain)
    return plain if known else None


@cache
def _kinds() -> frozenset[str]:
    return frozenset(one.kind for one in quantities().values())


def _quantities_of(unit: str, sentence: str) -> list[str]:
    """What a unit that stands alone may measure here."""
    if _BYTES.fullmatch(unit) or unit == "B":
        return ["size"]
    if unit == _FILES:
        return [_FILES]
    around = {word.strip(",;:.!?").lower() for word in sentence.split()}
    return [*ALONE, *(key for key, words in AROUND.items() if not around.isdisjoint(words))]
