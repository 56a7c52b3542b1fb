"""Words as the leak scan compares them: lower case, nothing but letters and digits, and their keyed digests."""

import re
from hashlib import blake2b
from typing import Any

from panfair.builders.search.documents.words import words as searched_words
from panfair.ontologies.text import fold

_WORD = re.compile(r"[^\W_]+")
_COMPOUND = re.compile(r"[^\W_]+(?:[-‐‑–_./:+'’][^\W_]+)+")
_STRANGE = re.compile(r"\S*[^\s\x00-\x7f]\S*")  # ASCII folds into itself
_NUMBERS = re.compile(r"[0-9]*t?[0-9]+z?|\d+")
_SHORTEST = 5  # letters; shorter words say too little and are found everywhere
_MEMORY = 200_000  # digests


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, in order, with everything between them dropped.

    >>> words_of("Ring-beam_map 0042")
    ['ring', 'beam', 'map', '0042']
    """
    return [word.casefold() for word in _WORD.findall(text)]


def set_of_words(text: str) -> set[str]:
    """The words of a text in lower case."""
    return {word.casefold() for word in set(_WORD.findall(text))}


def telling(word: str) -> bool:
    """Whether a word alone can betray a record: long enough, and neither a number nor a piece of a moment (ISO 8601).

    >>> [word for word in ("scan0001", "20240616", "16t00", "000z", "16t0830z", "t4lysozyme") if telling(word)]
    ['scan0001', 't4lysozyme']
    """
    return len(word) >= _SHORTEST and _NUMBERS.fullmatch(word) is None


def spellings_of(text: str) -> set[str]:
    """The telling words of a text in each form that the site makes of them: as they are, folded, and run together.

    >>> sorted(spellings_of("Nano-Müller"))
    ['mueller', 'muller', 'müller', 'nanomueller', 'nanomuller', 'nanomüller']
    """
    found = set_of_words(text) | {"".join(words_of(compound)) for compound in set(_COMPOUND.findall(text))}
    if not text.isascii():
        strange = " ".join(_STRANGE.findall(text))
        found.update(word.text for word in searched_words(strange))  # folded, and `gammaray` for γ-ray
    return {word for word in found if telling(word)}


def folded(text: str) -> str:
    """The text with its words folded as in addresses and in the search.

    >>> folded("Foam of Müller")
    'Foam of muller'
    """
    return text if text.isascii() else _STRANGE.sub(lambda found: fold(found[0]), text)


class Digests:
    """Digests under a key of this site, so that what is kept of closed words is no word."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, bytes] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {"_key": self._key, "_known": {}}  # words of closed records go nowhere

    def of(self, text: str) -> bytes:
        """The digest of a word, or of the words of a phrase with blanks between them: eight bytes."""
        found = self._known.get(text)
        if found is None:
            found = self.of_phrase(text)
            if len(self._known) < _MEMORY:
                self._known[text] = found
        return found

    def of_phrase(self, text: str) -> bytes:
        """As `of`, for what hardly comes again: it is not remembered."""
        return blake2b(text.encode("utf-8", "replace"), digest_size=8, key=self._key).digest()
