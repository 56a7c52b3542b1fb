"""Reading the OAI-PMH store while it is served: pages of lists by position, single records, formats and sets.

The store never changes in place: a publication moves a new file over it, after the volumes that it names. Each call of
`snapshot` looks whether that happened and opens the new one; an answer is made from one snapshot, whose volumes stay
open with it, so it never mixes two publications.
"""

import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from panfair.builders.oai.envelope import key_of
from panfair.builders.oai.pieces import Piece
from panfair.builders.oai.record import header_element
from panfair.builders.oai.store import SCHEMA_VERSION, volumes_of
from panfair.builders.oai.volumes import PLACE, Place, Volumes, run_of, runs

Position = tuple[int, str]
"""The datestamp in seconds and the DOI's key: what lists are in the order of."""

_FIRST = -(1 << 62)  # before any datestamp
_LAST = 1 << 62
_CACHED_COUNTS = 512
_TRIES, _BETWEEN_TRIES_SECONDS = 10, 0.05

_IN_ORDER = """
FROM record
WHERE record.format = ?1 AND (record.datestamp, record.key) > (?3, ?4) AND record.datestamp <= ?5"""
_IN_SET = """
FROM member CROSS JOIN record
ON record.format = ?1 AND record.datestamp = member.datestamp AND record.key = member.key
WHERE oai_set = ?2 AND (member.datestamp, member.key) > (?3, ?4) AND member.datestamp <= ?5"""
_OF_KEY = """
FROM item JOIN record ON record.format = ?2 AND record.datestamp = item.datestamp AND record.key = item.key
WHERE item.key = ?1"""


class StoreBroken(Exception):
    """The store is there and cannot be read: the operator must publish again; a reader may come back later."""


@dataclass(frozen=True, slots=True)
class FormatEntry:
    """One metadataPrefix."""

    prefix: str
    schema: str
    namespace: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is limited to."""

    prefix: str
    oai_set: str | None = None
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: what stands in the answer, of how many entries, and the last one's place if more come."""

    parts: Sequence[bytes | Piece]
    count: int
    last: Position | None


class _Rows(NamedTuple):
    """Rows that begin with datestamp and key, and the place of the last one if more come."""

    rows: list[tuple[Any, ...]]
    last: Position | None


class Snapshot:
    """One store as it was published: valid until `LiveStore.snapshot` leaves its block."""

    def __init__(self, db: sqlite3.Connection, volumes: Volumes) -> None:
        self._db = db
        self._volumes = volumes
        self._counts: dict[Filter, int] = {}
        self._formats = {
            row[1]: (int(row[0]), FormatEntry(*row[1:]))
            for row in db.execute("SELECT id, prefix, schema, namespace FROM format")
        }
        self._sets = dict(db.execute("SELECT spec, id FROM oai_set"))
        self.host: str = db.execute("SELECT value FROM meta WHERE name = 'host'").fetchone()[0]
        least = (
            db.execute("SELECT min(datestamp) FROM record WHERE format = ?", (form,)).fetchone()[0]
            for form, _ in self._formats.values()
        )
        self.earliest: int | None = min((one for one in least if one is not None), default=None)
        """The earliest datestamp in seconds since 1970; None: no record."""

    @property
    def formats(self) -> list[FormatEntry]:
        """Every metadataPrefix, oai_dc first."""
        entries = [entry for _, entry in self._formats.values()]
        return sorted(entries, key=lambda entry: (entry.prefix != "oai_dc", entry.prefix))

    def records(self, limits: Filter, after: Position | None, most: int) -> Page:
        """The next records after a position in the order of (datestamp, key); from the beginning when it is None."""
        if limits.oai_set is None and (page := self._whole_page(limits, after, most)):
            return page
        found = self._rows(PLACE, "", limits, after, most)
        places = (Place(*row[2:]) for row in found.rows)
        return Page([self._volumes.piece(run) for run in runs(places)], len(found.rows), found.last)

    def _whole_page(self, limits: Filter, after: Position | None, most: int) -> Page | None:
        """A page with more behind it that lies in one volume, by its ends alone; None for another."""
        found = self._terms(limits, after)
        if found is None:
            return None
        sql = f"SELECT datestamp, key, {PLACE} {found[0]} ORDER BY datestamp, key LIMIT ?6 OFFSET ?7"
        first = self._db.execute(sql, (*found[1], 1, 0)).fetchone()
        ends = self._db.execute(sql, (*found[1], 2, most - 1)).fetchall()
        if first is None or len(ends) < 2 or ends[0][2] != first[2]:
            return None
        run = run_of(Place(*first[2:]), Place(*ends[0][2:]))
        return Page([self._volumes.piece(run)], most, ends[0][:2])

    def headers(self, limits: Filter, after: Position | None, most: int) -> Page:
        """The same of headers."""
        item = "CROSS JOIN item ON item.id = record.item"
        found = self._rows("header, record.deleted", item, limits, after, most)
        return Page([header_element(row[2], row[3]) for row in found.rows], len(found.rows), found.last)

    def count(self, limits: Filter) -> int:
        """How many rows the whole list has."""
        if limits not in self._counts:
            found = self._terms(limits, None)
            if found is None:
                return 0
            if len(self._counts) >= _CACHED_COUNTS:
                self._counts.clear()
            self._counts[limits] = self._db.execute(f"SELECT count(*) {found[0]}", found[1]).fetchone()[0]
        return self._counts[limits]

    def record(self, identifier: str, prefix: str) -> Piece | None:
        """One record in one format; None when there is no such record."""
        key = key_of(self.host, identifier)
        return None if key is None else self.record_of(key, prefix)

    def record_of(self, key: str, prefix: str) -> Piece | None:
        """The same by the DOI's key."""
        row = self._row(PLACE, key, prefix)
        return self._volumes.piece(Place(*row)) if row else None

    def header_of(self, key: str, prefix: str) -> bytes | None:
        """The header of one record, by the DOI's key."""
        row = self._row("header, record.deleted", key, prefix)
        return header_element(*row) if row else None

    def formats_of(self, identifier: str) -> list[FormatEntry] | None:
        """The formats that an item has, or had before it was deleted; None for an unknown identifier."""
        key = key_of(self.host, identifier)
        asked = "SELECT datestamp, key, deleted FROM item WHERE key = ?"
        item = self._db.execute(asked, (key,)).fetchone() if key else None
        if item is None:
            return None
        rows = self._db.execute(
            "SELECT prefix FROM format CROSS JOIN record ON record.format = format.id "
            "WHERE datestamp = ? AND key = ? AND (NOT record.deleted OR ?)",
            item,
        )
        there = {row[0] for row in rows}
        return [entry for entry in self.formats if entry.prefix in there]

    def sets(self, after: str, most: int) -> list[tuple[str, str, str]]:
        """The next sets after a setSpec: setSpec, name, description."""
        sql = "SELECT spec, name, description FROM oai_set WHERE spec > ? ORDER BY spec LIMIT ?"
        return self._db.execute(sql, (after, most)).fetchall()

    @property
    def set_count(self) -> int:
        return len(self._sets)

    @property
    def sample_key(self) -> str | None:
        """The key of the first item; None when there is none."""
        row = self._db.execute("SELECT key FROM item ORDER BY id LIMIT 1").fetchone()
        return row[0] if row else None

    def _row(self, columns: str, key: str, prefix: str) -> tuple[Any, ...] | None:
        form = self._formats.get(prefix)
        if form is None:
            return None
        row: tuple[Any, ...] | None = self._db.execute(
            f"SELECT {columns} {_OF_KEY}",
            (key, form[0]),
        ).fetchone()
        return row

    def _rows(self, columns: str, join: str, limits: Filter, after: Position | None, most: int) -> "_Rows":
        found = self._terms(limits, after)
        if found is None:
            return _Rows([], None)
        tables, values = found
        order = "record.datestamp, record.key" if limits.oai_set is None else "member.datestamp, member.key"
        tables = tables.replace("WHERE", f"{join} WHERE")
        sql = f"SELECT {order}, {columns} {tables} ORDER BY {order} LIMIT ?6"
        rows = self._db.execute(sql, (*values, most + 1)).fetchall()
        last = rows[most - 1][:2] if len(rows) > most else None
        return _Rows(rows[:most], last)

    def _terms(self, limits: Filter, after: Position | None) -> tuple[str, tuple[object, ...]] | None:
        """FROM and WHERE of a list, and their values; None: nothing can match."""
        form = self._formats.get(limits.prefix)
        one_set = self._sets.get(limits.oai_set) if limits.oai_set is not None else 0
        if form is None or one_set is None:
            return None
        start = (_FIRST if limits.since is None else limits.since, "")  # no key is empty
        after = start if after is None else max(after, start)
        values = (form[0], one_set, *after, _LAST if limits.until is None else limits.until)
        return _IN_ORDER if limits.oai_set is None else _IN_SET, values


class LiveStore:
    """The store that stands at a path today: opened when first asked for, opened anew when another took its place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._db: sqlite3.Connection | None = None
        self._volumes: Volumes | None = None
        self._snapshot: Snapshot | None = None

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot | None]:
        """The store for the length of one answer, for one thread at a time; None when nothing was published yet.

        Raises StoreBroken when the file is no store of this version, or cannot be read.
        """
        with self._lock:
            try:
                yield self._current()
            except (sqlite3.DatabaseError, zlib.error, OSError) as error:
                self._forget()
                raise StoreBroken(f"{self._path.name}: {error}; run `panfair publish`") from error

    def close(self) -> None:
        """Closes the file; the next snapshot opens it again."""
        with self._lock:
            self._forget()

    def _current(self) -> Snapshot | None:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            self._forget()
            return None
        if _signature(status) != self._seen:
            self._forget()
            self._snapshot = self._open()
        return self._snapshot

    def _open(self) -> Snapshot:
        for _ in range(_TRIES):
            try:
                return self._opened()
            except FileNotFoundError:  # at this moment a publication takes volumes away; its tables come next
                self._forget()
                time.sleep(_BETWEEN_TRIES_SECONDS)
        return self._opened()

    def _opened(self) -> Snapshot:
        self._seen = _signature(self._path.stat())
        # `immutable` saves the locks of every query: a published store is never written to.
        address = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
        self._db = sqlite3.connect(address, uri=True, check_same_thread=False, cached_statements=64)
        self._db.execute("PRAGMA cache_size = -16384")  # 16 MB: the upper levels of all trees
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            raise sqlite3.DatabaseError(f"it has version {version}, this panfair reads {SCHEMA_VERSION}")
        self._volumes = volumes_of(self._db, self._path)
        return Snapshot(self._db, self._volumes)

    def _forget(self) -> None:
        if self._db is not None:
            self._db.close()
        if self._volumes is not None:
            self._volumes.close()
        self._db = self._volumes = self._snapshot = self._seen = None


def _signature(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_mtime_ns, status.st_size
