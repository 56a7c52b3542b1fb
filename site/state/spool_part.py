"""A harvest while it is being read: the one before it, and the file that is to take its place.

What stands is not written line by line: pieces that lie together in the file before are copied at once, and where all
of that file stands, nothing is.
"""

import hashlib
import os
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from panfair.ontologies.errors import HarvestError
from panfair.site.state.harvest_file import (
    CUT,
    DAMAGED,
    END,
    FOREIGN,
    HEADER,
    RECORDS,
    Line,
    Spooled,
    end_line,
    read_line,
)
from panfair.site.state.spool_index import SpoolIndex

_PIECE = 1 << 20  # bytes


class Before:
    """The last finished harvest of a source, read when it is asked for; nothing where there is none."""

    def __init__(self, path: Path, source: str, index: SpoolIndex) -> None:
        self._source = source
        self._index = index
        self._file: BinaryIO | None = path.open("rb") if path.is_file() else None

    @property
    def size(self) -> int:
        """In bytes, without the last line."""
        return os.fstat(self._file.fileno()).st_size - len(end_line("")) - 64 if self._file else 0

    @cached_property
    def lines(self) -> list[Line]:
        """Its lines, without those that are damaged."""
        if self._file is None:
            return []
        self._index.bring_up_to_date(self._source)
        return [line for line in self._index.lines(self._source) if line.kind in RECORDS]

    def is_whole(self) -> bool:
        """Whether every line of it can be read."""
        self._index.bring_up_to_date(self._source)
        return not any(self._index.count(self._source, kind) for kind in (DAMAGED, FOREIGN, CUT))

    def begins_with(self, header: bytes) -> bool:
        """Whether there is one, and its first line is this."""
        return self._file is not None and self.bytes_at(0, len(header)) == header

    @cached_property
    def by_key(self) -> dict[str, Line]:
        return {line.key: line for line in self.lines if line.kind == "P"}

    @cached_property
    def by_mark(self) -> dict[bytes, Line]:
        return {line.mark: line for line in self.lines if line.mark}

    def keys(self) -> Iterator[str]:
        """The DOI keys of its records."""
        return iter(self.by_key)

    def document(self, key: str) -> dict[str, Any] | None:
        """A record as canonical JSON; None when there is none, or it is damaged."""
        line = self.by_key.get(key)
        if line is None:
            return None
        try:
            item = read_line(self.bytes_at(line.start, line.length))
        except (ValueError, KeyError, TypeError):
            return None
        found: dict[str, Any] | None = orjson.loads(item.body) if isinstance(item, Spooled) else None
        return found

    def bytes_at(self, start: int, length: int) -> bytes:
        """A piece of its file."""
        assert self._file is not None
        self._file.seek(start)
        return self._file.read(length)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class Part:
    """The file of an unfinished harvest, from where it stopped on."""

    def __init__(self, file: BinaryIO, size: int, header: bytes, before: Before) -> None:
        file.truncate(size)
        file.seek(size)
        self._file = file
        self._header = header
        self._before = before
        self._begun = size
        self._at = size
        self._from, self._to = 0, 0  # the piece of the file before that is still to be copied
        self._mark = b""
        self.lines: list[Line] = []
        """All that was added since."""
        self.is_what_stood = False
        """At the end: whether all lines were kept, and none is missing. Then the file before stays."""

    def mark(self, mark: bytes) -> None:
        """Gives the next line that is added this mark."""
        self._mark = mark

    def add(self, body: bytes, key: str, digest: str) -> None:
        """Adds a new line."""
        self.begin()
        self._copy()
        self._file.write(body)
        self._put(Line(body[:1].decode(), key, digest, 0, len(body), self._mark if key else b""))
        self._mark = b""

    def keep(self, line: Line) -> None:
        """Adds a line of the harvest before."""
        self.begin()
        if line.start != self._to or self._from == self._to:
            self._copy()
            self._from = line.start
        self._to = line.start + line.length
        self._put(line)

    def begin(self) -> None:
        """Sees to it that the file has its first line, which tells who wrote it."""
        if self._at == 0:
            if self._before.begins_with(self._header):
                self._to = len(self._header)
            else:
                self._file.write(self._header)
            self._put(Line(HEADER, "", "", 0, len(self._header)))

    def keep_all(self) -> bool:
        """Keeps all of the harvest before; False when there is none that is whole, or something else was added."""
        if self._at or not self._before.begins_with(self._header) or not self._before.is_whole():
            return False
        self._to = self._at = self._before.size
        return True

    def flushed(self) -> int:
        """How long the file is, with all in it."""
        self._copy()
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._at

    def end(self) -> None:
        """Writes what is left and the last line, unless this is what stood."""
        self.begin()
        self.is_what_stood = (
            not self._begun
            and self._from == 0
            and self._to == self._at == self._before.size
            and self._before.is_whole()
        )
        if self.is_what_stood:
            return
        self.flushed()
        self._file.seek(0)
        last = end_line(hashlib.file_digest(self._file, "sha256").hexdigest())  # type: ignore[arg-type]
        self._file.write(last)
        self._put(Line(END, "", "", 0, len(last)))
        self.flushed()

    def _put(self, line: Line) -> None:
        self.lines.append(line._replace(start=self._at) if line.start != self._at else line)
        self._at += line.length

    def _copy(self) -> None:
        while self._from < self._to:
            piece = self._before.bytes_at(self._from, min(_PIECE, self._to - self._from))
            if not piece:
                raise HarvestError(
                    "a record that should stand is not there; it is read anew next time", begin_anew=True
                )
            self._file.write(piece)
            self._from += len(piece)
