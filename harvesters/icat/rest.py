"""A session at an ICAT server's REST interface that answers queries: signed in, kept alive, signed in anew once.

ICAT 4.10 to 6: `GET properties`, `POST/PUT/DELETE session`, `GET entityManager`; errors are a status with
`{"code": …, "message": …}`. Neither passwords nor session ids, nor ICAT's messages (they may quote rows), get into a
message of ours.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import orjson

from panfair.harvesters.http import Send
from panfair.harvesters.icat.store import Raw
from panfair.harvesters.reading.json_text import loads
from panfair.harvesters.reading.values import objects
from panfair.ontologies.errors import HarvestError

log = logging.getLogger(__name__)

_DEFAULT_MAX_ENTITIES = 10_000  # run.properties.example of icat.server
_DEFAULT_LIFETIME = 120.0  # minutes; the same
_FEWEST_ENTITIES = 10  # below it, a row with its references would not fit into an answer
_LARGEST_ID = 2**63 - 1
_OF_ONE_KIND = frozenset({"BAD_PARAMETER", "INSUFFICIENT_PRIVILEGES"})
"""Codes by which ICAT refuses a field or an entity; all others are about the server as a whole."""


@dataclass(frozen=True)
class Credentials:
    """Who reads: a plugin of ICAT, and what it asks for. Anonymous: plugin `anon` without more."""

    plugin: str
    values: dict[str, str] = field(default_factory=dict, repr=False)


class _IcatError(Exception):
    """An error in ICAT's form."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RefusedKindError(HarvestError):
    """ICAT answers no question for this kind of entity to this account; other kinds are not concerned."""


class TooManyEntitiesError(HarvestError):
    """An answer would hold more entities, descendants included, than the server allows (maxEntities)."""


class Icat:
    """One reader's session. Use it as a context manager: it signs in, and out again."""

    def __init__(
        self,
        name: str,
        send: Send,
        credentials: Credentials,
        note: Callable[[str], None] = lambda text: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.note = note
        self.max_entities = _DEFAULT_MAX_ENTITIES
        self._send = send
        self._credentials = credentials
        self._clock = clock
        self._session = ""
        self._lifetime = _DEFAULT_LIFETIME * 60
        self._refresh_at = 0.0
        self._known: dict[str, bool] = {}
        self._plugins: list[str] = []

    def __enter__(self) -> "Icat":
        self._read_properties()
        self._sign_in()
        return self

    def __exit__(self, *error: object) -> None:
        if self._session:
            try:
                self._send("DELETE", f"session/{self._session}", {}, None)
            except HarvestError:
                log.debug("%s: the session was not signed out; it ends by itself", self.name)
            self._session = ""

    def ask(self, query: str) -> list[Raw]:
        """The entities that a query finds, in ascending order of `id`.

        Raises HarvestError when the server refuses the query (RefusedKindError: to this account, or because its schema
        is another), or answers what is no list of entities in that order.
        """
        return self._entities(self._asked(query), query)

    def ids(self, query: str) -> list[int]:
        """The numbers that a query finds, ascending. Raises as `ask` does."""
        rows = self._asked(query)
        rising = isinstance(rows, list) and all(type(one) is int for one in rows)
        if not rising or any(here >= there for here, there in pairwise([0, *rows])):
            raise HarvestError(f"{self.name}: ICAT's answer for {_entity(query)} is no list of numbers in order")
        return list(rows)

    def _asked(self, query: str) -> Any:
        try:
            return self._query(query)
        except _IcatError as error:
            kind = RefusedKindError if error.code in _OF_ONE_KIND else HarvestError
            kind = TooManyEntitiesError if error.code == "VALIDATION" else kind
            raise kind(
                f"{self.name}: ICAT refused a query for {_entity(query)} with {error.code}; {_advice(error.code)}"
            ) from None

    def ask_children(self, query: str, place: str) -> list[Raw]:
        """As `ask`; where ICAT refuses this one kind of entity there is none of it, and a note says so.

        `place` is what the query goes by, such as `Subject.dataPublication`.
        """
        try:
            return self.ask(query)
        except RefusedKindError as error:
            account = self._credentials.values.get("username", self._credentials.plugin)
            reason = str(error).partition(" with ")[2]
            self.note(f"ICAT shows no {place} to the account {account} ({reason}); the records lack it")
            return []

    def numbers(self, query: str) -> list[tuple[int, int, int]] | None:
        """The rows of three numbers that a query finds, the first ascending; None where ICAT refuses this kind.

        Raises HarvestError when the server refuses the query as such, or answers anything else.
        """
        try:
            rows = self._query(query)
        except _IcatError as error:
            if error.code in _OF_ONE_KIND:
                return None
            raise HarvestError(
                f"{self.name}: ICAT refused to count {_entity(query)} with {error.code}; {_advice(error.code)}"
            ) from None
        found, last = [], 0
        for row in rows if isinstance(rows, list) else [None]:
            if not isinstance(row, list) or len(row) != 3 or not all(type(one) is int for one in row) or row[0] <= last:
                raise HarvestError(f"{self.name}: ICAT's answer for counts of {_entity(query)} is no list of numbers")
            last = row[0]
            found.append((row[0], row[1], row[2]))
        return found

    def knows(self, entity: str) -> bool:
        """Whether the server's schema has such entities: older ones lack some, and say so by BAD_PARAMETER."""
        if entity not in self._known:
            try:
                self._query(f"SELECT a FROM {entity} a WHERE a.id < 0 ORDER BY a.id LIMIT 0,1")  # noqa: S608 - our name
                self._known[entity] = True
            except _IcatError as error:
                if error.code != "BAD_PARAMETER":
                    raise HarvestError(
                        f"{self.name}: ICAT refused a query for {entity} with {error.code}; {_advice(error.code)}"
                    ) from None
                self._known[entity] = False
        return self._known[entity]

    def _query(self, query: str) -> Any:
        """The answer to a query; a session that ICAT no longer knows is begun anew, once."""
        if self._clock() >= self._refresh_at:
            self._refresh()
        try:
            return self._get(query)
        except _IcatError as error:
            if error.code != "SESSION":
                raise
        log.debug("%s: the session has ended; signing in again", self.name)
        self._sign_in()
        return self._get(query)

    def _get(self, query: str) -> Any:
        return self._read(self._send("GET", "entityManager", {"sessionId": self._session, "query": query}, None))

    def _read_properties(self) -> None:
        found = self._plain("its properties", "GET", "properties")
        self._plugins = [
            name for one in objects(found.get("authenticators")) if isinstance(name := one.get("mnemonic"), str)
        ]
        limit, lifetime = found.get("maxEntities"), found.get("lifetimeMinutes")
        if isinstance(limit, int) and not isinstance(limit, bool):
            if limit < _FEWEST_ENTITIES:
                raise HarvestError(
                    f"{self.name}: ICAT answers with {limit} entities at most (maxEntities in run.properties); "
                    f"panfair needs {_FEWEST_ENTITIES}, nothing was read"
                )
            self.max_entities = limit
        if isinstance(lifetime, int | float) and lifetime > 0:
            self._lifetime = lifetime * 60

    def _sign_in(self) -> None:
        values = [{key: value} for key, value in self._credentials.values.items()]
        form = {"json": orjson.dumps({"plugin": self._credentials.plugin, "credentials": values}).decode()}
        plugin = self._credentials.plugin
        if self._plugins and plugin not in self._plugins:
            raise HarvestError(
                f"{self.name}: this ICAT has no authenticator {plugin!r}; `plugin` may be "
                f"{' or '.join(self._plugins)}. Nothing was read"
            )
        found = self._plain("the sign-in", "POST", "session", form)
        session = found.get("sessionId")
        if not isinstance(session, str) or not session:
            raise HarvestError(
                f"{self.name}: ICAT signed in without a session id; is `url` the address of ICAT's REST?"
            )
        self._session = session
        self._refresh_at = self._clock() + self._lifetime / 2

    def _refresh(self) -> None:
        status, _body = self._send("PUT", f"session/{self._session}", {}, None)
        if status >= 400:
            self._sign_in()
        self._refresh_at = self._clock() + self._lifetime / 2

    def _plain(self, what: str, method: str, path: str, form: dict[str, str] | None = None) -> Raw:
        try:
            found = self._read(self._send(method, path, {}, form))
        except _IcatError as error:
            raise HarvestError(f"{self.name}: ICAT refused {what} with {error.code}; {_advice(error.code)}") from None
        if not isinstance(found, dict):
            raise HarvestError(f"{self.name}: {what}: not an answer of ICAT; is `url` the address of ICAT's REST?")
        return found

    def _read(self, answer: tuple[int, bytes]) -> Any:
        status, body = answer
        try:
            found = loads(body) if body else {}
        except orjson.JSONDecodeError:
            if status == 404 and body.lstrip()[:1] == b"<":
                raise HarvestError(
                    f"{self.name}: the server answers 404 with a page of HTML: it is starting and has no ICAT yet, or "
                    "`url` is not the address of ICAT's REST (https://host/icat). Run `panfair harvest` again"
                ) from None
            raise HarvestError(
                f"{self.name}: ICAT answered {status} with what is not whole JSON; is `url` the address of ICAT's "
                "REST (https://host/icat)? Run `panfair harvest` again to go on"
            ) from None
        if status >= 400:
            code = found.get("code") if isinstance(found, dict) else None
            raise _IcatError(code if isinstance(code, str) and code.replace("_", "").isalpha() else str(status))
        return found

    def _entities(self, rows: Any, query: str) -> list[Raw]:
        found: list[Raw] = []
        entity, last = _entity(query), 0
        for row in rows if isinstance(rows, list) else [None]:
            inner = row.get(entity) if isinstance(row, dict) and len(row) == 1 else None
            number = inner.get("id") if isinstance(inner, dict) else None
            if not isinstance(inner, dict) or not isinstance(number, int) or isinstance(number, bool):
                raise HarvestError(
                    f"{self.name}: ICAT's answer for {entity} is no list of entities; nothing of it was kept"
                )
            if not last < number <= _LARGEST_ID:
                raise HarvestError(
                    f"{self.name}: ICAT's answer for {entity} is not in the order of its numbers (a page again, a "
                    "number twice, or one below 1); nothing of it was kept"
                )
            last = number
            found.append(inner)
        return found


def _entity(query: str) -> str:
    return query.split(" FROM ", 1)[1].split(" ", 1)[0]


def _advice(code: str) -> str:
    """What an operator can do about an error."""
    return {
        "SESSION": "look at plugin, username and password_env",
        "INSUFFICIENT_PRIVILEGES": "ask the ICAT's operator for a rule that lets the reader read it",
        "VALIDATION": "its maxEntities may be too small for a page; lower page_size",
        "INTERNAL": "look into ICAT's log, then run `panfair harvest` again to go on",
    }.get(code, "look at `url`, then run `panfair harvest` again to go on")
