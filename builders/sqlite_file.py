"""A SQLite file of output/, as the OAI-PMH and the PaNOSC store are: written in one transaction, waited for once.

What was withdrawn is overwritten (`secure_delete`), so that none of its words stays in the file's free space.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from panfair.ontologies.errors import PublishError


@contextmanager
def opened_store(path: Path, name: str) -> Iterator[sqlite3.Connection]:
    """A connection, closed when the block ends in an error; what SQLite says of a file that is no store is told so."""
    db = sqlite3.connect(path, isolation_level=None)
    try:
        yield db
    except sqlite3.DatabaseError as error:
        db.close()
        raise PublishError(f"{path.name} is no {name} ({error}); remove it and publish again") from error
    except BaseException:
        db.close()
        raise


def begin(db: sqlite3.Connection, path: Path, tables: str, version: int, page_bytes: int) -> None:
    """Begins the transaction; an empty file gets its tables. Raises PublishError for a file of another version."""
    for pragma in (f"page_size = {page_bytes}", "journal_mode = DELETE", "synchronous = OFF", "secure_delete = ON"):
        db.execute(f"PRAGMA {pragma}").fetchall()
    found = db.execute("PRAGMA user_version").fetchone()[0]
    empty = not db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()
    if not empty and found != version:
        raise PublishError(
            f"{path.name} has version {found}, this panfair writes {version}; remove it and publish again"
        )
    db.execute("BEGIN IMMEDIATE")
    if empty:
        for statement in tables.split(";\n"):
            db.execute(statement)
        db.execute(f"PRAGMA user_version = {version}")


def commit(db: sqlite3.Connection, path: Path) -> None:
    """Keeps what was written, gives much free space back, and sees the file on the disk."""
    db.execute("COMMIT")
    free, pages = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("freelist_count", "page_count"))
    if free * 4 > pages:
        db.execute("VACUUM")
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def undo(db: sqlite3.Connection) -> None:
    """Drops what was written; a full disk may have ended the transaction already."""
    if db.in_transaction:
        db.execute("ROLLBACK")
