"""The leak scan: every byte that would be published, searched for words that only closed records hold.

Closed words are all words of closed records less the words of open ones and less what may be said of a closed DOI.
Whole phrases (titles, names of datasets, samples and files) count too, for a closed title may be made of words that
open records share. Words are kept as keyed digests only, so the ledger holds no word of a closed record. The words of
panfair itself (templates, help pages, vocabularies) never count: a reader finds them on every page.
"""

import gzip
import hashlib
import html
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from panfair.ontologies.record import Dataset, Publication, Record
from panfair.site.state.ledger import Ledger

_GZIP = b"\x1f\x8b"
_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 5  # letters; shorter words say too little and are found everywhere
_SHORTEST_PHRASE = 8  # letters and digits: "scan 0001"
_LONGEST_PHRASE = 24  # words


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, in order, with everything between them dropped."""
    return [word.casefold() for word in _WORD.findall(text)]


def texts_of(record: Record) -> Iterator[str]:
    """Every text inside a record, however deep."""
    for _name, value in record:
        yield from _texts(value)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Record):
        yield from texts_of(value)
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif hasattr(value, "value") and hasattr(value, "scheme"):  # an Identifier
        yield str(value.value)


def names_of(publication: Publication) -> Iterator[str]:
    """The texts of a publication that would betray it as a whole: titles and names."""
    yield publication.title
    for dataset in publication.datasets:
        yield from names_of_dataset(dataset)
    yield from (sample.name for sample in publication.samples)
    yield from (file.name for file in publication.files)


def names_of_dataset(dataset: Dataset) -> Iterator[str]:
    """The texts of a dataset that would betray it as a whole."""
    yield dataset.name
    yield from (file.name for file in dataset.files)
    yield from (sample.name for sample in dataset.samples)


def paths_of(publication: Publication) -> Iterator[str]:
    """The server paths in a publication."""
    for dataset in publication.datasets:
        yield from (path for path in (dataset.server_path, *(file.server_path for file in dataset.files)) if path)
    yield from (file.server_path for file in publication.files if file.server_path)


def telling(word: str) -> bool:
    """Whether a word alone can betray a record: long enough, and not a number."""
    return len(word) >= _SHORTEST and not word.isdigit()


@dataclass
class ClosedWords:
    """The words and phrases that only closed records hold, as digests under a key of this site."""

    key: bytes
    words: set[bytes] = field(default_factory=set)
    phrases: dict[bytes, tuple[bytes, int, int]] = field(default_factory=dict)
    """Phrase digest to its anchor word's digest, the anchor's position, and the phrase's length in words."""
    _seen: dict[str, bytes] = field(default_factory=dict, repr=False)
    _by_anchor: dict[bytes, list[tuple[int, int, bytes]]] | None = field(default=None, repr=False, compare=False)
    """The phrases by anchor word while they do not change: every file that is scanned asks for them."""

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_seen": {}, "_by_anchor": None}  # words of closed records go nowhere

    def digest(self, word: str) -> bytes:
        """The digest of one word or of a phrase joined by blanks."""
        found = self._seen.get(word)
        if found is None:
            found = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8, key=self.key).digest()
            if len(self._seen) < 500_000:
                self._seen[word] = found
        return found

    def close(self, record: Record, names: Iterable[str]) -> None:
        """Takes in the words of a closed record (a publication, a dataset) and the names that would betray it."""
        for text in texts_of(record):
            self.words.update(self.digest(word) for word in words_of(text) if telling(word))
        self.close_names(names)

    def close_names(self, names: Iterable[str]) -> None:
        """Takes in names and paths as wholes, where their words alone tell nothing."""
        self._by_anchor = None
        for name in names:
            words = words_of(name)[:_LONGEST_PHRASE]
            if len(words) >= 2 and sum(map(len, words)) >= _SHORTEST_PHRASE and not all(map(str.isdigit, words)):
                position = max(range(len(words)), key=lambda i: (len(words[i]), -i))
                phrase = self.digest(" ".join(words))
                self.phrases[phrase] = (self.digest(words[position]), position, len(words))

    def allow(self, texts: Iterable[str]) -> None:
        """Takes out what open records, notices and the site itself say."""
        anchors = self._anchors()
        for text in texts:
            words = words_of(text)
            digests = {word: self.digest(word) for word in set(words)}
            self.words.difference_update(digests.values())
            for phrase in self._phrases_in(words, digests, anchors):
                self.phrases.pop(phrase, None)
        self._by_anchor = None

    def found_in(self, text: str) -> str | None:
        """What was found of a closed record, described without quoting it; None when the text is clean."""
        words = words_of(text)
        digests = {word: self.digest(word) for word in set(words)}
        hits = sum(1 for digest in digests.values() if digest in self.words)
        phrases = len(set(self._phrases_in(words, digests, self._anchors())))
        if hits or phrases:
            return f"{hits} word{'s' * (hits != 1)} and {phrases} name{'s' * (phrases != 1)} of closed records"
        return None

    def _anchors(self) -> dict[bytes, list[tuple[int, int, bytes]]]:
        """Each anchor word with the phrases it stands in; `(position, length, digest of the phrase)`."""
        if self._by_anchor is None:
            self._by_anchor = defaultdict(list)
            for phrase, (anchor, position, length) in self.phrases.items():
                self._by_anchor[anchor].append((position, length, phrase))
        return self._by_anchor

    def _phrases_in(
        self, words: list[str], digests: dict[str, bytes], anchors: dict[bytes, list[tuple[int, int, bytes]]]
    ) -> Iterator[bytes]:
        if anchors.keys().isdisjoint(digests.values()):
            return
        for index, word in enumerate(words):
            for position, length, phrase in anchors.get(digests[word], ()):
                start = index - position
                if start >= 0 and self.digest(" ".join(words[start : start + length])) == phrase:
                    yield phrase

    def save(self, ledger: Ledger) -> None:
        connection = ledger.connection
        connection.execute("DELETE FROM closed")
        connection.executemany("INSERT INTO closed VALUES (?, 0, NULL, 1)", [(word,) for word in sorted(self.words)])
        connection.executemany(
            "INSERT OR IGNORE INTO closed VALUES (?, ?, ?, ?)",
            [
                (phrase + anchor, position, anchor, length)
                for phrase, (anchor, position, length) in sorted(self.phrases.items())
            ],
        )

    @classmethod
    def load(cls, ledger: Ledger, key: bytes) -> "ClosedWords":
        closed = cls(key)
        for digest, position, anchor, length in ledger.connection.execute("SELECT * FROM closed"):
            if anchor is None:
                closed.words.add(digest)
            else:
                closed.phrases[digest[:8]] = (anchor, position, length)
        return closed


def readable(body: bytes, path: str) -> str:
    """The text of a published file as a reader or a machine would see it: entities and escapes undone.

    Binary files are read byte by byte: what stands in them in plain letters is found. What is gzip is read unpacked.
    """
    if path.endswith(".gz") or (path.endswith(".bin") and body.startswith(_GZIP)):
        body, path = gzip.decompress(body), path.removesuffix(".gz")
    if path.endswith(".zip"):
        with ZipFile(BytesIO(body)) as archive:
            return "\n".join(readable(archive.read(name), name) for name in archive.namelist())
    text = body.decode("utf-8", "replace")
    if path.endswith(".ics"):
        text = text.replace("\r\n ", "")  # folded lines (RFC 5545, section 3.1)
    if path.endswith((".html", ".xml", ".ttl", ".atom", ".jsonld", ".json", ".xsl")) and "&" in text:
        text = html.unescape(text)
    if "\\u" in text:
        text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return text.replace("\\n", "\n").replace("\\t", "\t")


def own_words(configured: Iterable[str]) -> list[str]:
    """The texts of panfair itself and of the operator's configuration: found on every site, telling nothing."""
    texts = list(configured)
    for package in ("panfair.templates", "panfair.builders", "panfair.ontologies", "panfair.site"):
        texts.extend(_files(resources.files(package)))
    return texts


def _files(folder: Traversable) -> Iterator[str]:
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if item.is_dir() and not item.name.startswith((".", "__")):
            yield from _files(item)
        elif item.is_file() and item.name.endswith(
            (".py", ".html", ".md", ".css", ".js", ".ttl", ".toml", ".tsv", ".xsl")
        ):
            yield item.read_bytes().decode("utf-8", "replace")


Read = Callable[[], bytes]


def scan(files: Iterable[tuple[str, Read]], closed: ClosedWords) -> Iterator[tuple[str, str]]:
    """The files in which something closed was found, with what was found (never quoted)."""
    if not closed.words and not closed.phrases:
        return
    for path, read in files:
        found = closed.found_in(readable(read(), path))
        if found:
            yield path, found
