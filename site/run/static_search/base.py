"""Which documents the base files of the static search hold, and what differs from them now.

Kept in the store of entries. A document that left the base (its record closed) has a number there still, and nothing
else. It counts only while the ledger says that these very files stand: a store that was lost,
or that a run wrote which came to no end, makes the next run begin a new base.
"""

import sqlite3
from collections.abc import Iterable, Iterator

import orjson

from panfair.builders.search.documents.labels import COMPLETED
from panfair.builders.search.language.request import SCOPES, Scope
from panfair.builders.search.static.entry import Entry, unpacked

SCHEMA = """
CREATE TABLE IF NOT EXISTS base (
    scope TEXT NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL, day INTEGER NOT NULL, title TEXT NOT NULL,
    title_rank INTEGER NOT NULL, labels BLOB NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (scope, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS base_key ON base (scope, key, digest);
CREATE INDEX IF NOT EXISTS base_day ON base (scope, day DESC, number);
CREATE INDEX IF NOT EXISTS base_title ON base (scope, title, key, title_rank);
CREATE TABLE IF NOT EXISTS outdated (
    scope TEXT NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (scope, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS base_name (name TEXT NOT NULL);
"""

Labels = dict[str, dict[str, int]]
"""For each column that is completed: how many documents more, or fewer, have a label."""


class SearchBase:
    """The documents of the base files, in the store's open connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    @property
    def name(self) -> str:
        """The name that the base was given; empty when there is none."""
        found = self._db.execute("SELECT name FROM base_name").fetchone()
        return found[0] if found else ""

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM base").fetchone()[0])

    def begin(self) -> None:
        """Forgets the base: files are being made that hold all."""
        self._db.execute("DELETE FROM base_name")
        self._db.execute("DELETE FROM outdated")
        self._db.execute("DELETE FROM base")

    def add(self, scope: Scope, number: int, entry: Entry) -> None:
        """Puts down a document of the new base; its digest is that of the entry which stands."""
        labels = {name: entry["facets"].get(name, []) for name in COMPLETED}
        self._db.execute(
            "INSERT INTO base SELECT scope, ?, key, day, ?, 0, ?, digest FROM entry WHERE scope = ? AND key = ?",
            (number, entry["title"], orjson.dumps(labels), scope, entry["key"]),
        )

    def finish(self, name: str) -> None:
        """The base is whole, and has this name."""
        self._db.execute(
            "UPDATE base SET title_rank = place FROM (SELECT scope AS of, key AS one,"
            " row_number() OVER (PARTITION BY scope ORDER BY title, key) - 1 AS place FROM base)"
            " WHERE scope = of AND key = one"
        )
        self._db.execute("INSERT INTO base_name VALUES (?)", (name,))

    def outdate(self, owner: str) -> None:
        """Keeps the entries of an owner that are as the base has them, before they go: what is in its files by them."""
        self._db.execute(
            "INSERT OR IGNORE INTO outdated SELECT base.scope, base.number, entry.body FROM entry"
            " JOIN base USING (scope, key, digest) WHERE entry.owner = ?",
            (owner,),
        )

    def lost(self, narrowed: Iterable[str]) -> dict[Scope, dict[int, Entry]]:
        """The documents of which no file may keep a word, by their numbers, as the base has them: those that are there
        no more, and those of these owners that are others now.
        """
        found = self._db.execute(
            "SELECT scope, number FROM base WHERE key != '' AND NOT EXISTS"
            " (SELECT 1 FROM entry WHERE entry.scope = base.scope AND entry.key = base.key)"
        ).fetchall()
        for owner in narrowed:
            found += self._db.execute(
                "SELECT base.scope, number FROM entry JOIN base USING (scope, key)"
                " WHERE entry.owner = ? AND base.digest != entry.digest",
                (owner,),
            )
        lost: dict[Scope, dict[int, Entry]] = {scope: {} for scope in SCOPES}
        for scope, number in found:
            kept = self._db.execute("SELECT body FROM outdated WHERE scope = ? AND number = ?", (scope, number))
            lost[scope][number] = unpacked(kept.fetchone()[0])
        return lost

    def leave(self, scope: Scope, number: int) -> None:
        """Keeps of a document its number only: its files are without it."""
        self._db.execute("DELETE FROM outdated WHERE scope = ? AND number = ?", (scope, number))
        self._db.execute(
            "UPDATE base SET key = '', title = '', labels = '{}', digest = ? WHERE scope = ? AND number = ?",
            (str(number).encode(), scope, number),
        )

    def rename(self, name: str) -> None:
        """Gives the base another name: its files are others."""
        self._db.execute("UPDATE base_name SET name = ?", (name,))

    def count_left(self) -> int:
        """How many documents left."""
        return int(self._db.execute("SELECT count(*) FROM base WHERE key = ''").fetchone()[0])

    def changed(self, scope: Scope) -> list[str]:
        """The keys of the documents that are not in the base as they are now, by newest day, then by key."""
        found = self._db.execute(
            "SELECT key FROM entry WHERE scope = ? AND NOT EXISTS (SELECT 1 FROM base WHERE"
            " base.scope = entry.scope AND base.key = entry.key AND base.digest = entry.digest) ORDER BY day DESC, key",
            (scope,),
        )
        return [key for (key,) in found]

    def dead(self, scope: Scope) -> list[int]:
        """The numbers of the base's documents that are others now, rising."""
        return [number for number, _ in self._replaced(scope)]

    def before(self, scope: Scope, day: int, key: str) -> int:
        """The number of the base's document before which one of this day and key stands."""
        for more in ("day = ? AND key > ?", "day < ? AND ? IS NOT NULL"):
            found = self._db.execute(
                f"SELECT number FROM base WHERE scope = ? AND {more} ORDER BY day DESC, number LIMIT 1",  # noqa: S608
                (scope, day, key),
            ).fetchone()
            if found:
                return int(found[0])
        return self._size(scope)

    def before_by_title(self, scope: Scope, title: str, key: str) -> int:
        """The place, in the base's order of titles, before which one of this title and key stands."""
        found = self._db.execute(
            "SELECT title_rank FROM base WHERE scope = ? AND (title, key) > (?, ?) ORDER BY title, key LIMIT 1",
            (scope, title, key),
        ).fetchone()
        return int(found[0]) if found else self._size(scope)

    def labels_lost(self, scope: Scope) -> Labels:
        """The labels of those that are dead: each counts as one document fewer."""
        lost: Labels = {name: {} for name in COMPLETED}
        for _, labels in self._replaced(scope):
            for name, found in orjson.loads(labels).items():
                for label in found:
                    lost[name][label] = lost[name].get(label, 0) - 1
        return lost

    def _replaced(self, scope: Scope) -> Iterator[tuple[int, bytes]]:
        yield from self._db.execute(
            "SELECT number, labels FROM base WHERE scope = ? AND NOT EXISTS (SELECT 1 FROM entry WHERE"
            " entry.scope = base.scope AND entry.key = base.key AND entry.digest = base.digest) ORDER BY number",
            (scope,),
        )

    def _size(self, scope: Scope) -> int:
        return int(self._db.execute("SELECT count(*) FROM base WHERE scope = ?", (scope,)).fetchone()[0])
