"""Where each line of the last finished harvests lies, so that a run reads only the lines that it has to judge.

One SQLite file beside the harvests, made from them: what is lost, damaged, or of another file than the one that lies
there is made anew by reading that file. A line that is read by its place is held against its digest all the same.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from panfair.site.state.harvest_file import CUT, DAMAGED, FOREIGN, Line, lines_of
from panfair.site.state.lost_store import opened

NAME = "index.sqlite"
_VERSION = 1
_TABLES = (
    "CREATE TABLE {0}harvest (source TEXT PRIMARY KEY, stat TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE {0}line (source TEXT NOT NULL, place INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,"
    " digest TEXT NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL, mark BLOB NOT NULL,"
    " PRIMARY KEY (source, place)) WITHOUT ROWID",
    "CREATE INDEX {0}line_key ON line (key, source) WHERE kind = 'P'",
    "PRAGMA {0}user_version = 1",
)


class SpoolIndex:
    """The index of the harvests in a folder; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._db = opened(folder / NAME, _VERSION, _prepare)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def bring_up_to_date(self, source: str) -> None:
        """Reads the harvest of a source, unless this tells of the very file that lies there."""
        found = self._db.execute("SELECT stat FROM harvest WHERE source = ?", (source,)).fetchone()
        path = self._folder / f"{source}.jsonl"
        if path.is_file() and (found is None or found[0] != _stat(path)):
            with path.open("rb") as file:
                self.put(source, lines_of(file))

    def put(self, source: str, lines: Iterable[Line]) -> None:
        """Makes these the lines of a source's harvest that lies there; one with damage is read again next time."""
        stat = _stat(self._folder / f"{source}.jsonl")
        with self._db:
            self._db.execute("DELETE FROM line WHERE source = ?", (source,))
            _fill(self._db, "line", source, lines)
            whole = not any(self.count(source, kind) for kind in (DAMAGED, FOREIGN, CUT))
            self._db.execute("INSERT OR REPLACE INTO harvest VALUES (?, ?)", (source, stat if whole else ""))

    def lines(self, source: str) -> list[Line]:
        """All lines of a source, in order."""
        found = self._db.execute(
            "SELECT kind, key, digest, start, length, mark FROM line WHERE source = ? ORDER BY place", (source,)
        )
        return list(map(Line._make, found))

    def count(self, source: str, kind: str) -> int:
        """How many lines of a kind a source has."""
        found = self._db.execute("SELECT count(*) FROM line WHERE source = ? AND kind = ?", (source, kind))
        return int(found.fetchone()[0])


def distrust(folder: Path) -> None:
    """Has the next run make the index anew: it does not agree with what lies there."""
    (folder / NAME).unlink(missing_ok=True)


def attach(connection: sqlite3.Connection, folder: Path, sources: Iterable[str]) -> None:
    """Lets a connection read the index, brought up to date for these sources, as `spool.line`.

    On a disk that takes no more it is made in memory.
    """
    known = [source for source in sources if (folder / f"{source}.jsonl").is_file()]
    attached = any(name == "spool" for _, name, _ in connection.execute("PRAGMA database_list"))
    if not attached:
        try:
            with SpoolIndex(folder) as index:
                for source in known:
                    index.bring_up_to_date(source)
            connection.execute("ATTACH ? AS spool", (str(folder / NAME),))
        except (OSError, sqlite3.DatabaseError):
            connection.execute("ATTACH ':memory:' AS spool")
    # Made in memory, it goes with a transaction that is rolled back.
    if connection.execute("SELECT 1 FROM spool.sqlite_master WHERE name = 'line'").fetchone() is None:
        for statement in _TABLES:
            connection.execute(statement.format("spool."))
        for source in known:
            with (folder / f"{source}.jsonl").open("rb") as file:
                _fill(connection, "spool.line", source, lines_of(file))


def _fill(db: sqlite3.Connection, table: str, source: str, lines: Iterable[Line]) -> None:
    db.executemany(
        f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        ((source, place, *line) for place, line in enumerate(lines)),
    )


def _stat(path: Path) -> str:
    """What tells a file from any other that may lie there later: no program can set the time of its last change."""
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def _prepare(db: sqlite3.Connection, new: bool) -> None:
    if new:
        with db:
            for statement in _TABLES:
                db.execute(statement.format(""))
    db.execute("SELECT source, stat FROM harvest").fetchall()
    db.execute("SELECT kind, key, digest, start, length, mark FROM line LIMIT 1").fetchall()
