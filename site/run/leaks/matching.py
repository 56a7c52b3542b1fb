"""Where watched words and phrases stand in a text; a text without any of them is passed over at the speed of sets."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from panfair.site.run.leaks.marks import Phrase
from panfair.site.run.leaks.words import Digests

_WORD = re.compile(r"[^\W_]+")
_MEMORY = 200_000  # words
_MEMORY_OF_PHRASES = 50_000


class Hit(NamedTuple):
    """A watched word or phrase and where it stands in the text, in characters."""

    digest: bytes
    start: int
    end: int


class Matcher:
    """Finds some words and phrases, told by their digests."""

    def __init__(self, digests: Digests, words: Collection[bytes], phrases: Iterable[Phrase]) -> None:
        self._digests = digests
        self._words = frozenset(words)
        self._phrases: set[bytes] = set()
        anchors: dict[bytes, set[tuple[int, int]]] = defaultdict(set)
        for phrase in phrases:
            self._phrases.add(phrase.digest)
            anchors[phrase.anchor].add((phrase.position, phrase.length))
        self._anchors = {anchor: tuple(sorted(places)) for anchor, places in anchors.items()}
        self._boring: set[str] = set()
        """Words, spelt as they stand, that are neither watched nor anchors."""
        self._boring_phrases: set[str] = set()

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_boring": set(), "_boring_phrases": set()}

    def __bool__(self) -> bool:
        return bool(self._words or self._phrases)

    def watches(self, word: str) -> bool:
        """Whether a word, in lower case, is watched or may stand in a watched phrase."""
        digest = self._digests.of(word)
        return digest in self._words or digest in self._anchors

    def said_by(self, word: str) -> tuple[bool, Sequence[tuple[int, int]]]:
        """Whether a word, in lower case, is watched; and where in phrases of how many words it may be the anchor."""
        digest = self._digests.of(word)
        return digest in self._words, self._anchors.get(digest, ())

    def is_phrase(self, words: str) -> bool:
        """Whether words, in lower case and parted by blanks, are a watched phrase."""
        found = self._digests.of_phrase(words) in self._phrases
        if not found:
            if len(self._boring_phrases) >= _MEMORY_OF_PHRASES:
                self._boring_phrases = set()
            self._boring_phrases.add(words)
        return found

    def hits(self, text: str) -> Iterator[Hit]:
        """What stands in the text, in order of the words, longer phrases not first: all of it."""
        found = _WORD.findall(text)
        watched = self._watched(set(found))
        if not watched:
            return
        spans: list[tuple[int, int]] = []
        words = [word.casefold() for word in found]
        for index, word in enumerate(found):
            digest = watched.get(word)
            if digest is None:
                continue
            candidates = [(digest, index, index)] if digest in self._words else []
            for position, length in self._anchors.get(digest, ()):
                first, last = index - position, index - position + length - 1
                if first < 0 or last >= len(words):
                    continue
                phrase = " ".join(words[first : last + 1])
                if phrase not in self._boring_phrases and self.is_phrase(phrase):
                    candidates.append((self._digests.of_phrase(phrase), first, last))
            for what, first, last in candidates:
                spans = spans or [word.span() for word in _WORD.finditer(text)]
                yield Hit(what, spans[first][0], spans[last][1])

    def _watched(self, words: set[str]) -> dict[str, bytes]:
        """Those of some words that are watched or anchors, each with its digest."""
        digests = {}
        for word in words - self._boring:
            digest = self._digests.of(word.casefold())
            if digest in self._words or digest in self._anchors:
                digests[word] = digest
            elif len(self._boring) < _MEMORY:
                self._boring.add(word)
        return digests
