"""The ledger: for every key ever seen, what may be shown of it, since when, and where its files are.

SQLite beside panfair.toml, never under output/. A run is one transaction: the new state of all records and the list
of moves that makes output/ agree with it become true in the same commit (see `site.staging`). It holds no word of a
closed record: of a notice it keeps what the notice shows.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal, NamedTuple, Self

from panfair.ontologies.errors import PublishError
from panfair.site.state.answers import ALL
from panfair.site.state.migrations import migrate
from panfair.site.state.shelves import Shelves

State = Literal["open", "notice", "tombstone"]


class Edge(NamedTuple):
    """A relation of versions that an open record names."""

    key: str
    relation: str
    other: str
    """The other DOI's key."""
    doi: str
    """The other DOI as it is spelt there."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record as the ledger holds it; the columns are explained in ledger.sql."""

    key: str
    source: str
    source_id: str
    state: State
    content: bytes
    hash: str
    input: str
    gate: str
    judged_on: str
    judged_until: str
    datestamp: str
    changed: str
    listed: bool
    payload: str
    words: str
    rendered: str
    card: bytes

    @property
    def is_sound(self) -> bool:
        """Whether the content is that of the digest beside it."""
        return isinstance(self.content, bytes) and self.hash == content_hash(self.state, self.content)


MEND = "`panfair repair` makes it again from what stands, or put back the ledger of your last backup"
"""What to do about a damaged ledger."""
REPAIRED = "repaired"
"""The note of a ledger that was made again from output/: its first run is none of the site."""
_COLUMNS = ", ".join(Row.__slots__)
_PLACES = ", ".join("?" for _ in Row.__slots__)


class Ledger(Shelves):
    """The open ledger; one writer at a time (the run's lock sees to that)."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """The ledger in a file, made when it is not there, migrated when an earlier panfair wrote it.

        Raises PublishError when it cannot be read, and for one that a newer panfair wrote.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, timeout=5)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")  # what closed leaves no word in a free page
            if connection.execute("PRAGMA user_version").fetchone() == (0,):
                script = resources.files("panfair.site.state").joinpath("ledger.sql").read_text(encoding="utf-8")
                connection.executescript(f"BEGIN IMMEDIATE; {script} COMMIT;")
                path.chmod(0o600)
            else:
                migrate(connection, path.name)
        except sqlite3.OperationalError as error:
            connection.close()
            raise PublishError(
                f"{path}: {error}; nothing was done. Make room, or let this account write there"
            ) from error
        except sqlite3.DatabaseError as error:
            connection.close()
            raise PublishError(f"{path.name} cannot be used as a ledger ({error}): {MEND}") from None
        except PublishError:
            connection.close()
            raise
        return cls(connection)

    def close(self) -> None:
        self.connection.close()

    def begin(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")
        self.touch(False)

    def commit(self) -> None:
        self.connection.execute("COMMIT")

    def compact(self) -> None:
        """Writes the file anew, so that no page keeps what a record said: pages that were split keep remnants."""
        with suppress(sqlite3.OperationalError):  # a disk that refuses: the next record that closes does it
            self.connection.execute("VACUUM")

    def rollback(self) -> None:
        self.touch()
        if self.connection.in_transaction:
            with suppress(sqlite3.OperationalError):  # of a disk that refuses; what is not committed never counts
                self.connection.execute("ROLLBACK")

    # ---- records

    def row(self, key: str) -> Row | None:
        found = self.connection.execute(f"SELECT {_COLUMNS} FROM record WHERE key = ?", (key,)).fetchone()  # noqa: S608
        return _row(found) if found else None

    def rows(self, where: str = "1", values: tuple[object, ...] = ()) -> Iterator[Row]:
        """The records that a condition holds for, by key; rows may be put while this goes on."""
        last = ""
        while True:
            found = self.connection.execute(
                f"SELECT {_COLUMNS} FROM record WHERE key > ? AND ({where}) ORDER BY key LIMIT 200",  # noqa: S608
                (last, *values),
            ).fetchall()
            for values_of_row in found:
                yield _row(values_of_row)
            if len(found) < 200:
                return
            last = found[-1][0]

    def put(self, row: Row) -> None:
        self.touch()
        self.answers.forget_shelves_of(row.key)
        self.answers.forget([ALL])
        values = tuple(getattr(row, name) for name in Row.__slots__)
        self.connection.execute(f"INSERT OR REPLACE INTO record ({_COLUMNS}) VALUES ({_PLACES})", values)  # noqa: S608

    def mark_rendered(self, key: str, rendered: str, payload: str, words: str, datestamp: str) -> None:
        self.touch()
        self.connection.execute(
            "UPDATE record SET rendered = ?, payload = ?, words = ?, datestamp = ? WHERE key = ?",
            (rendered, payload, words, datestamp, key),
        )

    def has_stale(self, fingerprint: str) -> bool:
        """Whether some record was not rendered with the code and templates of this fingerprint."""
        found = self.connection.execute("SELECT 1 FROM record WHERE rendered != ? LIMIT 1", (fingerprint,))
        return found.fetchone() is not None

    def forget_rendered(self) -> None:
        """Has every record rendered again."""
        self.touch()
        self.connection.execute("UPDATE record SET rendered = ''")

    def count(self, state: State, source: str | None = None) -> int:
        where, values = ("AND source = ?", (source,)) if source else ("", ())
        (number,) = self.connection.execute(
            f"SELECT count(*) FROM record WHERE state = ? {where}",  # noqa: S608
            (state, *values),
        ).fetchone()
        return int(number)

    def is_empty(self) -> bool:
        return self.connection.execute("SELECT 1 FROM record LIMIT 1").fetchone() is None

    def has_file(self, path: str) -> bool:
        """Whether a file stands below output/, or will when this run is committed."""
        return self.connection.execute("SELECT 1 FROM file WHERE path = ?", (path,)).fetchone() is not None

    # ---- versions of one work

    def relate(self, key: str, relations: Iterable[tuple[str, str, str]]) -> None:
        """Puts down the relations of versions that an open record names: relation, the other's key, its spelling."""
        self.touch()
        self.connection.execute("DELETE FROM version WHERE key = ?", (key,))
        self.connection.executemany(
            "INSERT OR IGNORE INTO version VALUES (?, ?, ?, ?)", [(key, *relation) for relation in relations]
        )

    def version_relations(self) -> list[Edge]:
        found = self.connection.execute("SELECT key, relation, other, doi FROM version ORDER BY key, relation, other")
        return [Edge(*row) for row in found]

    # ---- small notes

    def note(self, name: str) -> str:
        found = self.connection.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def set_note(self, name: str, value: str) -> None:
        self.connection.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))


def _row(values: tuple[object, ...]) -> Row:
    named = dict(zip(Row.__slots__, values, strict=True))
    named["listed"] = bool(named["listed"])
    return Row(**named)  # type: ignore[arg-type]


def content_hash(state: State, content: bytes) -> str:
    """The digest by which a run tells whether what may be shown of a record has changed."""
    return hashlib.sha256(state.encode() + b"\0" + content).hexdigest()
