"""SciCat's public REST, v3 and v4: published data page by page, with the public datasets and files that belong to them.

Reads as anonymous unless [[source]] names a token. Routes and filters: SciCat backend 4.x, `publisheddata`,
`datasets` (v3), `datasets/public` and `origdatablocks/public` (v4). Every page ends in a checkpoint.
"""

import hashlib
import os
from collections.abc import Iterator
from typing import Any, Literal
from urllib.parse import quote

import orjson
from pydantic import Field, ValidationError

from panfair.harvesters import Checkpoint, Context, Harvested, Refused, SourceOptions
from panfair.harvesters.http import Send, open_sender
from panfair.harvesters.reading.people import Accounts
from panfair.harvesters.reading.values import Once, chunks, text_of, told
from panfair.harvesters.scicat.datasets import all_texts
from panfair.harvesters.scicat.documents import Library, Raw, document_of, key_of, publication_of
from panfair.ontologies.errors import HarvestError, RecordError

Version = Literal["v3", "v4"]

_PIDS_AT_ONCE = 40  # handles in one filter: the address stays below 4 kB
_NOT_FOR_US = frozenset({401, 403, 404, 405})


class Options(SourceOptions):
    """A [[source]] of kind `scicat`."""

    url: str = Field(description="the address of the API, such as https://scicat.example.org/api/v3, or of the host")
    page_size: int = Field(100, ge=1, le=1000, description="how many publications are read at once")
    token_env: str | None = Field(None, description="the environment variable that holds a reader's token, if any")
    datasets: bool = Field(True, description="whether the datasets are read: one request for forty of them")
    files: bool = Field(True, description="whether the lists of files are read; with v3 one request a dataset")
    catalogue: str | None = Field(None, description="the address of a DOI's page in the live catalogue, with {doi}")


def harvest(options: Options, context: Context) -> Iterator[Harvested]:
    """All published data that the reader sees.

    Raises HarvestError when SciCat stops answering, answers what cannot be read, or gives fewer than it counts.
    """
    token = _token(options)
    base, version = _address(options)
    with open_sender(options, base, context, lambda: token) as send:
        if version is None:
            version = _version(options, send)
            prefix = f"api/{version}/"
        else:
            prefix = ""
        yield from _Harvest(options, context, _Scicat(options.name, send, prefix, version)).run()


class _Scicat:
    """Questions to one SciCat, and its answers as they are meant."""

    def __init__(self, name: str, send: Send, prefix: str, version: Version) -> None:
        self.name = name
        self.send = send
        self.prefix = prefix
        self.version = version

    def count(self) -> int | None:
        """How many publications there are; None when this SciCat does not say."""
        answer = self._ask("publisheddata/count", {})
        found = answer.get("count") if isinstance(answer, dict) else answer
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def page(self, skip: int, limit: int) -> list[Raw | Refused]:
        """A page of the publications, oldest first, so that new ones come at the end; a refusal for what is none."""
        limits: dict[str, Any] = {"limit": limit, "skip": skip}
        limits |= {"order": "createdAt:asc"} if self.version == "v3" else {"sort": {"createdAt": "asc"}}
        answer = self._ask("publisheddata", {"limits": limits})
        if answer is None:
            raise HarvestError(f"{self.name}: `url` has no publisheddata; is it the address of SciCat's API?")
        found = self._list(answer, f"the page from {skip}")
        return [document_of(item, f"entry {place}") for place, item in enumerate(found, skip + 1)]

    def datasets(self, pids: list[str]) -> list[Raw] | None:
        """The public datasets of these; None when this SciCat does not show them."""
        if self.version == "v3":
            found = self._ask("datasets", {"where": {"pid": {"inq": pids}}, "limits": {"limit": len(pids)}})
        else:
            found = self._ask("datasets/public", {"where": {"pid": {"$in": pids}}, "limits": {"limit": len(pids)}})
        return None if found is None else _readable(self._list(found, "a list of datasets"))

    def blocks(self, pids: list[str]) -> list[Raw] | None:
        """The lists of files of these datasets; None when this SciCat does not show them."""
        if self.version == "v4":
            found = self._ask("origdatablocks/public", {"where": {"datasetId": {"$in": pids}}})
            return None if found is None else _readable(self._list(found, "a list of files"))
        lists: list[Raw] = []
        for pid in pids:
            found = self._ask(f"datasets/{quote(pid, safe='')}/origdatablocks", {})
            if found is None:
                return None
            lists += [{"datasetId": pid, **block} for block in _readable(self._list(found, "a list of files"))]
        return lists

    def _ask(self, route: str, query: dict[str, Any]) -> Any:
        """The answer as JSON; None where the route is not there or not for the reader."""
        filters = {"filter": orjson.dumps(query).decode()} if query else {}
        status, body = self.send("GET", self.prefix + route, filters, None)
        if status in _NOT_FOR_US:
            return None
        if status != 200:
            raise HarvestError(f"{self.name}: {route} answered status {status}; what came before is kept, try again")
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise HarvestError(
                f"{self.name}: {route} answered what is not whole JSON ({error.msg}, byte {error.pos} of {len(body)}); "
                "what came before is kept, run `panfair harvest` again to go on"
            ) from None

    def _list(self, answer: Any, what: str) -> list[Any]:
        found = answer.get("data", answer.get("results")) if isinstance(answer, dict) else answer
        if not isinstance(found, list):
            raise HarvestError(f"{self.name}: {what} is not a list; is `url` the address of SciCat's API?")
        return found


class _Harvest:
    """One harvest: how far it is, and what it has learnt."""

    def __init__(self, options: Options, context: Context, scicat: _Scicat) -> None:
        self.options = options
        self.scicat = scicat
        self.note = Once(context.note)
        self.library = Library(options, context, self.note, accounts=Accounts(options.people))
        self.library.catalogue = options.catalogue
        kept: Raw = orjson.loads(context.resume) if context.resume else {"skip": 0, "had": 0, "recent": []}
        self.skip, self.number = int(kept["skip"]), int(kept["had"])
        self.had = set(kept["recent"])  # a list that shifts gives the end of one page again on the next
        self.shows = {"datasets": options.datasets, "files": options.datasets and options.files}

    def run(self) -> Iterator[Harvested]:
        count = self.scicat.count()
        if count is None:
            self.note("this SciCat does not say how many publications it has; a list that ends early is not noticed")
        while True:
            page = self.scicat.page(self.skip, self.options.page_size)
            yield from self._publications(page)
            self.skip += len(page)
            if page:
                recent = sorted(map(_mark, page))
                yield Checkpoint(orjson.dumps({"skip": self.skip, "had": self.number, "recent": recent}).decode())
            if len(page) < self.options.page_size:
                break
            if count is not None and self.skip > 2 * count + self.options.page_size:
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
        for raw in fresh:
            self.library.learn(raw)
        pids = dict.fromkeys(pid for raw in fresh for pid in all_texts(raw, "pidArray", "datasetPids"))
        self._read_datasets(list(pids), files=True)
        inputs = (pid for raw in self.library.datasets.values() for pid in all_texts(raw, "inputDatasets"))
        self._read_datasets([pid for pid in dict.fromkeys(inputs) if pid not in pids], files=False)
        for raw in fresh:
            yield _publication(raw, self.library)
        # What belongs to this page's publications is not asked for again: memory stays flat.
        self.library.datasets.clear()
        self.library.blocks.clear()

    def _read_datasets(self, pids: list[str], files: bool) -> None:
        for some in chunks(pids, _PIDS_AT_ONCE):
            if not self.shows["datasets"]:
                return
            datasets = self.scicat.datasets(some)
            if datasets is None:
                self.shows = {"datasets": False, "files": False}
                self.note("this SciCat does not show its datasets to the reader; pages name them by identifier only")
                return
            known = {text_of(raw.get("pid") or raw.get("_id")) or "": raw for raw in datasets}
            self.library.datasets.update({pid: known[pid] for pid in some if pid in known})
            if files:
                self._read_files([pid for pid in some if pid in known])

    def _read_files(self, pids: list[str]) -> None:
        if not self.shows["files"] or not pids:
            return
        blocks = self.scicat.blocks(pids)
        if blocks is None:
            self.shows["files"] = False
            self.note(
                "this SciCat does not show the lists of files to the reader; pages tell their number and size only"
            )
            return
        for block in blocks:
            self.library.blocks.setdefault(text_of(block.get("datasetId")) or "", []).append(block)


def _readable(items: list[Any]) -> list[Raw]:
    """The documents without those that are none: a dataset that is left out is known by its identifier only."""
    return [found for item in items if not isinstance(found := document_of(item, ""), Refused)]


def _mark(item: Raw | Refused) -> str:
    """By what a document is known again on the next page, also when it has changed in between.

    Its own id as it is written, for MongoDB takes DOIs that differ in case for two; all it says, where it has none.
    """
    if isinstance(item, Refused):
        return f"refused {item.key}"
    own = told(item.get("_id")) or told(item.get("doi")) or told(item.get("pid"))
    return own or hashlib.sha256(repr(item).encode("utf-8", "replace")).hexdigest()


def _publication(raw: Raw, library: Library) -> Harvested:
    try:
        return publication_of(raw, library)
    except RecordError as error:
        return Refused(key_of(raw), str(error))
    except ValidationError as error:
        places = sorted({".".join(str(part) for part in problem["loc"]) for problem in error.errors()})
        return Refused(key_of(raw), f"a value cannot be read: {', '.join(places[:5])}")


def _token(options: Options) -> str | None:
    if not options.token_env:
        return None
    token = os.environ.get(options.token_env)
    if not token:
        raise HarvestError(
            f"{options.name}: the environment variable {options.token_env} that `token_env` names is empty"
        )
    return token


def _address(options: Options) -> tuple[str, Version | None]:
    """The base address, and the version of the API when the address names it."""
    base = options.url.rstrip("/")
    if base.endswith("/v3"):
        return base, "v3"
    if base.endswith("/v4"):
        return base, "v4"
    return base.removesuffix("/api"), None


def _version(options: Options, send: Send) -> Version:
    """The newest version of the API that answers at a host."""
    versions: tuple[Version, ...] = ("v4", "v3")
    for version in versions:
        status, _body = send("GET", f"api/{version}/publisheddata/count", {}, None)
        if status == 200:
            return version
    raise HarvestError(f"{options.name}: no SciCat answers at `url`; write the address of its API, such as …/api/v3")
