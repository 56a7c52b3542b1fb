"""Where watched words and phrases stand in a text; a text without any of them is passed over at the speed of sets."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from panfair.site.run.leaks.marks import Phrase
from panfair.site.run.leaks.words import Digests, places_of

_WORD = re.compile(r"[^\W_]+")
_MEMORY = 500_000  # words


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

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_boring": set()}

    def __bool__(self) -> bool:
        return bool(self._words or self._phrases)

    def hits(self, text: str) -> Iterator[Hit]:
        """What stands in the text, in order of the words, longer phrases not first: all of it."""
        found = _WORD.findall(text)
        if self._boring.issuperset(found) or not self._interesting(set(found)):
            return
        places = places_of(text)
        for index, place in enumerate(places):
            digest = self._digests.of(place.word)
            if digest in self._words:
                yield Hit(digest, place.start, place.end)
            for position, length in self._anchors.get(digest, ()):
                first, last = index - position, index - position + length - 1
                if first < 0 or last >= len(places):
                    continue
                phrase = self._digests.of(" ".join(one.word for one in places[first : last + 1]))
                if phrase in self._phrases:
                    yield Hit(phrase, places[first].start, places[last].end)

    def _interesting(self, words: set[str]) -> bool:
        told = False
        for word in words - self._boring:
            digest = self._digests.of(word.casefold())
            if digest in self._words or digest in self._anchors:
                told = True
            elif len(self._boring) < _MEMORY:
                self._boring.add(word)
        return told
