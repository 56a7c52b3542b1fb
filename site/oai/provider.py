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
    seconds,
    stamp,
)
from panfair.builders.oai.pieces import Piece, unzipped, zipped
from panfair.site.oai.http import router
from panfair.site.oai.request import BadRequest, OaiError, Request, parse
from panfair.site.oai.resumption_token import Position, seal, unseal
from panfair.site.oai.store import Filter, FormatEntry, LiveStore, Page, Snapshot

__all__ = ["OaiProvider", "router"]

_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_OAI_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TAIL = b"</OAI-PMH>\n"
_ALWAYS = FormatEntry("oai_dc", _OAI_DC.rstrip("/") + ".xsd", _OAI_DC)  # every repository has it (section 3.4)
_LONG_AGO = 0  # before anything is published any lower bound is right
_SHORTEST_SECRET = 16
_Parts = Iterable[bytes | Piece]


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
        self._verbs: dict[str, Callable[[Request, Snapshot | None], _Parts]] = {
            "Identify": self._identify,
            "ListMetadataFormats": self._list_formats,
            "ListSets": self._list_sets,
            "GetRecord": self._get_record,
            "ListIdentifiers": self._list,
            "ListRecords": self._list,
        }

    def answer(self, arguments: list[tuple[str, str]], now: datetime) -> bytes:
        """The whole XML of the answer, in UTF-8. Raises StoreBroken when the store is there and cannot be read."""
        return self._made(arguments, now, unzipped)

    def zipped_answer(self, arguments: list[tuple[str, str]], now: datetime) -> bytes:
        """The same as gzip, which is less to do: records lie so in the store."""
        return self._made(arguments, now, zipped)

    def _made(self, arguments: list[tuple[str, str]], now: datetime, join: Callable[[_Parts], bytes]) -> bytes:
        moment = seconds(now)
        try:
            request = parse(arguments)
        except BadRequest as bad:
            return join([self._refusal(moment, {}, bad.errors)])
        try:
            with self._store.snapshot() as snapshot:
                lead = f"{self._lead(moment, request.echo)}<{request.verb}>".encode()
                parts = self._verbs[request.verb](request, snapshot)
                return join([lead, *parts, f"</{request.verb}>".encode() + _TAIL])
        except OaiError as error:
            return join([self._refusal(moment, request.echo, [error])])

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

    def _get_record(self, request: Request, snapshot: Snapshot | None) -> _Parts:
        identifier, prefix = request.arguments["identifier"], request.arguments["metadataPrefix"]
        record = snapshot.record(identifier, prefix) if snapshot else None
        if record is None:
            if snapshot is None or snapshot.formats_of(identifier) is None:
                raise _unknown_identifier()
            raise OaiError("cannotDisseminateFormat", "the item is not available in this metadata format")
        return [record]

    def _list(self, request: Request, snapshot: Snapshot | None) -> _Parts:
        position = self._resumed(request)
        limits = _filter_of(request, position)
        if limits.prefix not in {entry.prefix for entry in (snapshot.formats if snapshot else [])} | {"oai_dc"}:
            if position:
                raise _bad_token()
            raise OaiError("cannotDisseminateFormat", "the repository does not have this metadata format")
        after = (position.datestamp, position.key) if position else None
        if snapshot is None:
            raise _no_records()
        whole = request.verb == "ListRecords"
        page = (snapshot.records if whole else snapshot.headers)(limits, after, self._page_size)
        if not page.count and after is not None:
            # All that was still to come has changed since and left the list's dates, and the schema knows no empty
            # list: the record that went out last goes out again, as it stands now, so that the harvest ends well.
            last = (snapshot.record_of if whole else snapshot.header_of)(after[1], limits.prefix)
            page = Page([] if last is None else [last], int(last is not None), None)
        if not page.count:
            raise _no_records()
        if position is None:
            if page.last is None:
                return page.parts  # a list in one piece needs neither token nor count
            total = snapshot.count(limits)
            position = Position(
                request.verb, limits.prefix, limits.oai_set, limits.since, limits.until, 0, "", 0, total
            )
        return [*page.parts, self._resumption(position, page.count, page.last)]

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


def _dublin_core(description: str) -> str:
    return (
        f'<oai_dc:dc xmlns:oai_dc="{_OAI_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xsi:schemaLocation="{_OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd">'
        f"{element('dc:description', description)}</oai_dc:dc>"
    )


def _unknown_identifier() -> OaiError:
    return OaiError("idDoesNotExist", "there is no item with this identifier")


def _no_records() -> OaiError:
    return OaiError("noRecordsMatch", "no record matches the request")


def _bad_token() -> OaiError:
    return OaiError("badResumptionToken", "the resumption token was not made here for this verb; begin the list anew")
