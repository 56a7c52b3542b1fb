"""The words and phrases of closed records that speakers are listened to for: who says them, by texts or kept words."""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from panfair.site.run.leaks.marks import Phrase
from panfair.site.run.leaks.matching import Matcher
from panfair.site.run.leaks.words import Digests, folded, set_of_words, spellings_of

SIZE = 8  # bytes of a digest
_LONGEST_KNOWN, _MOST_KNOWN = 200, 20_000  # letters of a text, and texts


class Watched:
    """Some words and phrases, told by their digests; what enough speakers say is left out by and by."""

    def __init__(self, digests: Digests, words: Collection[bytes], phrases: Mapping[bytes, Phrase]) -> None:
        self._digests = digests
        self._words = set(words)
        self._phrases = dict(phrases)
        self._matcher = Matcher(digests, (), phrases.values())
        self._known: dict[str, tuple[bytes, ...]] = {}
        """The same names stand in many records."""
        self._settle()

    def _settle(self) -> None:
        self._anchors = {phrase.anchor for phrase in self._phrases.values()}
        self._telltales = frozenset(_numbers(b"".join(self._words | self._anchors)))

    def __bool__(self) -> bool:
        return bool(self._telltales)

    @property
    def digests(self) -> set[bytes]:
        """What is listened for."""
        return self._words | self._phrases.keys()

    def leave_out(self, digests: Iterable[bytes]) -> None:
        """Listens no more for these."""
        gone = self.digests.intersection(digests)
        if gone:
            self._words -= gone
            self._phrases = {digest: phrase for digest, phrase in self._phrases.items() if digest not in gone}
            self._settle()

    def said_by(self, texts: Iterable[str]) -> tuple[set[bytes], set[bytes]]:
        """The digests of all words of some texts, and of what is listened for in them."""
        lines = list(dict.fromkeys(texts))
        whole = "\n".join(lines)  # no word goes over the end of a line
        words = {self._digests.of(word) for word in spellings_of(whole).union(set_of_words(whole))}
        of_phrases = not whole.isascii() or not self._anchors.isdisjoint(words)
        return words, (words & self._words).union(self._phrases_in(lines) if of_phrases else ())

    def may_be_said_in(self, kept: bytes) -> bool:
        """Whether words, told by their digests one behind the other, have any that is listened for, or an anchor."""
        return not self._telltales.isdisjoint(_numbers(kept))

    def said_again(self, kept: bytes, texts: Callable[[], Iterable[str]]) -> set[bytes]:
        """What is listened for in texts whose words are known; they are asked for only where a phrase may stand."""
        words = {kept[at : at + SIZE] for at in range(0, len(kept), SIZE)}
        of_phrases = not self._anchors.isdisjoint(words)
        return (words & self._words).union(self._phrases_in(texts()) if of_phrases else ())

    def _phrases_in(self, texts: Iterable[str]) -> Iterator[bytes]:
        """The phrases in some texts, each read by itself."""
        for text in texts:
            found = self._known.get(text)
            if found is None:
                readings = {text, folded(text)}
                found = tuple(hit.digest for reading in readings for hit in self._matcher.hits(reading))
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                if len(text) <= _LONGEST_KNOWN:
                    self._known[text] = found
            yield from found


def _numbers(digests: bytes) -> "array[int]":
    """Digests one behind the other as numbers, which are compared many times as fast."""
    return array("Q", digests)
