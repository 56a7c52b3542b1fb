"""The words of one field of a document, counted and placed: analysed once for all the indexes that hold them.

Datasets share most texts with their publication and with each other, so the last fields are remembered.
"""

from functools import lru_cache
from typing import NamedTuple

from panfair.builders.search.documents.words import STEM_MARK, words


class FieldWords(NamedTuple):
    """What the indexes take of a text; nobody changes it."""

    length: int
    """In words; a compound counts by its parts."""
    places: dict[str, list[int]]
    """Each word, and where it stands."""
    stems: dict[str, list[int]]
    """Each stem that differs from its word, marked, and where it stands."""
    derived: frozenset[str]
    """The words and stems that stand nowhere in the text letter by letter (`muller` for Müller, `xray` for X-ray)."""


@lru_cache(maxsize=512)
def field_words(text: str, stemmed: bool) -> FieldWords:
    """The words of a text, and their stems where it is running text.

    >>> field_words("X-ray foams", True)[:3]
    (3, {'x': [0], 'ray': [1], 'xray': [1], 'foams': [2]}, {'~foam': [2]})
    """
    places: dict[str, list[int]] = {}
    stems: dict[str, list[int]] = {}
    derived: set[str] = set()
    length = 0
    for word, stem, position, start, end, whole in words(text):
        at = places.get(word)
        if at is None:
            places[word] = [position]
        else:
            at.append(position)
        length += not whole
        if whole or text[start:end].casefold() != word:
            derived.add(word)
        if stemmed and stem is not None and stem != word:
            at = stems.get(STEM_MARK + stem)
            if at is None:
                stems[STEM_MARK + stem] = [position]
                derived.add(stem)
            else:
                at.append(position)
    return FieldWords(length, places, stems, frozenset(derived))
