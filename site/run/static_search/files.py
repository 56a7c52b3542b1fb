"""The files of the static search in a run: a base of many files, and one of what has changed since it was made.

The documents of a base are numbered, so that one changed record would renumber all behind it and make every file be
written again. Therefore a change goes into the one file beside (`builders.search.static.delta`), which is written
anew with each. Where a document is gone or narrowed, the files of the base that hold something of it are written anew
without it, under other names (`builders.search.static.revise`): no file may keep a word of it. A new base is made where
these would be too many, where the site is small, and where other code or other words of the site make the files.

A site's answers are those of its records, whatever its history; its bytes are so with each new base. Where a server
answers anyway, `[search] static = false` spares all of them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from hashlib import sha256
from itertools import count
from typing import Any

import orjson

from panfair.builders import Artifact
from panfair.builders.search.documents.document import documents
from panfair.builders.search.language.request import SCOPES
from panfair.builders.search.language.request import Scope as ScopeName
from panfair.builders.search.static.entry import Entry
from panfair.builders.search.static.form import FORM, MANIFEST
from panfair.builders.search.static.language import search_language
from panfair.site.run.changes import ChangeSet
from panfair.site.run.context import Context
from panfair.site.run.products.product import Product
from panfair.site.run.render import Rendered
from panfair.site.run.static_search.entries import NAME, SearchEntries
from panfair.site.run.static_search.standing import BASE, StandingBase
from panfair.site.state.ledger import Row
from panfair.site.state.staging import Staging

DELTA = "search changes"
"""Who owns the files that change with every record."""
_SMALL = 1000  # documents: a base of fewer is made in less than a second
_LEAST = 200  # documents that a delta may hold: about 140 kB; more of a large site
_LETTERS = 12  # of a generation's name
_MADE_FROM, _NAME = "search made from", "search base"


class SearchFiles(Product):
    """What one run does for the static search. The store of entries is opened when it is needed."""

    owners = (BASE, DELTA)

    def __init__(self, context: Context) -> None:
        self._path = context.config.state / NAME
        self._wanted = context.config.search.static
        self._notes = context.report.notes
        self._stack = ExitStack()
        self._opened: SearchEntries | None = None

    @property
    def _entries(self) -> SearchEntries:
        if self._opened is None:
            self._opened = self._stack.enter_context(SearchEntries(self._path))
            if self._opened.was_damaged:
                self._notes.append(f"{NAME}: not as the last run left it; made anew")
        return self._opened

    def put(self, done: Rendered, row: Row, datestamp: str) -> None:
        if self._wanted:
            self._entries.put(done.key, done.words, done.entries)

    def fold(self, context: Context, changes: ChangeSet, staging: Staging) -> None:
        """Stages the files unless they stand; none, and no store, where the operator wants no static search."""
        ledger = context.ledger
        if not self._wanted:
            self._path.unlink(missing_ok=True)
            for owner in self.owners:
                staging.replace(owner, ())
            return
        records = ledger.connection.execute(
            "SELECT key, words FROM record WHERE state = 'open' ORDER BY key"
        ).fetchall()
        language = search_language(context.config.portal)
        code = _digest(FORM, context.fingerprint, language)
        made_from = _digest(code, records)
        if staging.standing(DELTA) and ledger.note(_MADE_FROM) == made_from:
            return
        self._entries.bring_up_to_date(
            records, lambda keys: (documents(one, context.paths(one.doi.key)) for one in context.released(keys))
        )
        base = self._entries.base
        stands = bool(base.name) and base.name == ledger.note(_NAME) and bool(staging.standing(BASE))
        changed = {scope: base.changed(scope) for scope in SCOPES} if stands else {}
        if (
            not stands
            or not base.name.startswith(code)
            or len(base) < _SMALL
            or sum(map(len, changed.values())) > max(_LEAST, len(base) // 100)
            or not (standing := self._without_lost(base.name.removeprefix(code), changes, staging))
        ):
            self._whole(language, records, code, staging)
        else:
            self._delta(changed, base.name.removeprefix(code)[:_LETTERS], standing, staging)
            base.rename(code + base.name.removeprefix(code)[:_LETTERS] + standing.revised)
        ledger.set_note(_NAME, base.name)
        ledger.set_note(_MADE_FROM, made_from)

    def _without_lost(self, told: str, changes: ChangeSet, staging: Staging) -> StandingBase | None:
        """The files of the base without what closed; None where a new base is to be made."""
        base = self._entries.base
        try:
            standing = StandingBase(told[:_LETTERS], staging)
        except OSError:
            return None
        lost = base.lost(changes.keys("narrowed"))
        number = sum(map(len, lost.values()))
        if number and base.count_left() + number > max(_LEAST, len(base) // 100):
            return None
        return standing if not number or standing.leave(lost, base) else None

    def _whole(self, language: dict[str, Any], records: Sequence[Any], code: str, staging: Staging) -> None:
        """Stages a new base, and nothing beside it."""
        # With numpy and pint, which a run without changes does not need.
        from panfair.builders.search.static.files import Scope, search_files
        from panfair.builders.search.static.tables import search_tables

        # Not of the code: where other code writes the same bytes, their place is the same and nothing is moved.
        generation = _digest(FORM, search_tables(language), records)[:_LETTERS]
        base = self._entries.base
        base.begin()
        scopes = [Scope(scope, self._entries.keys(scope), self._into_base(scope)) for scope in SCOPES]
        artifacts: list[Artifact] = []

        def files() -> Iterator[Artifact]:
            for file in search_files(scopes, language, generation):
                if file.path == MANIFEST:
                    artifacts.append(Artifact(f"www/{file.path}", file.body))
                else:
                    yield Artifact(f"www/{file.path}", file.body)

        staging.replace(BASE, files())
        staging.replace(DELTA, artifacts)
        base.finish(code + generation)

    def _delta(
        self, changed: dict[ScopeName, list[str]], generation: str, standing: StandingBase, staging: Staging
    ) -> None:
        """Stages the file of what has changed since the base was made."""
        from panfair.builders.search.static.delta import ScopeDelta, delta_file
        from panfair.builders.search.static.files import Scope, manifest

        base, deltas = self._entries.base, []
        for scope, keys in changed.items():
            found = list(self._entries.read(scope, keys))
            labels = base.labels_lost(scope)
            for entry in found:
                for name, more in labels.items():
                    for label in entry["facets"].get(name, ()):
                        more[label] = more.get(label, 0) + 1
            deltas.append(
                ScopeDelta(
                    scope=Scope(scope, keys, partial(self._entries.read, scope)),
                    dead=base.dead(scope),
                    before=[base.before(scope, entry["day"], entry["key"]) for entry in found],
                    titles=[base.before_by_title(scope, entry["title"], entry["key"]) for entry in found],
                    labels=labels,
                    frequent=standing.frequent(scope),
                )
            )
        body = delta_file(deltas)
        name = f"delta-{sha256(body).hexdigest()[:12]}"
        listing = manifest(generation, {scope: self._entries.count(scope) for scope in changed}, name, standing.revised)
        staging.replace(
            DELTA, [Artifact(f"{standing.folder}/{name}.bin", body), Artifact(f"www/{listing.path}", listing.body)]
        )

    def take_away(self, staging: Staging) -> None:
        super().take_away(staging)
        self._path.unlink(missing_ok=True)  # it may hold entries of what closed

    def cancel(self) -> None:
        self._stack.close()

    def _into_base(self, scope: ScopeName) -> Callable[[Sequence[str]], Iterator[Entry]]:
        """Reads the entries of a scope in order, and puts each down as one of the new base."""
        number = count()

        def read(keys: Sequence[str]) -> Iterator[Entry]:
            for entry in self._entries.read(scope, keys):
                self._entries.base.add(scope, next(number), entry)
                yield entry

        return read


def _digest(*parts: Any) -> str:
    return sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()
