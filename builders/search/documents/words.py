"""Words of a text as the search sees them: folded, stemmed where it helps, formulae, names and identifiers kept whole.

The same analysis makes the index, reads the query and marks the hits, so the three cannot disagree.
A text gives, for each word in it:

- the folded word itself (`Tomographies` gives `tomographies`), which a quoted phrase asks for;
- its stem, marked with a tilde so that it is no word (`~tomographi`), when it is an ordinary English word;
- for a compound such as `x-ray` its parts and then the whole run together (`x`, `ray`, `xray`), and for `cryoEM`
  the same as for `cryo-EM`;
- for a word with an umlaut the spelling without one (`muller` and `mueller` for Müller).

Why no stop words: a phrase may hold them ("time of flight"), and a query drops them by itself.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from snowballstemmer.english_stemmer import EnglishStemmer

from panfair.ontologies.text import fold

# A part: letters and digits of any script; a point stands inside a number only, so `La0.7Sr0.3MnO3` is one part.
_PART = r"[^\W_]+(?:(?<=\d)\.(?=\d)[^\W_]+)*"
_COMPOUND = re.compile(rf"{_PART}(?:[-‐‑–_./:+'’]{_PART})*")
_PARTS = re.compile(_PART)
_ACRONYM_BEHIND = re.compile(r"([a-z]{3,})([A-Z]{2,})")
"""A compound without a hyphen: `cryoEM`, `microCT`."""
GREEK = {chr(code): unicodedata.name(chr(code)).split()[-1].lower() for code in range(0x3B1, 0x3CA)}
SPELT = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Å": "Aa", "Ø": "Oe"}
"""How letters are written where a keyboard lacks them; without their marks they are found anyway."""
_SPELT = str.maketrans(SPELT)
_LATIN_AND_MU = re.compile(r"[a-z0-9]*μ[a-z0-9]+")
VALUE_END = "\u2029"
"""Parts the values of one field: no phrase reaches over it. Clean text never holds it."""
_VALUE_GAP = 8  # places that a phrase cannot bridge
_LONGEST_WORD = 120  # characters; what is longer is no word that anyone types

STEM_MARK = "~"


class Word(NamedTuple):
    """One word at its place in a text; a tuple, as a text has many and a dataclass takes thrice the time."""

    text: str
    """Folded."""
    stem: str | None
    """The stem; None when the word is kept whole."""
    position: int
    """Counted in parts; the whole of a compound stands where its last part stands."""
    start: int
    end: int
    """Where it stands in the text, in characters."""
    whole: bool = False
    """Whether it is a compound run together, or another spelling of the word before it."""


def words(text: str) -> Iterator[Word]:
    """All words of a text in NFC, in order.

    >>> [word.text for word in words("X-ray of Β-Ga₂O₃, 5 µm")]
    ['x', 'ray', 'xray', 'of', 'beta', 'ga2o3', 'betaga2o3', '5', 'um']
    """
    position = -1
    end = 0
    parted = VALUE_END in text
    for compound in _COMPOUND.finditer(text):
        start = compound.start()
        if parted and text.find(VALUE_END, end, start) >= 0:
            position += _VALUE_GAP
        end = compound.end()
        acronym = compound[0][-1].isupper() and _ACRONYM_BEHIND.fullmatch(compound[0])
        if not acronym and compound[0].isalnum():  # one part, as most are
            position += 1
            plain, stem, spelt = _plain(compound[0][:_LONGEST_WORD])
            yield Word(plain, stem, position, start, end)
            if spelt != plain:
                yield Word(spelt[:_LONGEST_WORD], None, position, start, end, whole=True)
            continue
        if acronym:
            parts = [(first + start, last + start) for first, last in (acronym.span(1), acronym.span(2))]
        else:
            parts = [part.span() for part in _PARTS.finditer(text, start, end)]
        for first, last in parts:
            position += 1
            plain, stem, spelt = _plain(text[first:last][:_LONGEST_WORD])
            yield Word(plain, stem, position, first, last)
            if spelt != plain:
                yield Word(spelt[:_LONGEST_WORD], None, position, first, last, whole=True)
        if len(parts) == 1:
            continue  # with a point in it, such as `3.5`
        whole, spelt = ("".join(_plain(text[first:last])[at] or "" for first, last in parts) for at in (0, 2))
        yield Word(whole[:_LONGEST_WORD], None, position, start, end, whole=True)
        if spelt != whole:
            yield Word(spelt[:_LONGEST_WORD], None, position, start, end, whole=True)


def other_forms(found: list[Word]) -> list[str]:
    """Of the words of a text, those that stand for all of it: a compound run together, another spelling."""
    plain = [word for word in found if not word.whole]
    return [word.text for word in found if word.whole and word.start <= plain[0].start and word.end >= plain[-1].end]


@lru_cache(maxsize=65536)
def _plain(part: str) -> tuple[str, str | None, str]:
    """A part folded; its stem when it is an ordinary word: letters a to z, no capital but the first; and the part as it
    is spelt without umlauts, which is the first again for most."""
    folded = fold(part)
    if folded in GREEK:
        folded = GREEK[folded]
    elif _LATIN_AND_MU.fullmatch(folded):
        folded = folded.replace("μ", "u")  # as people type µm, and as old catalogues hold it
    spelt = folded if part.isascii() else fold(part.translate(_SPELT)) if any(c in SPELT for c in part) else folded
    return folded, (stem_of(folded) if part[1:] == part[1:].lower() else None), spelt


@lru_cache(maxsize=65536)
def stem_of(folded: str) -> str | None:
    """The stem that a folded word can have; None for what is no word of more than three letters from a to z.

    By Snowball's English algorithm in Python: the C library that its package would rather take may be of another age,
    and the scripts of the static search must stem alike. A stemmer holds the word it is at, so each word has its own.

    >>> {stem_of(word) for word in ("calibrated", "calibration", "calibrating")}
    {'calibr'}
    """
    if len(folded) > 3 and folded.isascii() and folded.isalpha():
        stem: str = EnglishStemmer().stemWord(folded)
        return stem
    return None
