"""Searching the published records: what is asked in; counted, sorted and highlighted results out; from many threads.

The engine opens each index once, and again when a run has replaced it; a search that is under way keeps the state that
it began with. While a replacement is half done the old state answers.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from panfair.builders.search.index.writer import form_of
from panfair.builders.search.language.answer import SearchAnswer, nothing_found
from panfair.builders.search.language.query import LONGEST
from panfair.builders.search.language.request import DEEPEST_OFFSET, Scope, SearchRequest
from panfair.builders.search.language.tree import Everything, Node, is_loose
from panfair.builders.search.language.understood import understood
from panfair.ontologies.errors import ServeError
from panfair.site.search.answer import facet_counts, ordered, result_of
from panfair.site.search.evaluate import Narrowed
from panfair.site.search.highlight import wanted
from panfair.site.search.histogram import histograms
from panfair.site.search.index import SearchIndex
from panfair.site.search.published import Published
from panfair.site.search.reading import meaning
from panfair.site.search.spelling import suggestion
from panfair.site.search.whoosh_index import WhooshIndex

log = logging.getLogger(__name__)

_WARM_FROM = 2_000
"""Documents; of fewer everything is read in no time."""
_ASKED_AGAIN = 1.0
"""Seconds before an index that is not as it was published is held against the manifest once more."""

NO_INDEX = "There is no search index yet."


class SearchEngine:
    """Answers from the indexes of both scopes; an absent index answers with nothing and says so.

    `output` is where they were published: then each is held against the manifest there before it is opened.
    """

    def __init__(self, folders: dict[Scope, Path], output: Path | None = None) -> None:
        self._opened = {scope: _Opened(folder, output) for scope, folder in folders.items()}

    def search(self, request: SearchRequest) -> SearchAnswer:
        """What was asked for. Never raises for what a query says."""
        notes = dict.fromkeys(request.notes)
        with self.index(request.scope) as index:
            if index is None:
                notes[NO_INDEX] = None
                return nothing_found(request, tuple(notes))
            meant = meaning(index, request.query)
            notes |= dict.fromkeys(meant.notes)
            found = Narrowed(index.table, request, meant.node, meant.base)
            total = int(np.count_nonzero(found.mask))
            page = ordered(index, found, request.offset + request.limit)[request.offset :]
            if total > DEEPEST_OFFSET + request.limit and request.offset + request.limit > DEEPEST_OFFSET:
                notes[f"Results after the first {DEEPEST_OFFSET} are not listed; narrow the search instead."] = None
            marks = wanted(meant.node)
            return SearchAnswer(
                query=request.query,
                total=total,
                limit=request.limit,
                offset=request.offset,
                sort=request.sort,
                scope=request.scope,
                results=tuple(result_of(index, row, score, marks) for row, score in page),
                suggestion=self._mended(meant.reading.query, meant.node, index, total),
                facets=facet_counts(index.table, found),
                histograms=histograms(index.table, found),
                notes=tuple(notes),
                understood=understood(meant.reading),
            )

    @staticmethod
    def _mended(query: str, node: Node, index: SearchIndex, total: int) -> str | None:
        """Where nothing was found, or a word may have been left out."""
        return suggestion(query[:LONGEST], node, index) if not total or is_loose(node) else None

    def count(self, scope: Scope = "publications") -> int:
        """How many documents can be found at all."""
        with self.index(scope) as index:
            return index.table.count if index else 0

    @contextmanager
    def index(self, scope: Scope) -> Iterator[SearchIndex | None]:
        """The newest state of an index that can be opened, kept open for as long as it is used; None without one."""
        opened = self._opened.get(scope)
        if opened is None:
            yield None
            return
        with opened.use() as index:
            yield index

    def wait_until_warm(self) -> None:
        """Returns once what is read ahead of newly opened indexes has been read."""
        for opened in self._opened.values():
            if opened.warming is not None:
                opened.warming.join()

    def close(self) -> None:
        """Frees the files; a search that is under way ends first."""
        for opened in self._opened.values():
            opened.close()


class _Opened:
    """One index folder, followed through the runs that replace it."""

    def __init__(self, folder: Path, output: Path | None = None) -> None:
        self.folder = folder
        self._published = Published(output, folder) if output is not None else None
        self._refused: object = None
        """The state that was last found not to be as it was published: it is read again when it changes, and now and
        then, as a run may have been moving its files in."""
        self._again = 0.0
        self._lock = threading.Lock()
        self._index: SearchIndex | None = None
        self._signature: tuple[object, ...] | None = None
        self._users: dict[SearchIndex, int] = {}
        self.warming: threading.Thread | None = None

    def close(self) -> None:
        with self._lock:
            old, self._index, self._signature = self._index, None, None
            if old is not None and not self._users.get(old):
                old.close()

    @contextmanager
    def use(self) -> Iterator[SearchIndex | None]:
        with self._lock:
            self._refresh()
            index = self._index
            if index is not None:
                self._users[index] = self._users.get(index, 0) + 1
        try:
            yield index
        finally:
            if index is not None:
                with self._lock:
                    self._users[index] -= 1
                    if not self._users[index]:
                        del self._users[index]
                        if index is not self._index:
                            index.close()

    def _refresh(self) -> None:
        signature = self._seen()
        if signature == self._signature:
            return
        if signature is None:
            fresh = None
        else:
            signatures = (signature, self._published.signature() if self._published else None)
            if signatures == self._refused and time.monotonic() < self._again:
                return
            try:
                if self._published:
                    self._published.hold()
                fresh = _open(self.folder)
            except Exception as error:  # an engine raises whatever its files do; the old state goes on answering
                # While a run moves its files in, that is as it should be.
                level = logging.INFO if isinstance(error, ServeError) and self._index else logging.WARNING
                log.log(
                    level,
                    "the search index in %s cannot be opened (%s); the one before it answers",
                    self.folder,
                    error,
                )
                if isinstance(error, ServeError):
                    self._refused, self._again = signatures, time.monotonic() + _ASKED_AGAIN
                return
        old, self._index, self._signature = self._index, fresh, signature
        if old is not None and not self._users.get(old):
            old.close()
        if fresh is not None and fresh.table.count >= _WARM_FROM:
            self.warming = threading.Thread(target=self._warm, args=(fresh,), daemon=True)
            self.warming.start()

    def _warm(self, index: SearchIndex) -> None:
        """Reads ahead what first questions would wait for, unless the index is replaced in the meantime."""
        try:
            with self.use() as now:
                if now is index:
                    found = Narrowed(index.table, SearchRequest(), Everything(), index.table.live)
                    facet_counts(index.table, found)
                    histograms(index.table, found)
                    ordered(index, found, 1)
                    meaning(index, "foam")
                    index.warm()
        except Exception as error:  # the question itself will tell what is wrong
            log.info("what questions need first could not be read ahead (%s)", type(error).__name__)

    def _seen(self) -> tuple[object, ...] | None:
        """What tells one state of the folder from the next: its table of contents, by name, file and time."""
        tables = []
        try:
            for entry in self.folder.iterdir():
                if entry.suffix == ".toc" or entry.name == "meta.json":
                    found = entry.stat()
                    tables.append((entry.name, found.st_ino, found.st_mtime_ns, found.st_size))
        except OSError:
            return self._signature if self._index else None
        if not tables and self._index:
            return self._signature  # between two states
        return tuple(sorted(tables)) or None


def _open(folder: Path) -> SearchIndex:
    """The index in a folder, by the engine that wrote it. Raises whatever an engine raises."""
    form = form_of(folder) or ""
    if form.startswith("tantivy"):
        from panfair.site.search.tantivy_index import TantivyIndex  # an extra

        return TantivyIndex(folder)
    return WhooshIndex(folder)
