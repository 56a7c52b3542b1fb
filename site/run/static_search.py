"""The files of the static search in a run: made anew when any document has changed, from the entries kept beside.

One changed record renumbers the documents behind it, so all files are written again: some seconds at 10,000 records.
Where a server answers anyway, `[search] static = false` spares them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from hashlib import sha256
from typing import Any

import orjson

from panfair.builders import Artifact
from panfair.builders.search.documents.document import documents
from panfair.builders.search.language.request import SCOPES
from panfair.builders.search.language.request import Scope as ScopeName
from panfair.builders.search.static.entry import Entry
from panfair.builders.search.static.form import FORM
from panfair.builders.search.static.language import search_language
from panfair.site.run.changes import ChangeSet
from panfair.site.run.context import Context
from panfair.site.run.products.product import Product
from panfair.site.run.render import Rendered
from panfair.site.run.static_search_entries import NAME, SearchEntries
from panfair.site.state.ledger import Row
from panfair.site.state.staging import Staging

OWNER = "search"


class SearchFiles(Product):
    """What one run does for the static search. The store of entries is opened when it is needed."""

    owners = (OWNER,)

    def __init__(self, context: Context) -> None:
        self._path = context.config.state / NAME
        self._wanted = context.config.search.static
        self._stack = ExitStack()
        self._opened: SearchEntries | None = None

    @property
    def _entries(self) -> SearchEntries:
        if self._opened is None:
            self._opened = self._stack.enter_context(SearchEntries(self._path))
        return self._opened

    def put(self, done: Rendered, row: Row, datestamp: str) -> None:
        if self._wanted:
            self._entries.put(done.key, done.words, done.entries)

    def fold(self, context: Context, changes: ChangeSet, staging: Staging) -> None:
        """Stages the files unless they stand; none, and no store, where the operator wants no static search."""
        if not self._wanted:
            self._path.unlink(missing_ok=True)
            staging.replace(OWNER, ())
            return
        found = context.ledger.connection.execute("SELECT key, words FROM record WHERE state = 'open' ORDER BY key")
        records = found.fetchall()
        language = search_language(context.config.portal)

        def files() -> Iterator[Artifact]:
            # With numpy and pint, which a run without changes does not need.
            from panfair.builders.search.static.files import Scope, search_files
            from panfair.builders.search.static.tables import search_tables

            # Not of the code: where other code writes the same bytes, their place is the same and nothing is moved.
            generation = _digest(FORM, search_tables(language), records)[:12]
            self._entries.bring_up_to_date(records, lambda keys: (documents(one) for one in context.released(keys)))
            scopes = [Scope(scope, self._entries.keys(scope), self._reader(scope)) for scope in SCOPES]
            for file in search_files(scopes, language, generation):
                yield Artifact(f"www/{file.path}", file.body)

        staging.whole(OWNER, _digest(context.fingerprint, language, records), files)

    def cancel(self) -> None:
        self._stack.close()

    def _reader(self, scope: ScopeName) -> Callable[[Sequence[str]], Iterator[Entry]]:
        return lambda keys: self._entries.read(scope, keys)


def _digest(*told: Any) -> str:
    return sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()
