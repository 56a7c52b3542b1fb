"""The change set of a run: which records are new, changed, due, narrowed, closed and gone.

It walks through the whole run: judging fills it, rendering and the derived products read it, the report tells it. It
lies in a temporary table of the ledger's connection: a first run has every key in it, and nothing may hold the whole
catalogue.
"""

import sqlite3
from collections.abc import Iterator
from typing import Literal, get_args

ChangeKind = Literal["new", "changed", "due", "narrowed", "closed", "gone"]
"""What becomes of a record: `new`: open for the first time, or again; `due`: open because its day has come; `changed`:
open as before, in other words; `narrowed`: open, but some datasets, or perhaps some words, may not be shown any more;
`closed`: a notice, or another one, stands in its place; `gone`: a tombstone does."""

OPENING: tuple[ChangeKind, ...] = ("new", "due")
TAKING_AWAY: tuple[ChangeKind, ...] = ("narrowed", "closed", "gone")


class ChangeSet:
    """The keys of one run that change, each with its kind; made before anything is judged."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute("DROP TABLE IF EXISTS temp.change")
        connection.execute("CREATE TEMP TABLE change (key TEXT PRIMARY KEY, kind TEXT NOT NULL) WITHOUT ROWID")
        # From now on, how an open record stood before this run put it anew is in `temp.before`.
        connection.execute("DROP TRIGGER IF EXISTS temp.remember")
        connection.execute("DROP TABLE IF EXISTS temp.before")
        connection.execute("CREATE TEMP TABLE before AS SELECT * FROM record WHERE 0")
        connection.execute("CREATE UNIQUE INDEX temp.before_key ON before (key)")
        connection.execute(
            "CREATE TEMP TRIGGER remember BEFORE INSERT ON main.record BEGIN"
            " INSERT OR IGNORE INTO before SELECT * FROM main.record WHERE key = NEW.key AND state = 'open'; END"
        )

    def add(self, key: str, kind: ChangeKind) -> None:
        """Puts a record down, in the place of what was known of it."""
        self._connection.execute("INSERT OR REPLACE INTO temp.change VALUES (?, ?)", (key, kind))

    def forget(self, key: str) -> None:
        """The record stays as it stood: it was held back."""
        self._connection.execute("DELETE FROM temp.change WHERE key = ?", (key,))

    def kind_of(self, key: str) -> ChangeKind | None:
        """What becomes of a record; None: it stays as it is."""
        found = self._connection.execute("SELECT kind FROM temp.change WHERE key = ?", (key,)).fetchone()
        return found[0] if found else None

    def keys(self, *kinds: ChangeKind) -> Iterator[str]:
        """The records of these kinds, all without any, in the order of their keys."""
        wanted = kinds or get_args(ChangeKind)
        places = ", ".join("?" for _ in wanted)
        last = ""
        while True:
            found = self._connection.execute(
                f"SELECT key FROM temp.change WHERE key > ? AND kind IN ({places}) ORDER BY key LIMIT 500",  # noqa: S608
                (last, *wanted),
            ).fetchall()
            yield from (key for (key,) in found)
            if len(found) < 500:
                return
            last = found[-1][0]

    def count(self, *kinds: ChangeKind) -> int:
        """How many records are of these kinds; of any, without one."""
        wanted = kinds or get_args(ChangeKind)
        places = ", ".join("?" for _ in wanted)
        (number,) = self._connection.execute(
            f"SELECT count(*) FROM temp.change WHERE kind IN ({places})",  # noqa: S608
            wanted,
        ).fetchone()
        return int(number)

    def __bool__(self) -> bool:
        return self._connection.execute("SELECT 1 FROM temp.change LIMIT 1").fetchone() is not None
