"""The OAI-PMH 2.0 data provider: a list of arguments in, the bytes of the answer out, from the published store.

Nothing is rendered here but the envelope: headers and payloads lie finished in the store (`builders.oai`), a page of a
list is one walk along an index and a join of bytes. Errors are the specification's (section 3.6), with HTTP status 200.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from panfair.builders.oai.envelope import (
    ROOT,
    element,
    escaped,
    host_name,
    identifier_of,
    is_domain,
    records,
    seconds,
    stamp,
)
from panfair.site.oai.http import router
from panfair.site.oai.request import BadRequest, OaiError, Request, parse
from panfair.site.oai.resumption_token import Position, seal, unseal
from panfair.site.oai.store import Filter, FormatEntry, LiveStore, Snapshot, StoredRecord

__all__ = ["OaiProvider", "router"]

_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_OAI_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TAIL = b"</OAI-PMH>\n"
_ALWAYS = FormatEntry("oai_dc", _OAI_DC.rstrip("/") + ".xsd", _OAI_DC)  # every repository has it (section 3.4)
_LONG_AGO = 0  # before anything is published any lower bound is right
_SHORTEST_SECRET = 16
_PAGES_AHEAD = 4  # harvests at a time that are read ahead for


class OaiProvider:
    """Answers requests from the store at a path, which may be absent (nothing published yet) or replaced at any time.

    `base_url` is the site's address, as in panfair.toml; the endpoint is `/oai` below it. `secret` signs the
    resumption tokens: it must outlive restarts, or harvests that are under way begin anew. Safe to use from threads.
    """

    def __init__(
        self,
        store: Path,
        *,
        base_url: str,
        repository_name: str,
        admin_email: str,
        secret: bytes,
        page_size: int = 100,
    ) -> None:
        if len(secret) < _SHORTEST_SECRET:
            raise ValueError(f"the secret of resumption tokens needs {_SHORTEST_SECRET} bytes or more")
        if page_size < 1:
            raise ValueError("a page holds one record or more")
        self.endpoint = base_url.rstrip("/") + "/oai"
        self._request_end = f">{escaped(self.endpoint)}</request>"
        style = escaped(urlsplit(self.endpoint).path + "/style.xsl")
        self._head = f'{_DECLARATION}<?xml-stylesheet type="text/xsl" href="{style}"?>\n{ROOT}'
        self._host = host_name(base_url.split("://", 1)[-1].split("/", 1)[0])
        self._name = repository_name
        self._email = admin_email
        self._secret = secret
        self._page_size = page_size
        self._store = LiveStore(store)
        self._ahead: dict[tuple[str, str], tuple[Snapshot, bytes]] = {}  # touched while a snapshot is held only
        self._verbs: dict[str, Callable[[Request, Snapshot | None], Iterable[bytes]]] = {
            "Identify": self._identify,
            "ListMetadataFormats": self._list_formats,
            "ListSets": self._list_sets,
            "GetRecord": self._get_record,
            "ListIdentifiers": self._list,
            "ListRecords": self._list,
        }

    def answer(self, arguments: list[tuple[str, str]], now: datetime) -> bytes:
        """The whole XML of the answer, in UTF-8. Raises StoreBroken when the store is there and cannot be read."""
        moment = seconds(now)
        try:
            request = parse(arguments)
        except BadRequest as bad:
            return self._refusal(moment, {}, bad.errors)
        try:
            with self._store.snapshot() as snapshot:
                ahead = self._ahead.pop((request.verb, request.arguments.get("resumptionToken", "")), None)
                ready = ahead is not None and ahead[0] is snapshot
                parts = [ahead[1]] if ahead and ready else list(self._verbs[request.verb](request, snapshot))
        except OaiError as error:
            return self._refusal(moment, request.echo, [error])
        lead = f"{self._lead(moment, request.echo)}<{request.verb}>".encode()
        return b"".join([lead, *parts, f"</{request.verb}>".encode(), _TAIL])

    def read_ahead(self, verb: str, token: str) -> None:
        """Makes the page that a harvest asks for next, while its client still reads the one that the token came with.

        Raises StoreBroken as `answer` does.
        """
        request = Request(verb, {"resumptionToken": token})
        with self._store.snapshot() as snapshot:
            if snapshot is None or (verb, token) in self._ahead:
                return
            try:
                body = b"".join(self._verbs[verb](request, snapshot))
            except OaiError:
                return  # whoever asks for it gets the error then
            while len(self._ahead) >= _PAGES_AHEAD:
                del self._ahead[next(iter(self._ahead))]
            self._ahead[verb, token] = (snapshot, body)

    def close(self) -> None:
        """Closes the store's file."""
        self._store.close()

    def _lead(self, moment: int, echo: Mapping[str, str]) -> str:
        attributes = "".join(f' {name}="{escaped(value)}"' for name, value in echo.items())
        return f"{self._head}<responseDate>{stamp(moment)}</responseDate><request{attributes}{self._request_end}"

    def _refusal(self, moment: int, echo: Mapping[str, str], errors: Iterable[OaiError]) -> bytes:
        body = "".join(f'<error code="{error.code}">{escaped(error.message)}</error>' for error in errors)
        return (self._lead(moment, echo) + body).encode() + _TAIL

    # ---- the six verbs (section 4)

    def _identify(self, request: Request, snapshot: Snapshot | None) -> Iterable[bytes]:
        earliest = snapshot.earliest if snapshot else None
        yield "".join(
            [
                element("repositoryName", self._name),
                element("baseURL", self.endpoint),
                element("protocolVersion", "2.0"),
                element("adminEmail", self._email),
                element("earliestDatestamp", stamp(_LONG_AGO if earliest is None else earliest)),
                element("deletedRecord", "persistent"),
                element("granularity", "YYYY-MM-DDThh:mm:ssZ"),
                element("compression", "gzip"),
            ]
        ).encode()
        host = snapshot.host if snapshot else self._host
        if is_domain(host):
            sample = identifier_of(host, (snapshot.sample_key if snapshot else None) or "10.1234/example")
            yield (
                f'<description><oai-identifier xmlns="{_OAI_IDENTIFIER}" '
                f'xsi:schemaLocation="{_OAI_IDENTIFIER} {_OAI_IDENTIFIER}.xsd">'
                + element("scheme", "oai")
                + element("repositoryIdentifier", host)
                + element("delimiter", ":")
                + element("sampleIdentifier", sample)
                + "</oai-identifier></description>"
            ).encode()

    def _list_formats(self, request: Request, snapshot: Snapshot | None) -> Iterable[bytes]:
        identifier = request.arguments.get("identifier")
        entries: list[FormatEntry] | None
        if identifier is None:
            entries = (snapshot.formats if snapshot else []) or [_ALWAYS]
        else:
            entries = snapshot.formats_of(identifier) if snapshot else None
            if entries is None:
                raise _unknown_identifier()
            if not entries:
                raise OaiError("noMetadataFormats", "the item has no metadata format")
        for entry in entries:
            yield (
                "<metadataFormat>"
                + element("metadataPrefix", entry.prefix)
                + element("schema", entry.schema)
                + element("metadataNamespace", entry.namespace)
                + "</metadataFormat>"
            ).encode()

    def _list_sets(self, request: Request, snapshot: Snapshot | None) -> Iterable[bytes]:
        position = self._resumed(request)
        sets = snapshot.sets(position.key if position else "", self._page_size + 1) if snapshot else []
        if not sets:
            if position:
                raise _bad_token()
            raise OaiError("noSetHierarchy", "nothing is published yet, so there are no sets")
        page = sets[: self._page_size]
        for spec, name, description in page:
            about = f"<setDescription>{_dublin_core(description)}</setDescription>" if description else ""
            yield f"<set>{element('setSpec', spec)}{element('setName', name)}{about}</set>".encode()
        total = snapshot.set_count if snapshot else 0
        begun = position or Position("ListSets", "", None, None, None, 0, "", 0, total)
        yield self._resumption(begun, len(page), (0, page[-1][0]) if len(sets) > len(page) else None)

    def _get_record(self, request: Request, snapshot: Snapshot | None) -> Iterable[bytes]:
        identifier, prefix = request.arguments["identifier"], request.arguments["metadataPrefix"]
        row = snapshot.record(identifier, prefix) if snapshot else None
        if row is None:
            if snapshot is None or snapshot.formats_of(identifier) is None:
                raise _unknown_identifier()
            raise OaiError("cannotDisseminateFormat", "the item is not available in this metadata format")
        return _records([row])

    def _list(self, request: Request, snapshot: Snapshot | None) -> list[bytes]:
        position = self._resumed(request)
        limits = _filter_of(request, position)
        if limits.prefix not in {entry.prefix for entry in (snapshot.formats if snapshot else [])} | {"oai_dc"}:
            if position:
                raise _bad_token()
            raise OaiError("cannotDisseminateFormat", "the repository does not have this metadata format")
        whole = request.verb == "ListRecords"
        after = (position.datestamp, position.key) if position else None
        rows = snapshot.page(limits, after, self._page_size + 1, whole) if snapshot else []
        if not rows and snapshot and after is not None:
            # All that was still to come has changed since and left the list's dates, and the schema knows no empty
            # list: the record that went out last goes out again, as it stands now, so that the harvest ends well.
            rows = [row for row in [snapshot.record_of(after[1], limits.prefix)] if row is not None]
        if not rows or snapshot is None:
            raise OaiError("noRecordsMatch", "no record matches the request")
        page = rows[: self._page_size]
        parts = _records(page) if whole else _headers(page)
        if position is None:
            if len(rows) == len(page):
                return parts  # a list in one piece needs neither token nor count
            total = snapshot.count(limits)
            position = Position(
                request.verb, limits.prefix, limits.oai_set, limits.since, limits.until, 0, "", 0, total
            )
        parts.append(self._resumption(position, len(page), page[-1][2:] if len(rows) > len(page) else None))
        return parts

    # ---- resumption (section 3.5)

    def _resumed(self, request: Request) -> Position | None:
        token = request.arguments.get("resumptionToken")
        if token is None:
            return None
        position = unseal(token, request.verb, self._secret)
        if position is None:
            raise _bad_token()
        return position

    def _resumption(self, position: Position, sent: int, last: tuple[int, str] | None) -> bytes:
        """The resumptionToken element after a page: empty on the last one, nothing when the list came in one piece."""
        going_on = last is not None
        if position.cursor == 0 and not going_on and not position.key:
            return b""
        done = position.cursor + sent
        # The list may have grown or shrunk since it was counted; the number must not contradict the cursor.
        total = max(position.total, done + 1) if going_on else done
        text = ""
        if last is not None:
            text = seal(replace(position, datestamp=last[0], key=last[1], cursor=done, total=total), self._secret)
        return (
            f'<resumptionToken completeListSize="{total}" cursor="{position.cursor}">{text}</resumptionToken>'.encode()
        )


def _filter_of(request: Request, position: Position | None) -> Filter:
    if position:
        return Filter(position.prefix, position.oai_set, position.since, position.until)
    arguments = request.arguments
    return Filter(arguments["metadataPrefix"], arguments.get("set"), request.since, request.until)


def _records(rows: Iterable[StoredRecord]) -> list[bytes]:
    return records(row[:2] for row in rows)


def _headers(rows: Iterable[StoredRecord]) -> list[bytes]:
    parts: list[bytes] = []
    for header, body, _, _ in rows:
        parts += (b'<header status="deleted">' if body is None else b"<header>", header, b"</header>")
    return parts


def _dublin_core(description: str) -> str:
    return (
        f'<oai_dc:dc xmlns:oai_dc="{_OAI_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xsi:schemaLocation="{_OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
        f"{element('dc:description', description)}</oai_dc:dc>"
    )


def _unknown_identifier() -> OaiError:
    return OaiError("idDoesNotExist", "there is no item with this identifier")


def _bad_token() -> OaiError:
    return OaiError("badResumptionToken", "the resumption token was not made here for this verb; begin the list anew")
