"""A sentence read as the search language: conditions on years, amounts, names and words, wherever people say them.

What comes out is text in the exact language, and what was read of what; so a page can show it, take one condition away
or put it back into words, and a program can see what was understood. A query that already uses the exact language
(fields, signs, operators, parentheses) is left as it stands; quoted words, addresses and DOIs are never looked into.

`templates/static/search/engine/sentence.js` reads alike, by the same tables (`phrases.py`).
"""

import re
import unicodedata
from dataclasses import dataclass

from panfair.builders.search.documents.fields import COUNTED
from panfair.builders.search.documents.identifiers import PREFIXES
from panfair.builders.search.language.amounts import amounts
from panfair.builders.search.language.condition import Condition, covered
from panfair.builders.search.language.days import days
from panfair.builders.search.language.known_names import KnownNames, named, said
from panfair.builders.search.language.question import CARRIED_FROM, CARRIERS, STOP_WORDS
from panfair.builders.search.language.ranges import NAMES
from panfair.ontologies.quantities import quantities

LONGEST_SENTENCE = 500
"""Characters; what is longer is no question that anybody types."""
FIELD_NAMES = (
    "title", "abstract", "author", "person", "first", "pi", "affiliation", "instrument", "beamline", "facility",
    "technique", "sample", "keyword", "proposal", "parameter", "dataset", "funder", "grant", "doi", "year", "element",
    "has", "kind", "is", *PREFIXES,
)  # fmt: skip
EXACT = (
    r"[()*<>=]|(?:^| )\+(?=[^ ])|(?:^| )-(?=[^ 0-9.])|(?:^| )(?:OR|AND|NOT)(?: |$)"
    rf"|(?:^|[ -])(?:{'|'.join((*FIELD_NAMES, *sorted(NAMES), *COUNTED, *quantities()))}): ?(?=[^ ])"
)
"""What only the exact language has."""
OPAQUE = r"\x22[^\x22]*\x22|[^ ]*://[^ ]*|[^ ]*10\.[0-9]{4,9}/[^ ]*"
"""What is not looked into."""
MARKS = ",;:.!?"
_LOOSE_MARK = re.compile(rf"^[{MARKS} ]+| (?=[{MARKS}](?: |$))")
_EXACT, _OPAQUE = re.compile(EXACT), re.compile(OPAQUE)


@dataclass(frozen=True)
class Reading:
    """What was read."""

    query: str
    """In the exact language; as it was typed where nothing was read."""
    conditions: tuple[Condition, ...]
    sentence: str
    """As it was typed, with single blanks."""

    def without(self, condition: Condition) -> str:
        """The sentence as if this had not been said."""
        rest = " ".join((self.sentence[: condition.start] + " " + self.sentence[condition.end :]).split())
        return _LOOSE_MARK.sub("", rest)


def read_sentence(text: str, known: KnownNames, guessing: bool = True) -> Reading:
    """The conditions of a sentence; without `guessing` only what it says in so many words. Never raises."""
    sentence = " ".join(unicodedata.normalize("NFC", text.replace("\0", " ")).split())
    for quote in "“”„‟«»":
        sentence = sentence.replace(quote, '"')
    nothing = Reading(text, (), sentence)
    if len(sentence) > LONGEST_SENTENCE or sentence.count('"') % 2:
        return nothing
    rest = _OPAQUE.sub(lambda found: covered(found[0]), sentence)
    if _EXACT.search(rest):
        return nothing
    found: list[Condition] = []
    for reader in (amounts, days, named, said):
        for condition in reader(rest, sentence, known):
            if guessing or not condition.guessed:
                found.append(condition)
                rest = rest[: condition.start] + covered(condition.typed) + rest[condition.end :]
    if not found:
        return nothing
    found.sort(key=lambda one: one.start)
    return Reading(_rewritten(sentence, rest, found), tuple(found), sentence)


def _rewritten(sentence: str, rest: str, found: list[Condition]) -> str:
    """The sentence with its conditions in the exact language; of few words those that carry the question drop out."""
    words = [word.strip(MARKS).lower() for word in rest.split()]
    telling = [word for word in words if word.strip("\ufffc") and word not in STOP_WORDS]
    few = len(telling) < CARRIED_FROM
    pieces, at = [], 0
    for condition in found:
        pieces += [_kept(sentence[at : condition.start], few), condition.exact]
        at = condition.end
    pieces.append(_kept(sentence[at:], few))
    return " ".join(piece for piece in pieces if piece)


def _kept(text: str, few: bool) -> str:
    words = [word for word in text.split() if word.strip(MARKS)]
    if few:
        words = [word for word in words if word.strip(MARKS).lower() not in CARRIERS | STOP_WORDS]
    return " ".join(words)
