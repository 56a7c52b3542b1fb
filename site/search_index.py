"""One opened state of the search index: postings as arrays, the set and the score of any query tree, exact.

Whoosh stores words, positions and records; which documents match is decided here, on whole posting lists, with numpy.
Why not Whoosh's own matchers: with a limit they lose hits when ranges stand beside text (measured on every release),
and at common words they are slower than reading the list once and keeping it. Scores are BM25F over the fields.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from whoosh.index import FileIndex
from whoosh.support.levenshtein import distance

from panfair.builders.search import INDEX_NAME, NAME_FIELDS, TEXT_FIELDS, open_storage, segment_columns
from panfair.builders.search_columns import Columns, joined, read_columns
from panfair.builders.search_document import FACETS
from panfair.builders.search_words import STEM_MARK, words
from panfair.site.query_tree import And, DoiIs, Everything, FacetIs, Node, Not, Or, Phrase, Prefix, Range, Word, Years

Mask = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float32]

WEIGHTS = {
    "title": 4.0, "abstract": 1.0, "technique": 2.0, "broader": 0.5, "keyword": 2.0, "affiliation": 0.5,
    "parameter": 0.5, "dataset": 0.7, "funding": 0.5, "people": 2.5, "instrument": 2.0, "facility": 0.7,
    "sample": 2.0, "proposal": 1.5, "doi": 1.5,
}  # fmt: skip
"""What a word counts in each field."""
_K1, _B = 1.2, 0.6  # BM25: how soon repetition stops counting, how much a field's length counts
_NAMED_BY_DOI = 10.0  # the score of what was asked for by its identifier
_CACHED_POSTINGS = 4_000_000  # documents in cached lists: about 32 MB
_MOST_EXPANSIONS = 200

FIELD_NAMES = (*TEXT_FIELDS, *NAME_FIELDS)


@dataclass(frozen=True, slots=True)
class _Postings:
    numbers: npt.NDArray[np.int32]
    counts: npt.NDArray[np.float32]


class OpenIndex:
    """An index as it stood when it was opened; usable from many threads. `close` frees its files."""

    def __init__(self, folder: Path) -> None:
        index = FileIndex(open_storage(folder), indexname=INDEX_NAME)
        self._reader = index.reader()
        self._lock = threading.Lock()
        self._cache: OrderedDict[tuple[str, str], _Postings] = OrderedDict()
        self._cached = 0
        try:
            parts = [read_columns(segment_columns(folder, leaf.segment())) for leaf in self._leaves()]
            self.columns: Columns = joined(parts, FACETS, FIELD_NAMES)
            if len(self.columns) != self._reader.doc_count_all():
                raise ValueError("the columns do not belong to the index")
        except BaseException:
            self._reader.close()
            raise
        total = len(self.columns)
        self.live: Mask = np.ones(total, dtype=np.bool_)
        for number in range(total) if self._reader.has_deletions() else ():
            self.live[number] = not self._reader.is_deleted(number)
        order = sorted(range(total), key=self.columns.keys.__getitem__)
        self.rank = np.empty(total, dtype=np.int64)
        self.rank[order] = np.arange(total)
        """The place of each document in the order of DOI keys."""
        self._norms = {name: self._norm(self.columns.lengths[name]) for name in FIELD_NAMES}

    def close(self) -> None:
        with self._lock:
            self._reader.close()

    def _leaves(self) -> Iterator[Any]:
        for leaf, _ in self._reader.leaf_readers():
            if leaf.doc_count_all():
                yield leaf

    def stored(self, number: int) -> dict[str, Any]:
        """What the index keeps of a document for showing."""
        with self._lock:
            kept: dict[str, Any] = orjson.loads(self._reader.stored_fields(number)["stored"])
        return kept

    def has(self, text: str, fields: Sequence[str]) -> bool:
        """Whether any document has a word, as it stands or by its stem, in one of the fields."""
        mask, _ = self._scored(self._word(text, fields))
        return bool((mask & self.live).any())

    def nearest(self, text: str, fields: Sequence[str], slips: int) -> str | None:
        """The word at most so many letters away that begins alike, the nearest and most frequent; None without one."""
        found: dict[str, int] = {}
        with self._lock:
            for field in fields:
                for near in islice(self._reader.terms_within(field, text, slips, prefix=1), _MOST_EXPANSIONS):
                    if not near.startswith(STEM_MARK):
                        found[near] = found.get(near, 0) + int(self._reader.doc_frequency(field, near))
        return min(found, key=lambda near: (distance(text, near), -found[near], near)) if found else None

    def evaluate(self, node: Node, notes: dict[str, None]) -> tuple[Mask, Scores]:
        """Which documents match, and how well; a document outside the set has score 0. May add to the notes."""
        mask, scores = self._evaluate(node, notes)
        mask &= self.live
        return mask, np.where(mask, scores, np.float32(0))

    def _evaluate(self, node: Node, notes: dict[str, None]) -> tuple[Mask, Scores]:
        """A fresh mask and fresh scores: the caller may change them."""
        total = len(self.columns)
        match node:
            case Everything():
                return np.ones(total, dtype=np.bool_), np.zeros(total, dtype=np.float32)
            case Years(first, last):
                return (self.columns.year >= first) & (self.columns.year <= last), np.zeros(total, dtype=np.float32)
            case Range(column, low, high):
                return self.in_range(column, low, high), np.zeros(total, dtype=np.float32)
            case DoiIs(key, prefix):
                hits = [own.startswith(key) if prefix else own == key for own in self.columns.keys]
                found = np.array(hits, dtype=np.bool_)
                return found, found * np.float32(_NAMED_BY_DOI)
            case FacetIs(facet, value):
                return self._facet(facet, value), np.zeros(total, dtype=np.float32)
            case Not(inner):
                return ~self._evaluate(inner, notes)[0], np.zeros(total, dtype=np.float32)
            case And(nodes):
                mask, scores = self._evaluate(nodes[0], notes)
                for other in nodes[1:]:
                    more, plus = self._evaluate(other, notes)
                    mask &= more
                    scores += plus
                return mask, scores
            case Or(nodes):
                mask, scores = self._evaluate(nodes[0], notes)
                for other in nodes[1:]:
                    more, plus = self._evaluate(other, notes)
                    mask |= more
                    scores += plus
                return mask, scores
            case Word(text, fields):
                return self._scored(self._word(text, fields or FIELD_NAMES))
            case Prefix(text, fields):
                return self._scored(self._prefix(text, fields or FIELD_NAMES, notes))
            case Phrase(text, fields):
                return self._scored(self._phrase(text, fields or FIELD_NAMES))

    def _facet(self, name: str, value: str) -> Mask:
        facet = self.columns.facets[name]
        found = np.zeros(len(self.columns), dtype=np.bool_)
        if value in facet.labels:
            places = np.flatnonzero(facet.ids == facet.labels.index(value))
            found[np.searchsorted(facet.starts, places, side="right") - 1] = True
        return found

    def _scored(self, found: Iterator[tuple[str, _Postings]]) -> tuple[Mask, Scores]:
        """The union of the postings of one term in many fields, scored as one (BM25F: counts are summed before they
        saturate, and the rarity is that of the union)."""
        total = len(self.columns)
        mask = np.zeros(total, dtype=np.bool_)
        counts = np.zeros(total, dtype=np.float32)
        for field, postings in found:
            mask[postings.numbers] = True
            counts[postings.numbers] += WEIGHTS[field] * postings.counts / self._norms[field][postings.numbers]
        matching = int(np.count_nonzero(mask & self.live))
        living = int(np.count_nonzero(self.live))
        rarity = np.float32(np.log(1 + (living - matching + 0.5) / (matching + 0.5)))
        return mask, rarity * counts / (np.float32(_K1) + counts)

    def _word(self, text: str, fields: Sequence[str]) -> Iterator[tuple[str, _Postings]]:
        """A word as typed: itself and its stem; of a compound the whole, or its parts in a row."""
        found = list(words(text))
        wholes = [word for word in found if word.whole]
        if len(found) == 1:
            word = found[0]
            for field in fields:
                variants = [word.text]
                if word.stem is not None and field in TEXT_FIELDS:
                    variants += [STEM_MARK + word.stem, word.stem]
                for variant in dict.fromkeys(variants):
                    yield field, self._postings(field, variant)
            return
        if len(wholes) == 1:
            for field in fields:
                yield field, self._postings(field, wholes[0].text)
        yield from self._phrase(text, fields)

    def _prefix(self, text: str, fields: Sequence[str], notes: dict[str, None]) -> Iterator[tuple[str, _Postings]]:
        for field in fields:
            with self._lock:
                terms = []
                for term in self._reader.expand_prefix(field, text):
                    terms.append(term.decode() if isinstance(term, bytes) else term)
                    if len(terms) > _MOST_EXPANSIONS:
                        break
            if len(terms) > _MOST_EXPANSIONS:
                notes[f"“{text}*” begins too many words; the first {_MOST_EXPANSIONS} were searched."] = None
            for term in terms[:_MOST_EXPANSIONS]:
                yield field, self._postings(field, term)

    def _phrase(self, text: str, fields: Sequence[str]) -> Iterator[tuple[str, _Postings]]:
        """The documents that hold the words one after the other in a field, counted once for each time."""
        parts = [word.text for word in words(text) if not word.whole]
        if len(parts) == 1:
            for field in fields:
                yield field, self._postings(field, parts[0])
            return
        for field in fields if parts else ():
            key = (field, " ".join(parts))
            cached = self._cached_list(key)
            yield field, cached if cached is not None else self._keep(key, self._in_a_row(field, parts))

    def _in_a_row(self, field: str, parts: list[str]) -> _Postings:
        candidates = self._postings(field, parts[0]).numbers
        for part in dict.fromkeys(parts[1:]):
            candidates = np.intersect1d(candidates, self._postings(field, part).numbers, assume_unique=True)
        if not len(candidates):
            return _postings([], [])
        places: dict[int, set[int]] = {}
        for offset, part in enumerate(parts):
            going_on: dict[int, set[int]] = {}
            for number, positions in self._positions(field, part, candidates):
                starts = {position - offset for position in positions}
                if offset:
                    starts &= places[number]
                if starts:
                    going_on[number] = starts
            places, candidates = going_on, np.array(list(going_on), dtype=np.int32)
        hits = [(number, len(starts)) for number, starts in places.items()]
        return _postings([number for number, _ in hits], [count for _, count in hits])

    def _positions(self, field: str, text: str, candidates: npt.NDArray[np.int32]) -> Iterator[tuple[int, list[int]]]:
        found = []
        with self._lock:
            matcher = self._reader.postings(field, text)
            for number in candidates.tolist():
                matcher.skip_to(number)
                found.append((number, list(matcher.value_as("positions"))))
        yield from found

    def _postings(self, field: str, text: str) -> _Postings:
        """All documents with a term in a field, deleted ones too, and how often."""
        key = (field, "\0" + text)
        cached = self._cached_list(key)
        if cached is not None:
            return cached
        numbers: list[int] = []
        counts: list[float] = []
        with self._lock:
            if (field, text) in self._reader:
                matcher = self._reader.postings(field, text)
                while matcher.is_active():
                    numbers.append(matcher.id())
                    counts.append(matcher.weight())
                    matcher.next()
        return self._keep(key, _postings(numbers, counts))

    def in_range(self, column: str, low: float, high: float) -> Mask:
        """The documents with a value between two ends; of size and day those that are known."""
        columns = self.columns
        if column == "size":
            return (columns.size > 0) & (columns.size >= low) & (columns.size <= high)
        if column == "date":
            return (columns.day > 0) & (columns.day >= low) & (columns.day <= high)
        numbers = columns.numbers[column]
        inside = (numbers.values >= low) & (numbers.values <= high)
        before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(inside, dtype=np.int64)])
        found: Mask = before[numbers.starts[1:]] > before[numbers.starts[:-1]]
        return found

    def _cached_list(self, key: tuple[str, str]) -> _Postings | None:
        with self._lock:
            found = self._cache.get(key)
            if found is not None:
                self._cache.move_to_end(key)
            return found

    def _keep(self, key: tuple[str, str], postings: _Postings) -> _Postings:
        with self._lock:
            if key not in self._cache:
                self._cache[key] = postings
                self._cached += len(postings.numbers) + 16
            while self._cached > _CACHED_POSTINGS and len(self._cache) > 1:
                _, old = self._cache.popitem(last=False)
                self._cached -= len(old.numbers) + 16
        return postings

    @staticmethod
    def _norm(lengths: npt.NDArray[np.int32]) -> Scores:
        """What a count in a field is divided by: 1 at the usual length, more in long fields."""
        told = lengths[lengths > 0]
        usual = float(told.mean()) if len(told) else 1.0
        return (1 - _B + _B * lengths / usual).astype(np.float32)


def _postings(numbers: list[int], counts: Sequence[float]) -> _Postings:
    return _Postings(np.array(numbers, dtype=np.int32), np.array(counts, dtype=np.float32))
