"""Which values of outputs are worth a look: those that were not found clean before and hold something that is watched.

Most pieces of outputs come again in each page, most values in each form, and most words are watched by nobody: so
nearly all pass at the speed of sets of bytes.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from panfair.site.run.leaks.matching import Matcher
from panfair.site.run.leaks.pieces import Kind, Pieces
from panfair.site.run.leaks.values import readings_of, values_of
from panfair.site.run.leaks.words import words_of

_SEEN = 30_000  # pieces of a kind, twice over
_LONGEST_SEEN = 500  # bytes; longer pieces hardly come again
_BORING = 200_000  # words
_BORING_PHRASES = 50_000
_VALUE = b"\x1f"
_END = b"\0"
_APART = bytes(code if code in (*_VALUE,) or chr(code).isalnum() else 0x20 for code in range(128)).lower() + bytes(128)
"""For ASCII: letters and digits in lower case, and nothing else."""
_NO_LETTERS = [b"&amp; ", *("“ ” ‘ ’ – … · → ← ×".encode().split()), "\u00a0".encode()]
"""What stands so often in pages that it is taken out before they are asked for letters beyond ASCII."""
_SPELT = re.compile(rb"&[#a-zA-Z]|%[0-9a-fA-F]|\\")
"""An entity, a percent sign of an address, an escape."""


class Sieve:
    """One process's memory of what was clean and of words that nobody watches; it forgets what did not come lately."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._seen: defaultdict[Kind, set[bytes]] = defaultdict(set)
        self._older: defaultdict[Kind, set[bytes]] = defaultdict(set)
        self._boring: set[bytes] = {_END}
        self._boring_phrases: set[bytes] = set()

    def doubtful(self, outputs: Iterable[Pieces]) -> list[bytes]:
        """The values that may show something; all others, and their pieces, count as seen from now on."""
        by_kind: defaultdict[Kind, set[bytes]] = defaultdict(set)
        for kind, some in outputs:
            by_kind[kind].update(some)
        values = by_kind.pop("values", set())
        new = {kind: self._unseen(kind, pieces) for kind, pieces in by_kind.items()}
        for kind, pieces in new.items():
            values.update(values_of(kind, pieces))
        unseen = self._unseen("values", values)
        doubtful = self._doubtful(list(unseen)) if unseen else []
        self._remember("values", unseen.difference(doubtful))
        for kind, pieces in new.items() if not doubtful else ():
            self._remember(kind, pieces)
        return doubtful

    def is_clean(self, value: bytes) -> None:
        """Remembers a doubtful value that was looked at and showed nothing."""
        self._remember("values", {value})

    def _unseen(self, kind: Kind, pieces: set[bytes]) -> set[bytes]:
        new = pieces - self._seen[kind]
        again = new & self._older[kind]
        self._remember(kind, again)
        return new - again

    def _remember(self, kind: Kind, pieces: Collection[bytes]) -> None:
        if len(self._seen[kind]) >= _SEEN:
            self._older[kind], self._seen[kind] = self._seen[kind], set()
        self._seen[kind].update([piece for piece in pieces if len(piece) <= _LONGEST_SEEN])

    def _doubtful(self, values: list[bytes]) -> list[bytes]:
        values, words = _words_of(values)
        watched = {word: self._matcher.said_by(word.decode()) for word in set(words) - self._boring}
        for word, found in list(watched.items()):
            if not any(found):
                del watched[word]
                self._boring.add(word)
        if len(self._boring) > _BORING:
            self._boring = {_END}
        if len(self._boring_phrases) >= _BORING_PHRASES:
            self._boring_phrases = set()
        places = self._places(words, watched) if watched else []
        return list(dict.fromkeys(values[words[:place].count(_END)] for place in places))

    def _places(self, words: list[bytes], watched: Mapping[bytes, tuple[bool, Sequence[tuple[int, int]]]]) -> list[int]:
        """Where among the words a watched word stands, or the anchor of a watched phrase with all of it around."""
        found, boring = [], self._boring_phrases
        for place, word in enumerate(words):
            if word not in watched:
                continue
            alone, phrases = watched[word]
            if alone:
                found.append(place)
            for at, length in phrases:
                phrase = b" ".join(words[place - at : place - at + length]) if place >= at else b""
                if phrase not in boring:
                    if self._matcher.is_phrase(phrase.decode()):
                        found.append(place)
                    elif len(boring) < _BORING_PHRASES:
                        boring.add(phrase)
        return found


def _words_of(values: list[bytes]) -> tuple[list[bytes], list[bytes]]:
    """The values, and their words in lower case, with a mark between those of one value and of the next.

    Where something is spelt otherwise than a reader sees it, the words of both come.
    """
    text = _VALUE.join(values)
    for mark in _NO_LETTERS:
        text = text.replace(mark, b" ")
    as_seen = text.split(_VALUE)
    if len(as_seen) != len(values):  # noise of a file that is no text
        as_seen = values
    plain, odd, texts = [], [], []
    for value, seen in zip(values, as_seen, strict=True):
        if seen.isascii() and not (b"&" in seen or b"%" in seen or b"\\" in seen or _VALUE in seen):
            plain.append(value)
            texts.append(seen)
        else:
            odd.append(value)
    lines = _VALUE.join(texts).translate(_APART).split(_VALUE) if texts else []
    return plain + odd, b" \0 ".join([*lines, *map(_as_read, odd)]).split()


def _as_read(value: bytes) -> bytes:
    plain = value.replace(b"&amp; ", b"& ")
    text = (plain if (spelt := _SPELT.search(plain)) is None else value).decode("utf-8", "replace")
    texts = [text, *readings_of(text)] if spelt else [text]
    return " ".join([word for one in texts for word in words_of(one)]).encode("utf-8", "replace")
