"""The search indexes and the OAI-PMH and PaNOSC stores in the staging folder: copies of the live ones, moved whole.

An index is copied by hard links (an engine writes new files and never changes old ones), and so are the volumes of
OAI-PMH records; the stores themselves byte by byte.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from panfair.builders.oai.store import SCHEMA_VERSION, StoreWriter
from panfair.builders.oai.volumes import DamagedVolume
from panfair.builders.panosc.store import SCHEMA_VERSION as PANOSC_VERSION
from panfair.builders.panosc.store import PanoscWriter
from panfair.builders.search.index.writer import FORMS, SearchWriter, form_of
from panfair.builders.search.language.request import SCOPES
from panfair.ontologies.errors import PublishError
from panfair.site.run.changes import ChangeSet
from panfair.site.run.context import Context
from panfair.site.run.leaks.answering import FoundInLists
from panfair.site.run.leaks.stale import stale
from panfair.site.run.products.product import Product
from panfair.site.run.render import Rendered
from panfair.site.state.layout import INDEX, PANOSC, RECORDS, REQUIRED, STORE
from panfair.site.state.ledger import Ledger, Row
from panfair.site.state.staging import FOLDER, Staged, Staging, digest_of

_LOOKED_AT_ANYWAY = 256 << 20  # bytes that are hashed in less than half a second
_COMMIT_TAKES = timedelta(seconds=10)  # from the last datestamp to the last file moved; being early only repeats


def index_writer(engine: str, folder: Path) -> SearchWriter:
    """Who writes the index of an engine, `whoosh` or `tantivy`; one of another engine there is begun anew."""
    if engine == "tantivy":
        from panfair.builders.search.index.tantivy import TantivyWriter  # an extra

        return TantivyWriter(folder)
    # With Whoosh and numpy: a run without changes is short.
    from panfair.builders.search.index.whoosh import IndexWriter

    return IndexWriter(folder)


def are_current(output: Path, engine: str) -> bool:
    """Whether indexes and stores stand there in the form that this version writes; if not, all is rendered anew."""
    if any(not (output / name).is_file() for name in REQUIRED):
        return False
    if any(form_of(output / INDEX / scope) != FORMS[engine] for scope in SCOPES):
        return False
    try:
        return (_version(output / STORE), _version(output / PANOSC)) == (SCHEMA_VERSION, PANOSC_VERSION)
    except (OSError, ValueError, sqlite3.DatabaseError):
        return False


def damaged(output: Path, ledger: Ledger, opened: bool = True) -> list[str]:
    """The files of indexes and stores that are not as the last run left them: they must not be opened, nor kept.

    Where nothing is opened, those of large sites are told by their sizes only. So are volumes of OAI-PMH records: those
    that a run reads are held against their names then.
    """
    found = ledger.connection.execute("SELECT path, sha256, size FROM file WHERE owner = 'indexes' ORDER BY path")
    files = found.fetchall()
    small = sum(size for _, _, size in files) <= _LOOKED_AT_ANYWAY

    def closely(path: str) -> bool:
        return small or (opened and not path.startswith(f"{RECORDS}/"))

    return [name for name, sha256, size in files if not _is_as_it_was(output / name, sha256 * closely(name), size)]


def damage_line(paths: list[str]) -> str:
    """What the report says of damaged files."""
    return f"{', '.join(paths[:5])}: not as the last run left it; all indexes and stores are made anew"


def _is_as_it_was(path: Path, sha256: str, size: int) -> bool:
    try:
        return path.stat().st_size == size and (not sha256 or digest_of(path)[0] == sha256)
    except OSError:
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


class Indexes(Product):
    """Opened at the first change only: a run that changes nothing touches neither."""

    owners = ("indexes",)

    def __init__(self, context: Context, changes: ChangeSet) -> None:
        self._output = context.config.output
        self._engine = context.config.search.engine
        self._staging = self._output / FOLDER
        self._host = context.config.portal.host
        self._anew = context.anew
        self._changes = changes
        self._stack = ExitStack()
        self._opened: _Writers | None = None

    def _writers(self) -> "_Writers":
        if self._opened is None:
            if not self._anew:
                for folder in (INDEX, RECORDS):
                    _link_folder(self._output / folder, self._staging / folder)
                _copy(self._output / STORE, self._staging / STORE)
                _copy(self._output / PANOSC, self._staging / PANOSC)
            publications, datasets = (
                self._stack.enter_context(index_writer(self._engine, self._staging / INDEX / scope)) for scope in SCOPES
            )
            store = self._stack.enter_context(StoreWriter(self._staging / STORE, self._host))
            panosc = self._stack.enter_context(PanoscWriter(self._staging / PANOSC))
            self._opened = _Writers(publications, datasets, store, panosc)
        return self._opened

    def put(self, done: Rendered, row: Row, datestamp: str) -> None:
        if self._anew or row.words != done.words:
            if self._changes.kind_of(done.key) == "narrowed":
                self._forget_words(done.key)
            writers = self._writers()
            for writer, documents in zip((writers.publications, writers.datasets), done.documents, strict=True):
                writer.put_ready(done.key, documents)
            writers.panosc.put(done.key, done.panosc)
        if self._anew or row.payload != done.payload:
            self._writers().store.put(done.key, datetime.fromisoformat(datestamp), done.sets, done.tails)

    def remove(self, row: Row) -> None:
        self._forget_words(row.key)
        writers = self._writers()
        writers.panosc.remove(row.key)
        if row.listed:
            writers.store.bury(row.key, datetime.fromisoformat(row.datestamp))

    def fold(self, context: Context, changes: ChangeSet, staging: Staging) -> None:
        if context.day.live:
            self._stamp_at_the_end(context)
        standing = staging.standing("indexes")
        try:
            staged = list(self._finish(standing))
        except DamagedVolume as damage:
            raise FoundInLists({}, stale=True) from damage
        if self._opened is not None or self._anew:
            staging.accept("indexes", staged, standing)
        closed, narrowed = list(changes.keys("closed", "gone")), list(changes.keys("narrowed"))
        if (closed or narrowed) and stale(self._place, closed, narrowed, context.scanner):
            raise FoundInLists({}, stale=True)

    def _place(self, name: str) -> Path:
        """Where a file or folder of it lies once this run is committed."""
        staged = self._staging / name
        return staged if self._opened is not None or self._anew else self._output / name

    def take_away(self, staging: Staging) -> None:
        super().take_away(staging)
        for folder in (INDEX, RECORDS):
            shutil.rmtree(self._staging / folder, ignore_errors=True)
        for name in (STORE, PANOSC):
            (self._staging / name).unlink(missing_ok=True)

    def cancel(self) -> None:
        self._stack.__exit__(PublishError, PublishError("the run ended"), None)

    def _forget_words(self, key: str) -> None:
        """Takes a record and its datasets out of the search indexes, so that no file keeps a word that they lost."""
        writers = self._writers()
        writers.publications.remove(key)
        writers.datasets.remove(key)

    def _stamp_at_the_end(self, context: Context) -> None:
        """Gives what this run changed a datestamp just after its commit.

        A harvester that asks while the run is at work sees the old site, and asks next for what is newer than that
        answer: with a datestamp from the run's beginning it would never hear of the changes (OAI-PMH 2.0, 2.7.1).
        """
        if self._opened is None:
            return
        later = datetime.now(UTC).replace(microsecond=0) + _COMMIT_TAKES
        self._opened.store.restamp(context.day.instant, later)
        context.ledger.connection.execute(
            "UPDATE record SET datestamp = ? WHERE datestamp BETWEEN ? AND ?",
            (later.isoformat(), context.day.instant.isoformat(), later.isoformat()),
        )

    def _finish(self, standing: dict[str, str]) -> Iterator[Staged]:
        """Commits all and yields their files as staged; unchanged hard links, whose digests stand, are not written."""
        if self._opened is None and not self._anew:
            return
        self._writers()
        self._stack.close()
        live, staged = self._output, self._staging
        # The tables come last: whoever opens them finds the volumes that they name.
        several = (path for folder in (INDEX, RECORDS) for path in sorted((staged / folder).rglob("*")))
        for path in [*several, staged / PANOSC, staged / STORE]:
            if path.is_file():
                name = path.relative_to(staged)
                same = (live / name).exists() and (live / name).stat().st_ino == path.stat().st_ino
                if same and str(name) in standing:
                    yield Staged(str(name), standing[str(name)], path.stat().st_size, False)
                    continue
                sha256, size = digest_of(path)
                yield Staged(str(name), sha256, size, not same)


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
