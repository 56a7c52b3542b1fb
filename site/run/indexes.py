"""The search indexes and the OAI-PMH and PaNOSC stores in the staging folder: copies of the live ones, moved whole.

An index is copied by hard links (an engine writes new files and never changes old ones), the stores byte by byte.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from panfair.builders.oai.store import SCHEMA_VERSION, StoreWriter
from panfair.builders.panosc.store import SCHEMA_VERSION as PANOSC_VERSION
from panfair.builders.panosc.store import PanoscWriter
from panfair.builders.search.index.writer import FORMS, SearchWriter, form_of
from panfair.builders.search.language.request import SCOPES
from panfair.site.run.render import Rendered
from panfair.site.state.layout import INDEX, PANOSC, STORE
from panfair.site.state.ledger import Row
from panfair.site.state.staging import FOLDER, Staged, digest_of


def index_writer(engine: str, folder: Path) -> SearchWriter:
    """Who writes the index of an engine, `whoosh` or `tantivy`; one of another engine there is begun anew."""
    if engine == "tantivy":
        from panfair.builders.search.index.tantivy import TantivyWriter  # an extra

        return TantivyWriter(folder)
    from panfair.builders.search.index.whoosh import (
        IndexWriter,
    )  # with Whoosh and numpy: a run without changes is short

    return IndexWriter(folder)


def are_current(output: Path, engine: str) -> bool:
    """Whether indexes and stores stand there in the form that this version writes; if not, all is rendered anew."""
    if any(form_of(output / INDEX / scope) != FORMS[engine] for scope in SCOPES):
        return False
    try:
        return (_version(output / STORE), _version(output / PANOSC)) == (SCHEMA_VERSION, PANOSC_VERSION)
    except (OSError, ValueError, sqlite3.DatabaseError):
        return False


def _version(store: Path) -> int:
    with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


@dataclass(frozen=True)
class _Writers:
    publications: SearchWriter
    datasets: SearchWriter
    store: StoreWriter
    panosc: PanoscWriter


class Indexes:
    """Opened at the first change only: a run that changes nothing touches neither."""

    def __init__(self, output: Path, host: str, engine: str, anew: bool) -> None:
        self._output = output
        self._engine = engine
        self._staging = output / FOLDER
        self._host = host
        self._anew = anew
        self._stack = ExitStack()
        self._opened: _Writers | None = None

    def _writers(self) -> "_Writers":
        if self._opened is None:
            if not self._anew:
                _link_folder(self._output / INDEX, self._staging / INDEX)
                _copy(self._output / STORE, self._staging / STORE)
                _copy(self._output / PANOSC, self._staging / PANOSC)
            publications, datasets = (
                self._stack.enter_context(index_writer(self._engine, self._staging / INDEX / scope)) for scope in SCOPES
            )
            store = self._stack.enter_context(StoreWriter(self._staging / STORE, self._host))
            panosc = self._stack.enter_context(PanoscWriter(self._staging / PANOSC))
            self._opened = _Writers(publications, datasets, store, panosc)
        return self._opened

    def put_words(self, rendered: Rendered) -> None:
        """Takes an open record and its datasets into the search indexes and the PaNOSC store."""
        writers = self._writers()
        writers.publications.put(rendered.documents.publication)
        writers.datasets.put_all(rendered.key, rendered.documents.datasets)
        writers.panosc.put(rendered.key, rendered.panosc)

    def forget_words(self, key: str) -> None:
        """Takes a record and its datasets out of the search indexes, so that no file keeps a word that they lost."""
        writers = self._writers()
        writers.publications.remove(key)
        writers.datasets.remove(key)

    def put_payloads(self, rendered: Rendered, datestamp: datetime) -> None:
        """Takes an open record into the OAI-PMH store."""
        self._writers().store.put(rendered.key, datestamp, rendered.sets, rendered.payloads)

    def remove(self, row: Row) -> None:
        """Takes a record out of the search, and marks it deleted in OAI-PMH if it was ever listed there."""
        self.forget_words(row.key)
        writers = self._writers()
        writers.panosc.remove(row.key)
        if row.listed:
            writers.store.bury(row.key, datetime.fromisoformat(row.datestamp))

    def restamp(self, since: datetime, later: datetime) -> bool:
        """Moves this run's datestamps to its end; whether there were any."""
        if self._opened is None:
            return False
        self._opened.store.restamp(since, later)
        return True

    def finish(self, standing: dict[str, str]) -> Iterator[Staged]:
        """Commits all and yields their files as staged; unchanged hard links, whose digests stand, are not written."""
        if self._opened is None and not self._anew:
            return
        self._writers()
        self._stack.close()
        live, staged = self._output, self._staging
        for path in [*sorted((staged / INDEX).rglob("*")), staged / PANOSC, staged / STORE]:
            if path.is_file():
                name = path.relative_to(staged)
                same = (live / name).exists() and (live / name).stat().st_ino == path.stat().st_ino
                if same and str(name) in standing:
                    yield Staged(str(name), standing[str(name)], path.stat().st_size, False)
                    continue
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
