"""What people write around a name: titles, degrees, footnote marks, an ORCID iD, an institute in brackets or behind it.

Comes in: the text of one name. Goes out: the bare name, and what the rest says of the person.
"""

import re
from dataclasses import dataclass

from panfair.harvesters.reading.organisations import is_organisation, known_name
from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import Orcid
from panfair.ontologies.text import clean_line

_ORCID = re.compile(
    r"(?i)[\[(]?\s*(?:(?:https?://)?orcid\.org/|orcid(?:\s*id)?\s*[:=]?\s*)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])\s*[\])]?"
)
_TITLE = re.compile(
    r"(?i)^(?:(?:prof|professor|dr|mr|mrs|ms|pd|priv\.?-doz|dipl\.?-?\s?(?:ing|phys|chem)|ing|ir|sir|herr|frau|m\.?sc)"
    r"(?:\.\s*|\s+)(?:h\.?\s?c\.?\s+|rer\.?\s?nat\.?\s+|habil\.?\s+|-?\s?ing\.?\s+)?)+(?=\w)"
)
_DEGREE = re.compile(
    r"(?i)[,\s]+(?:ph\.?\s?d\.?|m\.?d\.?|d\.?phil\.?|d\.?sc\.?|m\.?sc\.?|b\.?sc\.?|m\.eng\.?|mba|"
    r"dr\.?\s?rer\.?\s?nat\.?|(?<=,\s)(?:dr|prof)\.?)$"
)
_MARKS = re.compile(r"(?:<sup>[^<]*</sup>|[*†‡§¶#¹²³⁰⁴-⁹]+|(?<=[^\W\d_])\d{1,2}(?:,\d{1,2})*|[\s,]+\d{1,2})+$")
_PARTICLES = frozenset(["DE", "DEL", "DELLA", "DEN", "DER", "DI", "DU", "LA", "VAN", "VON"])
_BRACKETED = re.compile(r"^(?P<name>[^()]{3,}?)\s*\((?P<inside>[^()]{2,})\)$")


@dataclass(frozen=True, slots=True)
class Said:
    """A text of one name, taken apart."""

    name: str
    orcid: Orcid | None = None
    affiliation: str | None = None


def apart(text: str) -> Said:
    """The bare name, the ORCID iD and the institute that a text holds.

    >>> apart("Prof. Dr. Hans Meier, PhD (ESRF)")
    Said(name='Hans Meier', orcid=None, affiliation='ESRF')
    >>> apart("Anna Schmidt 0000-0002-1825-0097").orcid
    '0000-0002-1825-0097'
    """
    text = clean_line(text)
    orcid = None
    if found := _ORCID.search(text):
        try:
            orcid = Orcid.parse(found[1])
            text = clean_line(text[: found.start()] + " " + text[found.end() :]).strip(" ,;")
        except IdentifierError:
            orcid = None
    affiliation = None
    if (bracketed := _BRACKETED.match(text)) and is_organisation(bracketed["inside"]):
        text, affiliation = bracketed["name"].strip(" ,"), bracketed["inside"]
    pieces = [piece.strip() for piece in text.split(",")]
    place = next((n for n, piece in enumerate(pieces) if n > 1 and is_organisation(piece)), None)
    if place and not any(is_organisation(piece) for piece in pieces[:2]):
        # "Schmidt, Anna, ESRF, Grenoble, France"
        text, affiliation = ", ".join(pieces[:place]), ", ".join(pieces[place:])
    bare = _stripped(text)
    return Said(bare, orcid, affiliation) if any(c.isalpha() for c in bare) else Said(text, orcid, affiliation)


def in_small_letters(name: str) -> str:
    """A name of two words or more in capitals as names are written; any other as it is.

    >>> in_small_letters("ANNA MEYER-SCHMIDT"), in_small_letters("J. SMITH"), in_small_letters("DESY")
    ('Anna Meyer-Schmidt', 'J. Smith', 'DESY')
    """
    words = name.split(" ")
    long = [word for word in words if sum(c.isalpha() for c in word) > 2]
    if len(words) < 2 or not long or not name.isupper() or known_name(name):
        return name
    return " ".join(
        word.lower() if word in _PARTICLES else _capitalised(word) if word in long else word for word in words
    )


def _capitalised(word: str) -> str:
    return "-".join(part.capitalize() for part in word.split("-"))


def _stripped(text: str) -> str:
    while True:
        shorter = _MARKS.sub("", text).strip()
        shorter = _DEGREE.sub("", shorter).strip(" ,") if " " in shorter else shorter
        shorter = _TITLE.sub("", shorter).strip()
        if shorter == text or not shorter:
            return text
        text = shorter
