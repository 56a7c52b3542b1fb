"""DataCite's REST API as a registrar uses it: read, reserve, change, list, delete a draft, with patience.

Follows lupo 2.3.0, DataCite's own server. Its answers are compared with what was asked, never believed by their
status: an event that does not fit a DOI's state is ignored without a word, and a PUT makes a DOI that is not there.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any, Literal, Self
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import orjson

from panfair.ontologies.errors import IdentifierError, PanfairError
from panfair.ontologies.identifiers import Doi
from panfair.site.registrar.settings import RegistrarTable

State = Literal["draft", "registered", "findable"]
Values = dict[str, Any]

_JSON_API = "application/vnd.api+json"
_WINDOW_S = 300
_ATTEMPTS = 4
_LONGEST_PAUSE_S = 120.0
_PAGE = 1000
_GIST = (
    ("titles", ("title",)),
    ("creators", ("name",)),
    ("descriptions", ("description",)),
    ("relatedIdentifiers", ("relatedIdentifier", "relationType")),
)
"""What DataCite gives back as it was sent. Types, rights and language it writes in its own words."""

logging.getLogger("httpx2").setLevel(logging.WARNING)


class RegistrarError(PanfairError):
    """DataCite could not be told."""


class Unreachable(RegistrarError):
    """DataCite does not answer, or asks to wait: the same may be asked again later."""


class NotLetIn(RegistrarError):
    """DataCite does not know the account or its password: nothing can be told."""


class Refused(RegistrarError):
    """DataCite refuses this, and will until something else is sent."""


class Taken(Refused):
    """The DOI that should be made is there already."""


@dataclass(frozen=True, slots=True)
class Told:
    """A DOI as DataCite has it."""

    doi: Doi
    state: State
    url: str
    registered: bool
    """Whether the Handle server took it; without that it resolves nowhere, whatever its state."""
    gist: str
    """A digest of the metadata that come back as they were sent."""
    created: bool = False
    """Whether the answer was to a request that made it."""


class Datacite:
    """An account at DataCite. Close it at the end, or use it as a context."""

    def __init__(
        self,
        table: RegistrarTable,
        password: str,
        contact: str,
        sleep: Callable[[float], None] = time.sleep,
        attempts: int = _ATTEMPTS,
    ) -> None:
        self.table = table
        self._sleep = sleep
        self._attempts = attempts
        self._gap_s = _WINDOW_S / table.requests
        self._next_at = 0.0
        whom = f" (mailto:{contact})" if contact else ""
        self._client = httpx2.Client(
            base_url=table.url,
            auth=(table.account, password),
            headers={"Accept": _JSON_API, "User-Agent": f"panfair/{version('panfair')}{whom}"},
            timeout=httpx2.Timeout(60, connect=10),
            follow_redirects=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def read(self, doi: Doi) -> Told | None:
        """The DOI; None where DataCite has none, or none of this account."""
        status, body = self._ask("GET", _path(doi), allowed=(404,))
        return None if status == 404 else _told(body.get("data"))

    def reserve(self, doi: Doi) -> Told:
        """A new draft that says nothing but the DOI. Raises Taken when it is there already."""
        _status, body = self._ask("POST", "/dois", {"doi": str(doi)})
        return _made(body, created=True)

    def put(self, doi: Doi, attributes: Values) -> Told:
        """The DOI with these attributes, its `event` among them; the answer's state is the one that counts."""
        status, body = self._ask("PUT", _path(doi), attributes)
        return _made(body, created=status == 201)

    def delete(self, doi: Doi) -> None:
        """Takes a draft away. Raises Refused for what is no draft (DataCite answers 405)."""
        self._ask("DELETE", _path(doi), allowed=(404,))

    def all(self) -> Iterator[Told]:
        """All DOIs of the account and the prefix, from DataCite's index: it may lag behind by minutes."""
        cursor = "1"
        while True:
            query = {
                "client-id": self.table.account.lower(),
                "prefix": self.table.prefix,
                "state": "draft,registered,findable",
                "page[size]": str(_PAGE),
                "page[cursor]": cursor,
            }
            _status, body = self._ask("GET", "/dois", query=query)
            rows = body.get("data")
            found = [told for row in rows if (told := _told(row))] if isinstance(rows, list) else []
            yield from found
            following = _cursor(body)
            if not found or following in ("", cursor):
                return
            cursor = following

    def _ask(
        self,
        method: str,
        path: str,
        attributes: Values | None = None,
        query: dict[str, str] | None = None,
        allowed: tuple[int, ...] = (),
    ) -> tuple[int, Values]:
        """Status and body of a success, or of a status that is allowed. Raises one of our errors."""
        sent = None if attributes is None else orjson.dumps({"data": {"type": "dois", "attributes": attributes}})
        headers = {} if sent is None else {"Content-Type": _JSON_API}
        problem = ""
        for attempt in range(self._attempts):
            self._keep_pace()
            wait = min(2.0**attempt, _LONGEST_PAUSE_S)
            try:
                answer = self._client.request(method, path, content=sent, headers=headers, params=query)
            except httpx2.HTTPError as error:
                problem = type(error).__name__  # its own words may hold what was sent
            else:
                status = answer.status_code
                if status < 300 or status in allowed:
                    return status, _object(answer.content)
                if status != 429 and status < 500:
                    raise _refusal(status, _object(answer.content))
                problem = f"answered {status}"
                wait = _pause(answer.headers.get("retry-after", "")) or wait
            if attempt + 1 < self._attempts:
                self._sleep(min(wait, _LONGEST_PAUSE_S))
        raise Unreachable(f"DataCite failed {self._attempts} times ({problem}); what it was told before is kept")

    def _keep_pace(self) -> None:
        now = time.monotonic()
        if now < self._next_at:
            self._sleep(self._next_at - now)
        self._next_at = max(now, self._next_at) + self._gap_s


def gist_of(attributes: Values) -> str:
    """A digest of what DataCite gives back as it was sent."""
    found: list[object] = [str(attributes.get("publicationYear") or "")]
    for name, fields in _GIST:
        rows = attributes.get(name)
        found.append([[str(row.get(field, "")) for field in fields] for row in rows or () if isinstance(row, dict)])
    return hashlib.sha256(orjson.dumps(found)).hexdigest()[:32]


def _path(doi: Doi) -> str:
    return f"/dois/{quote(doi, safe='/-._~()*;:$=')}"


def _object(body: bytes) -> Values:
    try:
        found = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError:
        return {}  # the firewall before DataCite answers in HTML
    return found if isinstance(found, dict) else {}


def _told(row: Any) -> Told | None:
    attributes = row.get("attributes") if isinstance(row, dict) else None
    if not isinstance(attributes, dict) or attributes.get("state") not in ("draft", "registered", "findable"):
        return None
    try:
        doi = Doi.parse(str(attributes.get("doi") or row.get("id")))
    except IdentifierError:
        return None
    return Told(
        doi, attributes["state"], attributes.get("url") or "", bool(attributes.get("registered")), gist_of(attributes)
    )


def _made(body: Values, created: bool = False) -> Told:
    told = _told(body.get("data"))
    if told is None:
        raise Unreachable("DataCite's answer names no DOI with a state; it is asked again later")
    return Told(told.doi, told.state, told.url, told.registered, told.gist, created)


def _refusal(status: int, body: Values) -> RegistrarError:
    said = "; ".join(_problems(body)) or f"answered {status}"
    if status == 401:
        return NotLetIn(f"DataCite does not take the account or its password ({said}); nothing was changed")
    if status == 409 or (status == 422 and "already been taken" in said):
        return Taken(f"DataCite has it already ({said})")
    if status == 403:
        return Refused(f"DataCite does not let this account touch it ({said})")
    return Refused(f"DataCite refuses it ({status}: {said})")


def _problems(body: Values) -> Iterator[str]:
    """The reasons, of both shapes: with `status`, and with the `source` that is wrong."""
    errors = body.get("errors")
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, dict) and error.get("title"):
            source = error.get("source")
            yield f"{source}: {error['title']}" if isinstance(source, str) else str(error["title"])


def _cursor(body: Values) -> str:
    links = body.get("links")
    address = links.get("next") if isinstance(links, dict) else None
    found = parse_qs(urlsplit(address).query) if isinstance(address, str) else {}
    return found.get("page[cursor]", [""])[0]


def _pause(retry_after: str) -> float | None:
    """Seconds to wait, from a header that holds seconds or a moment."""
    if retry_after.isdigit():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
