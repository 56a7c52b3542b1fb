"""Changed records of the OAI-PMH store bound into volumes, at the end of a run: what it costs is what changed.

A volume is written anew when a record left it, came to it, or says something else; its other records are copied. One
that became thin is written together with its neighbour.
"""

import sqlite3
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from panfair.builders.oai.pieces import Piece, followed
from panfair.builders.oai.record import deleted_record_of, record_of, tail_in
from panfair.builders.oai.volumes import PLACE, Place, VolumeFile, Volumes

MOST = 2000
"""Records in a volume: at 10 kB a record it has 20 MB, read, hashed and written in a tenth of a second."""
_LEAST = MOST // 4

_Position = tuple[int, str]
_FIRST: _Position = (-(1 << 62), "")
_END: _Position = (1 << 62, "")


@dataclass(slots=True)
class Changed:
    """What a run has changed in a store."""

    items: set[int] = field(default_factory=set)
    volumes: set[int] = field(default_factory=set)
    """Those that a record left; also the number 0, which is none."""


def bind(db: sqlite3.Connection, store: Path, changed: Changed, volumes: Volumes, tails: IO[bytes] | None) -> None:
    """Writes the volumes that are other than they were, and the rows that say where each record lies.

    The files of volumes that no row names any more are left for `keep_only`. Raises DamagedVolume when one that is read
    is not as it was.
    """
    standing = db.execute("SELECT id, datestamp, key FROM volume ORDER BY datestamp, key").fetchall()
    starts = [_FIRST, *((datestamp, key) for _, datestamp, key in standing[1:])]
    concerned = {place for place, (volume, *_) in enumerate(standing) if volume in changed.volumes}
    for item in changed.items:
        position = db.execute("SELECT datestamp, key FROM item WHERE id = ?", (item,)).fetchone()
        concerned.add(bisect_right(starts, position) - 1)
    binder = _Binder(db, store, changed, volumes, tails)
    for first, end in _groups(db, sorted(concerned), [*starts, _END]):
        old = [volume for volume, *_ in standing[first:end]]
        for volume in old:
            volumes.hold(volume)
        binder.bind(starts[first], [*starts, _END][end], old)


def _groups(db: sqlite3.Connection, concerned: list[int], starts: list[_Position]) -> Iterator[tuple[int, int]]:
    """The ranges of volumes to write together, as indexes of the first and of the one behind the last."""
    done = 0
    for first in concerned:
        if first < done:
            continue
        end = first + 1
        while end < len(starts) - 1 and (end in concerned or _count(db, starts[first], starts[end]) < _LEAST):
            end += 1
        done = end
        yield first, end


def _count(db: sqlite3.Connection, first: _Position, end: _Position) -> int:
    sql = "SELECT count(*) FROM item WHERE (datestamp, key) >= (?, ?) AND (datestamp, key) < (?, ?)"
    return int(db.execute(sql, (*first, *end)).fetchone()[0])


class _Binder:
    """Writes ranges of the order as volumes."""

    def __init__(
        self, db: sqlite3.Connection, store: Path, changed: Changed, volumes: Volumes, tails: IO[bytes] | None
    ) -> None:
        self._db, self._store, self._changed, self._volumes, self._tails = db, store, changed, volumes, tails
        self._formats = [row[0] for row in db.execute("SELECT id FROM format ORDER BY id")]

    def bind(self, first: _Position, end: _Position, old: list[int]) -> None:
        """Writes the records of a range as volumes in the place of those that held them; these give their numbers."""
        self._db.executemany("DELETE FROM volume WHERE id = ?", ((volume,) for volume in old))
        numbers = iter(old)
        left = _count(self._db, first, end)
        while left:
            count = left if left <= MOST + MOST // 2 else MOST
            left -= count
            behind = self._position(first, count) if left else end
            self._write(next(numbers, None), first, behind)
            first = behind

    def _position(self, first: _Position, count: int) -> _Position:
        """Where the record stands that comes so many behind the first."""
        sql = (
            "SELECT datestamp, key FROM item WHERE (datestamp, key) >= (?, ?) ORDER BY datestamp, key LIMIT 1 OFFSET ?"
        )
        datestamp, key = self._db.execute(sql, (*first, count)).fetchone()
        return datestamp, key

    def _write(self, number: int | None, first: _Position, end: _Position) -> None:
        # No row that is written is read again, so a number may mean the old volume and the new one meanwhile.
        made = self._db.execute("INSERT INTO volume VALUES (?, '', ?, ?)", (number, *first)).lastrowid or 0
        file = VolumeFile(self._store)
        for form in self._formats:
            crc, size, places = 0, 0, []
            rows = self._db.execute(
                f"SELECT record.datestamp, record.key, item, record.deleted, header, {PLACE} "
                "FROM record JOIN item ON item.id = record.item "
                "WHERE format = ? AND (record.datestamp, record.key) >= (?, ?) "
                "AND (record.datestamp, record.key) < (?, ?) ORDER BY record.datestamp, record.key",
                (form, *first, *end),
            ).fetchall()
            for datestamp, key, item, deleted, header, *lies in rows:
                one = self._piece(item, deleted, header, Place(*lies))
                before, crc = crc, followed(crc, one)
                place = Place(made, file.add(one.packed), len(one.packed), size, one.size, before, crc)
                places.append((*place, form, datestamp, key))
                size += one.size
            self._db.executemany(
                f"UPDATE record SET ({PLACE}) = (?, ?, ?, ?, ?, ?, ?) "
                "WHERE format = ? AND datestamp = ? AND key = ?", places
            )  # fmt: skip
        self._db.execute("UPDATE volume SET name = ? WHERE id = ?", (file.finish(), made))

    def _piece(self, item: int, deleted: int, header: bytes, place: Place) -> Piece:
        if item not in self._changed.items:
            return self._volumes.piece(place)
        if deleted:
            return deleted_record_of(header)
        if place.volume:
            return record_of(header, tail_in(self._volumes.piece(place)))
        assert self._tails is not None
        self._tails.seek(place.start)
        return record_of(header, Piece(self._tails.read(place.length), place.size, place.crc_after))
