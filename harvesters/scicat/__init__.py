"""SciCat's public REST, v3 and v4: published data page by page, with the public datasets and files that belong to them.

Reads as anonymous unless [[source]] names a token. Publications are read from v4 where the host has it: v3 tells no
rights, dates or funding. Every page ends in a checkpoint; what stands as the last harvest had it is not read again.

May import: harvesters.{contents, reading}; ontologies.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from pydantic import Field

from panfair.harvesters import Checkpoint, Context, Finished, Harvested, Kept, Refused
from panfair.harvesters.http import RemoteOptions, open_sender
from panfair.harvesters.reading.people import Accounts
from panfair.harvesters.reading.values import Once, doi_of, text_in
from panfair.harvesters.scicat import dates
from panfair.harvesters.scicat.changes import Marks
from panfair.harvesters.scicat.documents import publication_or_refusal
from panfair.harvesters.scicat.library import Library, Missing, pids_of
from panfair.harvesters.scicat.rest import Scicat, root_of, routes_of
from panfair.harvesters.scicat.shelf import Shelf
from panfair.harvesters.scicat.values import Raw
from panfair.ontologies.errors import HarvestError, RecordError
from panfair.ontologies.record import Publication

_ALONE = 5  # publications of a page that are cheaper asked for one by one
_LISTED_AT_ONCE = 1000  # DOIs


class Options(RemoteOptions):
    """A [[source]] of kind `scicat`."""

    url: str = Field(
        description="the address of the API, or of the host", examples=["https://scicat.example.org/api/v3"]
    )
    page_size: int = Field(100, ge=1, le=1000, description="how many publications are read at once")
    token_env: str | None = Field(None, description="the environment variable that holds a reader's token, if any")
    datasets: bool = Field(True, description="whether the datasets are read: one request for forty of them")
    files: bool = Field(True, description="whether the lists of files are read: one request for forty datasets")
    catalogue: str | None = Field(None, description="the address of a DOI's page in the live catalogue, with {doi}")
    date_from: tuple[dates.DateFrom, ...] = Field(dates.USUAL, min_length=1, description=dates.DESCRIPTION)


def harvest(options: Options, context: Context) -> Iterator[Harvested]:
    """All published data that the reader sees.

    Raises HarvestError when SciCat stops answering, answers what cannot be read, shows nothing at all, or gives fewer
    than it counts; also when it does not know the reader's token, for then it answers as to everyone.
    """
    token = _token(options)
    with open_sender(options, root_of(options.url), context, lambda: token) as send:
        scicat = Scicat(options.name, send, routes_of(options.name, options.url, send))
        yield from _Harvest(options, context, scicat).run()


class _Harvest:
    """One harvest: how far it is, and what it has learnt."""

    def __init__(self, options: Options, context: Context, scicat: Scicat) -> None:
        self.options = options
        self.context = context
        self.scicat = scicat
        self.note = Once(context.note)
        self.library = Library(options, context, self.note, accounts=Accounts(options.people))
        self.library.catalogue = options.catalogue
        self.library.date_from = options.date_from
        self.library.encoded = scicat.version == "v4"
        self.shelf = Shelf(scicat, self.library, options.datasets, options.files)
        self.marks = Marks(context, scicat.version)
        kept: Raw = orjson.loads(context.resume) if context.resume else {"skip": 0, "had": 0, "recent": []}
        self.skip, self.number = int(kept["skip"]), int(kept["had"])
        self.had = set(kept["recent"])  # a list that shifts gives the end of one page again on the next
        self.library.missing = Missing(dict(kept.get("missing", {})))
        self.library.undated = list(kept.get("undated", ()))

    def run(self) -> Iterator[Harvested]:
        self._check_reader()
        if not self.scicat.routes.has_v4:
            self.note(
                "this SciCat has no v4: v3 tells no rights, dates, funding or kinds of contributors, so that what is "
                "restricted or opens later there looks open; see docs/sources/scicat.md"
            )
        count = self.scicat.count()
        if count is None:
            self.note("this SciCat does not say how many publications it has; a list that ends early is not noticed")
        yield from self._pages(count)
        if self.number == 0:
            raise HarvestError(
                f"{self.options.name}: SciCat shows no publications at all; nothing is taken for withdrawn because "
                "of that. Ask its administrator, or set `token_env` if it shows them to readers only",
                begin_anew=True,
            )
        yield from self._those_that_left()
        self._check_reader()
        self.library.tell()
        yield Finished(self.marks.token())

    def _pages(self, count: int | None) -> Iterator[Harvested]:
        size = self.options.page_size
        while True:
            page = self.scicat.page(self.skip, size, light=bool(self.marks.before))
            yield from self._publications(page)
            self.skip += len(page)
            if page:
                self._check_reader()
                yield Checkpoint(self._checkpoint(page))
            if len(page) < size:
                break
            if count is not None and self.skip > 2 * count + size:
                raise HarvestError(
                    f"{self.options.name}: the list has no end, though SciCat counts {count}; nothing kept"
                )
        if count is not None and self.number < count:
            raise HarvestError(
                f"{self.options.name}: SciCat counts {count} publications and gave {self.number}; the list has moved "
                "while it was read, or is cut short. Nothing is published from it; run `panfair harvest` again",
                begin_anew=True,
            )

    def _publications(self, page: list[Raw | Refused]) -> Iterator[Harvested]:
        new = [item for item in page if _mark(item) not in self.had]
        self.had.update(map(_mark, new))
        self.number += len(new)
        yield from (item for item in new if isinstance(item, Refused))
        fresh = [item for item in new if not isinstance(item, Refused)]
        if self.marks.before:
            standing = self._standing(fresh)
            yield from (Kept(key) for key in standing.values())
            fresh = [raw for raw in fresh if _mark(raw) not in standing]
            # A page of v3 is whole all the same: its fields are not to be trusted.
            yield from self._read(fresh if self.scicat.version == "v3" else self._whole(fresh))
        else:
            yield from self._read(fresh)

    def _standing(self, page: list[Raw]) -> dict[str, str]:
        """The DOI keys of those of a page that are as the last harvest had them, by mark."""
        keys = {_mark(raw): key for raw in page if (key := self._key(raw)) in self.marks.known}
        pids = [pid for raw in page if _mark(raw) in keys for pid in pids_of(raw)]
        pids += [pid for key in keys.values() for pid in self.marks.inputs_before(key)]
        datasets = self.shelf.marks(list(dict.fromkeys(pids)))
        standing = {}
        for raw in page:
            key = keys.get(_mark(raw))
            if key and (stands := self.marks.stands(key, raw, datasets)):
                standing[_mark(raw)] = key
                self.library.undated += stands.undated
                for lack in stands.lacks:
                    self.library.missing.add(*lack)
        return standing

    def _whole(self, light: Sequence[Raw]) -> list[Raw | Refused]:
        """The documents of which a list has told the dates alone."""
        found: list[Raw | Refused] = []
        if len(light) > _ALONE:
            wanted = {_mark(raw) for raw in light}
            found = [item for item in self.scicat.page(self.skip, self.options.page_size) if _mark(item) in wanted]
        had = set(map(_mark, found))
        alone = (self.scicat.publication(text_in(raw.get("doi")) or "") for raw in light if _mark(raw) not in had)
        return [*found, *(item for item in alone if item is not None)]

    def _read(self, documents: Sequence[Raw | Refused]) -> Iterator[Harvested]:
        """The publications of these documents, with all that belongs to them."""
        raws = [item for item in documents if not isinstance(item, Refused)]
        yield from (item for item in documents if isinstance(item, Refused))
        self.shelf.fetch(raws, pids_of)
        for raw in raws:
            self.library.learn(raw)
        for raw in raws:
            lacks = self.library.hold(raw) if self.shelf.shows_files else []
            undated = len(self.library.undated)
            item = publication_or_refusal(raw, self.library)
            if isinstance(item, Publication):
                self.marks.keep(item.doi.key, raw, self.library, lacks, self.library.undated[undated:])
            yield item
        self.shelf.clear()

    def _those_that_left(self) -> Iterator[Harvested]:
        """What the last harvest had and no list shows any more, as far as SciCat still shows it by its DOI.

        An amended publication is in no list for everyone, and by no means withdrawn.
        """
        if not self.marks.known:
            return
        left = sorted(self.marks.known - set(self._listed()) - self.marks.now.keys())
        if left and self.scicat.version == "v3":
            self.note(
                f"{len(left)} publications left SciCat's list; v3 does not tell whether one is amended or withdrawn"
            )
            return
        found = []
        for key in left:
            before = self.context.previous(key)
            raw = self.scicat.publication(str(before["doi"])) if before else None
            if raw is not None:
                found.append(raw)
        yield from self._read(found)

    def _listed(self) -> Iterator[str]:
        """The keys of all that SciCat lists now."""
        skip = 0
        while True:
            size = _LISTED_AT_ONCE if self.scicat.version == "v4" else self.options.page_size
            page = self.scicat.page(skip, size, light=True)
            yield from (key for raw in page if not isinstance(raw, Refused) and (key := self._key(raw)))
            skip += len(page)
            if len(page) < size:
                return

    def _key(self, raw: Raw) -> str | None:
        try:
            return doi_of(raw.get("doi") or raw.get("_id"), self.context.extra_doi_prefixes).key
        except RecordError:
            return None

    def _check_reader(self) -> None:
        """SciCat answers a token that has run out as it answers everyone, with a part of the catalogue."""
        if not self.options.token_env:
            return
        known = self.scicat.is_reader()
        if known is None:
            self.note("this SciCat does not tell whether it knows the reader's token")
        elif not known:
            raise HarvestError(
                f"{self.options.name}: SciCat does not know the token in {self.options.token_env}; it has run out or "
                "is mistyped. What came before is kept; give a fresh one and run `panfair harvest` again"
            )

    def _checkpoint(self, page: list[Raw | Refused]) -> str:
        return orjson.dumps(
            {
                "skip": self.skip,
                "had": self.number,
                "recent": sorted(map(_mark, page)),
                "missing": self.library.missing.lacks,
                "undated": self.library.undated,
            }
        ).decode()


def _mark(item: Raw | Refused) -> str:
    """By what a document is known again on the next page, also when it has changed in between.

    Its own id as it is written, for MongoDB takes DOIs that differ in case for two; all it says, where it has none.
    """
    if isinstance(item, Refused):
        return f"refused {item.key}"
    own: Any = text_in(item.get("_id")) or text_in(item.get("doi")) or text_in(item.get("pid"))
    return own or hashlib.sha256(repr(item).encode("utf-8", "replace")).hexdigest()


def _token(options: Options) -> str | None:
    if not options.token_env:
        return None
    token = os.environ.get(options.token_env)
    if not token:
        raise HarvestError(
            f"{options.name}: the environment variable {options.token_env} that `token_env` names is empty"
        )
    return token
