"""A reader's session at an ICAT+ server that reads its lists page by page: signed in, signed in anew once.

ICAT+ 5.7: `POST /session`, the session id in the path of older routes and as `Bearer` in newer ones, `limit` and
`skip`; how many there are in all rides on each element (`meta.page.total`). No message of ours holds a session id, a
password, or what ICAT+ said.
"""

import logging
import re
from collections.abc import Iterator
from typing import Any

import orjson

from panfair.harvesters.http import Send
from panfair.harvesters.icat.store import Raw
from panfair.harvesters.reading.json_text import loads
from panfair.ontologies.errors import HarvestError

log = logging.getLogger(__name__)

_ENDED = frozenset({401, 403})
_PRIVILEGES = ("isAdministrator", "isInstrumentScientist")
_MOST_PAGES = 100_000
_SESSION = re.compile(r"[\w.~-]{1,500}", re.ASCII)


class Token:
    """The session id of the moment, shared with what sends requests."""

    def __init__(self) -> None:
        self.value: str | None = None

    def __call__(self) -> str | None:
        return self.value


class IcatPlus:
    """One reader's session. Use it as a context manager: it signs in, and out again."""

    def __init__(self, name: str, send: Send, token: Token, credentials: dict[str, str]) -> None:
        self.name = name
        self._send = send
        self._token = token
        self._credentials = credentials
        self.odd: list[str] = []
        """The lists that had an element which is no object or has no number: its path for each."""
        self.privileged = False
        """Whether the reader's account says that it is an administrator's or an instrument scientist's."""

    def __enter__(self) -> "IcatPlus":
        self._sign_in()
        return self

    def __exit__(self, *error: object) -> None:
        if self._token.value and self._credentials["plugin"] != "anon":
            session, self._token.value = self._token.value, None
            try:
                self._send("DELETE", f"session/{session}", {}, None)
            except HarvestError:
                log.debug("%s: the session was not signed out; it ends by itself", self.name)

    def get(self, path: str, **query: str) -> Any:
        """The JSON at a path, where `{session}` stands for the session id; None for 404.

        Raises HarvestError for every other error, and for what is not JSON.
        """
        status, body = self._send("GET", self._at(path), query, None)
        if status in _ENDED:
            log.debug("%s: the session has ended; signing in again", self.name)
            self._sign_in()
            status, body = self._send("GET", self._at(path), query, None)
        if status == 404:
            return None
        if status >= 400:
            raise HarvestError(f"{self.name}: {path} answered {status}; {_advice(status)}")
        try:
            return loads(body)
        except orjson.JSONDecodeError:
            raise HarvestError(
                f"{self.name}: {path} answered what is not whole JSON; is `url` the address of ICAT+? "
                "Run `panfair harvest` again to go on"
            ) from None

    def objects(self, path: str, **query: str) -> list[Raw]:
        """The JSON objects of a list; what is none is put down in `odd`. Raises HarvestError when it is no list."""
        return [row for row in self._elements(path, query) if isinstance(row, dict)]

    def _elements(self, path: str, query: dict[str, str]) -> list[Any]:
        found = self.get(path, **query)
        if not isinstance(found, list):
            raise HarvestError(f"{self.name}: {path} is no list of objects; nothing of it was kept")
        self.odd += [path] * sum(not isinstance(row, dict) for row in found)
        return found

    def pages(
        self, path: str, size: int, query: dict[str, str], skip: int = 0, total: int | None = None
    ) -> Iterator[tuple[list[Raw], int, int | None]]:
        """The pages of a list from `skip` on: the elements that are new, where the next page begins, and how many
        elements the server counts in all, when it does.

        Raises HarvestError when that count changes meanwhile (a list that shifts hides records), when fewer came than
        were counted, or when pages bring nothing new for ever.
        """
        seen: set[object] = set()
        for _ in range(_MOST_PAGES):
            given = self._elements(path, {**query, "limit": str(size), "skip": str(skip)})
            rows: list[Raw] = [row for row in given if isinstance(row, dict)]
            rows = [row["Datafile"] if isinstance(row.get("Datafile"), dict) else row for row in rows]
            for row in rows:
                if total is not None and (counted := _total(row)) is not None and counted != total:
                    raise HarvestError(f"{self.name}: {path} changed while it was read; run `panfair harvest` again")
                total = _total(row) if total is None else total
            numbered = [(row, number) for row in rows if (number := _number(row)) is not None]
            self.odd += [path] * (len(rows) - len(numbered))
            numbers = [number for _row, number in numbered]
            new = [row for row, number in numbered if number not in seen]
            if numbered and not new:
                raise HarvestError(f"{self.name}: {path} gives the same page again and again; stopped")
            if len(set(numbers)) < len(numbers) or len(new) < len(numbered):
                raise HarvestError(f"{self.name}: {path} has one element twice; its pages have shifted, run it again")
            seen.update(numbers)
            skip += len(given)
            if new:
                yield new, skip, total
            if len(given) != size:
                # Fewer: the end. More: a server that knows no paging gave everything.
                if total is not None and skip < total:
                    raise HarvestError(f"{self.name}: {path} counts {total} elements and gave {skip}; run it again")
                return
        raise HarvestError(f"{self.name}: {path} has more than {_MOST_PAGES} pages; stopped")

    def all(self, path: str, size: int, **query: str) -> list[Raw]:
        """A whole list."""
        return [row for rows, _, _ in self.pages(path, size, query) for row in rows]

    def _at(self, path: str) -> str:
        return path.replace("{session}", self._token.value or "")

    def _sign_in(self) -> None:
        self._token.value = None
        status, body = self._send("POST", "session", {}, orjson.dumps(self._credentials))
        if status >= 400:
            raise HarvestError(f"{self.name}: ICAT+ refused the sign-in with {status}; {_advice(status)}")
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError:
            found = None
        session = found.get("sessionId") if isinstance(found, dict) else None
        if not isinstance(session, str) or not _SESSION.fullmatch(session):
            raise HarvestError(f"{self.name}: ICAT+ signed in without a session id; is `url` the address of ICAT+?")
        self._token.value = session
        self.privileged = any(found.get(one) not in (None, False) for one in _PRIVILEGES)


def _number(row: Raw) -> int | None:
    number = row.get("id")
    return number if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**63 else None


def _total(row: Raw) -> int | None:
    meta = row.get("meta")
    page = meta.get("page") if isinstance(meta, dict) else None
    total = page.get("total") if isinstance(page, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None


def _advice(status: int) -> str:
    if status in _ENDED:
        return "look at plugin, username and password_env"
    if status >= 500:
        return "look into its log, then run `panfair harvest` again to go on"
    return "look at `url`, then run `panfair harvest` again to go on"
