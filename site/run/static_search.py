"""The files of the static search in a run: made anew when any document has changed, from the entries kept beside.

One changed record renumbers the documents behind it, so all files are written again: some seconds at 10,000 records.
Where a server answers anyway, `[search] static = false` spares them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from panfair.builders import Artifact
from panfair.builders.search.documents.document import documents
from panfair.builders.search.language.request import SCOPES
from panfair.builders.search.language.request import Scope as ScopeName
from panfair.builders.search.static.entry import Entry
from panfair.builders.search.static.form import FOLDER, FORM
from panfair.ontologies.embargo import Released
from panfair.site.run.leak_scan import ClosedWords
from panfair.site.run.render import Rendered
from panfair.site.run.static_search_entries import NAME, SearchEntries
from panfair.site.state.staging import Staging

OWNER = "search"
_VOCABULARY = ("words-", "spelling-")


class SearchFiles:
    """What one run does for the static search; a context manager. The store is opened when it is needed."""

    def __init__(self, state: Path, language: dict[str, Any], fingerprint: str) -> None:
        self._path = state / NAME
        self._language = language
        self._fingerprint = fingerprint
        self._stack = ExitStack()
        self._opened: SearchEntries | None = None
        self._derived: set[str] = set()
        self._allowed: ClosedWords | None = None

    def __enter__(self) -> "SearchFiles":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def _entries(self) -> SearchEntries:
        if self._opened is None:
            self._opened = self._stack.enter_context(SearchEntries(self._path))
        return self._opened

    def put(self, rendered: Rendered) -> None:
        """Keeps the entries of a record that was rendered."""
        self._entries.put(rendered.key, rendered.words, rendered.entries)

    def stage(
        self,
        staging: Staging,
        records: Sequence[tuple[str, str]],
        released: Callable[[Sequence[str]], Iterable[Released]],
    ) -> None:
        """Stages the files unless they stand; `records` are the open ones, each with the digest of its documents."""

        def files() -> Iterator[Artifact]:
            # With numpy and pint, which a run without changes does not need.
            from panfair.builders.search.static.files import Scope, search_files
            from panfair.builders.search.static.tables import search_tables

            # Not of the code: where other code writes the same bytes, their place is the same and nothing is moved.
            generation = _digest(FORM, search_tables(self._language), records)[:12]
            self._entries.bring_up_to_date(records, lambda keys: (documents(one) for one in released(keys)))
            scopes = [Scope(scope, self._entries.keys(scope), self._reader(scope)) for scope in SCOPES]
            for file in search_files(scopes, self._language, generation):
                yield Artifact(f"www/{file.path}", file.body)

        staging.whole(OWNER, _digest(self._fingerprint, self._language, records), files)

    def remove(self, staging: Staging) -> None:
        """Leaves no file and no store: the operator wants no static search."""
        self._path.unlink(missing_ok=True)
        staging.replace(OWNER, ())

    def closed_for(self, path: str, closed: ClosedWords) -> ClosedWords:
        """What must not stand in a file: of the vocabulary, no single word but those made of open words by folding.

        A vocabulary is no text: that two of its words stand side by side says nothing.
        """
        if not path.startswith(f"www/{FOLDER}/") or not path.rsplit("/", 1)[-1].startswith(_VOCABULARY):
            return closed
        if self._allowed is None:
            self._allowed = ClosedWords(closed.key, set(closed.words))
            self._allowed.allow(self._derived)
        return self._allowed

    def _reader(self, scope: ScopeName) -> Callable[[Sequence[str]], Iterator[Entry]]:
        def read(keys: Sequence[str]) -> Iterator[Entry]:
            for entry in self._entries.read(scope, keys):
                self._derived.update(entry["derived"])
                yield entry

        return read


def _digest(*told: Any) -> str:
    return sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()
