"""Cuts the postings of a vocabulary into shards: files of some kilobytes, and one for each word that has many.

`builders/search/static/shards.py` says what stands in them. A shard can be opened again, and closed without some.
"""

import gzip
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from panfair.builders.search.static.packing import Numbers, packed_file, runs, steps, unvarints, varints

Families = Mapping[str, Iterable[str]]
"""Stems with the words that have them."""
ROW = np.dtype(
    [("term", "<u4"), ("number", "<u4"), ("count", "<u4"), ("places", "<u4"), ("field", "u1"), ("code", "u1")]
)
"""A posting."""
_POSTINGS_A_SHARD = 6_000
_ALONE_FROM = 4_000  # postings: a word with more has a shard to itself


@dataclass(frozen=True, slots=True)
class Shard:
    """Words that stand beside each other in the alphabet."""

    terms: tuple[str, ...]
    entries: tuple[int, ...]
    """For each of the words: how many fields have it, and of each of these its number and how many documents."""
    words: bytes
    """The file of words."""
    places: bytes
    """The file of their places."""


def parts(sizes: Numbers, most: int) -> Iterator[tuple[int, int]]:
    """Stretches of words of about so many postings together."""
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + most, side="right")))
        yield first, last
        first = last


def _shard_ends(sizes: Numbers) -> list[int]:
    """Where shards end: after so many postings, and around a word that has many itself."""
    ends, gathered, start = [], 0, 0
    for place, size in enumerate(sizes.tolist()):
        if place > start and (size >= _ALONE_FROM or gathered + size > _POSTINGS_A_SHARD):
            ends.append(place)
            gathered, start = 0, place
        gathered += size
    return [*ends, len(sizes)]


def cut(
    terms: Sequence[str], rows: npt.NDArray[np.void], places: Numbers, sizes: Numbers, families: Families
) -> Iterator[Shard]:
    row_ends = np.concatenate([[0], np.cumsum(sizes)])
    place_ends = np.concatenate([[0], np.cumsum(rows["places"], dtype=np.int64)])
    first = 0
    for last in _shard_ends(sizes):
        here = slice(int(row_ends[first]), int(row_ends[last]))
        there = slice(int(place_ends[here.start]), int(place_ends[here.stop]))
        here_rows = rows[here]
        here_rows["term"] -= first
        lines = ["\t".join((term, *sorted(families.get(term, ())))) for term in terms[first:last]]
        yield _shard(terms[first:last], lines, here_rows, places[there])
        first = last


def _shard(terms: Sequence[str], lines: Sequence[str], rows: npt.NDArray[np.void], places: Numbers) -> Shard:
    groups = rows["term"].astype(np.int64) * 256 + rows["field"]
    begins = np.diff(groups, prepend=-1) != 0
    at = np.flatnonzero(begins)
    counts = np.diff(np.append(at, len(rows)))
    numbers = rows["number"].astype(np.int64)
    entries: list[int] = []
    fields_of = np.bincount(rows["term"][at], minlength=len(terms))
    pairs = iter(zip(rows["field"][at].tolist(), counts.tolist(), strict=True))
    for fields in fields_of.tolist():
        entries.append(fields)
        for _ in range(fields):
            entries += next(pairs)
    placed = rows["places"].astype(np.int64)
    starts = np.zeros(len(places), dtype=np.bool_)
    starts[(np.cumsum(placed) - placed)[placed > 0]] = True
    words = packed_file(
        "\n".join(lines),
        varints(entries),
        varints(steps(numbers, begins)),
        varints(rows["count"]),
        rows["code"].tobytes(),
    )
    return Shard(tuple(terms), tuple(entries), words, packed_file("", varints(steps(places, starts))))


class OpenShard:
    """The postings of a shard that was written, to be written anew without some documents."""

    def __init__(self, words: bytes, places: bytes, unplaced: tuple[str, ...]) -> None:
        """`unplaced` are the marks of terms whose places are not told."""
        text, _, packed = gzip.decompress(words).partition(b"\0")
        self._lines = [line.split("\t") for line in text.decode("utf-8", "surrogatepass").split("\n")]
        values = unvarints(packed)
        told = values.tolist()
        at, term, field, size = 0, [], [], []
        for number in range(len(self._lines)):
            for place in range(at + 1, at + 1 + 2 * told[at], 2):
                term.append(number)
                field.append(told[place])
                size.append(told[place + 1])
            at += 1 + 2 * told[at]
        sizes = np.array(size, dtype=np.int64)
        count = int(sizes.sum())
        self._rows = np.zeros(count, dtype=ROW)
        self._rows["term"], self._rows["field"] = np.repeat(term, sizes), np.repeat(field, sizes)
        self._rows["number"] = runs(values[at : at + count], sizes)
        self._rows["count"] = values[at + count : at + 2 * count]
        self._rows["code"] = np.frombuffer(packed[len(packed) - count :], dtype=np.uint8)
        placed = np.array([not line[0].startswith(unplaced) for line in self._lines], dtype=np.bool_)
        self._rows["places"] = np.where(placed[self._rows["term"]], self._rows["count"], 0)
        self._places = runs(unvarints(gzip.decompress(places)[1:]), self._rows["places"].astype(np.int64))

    def drop(self, numbers: Sequence[int]) -> list[str]:
        """Takes the postings of these documents out; the words that nobody has any more."""
        left = ~np.isin(self._rows["number"], numbers)
        self._places = self._places[np.repeat(left, self._rows["places"])]
        self._rows = self._rows[left]
        sizes = np.bincount(self._rows["term"], minlength=len(self._lines))
        return [line[0] for line, size in zip(self._lines, sizes.tolist(), strict=True) if not size]

    def closed(self, lost: Collection[str]) -> Shard:
        """The shard as it is now; `lost` are the words that nobody has any more, here and elsewhere."""
        lines = [[term, *(word for word in words if word not in lost)] for term, *words in self._lines]
        sizes = np.bincount(self._rows["term"], minlength=len(lines))
        stays = np.array([bool(size) or len(line) > 1 for line, size in zip(lines, sizes.tolist(), strict=True)])
        rows = self._rows.copy()
        rows["term"] = (np.cumsum(stays) - 1)[rows["term"]]
        left = [line for line, stay in zip(lines, stays.tolist(), strict=True) if stay]
        return _shard([line[0] for line in left], ["\t".join(line) for line in left], rows, self._places)


def reordered(values: Numbers, sizes: Numbers, order: npt.NDArray[np.intp]) -> Numbers:
    """Runs of values, one after the other, in another order of the runs."""
    starts = np.cumsum(sizes) - sizes
    taken = sizes[order]
    shift = np.repeat(starts[order] - (np.cumsum(taken) - taken), taken)
    moved: Numbers = values[np.arange(int(taken.sum()), dtype=np.int64) + shift]
    return moved
