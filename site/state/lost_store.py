"""SQLite stores that can be lost: made from what lies elsewhere, and begun anew when they cannot be read."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

Prepare = Callable[[sqlite3.Connection, bool], None]
"""Makes the tables where the store is new, and reads of each; DatabaseError when that cannot be done."""


def opened(path: Path, version: int, prepare: Prepare) -> sqlite3.Connection:
    """The store in a file that only its owner can read; what is damaged or of another version is begun anew."""
    try:
        return _connected(path, version, prepare)
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
        return _connected(path, version, prepare)


def _connected(path: Path, version: int, prepare: Prepare) -> sqlite3.Connection:
    new = not path.exists()
    db = sqlite3.connect(path, timeout=5)
    try:
        db.execute("PRAGMA secure_delete = ON")
        if not new and db.execute("PRAGMA user_version").fetchone() != (version,):
            raise sqlite3.DatabaseError("it has another form")
        path.chmod(0o600)
        prepare(db, new)
    except sqlite3.DatabaseError:
        db.close()
        raise
    return db
