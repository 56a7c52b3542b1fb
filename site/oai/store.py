"""Reading the OAI-PMH store while it is served: pages of lists by position, single records, formats and sets.

The store never changes in place: a publication moves a new file over it. Each call of `snapshot` looks whether that
happened and opens the new one; an answer is made from one snapshot, so it never mixes two publications.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from panfair.builders.oai.envelope import key_of
from panfair.builders.oai.store import SCHEMA_VERSION

StoredRecord = tuple[bytes, bytes | None, int, str]
"""What stands inside a header, the payload (None: deleted), the datestamp in seconds, the DOI's key."""

_FIRST = -(1 << 62)  # before any datestamp
_LAST = 1 << 62
_CACHED_COUNTS = 512

_IN_ORDER = """
FROM record INDEXED BY record_in_order CROSS JOIN item ON item.id = record.item
WHERE record.format = ?1 AND (record.datestamp, record.key) > (?3, ?4) AND record.datestamp <= ?5"""
_IN_SET = """
FROM member CROSS JOIN record INDEXED BY record_of_item ON record.item = member.item AND record.format = ?1
CROSS JOIN item ON item.id = member.item
WHERE member.oai_set = ?2 AND (member.datestamp, member.key) > (?3, ?4) AND member.datestamp <= ?5"""
# A list of identifiers needs to know only whether there is a payload: an empty one stands for it.
_WHOLE, _HEADER = "record.body", "CASE WHEN record.body IS NULL THEN NULL ELSE x'' END"


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


class Snapshot:
    """One store as it was published: valid until `LiveStore.snapshot` leaves its block."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
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

    def page(
        self, limits: Filter, after: tuple[int, str] | None, most: int, payloads: bool = True
    ) -> list[StoredRecord]:
        """The next rows after a position in the order of (datestamp, key); from the beginning when it is None."""
        found = self._terms(limits, after)
        if found is None:
            return []
        tables, values, order = found
        body = _WHOLE if payloads else _HEADER
        sql = f"SELECT item.header, {body}, {order} {tables} ORDER BY {order} LIMIT ?6"
        return self._db.execute(sql, (*values, most)).fetchall()

    def count(self, limits: Filter) -> int:
        """How many rows the whole list has."""
        if limits not in self._counts:
            found = self._terms(limits, None)
            if found is None:
                return 0
            tables, values, _ = found
            # The tables of records and items are there for their contents; the index knows the number.
            tables = tables.replace(" CROSS JOIN item ON item.id = record.item", "")
            tables = tables.replace("CROSS JOIN item ON item.id = member.item\n", "")
            if len(self._counts) >= _CACHED_COUNTS:
                self._counts.clear()
            self._counts[limits] = self._db.execute(f"SELECT count(*) {tables}", values).fetchone()[0]
        return self._counts[limits]

    def record(self, identifier: str, prefix: str) -> StoredRecord | None:
        """One record in one format; None when there is no such record."""
        key = key_of(self.host, identifier)
        return None if key is None else self.record_of(key, prefix)

    def record_of(self, key: str, prefix: str) -> StoredRecord | None:
        """The same by the DOI's key."""
        form = self._formats.get(prefix)
        if form is None:
            return None
        row: StoredRecord | None = self._db.execute(
            "SELECT item.header, record.body, item.datestamp, item.key FROM item JOIN record ON record.item = item.id "
            "WHERE item.key = ? AND record.format = ?",
            (key, form[0]),
        ).fetchone()
        return row

    def formats_of(self, identifier: str) -> list[FormatEntry] | None:
        """The formats that an item has, or had before it was deleted; None for an unknown identifier."""
        key = key_of(self.host, identifier)
        item = self._db.execute("SELECT id, deleted FROM item WHERE key = ?", (key,)).fetchone() if key else None
        if item is None:
            return None
        rows = self._db.execute(
            "SELECT prefix FROM record JOIN format ON format.id = record.format "
            "WHERE item = ? AND (body IS NOT NULL OR ?)",
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

    def _terms(self, limits: Filter, after: tuple[int, str] | None) -> tuple[str, tuple[object, ...], str] | None:
        """FROM and WHERE of a list, their values, and the columns of its order; None: nothing can match."""
        form = self._formats.get(limits.prefix)
        one_set = self._sets.get(limits.oai_set) if limits.oai_set is not None else 0
        if form is None or one_set is None:
            return None
        start = (_FIRST if limits.since is None else limits.since, "")  # no key is empty
        after = start if after is None else max(after, start)
        values = (form[0], one_set, *after, _LAST if limits.until is None else limits.until)
        if limits.oai_set is None:
            return _IN_ORDER, values, "record.datestamp, record.key"
        return _IN_SET, values, "member.datestamp, member.key"


class LiveStore:
    """The store that stands at a path today: opened when first asked for, opened anew when another took its place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._db: sqlite3.Connection | None = None
        self._snapshot: Snapshot | None = None

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot | None]:
        """The store for the length of one answer, for one thread at a time; None when nothing was published yet.

        Raises StoreBroken when the file is no store of this version, or cannot be read.
        """
        with self._lock:
            try:
                yield self._current()
            except sqlite3.DatabaseError as error:
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
        seen = (status.st_ino, status.st_mtime_ns, status.st_size)
        if seen != self._seen:
            self._forget()
            self._snapshot = self._open()
            self._seen = seen
        return self._snapshot

    def _open(self) -> Snapshot:
        # `immutable` saves the locks of every query: a published store is never written to.
        address = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
        self._db = sqlite3.connect(address, uri=True, check_same_thread=False, cached_statements=64)
        self._db.execute("PRAGMA cache_size = -16384")  # 16 MB: the upper levels of all trees
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            raise sqlite3.DatabaseError(f"it has version {version}, this panfair reads {SCHEMA_VERSION}")
        return Snapshot(self._db)

    def _forget(self) -> None:
        if self._db is not None:
            self._db.close()
        self._db = self._snapshot = self._seen = None
