"""What would betray a closed record: its telling words, the names that identify it, and long phrases of its texts.

All of it as keyed digests, each with the field that it comes from. A phrase is known by one word, the anchor: the one
that hardly stands elsewhere. A text without any anchor is passed over.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from panfair.site.run.leaks.record_texts import names_the_record
from panfair.site.run.leaks.words import Digests, folded, spellings_of, words_of

_SHORTEST_PHRASE = 8  # letters and digits: "scan 0001"
_LONGEST_PHRASE = 24  # words
_LONG = 8  # words parted by blanks; so many in the same order are no chance
_COUNTED = ("name", "title")
_COUNTS = 2  # digits; such numbers count scans and days
_COMMON_NUMBER = re.compile(r"0\d*|(?:19|20)\d\d")  # of scans, and years
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in their order, as digests."""

    digest: bytes
    anchor: bytes
    """The digest of a number in it, or of its longest word."""
    position: int
    """Where in the phrase the anchor stands."""
    length: int
    """In words."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One word or phrase of a closed record."""

    field: str
    digest: bytes
    phrase: Phrase | None = None
    """None: a single word."""
    exact: bytes = b""
    """Phrases: the digest of the whole text as it is written, with its punctuation."""
    bare: Phrase | bytes | None = None
    """What is left of a name without the numbers at its ends (a phrase, or the digest of one word); None without such
    numbers: pages write counts beside names, and `Foam film, 12` need not be the closed sample `Foam film 12`."""


def marks_of(texts: Iterable[tuple[str, str]], digests: Digests) -> dict[bytes, Mark]:
    """The marks of a closed record's texts by their digests; of equal ones the first."""
    found: dict[bytes, Mark] = {}
    for field, text in texts:
        for word in spellings_of(text):
            digest = digests.of(word)
            found.setdefault(digest, Mark(field, digest))
        for mark in _phrases(field, text, digests):
            found.setdefault(mark.digest, mark)
    return found


def phrase_of(words: Sequence[str], digests: Digests) -> Phrase | None:
    """The phrase of some words; None when it says too little to betray anything."""
    if len(words) < 2 or sum(map(len, words)) < _SHORTEST_PHRASE or all(map(str.isdigit, words)):
        return None
    numbers = [place for place, word in enumerate(words) if _is_a_number_of_its_own(word)]  # the last: no DOI's prefix
    position = numbers[-1] if numbers else max(range(len(words)), key=lambda i: (len(words[i]), -i))
    return Phrase(digests.of(" ".join(words)), digests.of(words[position]), position, len(words))


def _is_a_number_of_its_own(word: str) -> bool:
    """Whether a word is hardly in many records: most names and DOIs differ by their numbers alone.

    >>> [word for word in ("101", "example", "0001", "2021", "4f2a9", "x7") if _is_a_number_of_its_own(word)]
    ['101', '4f2a9']
    """
    return len(word) > _COUNTS and not word.isalpha() and _COMMON_NUMBER.fullmatch(word) is None


def as_written(text: str) -> str:
    """A text as two are compared letter by letter: lower case, single blanks."""
    return _BLANKS.sub(" ", text).strip().casefold()


def _phrases(field: str, text: str, digests: Digests) -> Iterator[Mark]:
    for spelling in {text, folded(text)}:
        words = words_of(spelling)
        if names_the_record(field):
            exact = digests.of(as_written(spelling)) if len(words) <= _LONGEST_PHRASE else b""
            if phrase := phrase_of(words[:_LONGEST_PHRASE], digests):
                yield Mark(field, phrase.digest, phrase, exact, _bare(field, words[:_LONGEST_PHRASE], digests))
        pieces = [piece for piece in map(words_of, spelling.split()) if piece]  # an address is one piece
        for start in range(0, len(pieces) - _LONG + 1, _LONG):
            passage = [word for piece in pieces[start : start + _LONG] for word in piece]
            if phrase := phrase_of(passage[:_LONGEST_PHRASE], digests):
                yield Mark(field, phrase.digest, phrase)


def _bare(field: str, words: list[str], digests: Digests) -> Phrase | bytes | None:
    if not field.endswith(_COUNTED):
        return None  # nobody counts identifiers
    first, last = 0, len(words)
    while first < last and words[first].isdigit():
        first += 1
    while last > first and words[last - 1].isdigit():
        last -= 1
    rest = words[first:last]
    if len(rest) == len(words):
        return None
    return phrase_of(rest, digests) or digests.of(" ".join(rest))
