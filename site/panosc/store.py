"""The PaNOSC store while it is served: several readers at once, each with a limit of time, of one published state each.

The store never changes in place: a publication moves a new file over it, and who asks next reads the new one.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import monotonic

from panfair.builders.panosc.tables import SCHEMA_VERSION
from panfair.ontologies.errors import PanfairError
from panfair.site.panosc.text_match import expression

_SECONDS = 0.8
_STEPS = 5_000  # of SQLite's machine between two looks at the clock: a millisecond or so
_MOST_KEPT = 4
_CACHE_KB = 16_384

_Signature = tuple[int, int, int]


@dataclass(slots=True)
class _Reader:
    """A connection to one published state."""

    signature: _Signature
    db: sqlite3.Connection
    until: float = inf
    """When time is up for the answer that it is used for."""

    def late(self) -> bool:
        return monotonic() > self.until

    def found(self, pattern: str, text: object) -> bool | None:
        """Whether a regular expression is found in a text; one long text may take as long as thousands of rows."""
        self._in_time()
        return None if text is None else expression(pattern)(str(text))

    def lower(self, text: object) -> str | None:
        self._in_time()
        return None if text is None else str(text).lower()

    def _in_time(self) -> None:
        if self.late():
            raise TimeoutError


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
        self._kept: list[_Reader] = []

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for one answer, by one thread. Raises StoreMissing; TooMuch when time is up."""
        reader = self._reader()
        reader.until = monotonic() + self._seconds
        try:
            yield reader.db
        except sqlite3.DatabaseError as error:
            late = reader.late()
            reader.db.close()
            raise self._failure(error, late) from None
        except BaseException:
            self._give_back(reader)
            raise
        self._give_back(reader)

    def close(self) -> None:
        """Closes what is kept open; the next answer opens it again."""
        with self._lock:
            kept, self._kept = self._kept, []
        for reader in kept:
            reader.db.close()

    def _failure(self, error: sqlite3.DatabaseError, late: bool) -> PanfairError:
        message = str(error)
        if late:
            return TooMuch(
                f"this filter takes longer than the {self._seconds:g} s that one answer may take; "
                "name a parameter, or narrow it otherwise"
            )
        if any(word in message for word in ("too large", "too many", "too deep", "overflow", "too complex")):
            return TooMuch(f"this filter is more than can be answered at once ({message})")
        return StoreMissing(f"{self._path.name}: {message}; run `panfair publish`")

    def _reader(self) -> _Reader:
        try:
            status = self._path.stat()
        except OSError:
            raise StoreMissing("nothing is published yet") from None
        signature = (status.st_ino, status.st_mtime_ns, status.st_size)
        with self._lock:
            old = [reader for reader in self._kept if reader.signature != signature]
            self._kept = [reader for reader in self._kept if reader.signature == signature]
            found = self._kept.pop() if self._kept else None
        for reader in old:
            reader.db.close()
        return found or self._open(signature)

    def _give_back(self, reader: _Reader) -> None:
        reader.until = inf
        with self._lock:
            if len(self._kept) < _MOST_KEPT:
                self._kept.append(reader)
                return
        reader.db.close()

    def _open(self, signature: _Signature) -> _Reader:
        # `immutable` saves the locks of every query: a published store is never written to.
        address = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
        db = sqlite3.connect(address, uri=True, check_same_thread=False, cached_statements=128)
        try:
            version = db.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            db.close()
            raise StoreMissing(f"{self._path.name}: {error}; run `panfair publish`") from error
        if version != SCHEMA_VERSION:
            db.close()
            raise StoreMissing(f"{self._path.name} has version {version}; run `panfair publish`")
        reader = _Reader(signature, db)
        db.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        db.create_function("panosc_found", 2, reader.found, deterministic=True)
        db.create_function("panosc_lower", 1, reader.lower, deterministic=True)
        db.set_progress_handler(reader.late, _STEPS)
        return reader
