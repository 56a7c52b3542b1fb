"""The live core's database: opening, migrating, one writer at a time, and readers that carry an identity and a day.

SQLite in WAL mode: who reads sees one state and never waits for who writes. All SQL of the core stands here, in
the files beside it, in `schema*.sql`, and (the rules of who sees what) in `access.py`.
"""

import queue
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.resources import files
from pathlib import Path

from panfair.ontologies.errors import PanfairError
from panfair.site.catalogue.store import access
from panfair.site.catalogue.store.access import Identity
from panfair.site.catalogue.store.accounts import Accounts
from panfair.site.catalogue.store.known_dois import KnownDoi, dois_on
from panfair.site.catalogue.store.read import View
from panfair.site.catalogue.store.write import Writer

_WAIT_S = 30.0


class StoreError(PanfairError):
    """The core's database cannot be used as it is."""


class Store:
    """One database file. Close it at the end; or use it as a context."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._readers: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._registrars: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._all: list[sqlite3.Connection] = []
        self._depth = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)  # closed rows and password hashes: for the core's own account only
            self._db = self._connect()
            self._db.execute("PRAGMA journal_mode = WAL")
            self._migrate()
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise StoreError(f"{path}: cannot be used as the catalogue's database: {error}") from None

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes every connection."""
        for db in self._all:
            db.close()
        self._all.clear()

    @contextmanager
    def seen_by(self, identity: Identity, day: date) -> Iterator[View]:
        """All that this identity may see on this day, in one state of the database: the only way to read rows."""
        try:
            db = self._readers.get_nowait()
        except queue.Empty:
            db = self._connect()
            access.prepare(db)
        try:
            with access.looking(db, identity, day):
                yield View(db, day)
        finally:
            self._readers.put(db)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """One transaction: all of it is kept, or nothing when an error leaves the block. It may be nested."""
        with self._lock, self._transaction():
            yield Writer(self._db)

    @contextmanager
    def accounts(self) -> Iterator[Accounts]:
        """Sessions, passwords and rights, in one transaction."""
        with self._lock, self._transaction():
            yield Accounts(self._db)

    @contextmanager
    def accounts_as_they_are(self) -> Iterator[Accounts]:
        """The same for looking only: nobody waits for it, and it waits for nobody who writes."""
        try:
            db = self._registrars.get_nowait()
        except queue.Empty:
            db = self._connect()
            db.execute("PRAGMA query_only = ON")
        try:
            yield Accounts(db)
        finally:
            self._registrars.put(db)

    def dois(self, day: date) -> list[KnownDoi]:
        """Every DOI of the core with what it is on a day: for who has the file, and for nobody else."""
        with self._lock:
            return dois_on(self._db, day)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        name = f"level{self._depth}"
        self._db.execute(f"SAVEPOINT {name}" if self._depth else "BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            self._depth -= 1
            if self._depth:
                self._db.execute(f"ROLLBACK TO {name}")
                self._db.execute(f"RELEASE {name}")
            else:
                self._db.execute("ROLLBACK")
            raise
        self._depth -= 1
        self._db.execute(f"RELEASE {name}" if self._depth else "COMMIT")

    def _connect(self) -> sqlite3.Connection:
        # Connections go from thread to thread, one user at a time: the queue and the lock see to that.
        db = sqlite3.connect(self._path, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA synchronous = NORMAL")
        self._all.append(db)
        return db

    def _migrate(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > len(_MIGRATIONS):
            raise StoreError(
                f"{self._path}: written by a newer panfair (schema {version}, this one knows {len(_MIGRATIONS)}); "
                "nothing was changed. Install the newer panfair again, or put back the file of before the upgrade"
            )
        for number, migration in enumerate(_MIGRATIONS[version:], start=version + 1):
            # executescript commits what is open before it begins, so the script carries its own transaction.
            self._db.executescript(f"BEGIN IMMEDIATE;\n{migration}\nPRAGMA user_version = {number};\nCOMMIT;")


_MIGRATIONS = tuple(
    files("panfair.site.catalogue.store").joinpath(name).read_text(encoding="utf-8")
    for name in ("schema.sql", "schema_2.sql", "schema_3.sql")
)
"""Scripts from each version of the schema to the next: never edit one that was released, add another."""
