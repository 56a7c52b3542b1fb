"""The analysed documents of the static search, kept beside the ledger: what did not change is not analysed again.

A store that can be lost: each record's entries stand under the digest of its documents, and what is missing or of
another digest is made anew from the release. Entries of records that are open no more are wiped out, free pages too.
Beside it stands its digest while no run has it open: one that is not as the last run left it is begun anew.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Self

from panfair.builders.search.documents.document import JSON, Documents
from panfair.builders.search.language.request import SCOPES, Scope
from panfair.builders.search.static.entry import Entry, entry_of, packed, unpacked
from panfair.site.run.static_search import base as static_search_base
from panfair.site.run.static_search.base import SearchBase
from panfair.site.state.lost_store import opened

NAME = "search-entries.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (owner TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry (
    scope TEXT NOT NULL, key TEXT NOT NULL, owner TEXT NOT NULL, day INTEGER NOT NULL, digest BLOB NOT NULL,
    body BLOB NOT NULL, PRIMARY KEY (scope, key)
);
CREATE INDEX IF NOT EXISTS entry_owner ON entry (owner);
CREATE INDEX IF NOT EXISTS entry_digest ON entry (scope, key, digest, day);
"""

_VERSION = 3

PackedEntry = tuple[Scope, str, int, bytes]
"""Scope, key, day as an ordinal, and the entry packed."""
Packed = tuple[PackedEntry, ...]
"""The entries of one record."""


def packed_entries(documents: Documents) -> Packed:
    """The entries of all documents of a record."""
    both = zip(SCOPES, ([documents.publication], documents.datasets), strict=True)
    return tuple(packed_entry(scope, document) for scope, found in both for document in found)


def packed_entry(scope: Scope, document: dict[str, JSON]) -> PackedEntry:
    """The entry of one document."""
    entry = entry_of(document)
    return scope, entry["key"], entry["day"], packed(entry)


class SearchEntries:
    """The store, open for one run; a context manager. What is put is kept whatever becomes of the run."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.was_damaged = path.exists() and not _is_as_it_was(path)
        if self.was_damaged:
            path.unlink()
        _seal(path).unlink(missing_ok=True)
        self._db = opened(path, _VERSION, _prepare)
        self.base = SearchBase(self._db)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.commit()
        self._db.close()
        with suppress(OSError):  # a disk that refuses: it is begun anew
            _seal(self._path).write_text(_digest(self._path), encoding="ascii")

    def put(self, owner: str, digest: str, entries: Packed) -> None:
        """Keeps the entries of a record in place of those it had."""
        self._drop(owner)
        self._db.execute("INSERT INTO kept VALUES (?, ?)", (owner, digest))
        self._db.executemany(
            "INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)",
            [(scope, key, owner, day, sha256(body).digest()[:16], body) for scope, key, day, body in entries],
        )

    def bring_up_to_date(
        self, records: Sequence[tuple[str, str]], documents: Callable[[Sequence[str]], Iterable[Documents]]
    ) -> None:
        """Makes the store hold these records, told as key and digest of the documents, and no other.

        `documents` makes those of the keys that are missing or have changed, in their order.
        """
        kept = dict(self._db.execute("SELECT owner, digest FROM kept").fetchall())
        for owner in kept.keys() - {owner for owner, _ in records}:
            self._drop(owner)
        missing = [(owner, digest) for owner, digest in records if kept.get(owner) != digest]
        for (owner, digest), found in zip(missing, documents([owner for owner, _ in missing]), strict=True):
            self.put(owner, digest, packed_entries(found))
        self._db.commit()

    def count(self, scope: Scope) -> int:
        return int(self._db.execute("SELECT count(*) FROM entry WHERE scope = ?", (scope,)).fetchone()[0])

    def keys(self, scope: Scope) -> list[str]:
        """The keys of a scope by newest day, then by key."""
        found = self._db.execute("SELECT key FROM entry WHERE scope = ? ORDER BY day DESC, key", (scope,))
        return [key for (key,) in found]

    def read(self, scope: Scope, keys: Sequence[str]) -> Iterator[Entry]:
        """The entries of these keys, in their order."""
        for key in keys:
            (body,) = self._db.execute("SELECT body FROM entry WHERE scope = ? AND key = ?", (scope, key)).fetchone()
            yield unpacked(body)

    def _drop(self, owner: str) -> None:
        self.base.outdate(owner)
        self._db.execute("DELETE FROM kept WHERE owner = ?", (owner,))
        self._db.execute("DELETE FROM entry WHERE owner = ?", (owner,))


def _seal(path: Path) -> Path:
    """Where its digest stands."""
    return path.with_name(f"{path.name}.sha256")


def _is_as_it_was(path: Path) -> bool:
    try:
        return _seal(path).read_text(encoding="ascii") == _digest(path)
    except (OSError, ValueError):
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _prepare(db: sqlite3.Connection, new: bool) -> None:
    db.execute("PRAGMA synchronous = OFF")  # a torn store is begun anew
    db.executescript(_SCHEMA + static_search_base.SCHEMA + f"PRAGMA user_version = {_VERSION};")
    db.execute("SELECT count(*) FROM kept").fetchone()
