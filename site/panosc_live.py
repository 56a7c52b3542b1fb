"""The PaNOSC store while it is served: several readers at once, each with a limit of time, of one published state each.

The store never changes in place: a publication moves a new file over it, and who asks next reads the new one.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from panfair.builders.panosc_tables import SCHEMA_VERSION
from panfair.ontologies.errors import PanfairError
from panfair.site.panosc_texts import expression

_SECONDS = 0.8
_STEPS = 20_000  # of SQLite's machine between two looks at the clock: some milliseconds
_MOST_KEPT = 4
_CACHE_KB = 16_384

_Signature = tuple[int, int, int]


class StoreMissing(PanfairError):
    """There is no store, or none that this version reads: the operator must publish."""


class TooMuch(PanfairError):
    """The answer would take too long, or be too large; whoever asked can ask for less."""


class PanoscStore:
    """The store that stands at a path today."""

    def __init__(self, path: Path, seconds: float = _SECONDS) -> None:
        self._path = path
        self._seconds = seconds
        self._lock = threading.Lock()
        self._kept: list[tuple[_Signature, sqlite3.Connection]] = []

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for one answer, by one thread. Raises StoreMissing; TooMuch when time is up."""
        signature, db = self._connection()
        until = monotonic() + self._seconds
        db.set_progress_handler(lambda: monotonic() > until, _STEPS)
        try:
            yield db
        except sqlite3.OperationalError as error:
            db.close()
            told = str(error)
            if "interrupted" in told:
                raise TooMuch(
                    f"this filter takes longer than the {self._seconds:g} s that one answer may take; "
                    "name a parameter, or narrow it otherwise"
                ) from None
            if any(word in told for word in ("too large", "too many", "too deep", "overflow", "too complex")):
                raise TooMuch(f"this filter is more than can be answered at once ({told})") from None
            raise StoreMissing(f"{self._path.name}: {error}; run `panfair publish`") from error
        except sqlite3.DatabaseError as error:
            db.close()
            raise StoreMissing(f"{self._path.name}: {error}; run `panfair publish`") from error
        except BaseException:
            self._give_back(signature, db)
            raise
        self._give_back(signature, db)

    def close(self) -> None:
        """Closes what is kept open; the next answer opens it again."""
        with self._lock:
            kept, self._kept = self._kept, []
        for _, db in kept:
            db.close()

    def _connection(self) -> tuple[_Signature, sqlite3.Connection]:
        try:
            status = self._path.stat()
        except OSError:
            raise StoreMissing("nothing is published yet") from None
        signature = (status.st_ino, status.st_mtime_ns, status.st_size)
        with self._lock:
            old = [db for seen, db in self._kept if seen != signature]
            self._kept = [one for one in self._kept if one[0] == signature]
            found = self._kept.pop() if self._kept else None
        for db in old:
            db.close()
        return found or (signature, self._open())

    def _give_back(self, signature: _Signature, db: sqlite3.Connection) -> None:
        db.set_progress_handler(None, 0)
        with self._lock:
            if len(self._kept) < _MOST_KEPT:
                self._kept.append((signature, db))
                return
        db.close()

    def _open(self) -> sqlite3.Connection:
        # `immutable` saves the locks of every query: a published store is never written to.
        address = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            db = sqlite3.connect(address, uri=True, check_same_thread=False, cached_statements=128)
            version = db.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise StoreMissing(f"{self._path.name}: {error}; run `panfair publish`") from error
        if version != SCHEMA_VERSION:
            db.close()
            raise StoreMissing(f"{self._path.name} has version {version}; run `panfair publish`")
        db.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        db.create_function("panosc_found", 2, _found, deterministic=True)
        db.create_function("panosc_lower", 1, _lower, deterministic=True)
        return db


def _found(pattern: str, text: object) -> bool | None:
    return None if text is None else expression(pattern)(str(text))


def _lower(text: object) -> str | None:
    return None if text is None else str(text).lower()
