"""The words of a scope as static files: the whole vocabulary in alphabetical order, cut into shards of some kilobytes.

A query fetches the shards that its words stand in, and a beginning (`tomo*`) those next to each other. A shard tells
for each word, by field: which documents have it, how often, and the code of the field's length there. Where the words
stand in the documents is in a file beside it, which phrases and compounds alone need.

The shard's text are its words, a line each; its numbers are, one after the other: for each word how many fields have
it, and for each of these the field and how many documents; then for all of them in the same order the documents'
numbers (as steps), the counts, and the length codes. The file of places has for each document of each plain word its
places, as steps. Pairs of frequent words (`&x ray`) and the DOIs (`=10.…`), in a field of their own, come first.

A stem (`~tomographi`) stands among the words that have it, which its line names behind tabs: its postings are theirs
together, less its own, which tell how often such a word is there as a name (`SAXS`) and not as a word with a stem.
"""

import tempfile
from array import array
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from os import SEEK_END
from typing import Self

import numpy as np
import numpy.typing as npt

from panfair.builders.search.documents.fields import TEXT_FIELDS
from panfair.builders.search.documents.words import STEM_MARK, stem_of
from panfair.builders.search.static.cut import ROW, Shard, cut, parts, reordered
from panfair.builders.search.static.entry import FIELDS, Entry
from panfair.builders.search.static.packing import Numbers
from panfair.builders.search.static.pairs import FREQUENT_FROM, PAIR_MARK, Pairs, pairs_in

_Chunk = tuple[int, int, int, int]
"""Postings in the temporary files: where they begin and how many, where their places begin and how many."""
KEY_MARK = "="
"""Before a DOI's key, so that it is no word."""
KEY_FIELD = len(FIELDS)
_POSTINGS_AT_ONCE = 500_000


class Postings:
    """Who has which word, gathered document by document, then told word by word; a context manager.

    What was gathered waits in a temporary file, so memory holds the vocabulary and one part of it at a time.
    """

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self._families: dict[str, dict[str, None]] = {}
        self._rows = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._places = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._chunks: list[_Chunk] = []
        self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()
        self._places.close()

    def _begin(self) -> None:
        self._term, self._number, self._count, self._placed = (array("I") for _ in range(4))
        self._field, self._code = bytearray(), bytearray()
        self._at = array("I")

    def add(self, number: int, entry: Entry) -> None:
        """Takes in one document under its number; numbers come in rising order."""
        self._posting(KEY_MARK + entry["owner"], number, 1, 0, KEY_FIELD, 0)
        for field, name in enumerate(FIELDS):
            if name not in entry["fields"]:
                continue
            code, places, stems = entry["fields"][name]
            counts = array("I", map(len, places.values()))
            # Field by field, for this is what most of the time goes into.
            self._term.extend([self.terms.setdefault(word, len(self.terms)) for word in places])
            self._number.extend([number] * len(places))
            self._count.extend(counts)
            self._placed.extend(counts)
            self._field.extend(bytes([field]) * len(places))
            self._code.extend(bytes([code]) * len(places))
            self._at.extend(chain.from_iterable(places.values()))
            if name in TEXT_FIELDS:
                self._stems(places, stems, number, field, code)
        if len(self._term) > _POSTINGS_AT_ONCE:
            self._spill()

    def _stems(self, places: dict[str, list[int]], stems: dict[str, int], number: int, field: int, code: int) -> None:
        """Takes in how often words with a stem stand here kept whole (`SAXS` is no plural): else the words tell it."""
        rest: dict[str, int] = {}
        for word, at in places.items():
            stem = stem_of(word)
            if stem is not None and stem != word:
                self._families.setdefault(STEM_MARK + stem, {})[word] = None
                rest[STEM_MARK + stem] = rest.get(STEM_MARK + stem, 0) + len(at)
        for stem, count in rest.items():
            if whole := count - stems.get(stem, 0):
                self._posting(stem, number, whole, 0, field, code)

    def _posting(self, term: str, number: int, count: int, placed: int, field: int, code: int) -> None:
        self._term.append(self.terms.setdefault(term, len(self.terms)))
        self._number.append(number)
        self._count.append(count)
        self._placed.append(placed)
        self._field.append(field)
        self._code.append(code)

    def _spill(self) -> None:
        rows = np.empty(len(self._term), dtype=ROW)
        rows["term"], rows["number"], rows["count"], rows["places"] = (
            self._term,
            self._number,
            self._count,
            self._placed,
        )
        rows["field"], rows["code"] = self._field, self._code
        self._write(rows, np.frombuffer(self._at, dtype="<u4") if self._at else np.zeros(0, dtype="<u4"))
        self._begin()

    def _write(self, rows: npt.NDArray[np.void], places: npt.NDArray[np.uint32]) -> None:
        self._chunks.append(self._written(rows, places))

    def _written(self, rows: npt.NDArray[np.void], places: npt.NDArray[np.uint32]) -> _Chunk:
        where = self._rows.seek(0, SEEK_END), len(rows), self._places.seek(0, SEEK_END), len(places)
        self._rows.write(rows.tobytes())
        self._places.write(places.tobytes())
        return where

    def add_pairs(self, of: Collection[str] | None = None) -> list[str]:
        """Takes in the pairs of frequent words, when all documents are in; the frequent words, in order.

        `of` are the words that count as frequent, where others than these documents decide it.
        """
        self._spill()
        names = list(self.terms)
        sizes = np.zeros(len(names), dtype=np.int64)
        for rows, _ in self._read(places=False):
            sizes += np.bincount(rows["term"], minlength=len(names))
        frequent = sizes >= FREQUENT_FROM if of is None else np.array([name in of for name in names], dtype=np.bool_)
        for term in np.flatnonzero(frequent).tolist():
            frequent[term] = names[term][0] not in (STEM_MARK, KEY_MARK)
        for rows, places in self._read(places=True) if frequent.any() else ():
            self._take_pairs(rows, pairs_in(rows, places, frequent), names)
        return sorted(names[term] for term in np.flatnonzero(frequent).tolist())

    def _take_pairs(self, rows: npt.NDArray[np.void], pairs: Pairs, names: list[str]) -> None:
        heads = np.stack([pairs.first, pairs.second, pairs.row])
        begins = np.ones(heads.shape[1], dtype=np.bool_)
        begins[1:] = (heads[:, 1:] != heads[:, :-1]).any(axis=0)
        at = np.flatnonzero(begins)
        made = np.empty(len(at), dtype=ROW)
        made[["number", "field", "code"]] = rows[pairs.row[at]][["number", "field", "code"]]
        made["count"] = made["places"] = np.diff(np.append(at, len(pairs.row)))
        both = zip(pairs.first[at].tolist(), pairs.second[at].tolist(), strict=True)
        called = (f"{PAIR_MARK}{names[first]} {names[second]}" for first, second in both)
        made["term"] = [self.terms.setdefault(name, len(self.terms)) for name in called]
        self._write(made, pairs.place.astype("<u4"))

    def shards(self) -> Iterator[Shard]:
        """The shards of all that was taken in, in the order of their words."""
        self._spill()
        for stem in self._families:
            self.terms.setdefault(stem, len(self.terms))
        ordered = sorted(self.terms, key=place_in_order)
        rank = np.empty(len(ordered), dtype=np.uint32)
        rank[[self.terms[term] for term in ordered]] = np.arange(len(ordered), dtype=np.uint32)
        sizes = np.zeros(len(ordered), dtype=np.int64)
        for rows, _ in self._read(places=False):
            sizes += np.bincount(rank[rows["term"]], minlength=len(ordered))
        ranges = list(parts(sizes, _POSTINGS_AT_ONCE))
        self._sort_out(rank, np.array([first for first, _ in ranges[1:]], dtype=np.uint32), len(ranges))
        for (first, last), chunks in zip(ranges, self._parts, strict=True):
            rows, places = self._taken(chunks, first)
            yield from cut(ordered[first:last], rows, places, sizes[first:last], self._families)

    def _read(
        self, places: bool, chunks: Sequence[_Chunk] | None = None
    ) -> Iterator[tuple[npt.NDArray[np.void], npt.NDArray[np.uint32]]]:
        for at, count, places_at, places_count in list(self._chunks if chunks is None else chunks):
            self._rows.seek(at)
            rows = np.frombuffer(self._rows.read(count * ROW.itemsize), dtype=ROW)
            self._places.seek(places_at)
            found = self._places.read(places_count * 4) if places else b""
            yield rows, np.frombuffer(found, dtype="<u4")

    def _sort_out(self, rank: npt.NDArray[np.uint32], bounds: npt.NDArray[np.uint32], count: int) -> None:
        """Writes all postings once more, those of each part of the vocabulary together; terms become their ranks."""
        self._parts: list[list[_Chunk]] = [[] for _ in range(count)]
        for rows, places in self._read(places=True):
            rows = rows.copy()
            rows["term"] = rank[rows["term"]]
            part = np.searchsorted(bounds, rows["term"], side="right")
            order = np.argsort(part, kind="stable")
            sizes = rows["places"].astype(np.int64)
            places = reordered(places.astype(np.int64), sizes, order).astype("<u4")
            rows, part, ends = rows[order], part[order], np.cumsum(sizes[order])
            begin = place = 0
            for number in range(count):
                end = int(np.searchsorted(part, number, side="right"))
                if end > begin:
                    self._parts[number].append(self._written(rows[begin:end], places[place : int(ends[end - 1])]))
                    begin, place = end, int(ends[end - 1])

    def _taken(self, chunks: Sequence[_Chunk], first: int) -> tuple[npt.NDArray[np.void], Numbers]:
        """The postings of a part by word (counted from its first), field and document, and their places."""
        read = list(self._read(places=True, chunks=chunks))
        rows = np.concatenate([rows for rows, _ in read]) if read else np.zeros(0, dtype=ROW)
        rows["term"] -= first
        order = np.lexsort((rows["number"], rows["field"], rows["term"]))
        at = np.concatenate([np.zeros(0, dtype=np.int64), *(places.astype(np.int64) for _, places in read)])
        return rows[order], reordered(at, rows["places"].astype(np.int64), order)


def place_in_order(term: str) -> tuple[bytes, bool]:
    """Where a word stands in the vocabulary: as browsers compare texts (by UTF-16), a stem behind its like."""
    stem = term.startswith(STEM_MARK)
    return (term[1:] if stem else term).encode("utf-16-be", "surrogatepass"), stem
