"""The registrar's table: of each DOI what it should be, what DataCite was told, and when it is tried again.

One SQLite file; each DOI is a transaction of its own, so that a registrar killed at any instant goes on where it was.
Lost, it is made again: DataCite is asked first, whatever stands here.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from panfair.ontologies.errors import LockedError
from panfair.ontologies.identifiers import Doi
from panfair.site.registrar.datacite import RegistrarError
from panfair.site.registrar.plan import Known

_TABLE = """
CREATE TABLE IF NOT EXISTS doi (
  doi TEXT PRIMARY KEY,         -- its key
  aim TEXT NOT NULL,            -- what it should be: draft, registered, findable, withdrawn
  state TEXT NOT NULL,          -- what DataCite said last that it is; empty: not there
  url TEXT NOT NULL,            -- where it leads to
  registered INTEGER NOT NULL,  -- whether the Handle server has it
  gist TEXT NOT NULL,           -- digest of what DataCite gave back
  version TEXT NOT NULL,        -- digest of the public description that was told
  sent TEXT NOT NULL,           -- digest of the attributes that were sent; empty: none ever
  tried TEXT NOT NULL,          -- what was wanted at the last try
  error TEXT NOT NULL,          -- what is in the way
  attempts INTEGER NOT NULL,    -- how often in a row
  next_try REAL NOT NULL        -- when it is tried again, in seconds since 1970
) WITHOUT ROWID;
PRAGMA user_version = 1;
"""
_COLUMNS = ", ".join(Known._fields)
_PLACES = ", ".join("?" for _ in Known._fields)
_VERSION = 1


class Table:
    """The open table. Close it at the end, or use it as a context."""

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._db = sqlite3.connect(path, isolation_level=None, timeout=20)
            self._db.execute("PRAGMA synchronous = FULL")
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version > _VERSION:
                raise RegistrarError(f"{path.name} was written by a newer panfair; nothing was done")
            self._db.executescript(f"BEGIN IMMEDIATE; {_TABLE} COMMIT;")
        except (sqlite3.Error, OSError) as error:
            raise RegistrarError(
                f"{path.name} cannot be used ({error}); delete it, and it is made again from what DataCite says"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._db.close()

    def known(self, doi: Doi) -> Known:
        """What is known of a DOI; nothing, of a new one."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM doi WHERE doi = ?", (doi.key,)).fetchone()  # noqa: S608
        return Known._make(row) if row else Known(doi.key)

    def put(self, known: Known) -> None:
        """Keeps it, at once."""
        self._db.execute(f"INSERT OR REPLACE INTO doi ({_COLUMNS}) VALUES ({_PLACES})", known)  # noqa: S608

    def forget(self, doi: Doi) -> None:
        self._db.execute("DELETE FROM doi WHERE doi = ?", (doi.key,))

    def all(self) -> Iterator[Known]:
        """Every DOI, in their order."""
        return map(Known._make, self._db.execute(f"SELECT {_COLUMNS} FROM doi ORDER BY doi").fetchall())  # noqa: S608


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Holds the table's lock, which the kernel frees when its holder dies. Raises LockedError when it is taken."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError("another `panfair doi sync` is at work on these DOIs; nothing was done") from None
        yield
    finally:
        os.close(descriptor)
