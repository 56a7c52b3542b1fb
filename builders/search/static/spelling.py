"""The vocabulary of a scope by first letters, for "did you mean": each word and in how many documents, field by field.

A file holds all words of one letter or of several. Its text are the words, a line each; its numbers tell for each word
how many fields have it, and for each of these the field and the number of documents.
"""

from collections.abc import Iterator

from panfair.builders.search.documents.words import STEM_MARK
from panfair.builders.search.static.cut import Shard
from panfair.builders.search.static.packing import packed_file, varints
from panfair.builders.search.static.pairs import PAIR_MARK
from panfair.builders.search.static.shards import KEY_MARK

_WORDS_A_FILE = 4_000


class Spelling:
    """The files, made while the shards go by in the order of the alphabet."""

    def __init__(self) -> None:
        self.firsts: list[str] = []
        """The first letter of each file."""
        self._words: list[str] = []
        self._entries: list[int] = []

    def add(self, shard: Shard) -> Iterator[tuple[str, bytes]]:
        """Takes in the words of a shard; yields the name and the body of each file that has become whole."""
        at = 0
        for word in shard.terms:
            size = 1 + 2 * shard.entries[at]
            entry, at = shard.entries[at : at + size], at + size
            if word.startswith((STEM_MARK, KEY_MARK, PAIR_MARK)):
                continue
            if len(self._words) >= _WORDS_A_FILE and word[0] != self._words[-1][0]:
                yield from self.rest()
            self._words.append(word)
            self._entries += entry

    def rest(self) -> Iterator[tuple[str, bytes]]:
        """The last file."""
        if self._words:
            self.firsts.append(self._words[0][0])
            yield f"spelling-{len(self.firsts) - 1}", packed_file("\n".join(self._words), varints(self._entries))
            self._words, self._entries = [], []
