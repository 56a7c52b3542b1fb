"""The Whoosh engine: one opened state of an index, its postings read whole and scored as BM25F, exact.

Whoosh stores words, positions and records; which documents match is decided here, on whole posting lists, with numpy.
Why not Whoosh's own matchers: with a limit they lose hits when ranges stand beside text (measured on every release),
and at common words they are slower than reading the list once and keeping it.
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
from whoosh.support.levenshtein import distance

from panfair.builders.search.documents.facets import LISTED
from panfair.builders.search.documents.fields import TEXT_FIELDS
from panfair.builders.search.documents.scoring import NAMED_BY_DOI, SATURATION, WEIGHTS, norms, rarity
from panfair.builders.search.documents.words import STEM_MARK, other_forms, words
from panfair.builders.search.index.columns import joined, read_columns
from panfair.builders.search.index.whoosh import open_index, segment_columns
from panfair.builders.search.language.tree import DoiIs, Node, Phrase, Prefix
from panfair.site.search.columns import Mask, Numbers, Table
from panfair.site.search.index import (
    FIELD_NAMES,
    MOST_EXPANSIONS,
    Leaf,
    Scores,
    best_first,
    fields_of,
    scoring_leaves,
    too_many,
)
from panfair.site.search.whoosh_postings import PLACE_BITS, blocks, places

_CACHED_POSTINGS = 4_000_000  # documents in cached lists: about 48 MB
_CACHED_HITS = 64
_KEPT_PLACES = 2_000_000  # about 16 MB
_WARM_FIELDS = ("title", "abstract")  # where lists of places are long
_WARM_WORDS = 40  # of each
_KEPT_RECORDS = 1_000  # some 5 MB

Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Postings:
    """The documents with a term in a field, deleted ones too, and how often."""

    rows: Rows
    counts: npt.NDArray[np.float64]


_NOWHERE = _Postings(np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float64))


class WhooshIndex:
    """An index as it stood when it was opened; usable from many threads. `close` frees its files."""

    def __init__(self, folder: Path) -> None:
        index = open_index(folder)
        self._reader = index.reader()
        self._lock = threading.Lock()
        self._cache: OrderedDict[tuple[str, str], _Postings] = OrderedDict()
        self._cached = 0
        self._stored: dict[int, dict[str, Any]] = {}
        self._found: OrderedDict[Leaf, tuple[Mask, Scores, str]] = OrderedDict()
        self._kept_places: OrderedDict[tuple[str, str], Numbers] = OrderedDict()
        try:
            self._leaves = [(leaf, base) for leaf, base in self._reader.leaf_readers() if leaf.doc_count_all()]
            parts = [read_columns(segment_columns(folder, leaf.segment())) for leaf, _ in self._leaves]
            columns = joined(parts, LISTED, FIELD_NAMES)
            if len(columns) != self._reader.doc_count_all():
                raise ValueError("the columns do not belong to the index")
        except BaseException:
            self._reader.close()
            raise
        live = np.ones(len(columns), dtype=np.bool_)
        for row in range(len(columns)) if self._reader.has_deletions() else ():
            live[row] = not self._reader.is_deleted(row)
        self.table = Table(columns, live)
        self._weights = {
            name: WEIGHTS[name] / np.array(norms(name), dtype=np.float64)[columns.lengths[name]] for name in FIELD_NAMES
        }

    def close(self) -> None:
        with self._lock:
            self._reader.close()

    def warm(self) -> None:
        for field in _WARM_FIELDS:
            with self._lock:
                terms = [term.decode() for _, term in self._reader.most_frequent_terms(field, 2 * _WARM_WORDS)]
            for term in [term for term in terms if not term.startswith(STEM_MARK)][:_WARM_WORDS]:
                if 2 * sum(map(len, self._kept_places.values())) > _KEPT_PLACES:
                    return
                self._places(field, term, self._postings(field, term).rows)

    def stored(self, row: int) -> dict[str, Any]:
        known = self._stored.get(row)
        if known is None:
            with self._lock:
                known = orjson.loads(self._reader.stored_fields(row)["stored"])
                if len(self._stored) >= _KEPT_RECORDS:
                    self._stored.clear()
                self._stored[row] = known
        return known

    def nearest(self, text: str, fields: Sequence[str], slips: int) -> str | None:
        found: dict[str, int] = {}
        with self._lock:
            # Not by Whoosh's `terms_within`: of one segment it counts two swapped letters as two slips, of several as
            # one, and for each field it builds an automaton, which takes a second for a long word.
            for field in fields:
                for term in self._reader.expand_prefix(field, text[0]):
                    near = term.decode() if isinstance(term, bytes) else term
                    if abs(len(near) - len(text)) <= slips and len(set(near) ^ set(text)) <= 2 * slips:
                        found[near] = found.get(near, 0) + int(self._reader.doc_frequency(field, near))
        close = {near: away for near in found if (away := distance(text, near)) <= slips}
        return min(close, key=lambda near: (close[near], -found[near], near)) if close else None

    def beginning(self, text: str, fields: Sequence[str], most: int) -> list[tuple[str, int]]:
        found: dict[str, int] = {}
        for field in fields:
            for term in self._expanded(field, text)[:MOST_EXPANSIONS]:
                with self._lock:
                    found[term] = found.get(term, 0) + int(self._reader.doc_frequency(field, term))
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:most]

    def having(self, leaf: Leaf, notes: dict[str, None]) -> Mask:
        mask, _, note = self._hits(leaf)
        if note:
            notes[note] = None
        return mask

    def best(self, node: Node, mask: Mask, most: int) -> list[tuple[int, float]]:
        scores = np.zeros(len(self.table), dtype=np.float64)
        for leaf in scoring_leaves(node):
            if isinstance(leaf, DoiIs):
                scores += np.where(self.table.named(leaf.key, leaf.prefix), NAMED_BY_DOI, 0.0)
            else:
                scores += self._hits(leaf)[1]
        # Rounded, so that the last places, which a browser may have otherwise, never change an order.
        return best_first(self.table, np.flatnonzero(mask), np.round(scores, 4), most)

    def _hits(self, leaf: Leaf) -> tuple[Mask, Scores, str]:
        """The set of a leaf, its scores, and a note or nothing; kept for the next question."""
        with self._lock:
            known = self._found.get(leaf)
            if known is not None:
                self._found.move_to_end(leaf)
                return known
        fields = fields_of(leaf)
        notes: dict[str, None] = {}
        if isinstance(leaf, Prefix):
            terms = self._prefix(leaf.text, fields, notes)
        elif isinstance(leaf, Phrase):
            terms = self._phrase(leaf.text, fields)
        else:
            terms = self._word(leaf.text, fields)
        found = (*self._scored(terms), "".join(notes))
        with self._lock:
            self._found[leaf] = found
            while len(self._found) > _CACHED_HITS:
                self._found.popitem(last=False)
        return found

    def _scored(self, found: Iterator[tuple[str, _Postings]]) -> tuple[Mask, Scores]:
        """The union of the postings of one term in many fields, scored as one (BM25F: counts are summed before they
        saturate, and the rarity is that of the union)."""
        total = len(self.table)
        mask = np.zeros(total, dtype=np.bool_)
        counts = np.zeros(total, dtype=np.float64)
        for field, postings in found:
            if len(postings.rows):
                mask[postings.rows] = True
                counts[postings.rows] += postings.counts * self._weights[field][postings.rows]
        mask &= self.table.live
        return mask, rarity(int(np.count_nonzero(mask)), self.table.count) * counts / (SATURATION + counts)

    def _word(self, text: str, fields: Sequence[str]) -> Iterator[tuple[str, _Postings]]:
        found = list(words(text))
        others = other_forms(found)
        if sum(not word.whole for word in found) == 1:
            word = found[0]
            for field in fields:
                variants = [word.text, *others]
                if word.stem is not None and field in TEXT_FIELDS:
                    variants += [STEM_MARK + word.stem, word.stem]
                for variant in dict.fromkeys(variants):
                    yield field, self._postings(field, variant)
            return
        for field in fields:
            for other in others:
                yield field, self._postings(field, other)
        yield from self._phrase(text, fields)

    def _prefix(self, text: str, fields: Sequence[str], notes: dict[str, None]) -> Iterator[tuple[str, _Postings]]:
        for field in fields:
            terms = self._expanded(field, text)
            if len(terms) > MOST_EXPANSIONS:
                notes[too_many(text)] = None
            for term in terms[:MOST_EXPANSIONS]:
                yield field, self._postings(field, term)

    def _expanded(self, field: str, text: str) -> list[str]:
        """The words of a field that begin so, one more than are used where there are more."""
        with self._lock:
            terms = islice(self._reader.expand_prefix(field, text), MOST_EXPANSIONS + 1)
            return [term.decode() if isinstance(term, bytes) else term for term in terms]

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
        candidates = self._postings(field, parts[0]).rows
        for part in dict.fromkeys(parts[1:]):
            candidates = np.intersect1d(candidates, self._postings(field, part).rows, assume_unique=True)
        begins = np.empty(0, dtype=np.int64)
        for offset, part in enumerate(parts):
            if not len(candidates):
                return _NOWHERE
            here = self._places(field, part, candidates) - offset
            begins = np.intersect1d(begins, here, assume_unique=True) if offset else here
            candidates = np.unique(begins >> PLACE_BITS).astype(np.int32)
        rows, times = np.unique(begins >> PLACE_BITS, return_counts=True)
        return _Postings(rows.astype(np.int32), times.astype(np.float64))

    def _places(self, field: str, text: str, candidates: Rows) -> Numbers:
        """Where a word stands in some documents that have it: row and place in one number each, rising.

        Of a word whose documents are mostly asked for, all its places are read and kept: many phrases share such words.
        """
        key = (field, text)
        with self._lock:
            known = self._kept_places.get(key)
        if known is None:
            every = self._postings(field, text).rows
            if 2 * len(candidates) < len(every):
                return self._read_places(field, text, candidates)
            known = self._read_places(field, text, every)
            with self._lock:
                self._kept_places[key] = known
                while len(self._kept_places) > 1 and sum(map(len, self._kept_places.values())) > _KEPT_PLACES:
                    self._kept_places.popitem(last=False)
        return known[np.isin(known >> PLACE_BITS, candidates)]

    def _read_places(self, field: str, text: str, candidates: Rows) -> Numbers:
        found = []
        with self._lock:
            for leaf, base in self._leaves:
                if (field, text) in leaf:
                    wanted = candidates[np.searchsorted(candidates, base) :] - base
                    found.append(places(leaf.postings(field, text), wanted) + (base << PLACE_BITS))
        return np.concatenate(found) if found else np.empty(0, dtype=np.int64)

    def _postings(self, field: str, text: str) -> _Postings:
        key = (field, "\0" + text)
        cached = self._cached_list(key)
        if cached is not None:
            return cached
        rows: list[Rows] = []
        counts: list[npt.NDArray[np.float64]] = []
        with self._lock:
            for leaf, base in self._leaves:
                if (field, text) in leaf:
                    for numbers, times in blocks(leaf.postings(field, text)):
                        rows.append(numbers + np.int32(base))
                        counts.append(times)
        if not rows:
            return self._keep(key, _NOWHERE)
        return self._keep(key, _Postings(np.concatenate(rows), np.concatenate(counts)))

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
                self._cached += len(postings.rows) + 16
            while self._cached > _CACHED_POSTINGS and len(self._cache) > 1:
                _, old = self._cache.popitem(last=False)
                self._cached -= len(old.rows) + 16
        return postings
