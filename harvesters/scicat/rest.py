"""Questions to one SciCat, v3 and v4, and its answers as they are meant.

Only routes that show an anonymous reader what is published are used. Never: v3's includes of samples and proposals,
attachments by any route, names of parameters: they show what is closed as well. Filters and sizes as a real backend
answers them: v4's lists of datasets and blocks give ten unless asked for more, `updatedAt` is compared in none of them.
"""

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

import orjson

from panfair.harvesters import Refused
from panfair.harvesters.http import Send
from panfair.harvesters.reading.json_text import loads
from panfair.harvesters.scicat.values import Raw, document_of
from panfair.ontologies.errors import HarvestError

Version = Literal["v3", "v4"]

BLOCKS_AT_ONCE = 1000
_MOST_INSTRUMENTS = 10_000
_NOT_FOR_US = frozenset({401, 403, 404, 405})
_LIGHT = ["doi", "updatedAt", "createdAt", "datasetPids", "status"]


class Refusal(HarvestError):
    """SciCat cannot answer a question (400 or 500), though it may answer another: one of its documents may be odd."""


@dataclass(frozen=True)
class Routes:
    """What this SciCat has, below one address."""

    prefix: str
    """What stands before `v3/…` in every path."""
    has_v3: bool
    has_v4: bool


class Scicat:
    """One SciCat."""

    def __init__(self, name: str, send: Send, routes: Routes) -> None:
        self.name = name
        self.send = send
        self.routes = routes
        self.version: Version = "v4" if routes.has_v4 else "v3"
        self.includes = routes.has_v4
        """Whether datasets bring their instruments and samples along."""

    def is_reader(self) -> bool | None:
        """Whether our token makes us somebody; None when this SciCat does not say."""
        status, body = self._get("v3/auth/whoami", {})
        if status in {401, 403}:
            return False
        return None if status != 200 else body.strip() not in {b"", b"null", b"{}", b'""'}

    def count(self) -> int | None:
        """How many publications there are; None when this SciCat does not say."""
        return self._count(f"{self.version}/publisheddata/count")

    def page(self, skip: int, limit: int, light: bool = False) -> list[Raw | Refused]:
        """A page of the publications, oldest first, so that new ones come at the end; a refusal for what is none.

        `light`: v4 tells their DOIs, states, datasets and times alone.
        """
        query: Raw = {"limits": {"limit": limit, "skip": skip, "order": "createdAt:asc"}}
        if light and self.version == "v4":
            query["fields"] = _LIGHT
        route = f"{self.version}/publisheddata"
        status, body = self._get(route, _filter(query))
        if status in _NOT_FOR_US:
            raise HarvestError(f"{self.name}: `url` has no publisheddata; is it the address of SciCat's API?")
        if status != 200:
            raise self._failed(route, status)
        try:
            answer = loads(body)
        except orjson.JSONDecodeError as error:
            whole = body.strip()
            if not (whole.startswith(b"[") and whole.endswith(b"]")):
                raise self._broken(route, error, body) from None
            if limit == 1:
                return [Refused(f"entry {skip + 1}", "SciCat writes it as no JSON that can be read")]
            # One document is odd: the others are read without it.
            half = limit // 2
            return [*self.page(skip, half, light), *self.page(skip + half, limit - half, light)]
        found = self._list(answer, f"the page from {skip}")
        return [document_of(item, f"entry {place}") for place, item in enumerate(found, skip + 1)]

    def publication(self, doi: str) -> Raw | Refused | None:
        """A publication by its DOI, also when no list shows it; None when it is not for the reader."""
        found = self._ask(f"{self.version}/publisheddata/{quote(doi, safe='')}", {})
        return document_of(found, doi) if found else None

    def datasets(self, pids: list[str]) -> list[Raw] | None:
        """The public datasets of these, where `includes` with instruments and samples; None when none are shown."""
        limits: Raw = {"limits": {"limit": len(pids)}}
        if self.version == "v3":
            return self._documents("v3/datasets", {"where": {"pid": {"inq": pids}}, **limits})
        route, query = "v4/datasets/public", {"where": {"pid": {"$in": pids}}, **limits}
        if not self.includes:
            return self._documents(route, query)
        try:
            return self._documents(route, {**query, "include": ["instruments", "samples"]})
        except Refusal:
            found = self._documents(route, query)
            self.includes = False  # an older v4, for it is not the datasets
            return found

    def dataset_marks(self, pids: list[str]) -> list[Raw] | None:
        """Of the public ones of these datasets: pid, when they last changed, and their number of files."""
        limits = {"limits": {"limit": len(pids)}, "fields": ["pid", "updatedAt", "numberOfFiles", "size"]}
        if self.version == "v3":
            return self._documents("v3/datasets", {"where": {"pid": {"inq": pids}}, **limits})
        return self._documents("v4/datasets/public", {"where": {"pid": {"$in": pids}}, **limits})

    def blocks(self, pids: list[str]) -> list[Raw] | None:
        """The lists of files of these datasets; None when this SciCat does not show them.

        v3 shows all of them with their datasets. v4 shows those alone that are published one by one.
        """
        if self.routes.has_v3:
            query = {
                "where": {"pid": {"inq": pids}},
                "include": [{"relation": "origdatablocks"}],
                "fields": ["pid", "numberOfFiles"],
                "limits": {"limit": len(pids)},
            }
            found = self._documents("v3/datasets", query)
            if found is not None:
                blocks: list[Raw] = []
                for one in found:
                    # An older v3 takes no notice of what is to be included.
                    own = _inner(one) if "origdatablocks" in one else self.blocks_of(str(one.get("pid"))) or []
                    blocks += [{**block, "datasetId": one.get("pid")} for block in own]
                return blocks
        if not self.routes.has_v4:
            return None
        blocks = []
        while True:
            limits = {"limit": BLOCKS_AT_ONCE, "skip": len(blocks), "sort": {"_id": "asc"}}
            page = self._documents(
                "v4/origdatablocks/public", {"where": {"datasetId": {"$in": pids}}, "limits": limits}, every=True
            )
            if page is None:
                return None
            blocks += page
            if len(page) < BLOCKS_AT_ONCE:
                return [block for block in blocks if block]

    def blocks_of(self, pid: str) -> list[Raw] | None:
        """The first hundred lists of files of one dataset, by v3's own route for it; None when they are not shown."""
        found = self._documents(f"v3/datasets/{quote(pid, safe='')}/origdatablocks", {})
        return None if found is None else [{**block, "datasetId": pid} for block in found]

    def instruments(self) -> list[Raw]:
        """All instruments, by v3; none where it does not show them."""
        return self._documents("v3/instruments", {"limits": {"limit": _MOST_INSTRUMENTS}}) or []

    def sample(self, identifier: str) -> Raw | None:
        """A published sample, by v3; None for one that is not."""
        found = self._ask(f"v3/samples/{quote(identifier, safe='')}", {})
        return found if isinstance(found, dict) else None

    def _documents(self, route: str, query: Raw, every: bool = False) -> list[Raw] | None:
        """A list of documents without those that are none (`every`: {} in their place); None where none are shown."""
        found = self._ask(route, query)
        if found is None:
            return None
        documents = [document_of(item, "") for item in self._list(found, f"the answer of {route.partition('?')[0]}")]
        return [{} if isinstance(one, Refused) else one for one in documents if every or not isinstance(one, Refused)]

    def _count(self, route: str) -> int | None:
        answer = self._ask(route, {})
        found = answer.get("count") if isinstance(answer, dict) else answer
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def _ask(self, route: str, query: Raw) -> Any:
        """The answer as JSON; None where the route is not there, not for the reader, or has an empty answer."""
        status, body = self._get(route, _filter(query))
        if status in _NOT_FOR_US or (status == 200 and not body.strip()):
            return None
        if status in {400, 413, 414, 431, 500}:
            raise Refusal(*self._failed(route, status).args)
        if status != 200:
            raise self._failed(route, status)
        try:
            return loads(body)
        except orjson.JSONDecodeError as error:
            raise self._broken(route, error, body) from None

    def _get(self, route: str, query: dict[str, str]) -> tuple[int, bytes]:
        return self.send("GET", self.routes.prefix + route, query, None)

    def _failed(self, route: str, status: int) -> HarvestError:
        return HarvestError(f"{self.name}: {route} answered status {status}; what came before is kept, try again")

    def _broken(self, route: str, error: orjson.JSONDecodeError, body: bytes) -> HarvestError:
        return HarvestError(
            f"{self.name}: {route} answered what is not whole JSON ({error.msg}, byte {error.pos} of {len(body)}); "
            "what came before is kept, run `panfair harvest` again to go on"
        )

    def _list(self, answer: Any, what: str) -> list[Any]:
        found = answer.get("data", answer.get("results")) if isinstance(answer, dict) else answer
        if not isinstance(found, list):
            raise HarvestError(f"{self.name}: {what} is not a list; is `url` the address of SciCat's API?")
        return found


def routes_of(name: str, url: str, send: Send) -> Routes:
    """What answers below an address: v4 is used where there is one, whichever version the address names.

    Raises HarvestError when there is neither.
    """
    base = url.rstrip("/")
    named = next((version for version in ("v3", "v4") if base.endswith(f"/{version}")), None)
    prefix = "" if named or base.endswith("/api") else "api/"
    answers = {version: _answers(send, f"{prefix}{version}/publisheddata/count") for version in ("v3", "v4")}
    if not any(answers.values()):
        if named is None:
            raise HarvestError(f"{name}: no SciCat answers at `url`; write the address of its API, such as …/api/v3")
        answers[named] = True  # one that does not count
    return Routes(prefix, answers["v3"], answers["v4"])


def root_of(url: str) -> str:
    """The address without the version that it may name."""
    base = url.rstrip("/")
    return base[:-3] if base.endswith(("/v3", "/v4")) else base


def _answers(send: Send, route: str) -> bool:
    """Whether a version counts its publications; a page of another program answers 200, too."""
    status, body = send("GET", route, {}, None)
    try:
        found = loads(body) if status == 200 else None
    except orjson.JSONDecodeError:
        return False
    return isinstance(found.get("count") if isinstance(found, dict) else found, int)


def _filter(query: Raw) -> dict[str, str]:
    return {"filter": orjson.dumps(query).decode()} if query else {}


def _inner(dataset: Raw) -> list[Raw]:
    found = dataset.get("origdatablocks")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
