"""The Whoosh index and the OAI-PMH store in the staging folder: copies of the live ones, changed, and moved as a whole.

The index is copied by hard links (Whoosh writes new segment files and never changes old ones), the store byte by byte.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path

from panfair.builders.oai import SCHEMA_VERSION, StoreWriter
from panfair.builders.search import FORMAT, IndexWriter
from panfair.site.ledger import Row
from panfair.site.rendering import Rendered
from panfair.site.staging import FOLDER, Staged, digest_of

INDEX = "whoosh"
STORE = "oai.sqlite"


def are_current(output: Path) -> bool:
    """Whether index and store stand there in the form that this version writes; if not, all is rendered anew."""
    try:
        form = (output / INDEX / "FORMAT").read_text(encoding="ascii").strip()
        with closing(sqlite3.connect(f"{(output / STORE).resolve().as_uri()}?mode=ro", uri=True)) as store:
            (version,) = store.execute("PRAGMA user_version").fetchone()
    except (OSError, ValueError, sqlite3.DatabaseError):
        return False
    return form == str(FORMAT) and version == SCHEMA_VERSION


class Indexes:
    """Opened at the first change only: a run that changes nothing touches neither."""

    def __init__(self, output: Path, host: str, anew: bool) -> None:
        self._output = output
        self._staging = output / FOLDER
        self._host = host
        self._anew = anew
        self._stack = ExitStack()
        self._opened: tuple[IndexWriter, StoreWriter] | None = None

    def _writers(self) -> tuple[IndexWriter, StoreWriter]:
        if self._opened is None:
            if not self._anew:
                _link_folder(self._output / INDEX, self._staging / INDEX)
                _copy(self._output / STORE, self._staging / STORE)
            self._opened = (
                self._stack.enter_context(IndexWriter(self._staging / INDEX)),
                self._stack.enter_context(StoreWriter(self._staging / STORE, self._host)),
            )
        return self._opened

    def put_words(self, rendered: Rendered) -> None:
        """Takes an open record into the search index."""
        self._writers()[0].put(rendered.document)

    def put_payloads(self, rendered: Rendered, datestamp: datetime) -> None:
        """Takes an open record into the OAI-PMH store."""
        self._writers()[1].put(rendered.key, datestamp, rendered.sets, rendered.payloads)

    def remove(self, row: Row) -> None:
        """Takes a record out of the search, and marks it deleted in OAI-PMH if it was ever listed there."""
        index, oai = self._writers()
        index.remove(row.key)
        if row.listed:
            oai.bury(row.key, datetime.fromisoformat(row.datestamp))

    def restamp(self, since: datetime, later: datetime) -> bool:
        """Moves this run's datestamps to its end; whether there were any."""
        if self._opened is None:
            return False
        self._opened[1].restamp(since, later)
        return True

    def finish(self) -> Iterator[Staged]:
        """Commits both and yields their files as staged, unchanged hard links left out of the writing."""
        if self._opened is None and not self._anew:
            return
        self._writers()
        self._stack.close()
        live, staged = self._output, self._staging
        for path in [*sorted((staged / INDEX).rglob("*")), staged / STORE]:
            if path.is_file():
                name = path.relative_to(staged)
                same = (live / name).exists() and (live / name).stat().st_ino == path.stat().st_ino
                sha256, size = digest_of(path)
                yield Staged(str(name), sha256, size, not same)

    def cancel(self, error: BaseException) -> None:
        self._stack.__exit__(type(error), error, error.__traceback__)

    @property
    def touched(self) -> bool:
        return self._opened is not None or self._anew


def _link_folder(source: Path, target: Path) -> None:
    if not source.is_dir():
        return
    for path in source.rglob("*"):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, place)


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
