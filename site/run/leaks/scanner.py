"""The scan of one output after the other: which of its values show something of a closed record, and of which.

A value that was found clean is not read twice: the same title, name or address stands in some twenty files.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from panfair.site.run.leaks.marks import Mark, as_written
from panfair.site.run.leaks.matching import Hit, Matcher
from panfair.site.run.leaks.pieces import Pieces, digest_of, pieces_of
from panfair.site.run.leaks.sieve import Sieve
from panfair.site.run.leaks.values import readings_of, values_in
from panfair.site.run.leaks.words import Digests

_SEEN = 50_000  # values, twice over
_LONGEST_SEEN = 2_000  # characters; longer values are rare and would fill the memory
_AROUND = 80  # characters
_COUNTED_BESIDE = re.compile(r"^\d+\W*\s|\s\W*\d+$")
_CERTAIN = 8  # words; so many in the same order are no chance, whatever stands between them


@dataclass(frozen=True, slots=True)
class Known:
    """A mark of a closed record that no open one, nor the site itself, says."""

    owner: bytes
    """The digest of the closed record's name."""
    mark: Mark
    alone: bool = False
    """Whether, with a number that a blank parts from it, it counts only as the whole of a value: open records say it
    without its numbers, and pages write counts beside names. No count is written as `film_0012`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something of a closed record in an output: for the operator's eyes only."""

    owner: bytes
    field: str
    """The closed record's field."""
    path: str
    """The output, relative to output/."""
    value: str
    """What stands there, cut to what is of the closed record."""
    around: str
    """The value that it stands in, or the part of it around."""


class Scanner:
    """Scans outputs for marks of closed records; what it holds of them are digests."""

    def __init__(self, digests: Digests, known: Iterable[Known] = ()) -> None:
        self._digests = digests
        self._known = {one.mark.digest: one for one in known}
        marks = [one.mark for one in self._known.values()]
        self._matcher = Matcher(
            digests,
            [mark.digest for mark in marks if mark.phrase is None],
            [mark.phrase for mark in marks if mark.phrase is not None],
        )
        self._forget()

    def _forget(self) -> None:
        self._sieve = Sieve(self._matcher)
        self._seen: set[str] = set()
        self._older: set[str] = set()
        self._vouched: set[bytes] = set()

    def __getstate__(self) -> dict[str, Any]:
        return {"_digests": self._digests, "_known": self._known, "_matcher": self._matcher}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._forget()

    def __bool__(self) -> bool:
        return bool(self._matcher)

    def vouch(self, digest: bytes) -> None:
        """Takes a body of this digest for clean, wherever it is packed: another process has scanned it."""
        self._vouched.add(digest)

    def of_record(self, outputs: Sequence[tuple[str, bytes]]) -> Iterator[Finding]:
        """What the outputs of one record, told by path, show; an archive comes after what it holds."""
        if self and self._may_show(outputs):
            for path, body in outputs:
                yield from self.in_values(path, chain(path.split("/"), values_in(body, path)))

    def _may_show(self, outputs: Sequence[tuple[str, bytes]]) -> bool:
        """Whether a value of them shows anything, whichever it is: no value is looked at twice."""
        found = False
        for value in self._sieve.doubtful(_pieces_of_record(outputs)):
            if any(True for _finding in self.in_values("", [value.decode("utf-8", "replace")])):
                found = True
            else:
                self._sieve.is_clean(value)
        return found

    def findings(self, path: str, body: bytes) -> Iterator[Finding]:
        """What an output shows of closed records, in its name and in its values."""
        if not self:
            return
        yield from self.in_values(path, path.split("/"))
        for pieces in pieces_of(body, path, self._is_vouched):
            for value in self._sieve.doubtful([pieces]):
                found = list(self.in_values(path, [value.decode("utf-8", "replace")]))
                yield from found
                if not found:
                    self._sieve.is_clean(value)

    def _is_vouched(self, body: bytes) -> bool:
        return bool(self._vouched) and digest_of(body) in self._vouched

    def in_values(self, path: str, values: Iterable[str]) -> Iterator[Finding]:
        """What some values of an output show of closed records."""
        for value in values:
            if value in self._seen:
                continue
            if value in self._older:
                self._remember(value)
                continue
            found = False
            for reading in readings_of(value):
                for hit in self._matcher.hits(reading):
                    known = self._known[hit.digest]
                    if self._counts(known, reading, hit):
                        found = True
                        value, around = reading[hit.start : hit.end], _around(reading, hit)
                        yield Finding(known.owner, known.mark.field, path, value, around)
            if not found and len(value) <= _LONGEST_SEEN:
                self._remember(value)

    def _remember(self, value: str) -> None:
        if len(self._seen) >= _SEEN:
            self._seen, self._older = set(), self._seen
        self._seen.add(value)

    def _counts(self, known: Known, reading: str, hit: Hit) -> bool:
        """Whether a phrase stands there as its record writes it, or as addresses and file names do."""
        phrase = known.mark.phrase
        if phrase is None or phrase.length >= _CERTAIN:
            return True
        shown = as_written(reading[hit.start : hit.end])
        if known.alone and as_written(reading) != shown and _COUNTED_BESIDE.search(shown):
            return False
        between = {mark for mark in _between(shown) if mark}
        # Behind a colon stands what a prefix names: `person:ada-…` is not the person called `Person, Ada`.
        as_a_file_name = len(between) <= 1 and all(len(mark) == 1 and mark != ":" for mark in between)
        return as_a_file_name or self._is_exact(known.mark, reading, hit)

    def _is_exact(self, mark: Mark, reading: str, hit: Hit) -> bool:
        """Whether the text around is the whole name letter by letter, with what it begins and ends with."""
        if self._digests.of(as_written(reading)) == mark.exact:
            return True
        start, end = hit.start, hit.end
        while start > 0 and not (reading[start - 1].isalnum() or reading[start - 1].isspace()):
            start -= 1
        while end < len(reading) and not (reading[end].isalnum() or reading[end].isspace()):
            end += 1
        return any(
            self._digests.of(as_written(reading[first:last])) == mark.exact
            for first in range(start, hit.start + 1)
            for last in range(hit.end, end + 1)
        )


def _pieces_of_record(outputs: Iterable[tuple[str, bytes]]) -> Iterator[Pieces]:
    bodies: set[bytes] = set()
    for path, body in outputs:
        yield Pieces("values", path.encode().split(b"/"))
        yield from pieces_of(body, path, bodies.__contains__)
        bodies.add(body)


def _around(reading: str, hit: Hit) -> str:
    return " ".join(reading[max(0, hit.start - _AROUND) : hit.end + _AROUND].split())


def _between(text: str) -> list[str]:
    """What stands between the words of a text."""
    found, mark = [], ""
    for letter in text:
        if letter.isalnum():
            found.append(mark)
            mark = ""
        else:
            mark += letter
    return found
