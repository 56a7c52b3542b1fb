"""ICAT+, the interface behind the ESRF's data portal: released sessions and data collections, as anonymous sees them.

Reads the released sessions with their datasets, files and samples; of sessions under embargo their list only; then
the data collections by their DOIs. Anonymous unless [[source]] names a reader's account. ICAT+ 5.7; the embedded live
core speaks the same.

May import: harvesters.{contents, datacite, icat, ispyb, reading, scicat}; ontologies.
"""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson
from pydantic import Field, ValidationError

from panfair.harvesters import Checkpoint, Context, Finished, Harvested, Kept, Refused, Withdrawn, made
from panfair.harvesters.http import RemoteOptions, open_sender
from panfair.harvesters.icat.store import Raw
from panfair.harvesters.icatplus.documents import Parts, Reader, closed_until, collection_of, session_of
from panfair.harvesters.icatplus.rest import IcatPlus, Token
from panfair.harvesters.icatplus.words import WORDS
from panfair.harvesters.reading.values import Once, day, doi_of, objects, text_in, web_address
from panfair.ontologies.errors import HarvestError, RecordError
from panfair.ontologies.record import Facility, Publication, Withdrawal
from panfair.ontologies.text import clean_line, shortened

_SESSIONS = "catalogue/{session}/investigation"
_COLLECTIONS = "catalogue/{session}/datacollection"
_CHANGES = 1000
_LISTS = ("released", "embargoed", "collections")


class Options(RemoteOptions):
    """A [[source]] of kind `icatplus`."""

    url: str = Field(description="the address of ICAT+", examples=["https://icatplus.example.org"])
    plugin: str = Field("anon", description="how the reader signs in; `anon` asks for no account")
    username: str | None = Field(None, description="the reader's account, when there is one")
    password_env: str | None = Field(None, description="the environment variable that holds its password")
    page_size: int = Field(100, ge=1, le=10_000, description="how many elements of a list are read at once")
    files: bool = Field(True, description="whether the lists of files are read: one request a dataset")
    samples: bool = Field(True, description="whether the samples' own documents are read: one request a session")
    embargoed: bool = Field(True, description="whether sessions under embargo are listed, so that their DOIs resolve")
    collections: bool = Field(True, description="whether data collections are read")
    catalogue: str | None = Field(None, description="the address of a DOI's page in the live catalogue, with {doi}")
    download: str | None = Field(None, description="the address that visitors download from; none: no links to data")


def harvest(options: Options, context: Context) -> Iterator[Harvested]:
    """What the reader sees. Raises HarvestError when ICAT+ stops answering, or answers what cannot be read."""
    token = Token()
    with (
        open_sender(options, options.url, context, token) as send,
        IcatPlus(options.name, send, token, _credentials(options)) as plus,
    ):
        yield from _Harvest(options, context, plus).run()


def pulse(options: Options, context: Context) -> str | None:
    """The number of the core's last change; None where ICAT+ does not count them. Raises HarvestError."""
    token = Token()
    with (
        open_sender(options, options.url, context, token) as send,
        IcatPlus(options.name, send, token, _credentials(options)) as plus,
    ):
        number = _Harvest(options, context, plus).last_change()
    return None if number is None else str(number)


class _Harvest:
    """One harvest: what it reads with, and which records it has had."""

    def __init__(self, options: Options, context: Context, plus: IcatPlus) -> None:
        self.options = options
        self.context = context
        self.plus = plus
        self.had: set[str] = set()
        self.sessions: set[int] = set()
        self.changed: set[int] | None = None
        """Sessions that changed since the last harvest; None: read everything."""
        self.anything = True
        """Whether anything at all changed since then."""

    def run(self) -> Iterator[Harvested]:
        options = self.options
        self.reader = Reader(
            options,
            self.context.extra_doi_prefixes,
            Once(self.context.note),
            self._facility(),
            options.catalogue,
            options.download.rstrip("/") if options.download else None,
            self.plus.privileged,
        )
        place, skip, total = self._resume()
        # Asked before the lists are: what changes meanwhile is asked for again next time.
        number_now = self.last_change()
        wanted = {"released": True, "embargoed": options.embargoed, "collections": options.collections}
        for number in range(place, len(_LISTS)):
            name = _LISTS[number]
            if wanted[name]:
                yield from self._list(name, skip, total)
            skip, total = 0, None
        if number_now is not None:
            yield from self._notices()
            yield Finished(str(number_now))

    def last_change(self) -> int | None:
        """The number of the core's last change, where there is a core that counts them (ESRF's ICAT+ does not).

        Fills in which sessions changed since the last harvest.
        """
        last = self.context.last
        after = last if last is not None and last.isdecimal() else None
        changed: set[int] = set()
        number = 0
        start = after or "0"
        while True:
            try:
                answer = self.plus.get("panfair/changes", after=start, limit=str(_CHANGES if after else 1))
            except HarvestError:
                return None  # ICAT+ refuses an address that it does not know; a server that is ill refuses the next too
            rows = answer.get("changes") if isinstance(answer, dict) else None
            if not isinstance(rows, list) or not isinstance(answer.get("last"), int):
                return None
            number = number or answer["last"]
            changed |= {row["investigationId"] for row in rows if isinstance(row.get("investigationId"), int)}
            if after is None or len(rows) < _CHANGES:
                break
            start = str(rows[-1]["number"])
        if after is not None and int(after) <= number:
            self.changed, self.anything = changed, number > int(after)
        return number

    def _notices(self) -> Iterator[Withdrawn | Publication]:
        """What the core says of DOIs without a record: withdrawn ones with the reason; and to an account that may list
        all registered DOIs, those that are not open yet, with the day and no more.
        """
        for raw in objects(self.plus.get("panfair/notices")):
            try:
                doi = doi_of(raw.get("doi"), self.context.extra_doi_prefixes)
                if raw.get("withdrawnOn") is not None:
                    newer = raw.get("replacedBy")
                    withdrawal = Withdrawal(
                        on=day(raw["withdrawnOn"]),
                        reason=text_in(raw.get("reason")),
                        by=self.options.publisher,
                        replaced_by=doi_of(newer, self.context.extra_doi_prefixes) if newer else None,
                    )
                    yield Withdrawn(doi.key, withdrawal)
                elif doi.key not in self.had:
                    yield closed_until(doi, day(raw.get("opens")), raw.get("kind"), self.reader)
            except (RecordError, ValidationError):
                self.context.note("a notice of the core could not be read; it was left out")

    def _stands(self, name: str, raw: Raw) -> Kept | None:
        """That a record is as the last harvest had it; None when it has to be read."""
        if self.changed is None or name == "embargoed":
            return None
        if raw.get("id") in self.changed if name == "released" else self.anything:
            return None
        try:
            key = doi_of(raw.get("doi"), self.context.extra_doi_prefixes).key
        except RecordError:
            return None
        before = self.context.previous(key)
        # What was closed then and is open now fell due by its date, and nobody has counted that as a change.
        if before is None or before.get("public") is False or key in self.had:
            return None
        if (before.get("kind") == "session") != (name == "released"):
            return None
        self.had.add(key)
        return Kept(key)

    def _list(self, name: str, skip: int, total: int | None) -> Iterator[Harvested]:
        """One of the three lists, page by page."""
        path = _COLLECTIONS if name == "collections" else _SESSIONS
        # By their beginning, so that sessions which are released meanwhile do not shift the pages before them.
        query = (
            {"type": "document"} if name == "collections" else {"filter": name, "sortBy": "STARTDATE", "sortOrder": "1"}
        )
        for rows, then, counted in self.plus.pages(path, self.options.page_size, query, skip, total):
            yield from self._odd()
            for raw in rows:
                if name == "collections":
                    yield self._stands(name, raw) or self._made(raw, lambda raw: self._collection(raw))
                elif raw["id"] not in self.sessions:
                    self.sessions.add(raw["id"])
                    if stands := self._stands(name, raw):
                        yield stands
                        continue
                    # A session that is read anew, be it for its day has come, may show more in collections.
                    self.anything = self.anything or name == "released"
                    yield self._made(raw, self._released if name == "released" else self._embargoed)
                yield from self._odd()
            yield Checkpoint(orjson.dumps([name, then, counted]).decode())

    def _odd(self) -> Iterator[Refused]:
        """What stood in the lists that were read last and is no element of one."""
        for path in self.plus.odd:
            yield Refused(path, "an element of this list is no record, or has no number; it was left out")
        self.plus.odd.clear()

    def _released(self, raw: Raw) -> Publication:
        doi_of(raw.get("doi"), self.context.extra_doi_prefixes)  # before anything more is asked for
        number = str(raw["id"])
        size = self.options.page_size
        datasets = self.plus.all("catalogue/datasets", size, investigationIds=number, sortBy="STARTDATE", sortOrder="1")
        parts = Parts(
            datasets=[one for one in datasets if _of_session(one, raw["id"])],
            samples=self._samples(number),
            files=self._files(datasets),
            users=self._users(raw),
        )
        self.context.raw({"investigation": raw, "datasets": datasets, "samples": parts.samples, "files": parts.files})
        return session_of(raw, parts, self.reader, public=True)

    def _embargoed(self, raw: Raw) -> Publication:
        """Of a session under embargo nothing is asked for but what the list says of it."""
        self.context.raw({"investigation": raw})
        return session_of({**raw, "summary": None, "parameters": None}, Parts(), self.reader, public=False)

    def _collection(self, raw: Raw) -> Publication:
        doi = doi_of(raw.get("doi"), self.context.extra_doi_prefixes)
        path = f"doi/{quote(doi, safe='/')}"
        datacite = self.plus.get(f"{path}/json-datacite")
        if datacite is None:
            raise RecordError("ICAT+ lists it and does not know its DOI")
        if not isinstance(datacite, dict):
            raise HarvestError(f"{self.options.name}: {path}/json-datacite is no object; nothing of it was kept")
        datasets = self.plus.all(f"{path}/datasets", self.options.page_size)
        parts = Parts(datasets=datasets, files=self._files(datasets))
        self.context.raw({"datacollection": raw, "json-datacite": datacite, "datasets": datasets, "files": parts.files})
        return collection_of(raw, datacite, parts, self.reader)

    def _files(self, datasets: list[Raw]) -> dict[int, list[Raw]]:
        if not self.options.files:
            return {}
        path, size = "catalogue/{session}/datafile", self.options.page_size
        return {one["id"]: self.plus.all(path, size, datasetId=str(one["id"])) for one in datasets}

    def _samples(self, number: str) -> list[Raw]:
        if not self.options.samples:
            return []
        return self.plus.all("catalogue/{session}/samples", self.options.page_size, investigationId=number)

    def _users(self, raw: Raw) -> list[Raw]:
        if raw.get("investigationUsers"):
            return []
        return self.plus.objects(f"catalogue/{{session}}/investigation/id/{raw['id']}/investigationusers")

    def _made(self, raw: Raw, make: Any) -> Publication | Refused:
        """The record, or why there is none."""
        key = clean_line(text_in(raw.get("doi")) or "") or f"{text_in(raw.get('name')) or ''} {raw['id']}".strip()
        found = made(shortened(key, 200), lambda: make(raw), WORDS)
        if isinstance(found, Publication):
            self.had.add(found.doi.key)
        return found

    def _facility(self) -> Facility | None:
        """The facility that the source names; else the catalogue's, when it has one only."""
        found = self.plus.get("facilities") if self.options.facility is None else None
        rows = list(objects(found))
        if self.options.facility:
            return Facility(name=self.options.facility)
        name = text_in(rows[0].get("name")) if len(rows) == 1 else None
        if not name:
            return None
        return Facility(name=name, full_name=text_in(rows[0].get("fullName")), url=web_address(rows[0].get("url")))

    def _resume(self) -> tuple[int, int, int | None]:
        """Where to go on: which list, how many of it were read, and how many it had."""
        if self.context.resume is None:
            return 0, 0, None
        try:
            name, skip, total = orjson.loads(self.context.resume)
            if isinstance(skip, int) and skip >= 0 and (total is None or isinstance(total, int)):
                return _LISTS.index(name), skip, total
        except (ValueError, TypeError):
            pass
        raise HarvestError(
            f"{self.options.name}: the checkpoint is none of this harvester; delete it and harvest again"
        ) from None


def _of_session(dataset: Raw, number: int) -> bool:
    """Whether a dataset is of the session that was asked for, as far as it says: a server may not know the filter."""
    session = dataset.get("investigation")
    said = session.get("id") if isinstance(session, dict) else None
    return said is None or said == number


def _credentials(options: Options) -> dict[str, str]:
    values = {"plugin": options.plugin, "username": options.username or "", "password": ""}
    if options.password_env is not None:
        values["password"] = os.environ.get(options.password_env, "")
        if not values["password"]:
            raise HarvestError(
                f"{options.name}: the environment variable {options.password_env} (password_env) is not set; "
                "nothing was read"
            )
    return values
