"""Asking an OAI-PMH provider: oaipmh's client over our own sender, page by page, a record that cannot be read alone.

OAI-PMH 2.0. The list goes on until its resumption token is empty; an answer with control characters that XML forbids
is read without them. What the protocol calls an error becomes a HarvestError that says what to do.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from lxml import etree
from oaipmh import client, error

from panfair.harvesters import Refused
from panfair.harvesters.http import Send
from panfair.harvesters.reading.values import instant
from panfair.ontologies.errors import HarvestError, RecordError
from panfair.ontologies.text import clean_line

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:x(?:0?[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef])"
                        rb"|[0-8]|1[124-9]|2[0-9]|3[01]);", re.IGNORECASE)  # fmt: skip
_DAY = "YYYY-MM-DD"


@dataclass(frozen=True)
class Header:
    """What the provider says of a record."""

    identifier: str
    changed: datetime | None
    deleted: bool

    @property
    def day(self) -> date | None:
        """The day of its last change: on that day it was shown, or deleted."""
        return self.changed.date() if self.changed else None


@dataclass
class Page:
    """One answer of a list."""

    records: list[tuple[Header, Any]] = field(default_factory=list)
    """Each with its metadata element, or None."""
    refused: list[Refused] = field(default_factory=list)
    token: str | None = None
    answered: str = ""
    """The provider's own clock when it answered."""


class Asking(client.BaseClient):  # type: ignore[misc]
    """A provider, and what it said of itself."""

    def __init__(self, name: str, send: Send) -> None:
        super().__init__()
        self.name = name
        self.send = send
        self.keeps_deletions = False
        self.by_day = True

    def makeRequest(self, **arguments: str) -> bytes:
        """The answer to one request. Raises HarvestError for a status that is no answer."""
        status, body = self.send("GET", "", {name: str(value) for name, value in arguments.items()}, None)
        if status != 200:
            raise HarvestError(
                f"{self.name}: the provider answered {status} to {arguments.get('verb')}; what came before is kept, "
                "run `panfair harvest` again to go on"
            )
        return body

    def parse(self, xml: bytes) -> Any:
        """The tree of an answer, without entities. Raises SyntaxError."""
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, huge_tree=False)
        try:
            return etree.fromstring(xml, parser)
        except etree.XMLSyntaxError:
            return etree.fromstring(_FORBIDDEN.sub(b" ", xml.decode("utf-8", "replace").encode()), parser)

    def identify(self) -> None:
        """Learns how fine the provider's dates are, and whether it tells of deletions."""
        found = self._ask(verb="Identify").find(f"{_OAI}Identify")
        if found is None:
            raise HarvestError(f"{self.name}: `url` is no OAI-PMH provider: it does not identify itself")
        self.by_day = (found.findtext(f"{_OAI}granularity") or _DAY).strip() == _DAY
        self.keeps_deletions = (found.findtext(f"{_OAI}deletedRecord") or "no").strip() in ("persistent", "transient")

    def formats(self) -> dict[str, str]:
        """The namespaces of the formats that the provider has, by prefix."""
        listed = self.ListMetadataFormats_impl({}, self._ask(verb="ListMetadataFormats"))
        return {str(prefix): str(namespace) for prefix, _schema, namespace in listed}

    def pages(
        self, prefix: str, of_set: str | None = None, since: str | None = None, token: str | None = None
    ) -> Iterator[Page]:
        """The pages of the list of records, from a moment on, or from a token on."""
        parameters = {"verb": "ListRecords", "metadataPrefix": prefix}
        if of_set:
            parameters["set"] = of_set
        if since:
            parameters["from"] = since[:10] if self.by_day else since
        seen: set[str] = set()
        while True:
            question = {"verb": "ListRecords", "resumptionToken": token} if token else parameters
            try:
                page = self._page(self._ask(**question))
            except error.NoRecordsMatchError:
                yield Page()
                return
            yield page
            token = page.token
            if token is None:
                return
            if token in seen:
                raise HarvestError(f"{self.name}: the list leads in a circle; nothing is published from it")
            seen.add(token)

    def _ask(self, **arguments: str) -> Any:
        try:
            return self.makeRequestErrorHandling(**arguments)
        except error.NoRecordsMatchError:
            raise
        except error.BadResumptionTokenError:
            raise HarvestError(
                f"{self.name}: the resumption token has run out; the list is read from its beginning", begin_anew=True
            ) from None
        except error.CannotDisseminateFormatError:
            raise HarvestError(
                f"{self.name}: the provider does not have the format {arguments.get('metadataPrefix')}; name one that "
                "it has in `metadata_prefix`"
            ) from None
        except (error.XMLSyntaxError, etree.XMLSyntaxError):
            raise HarvestError(
                f"{self.name}: the answer to {arguments.get('verb')} is no XML; look at `url`. What came before is "
                "kept, run `panfair harvest` again"
            ) from None
        except error.ErrorBase as problem:
            raise HarvestError(
                f"{self.name}: the provider refused {arguments.get('verb')} ({_code(problem)})"
            ) from None

    def _page(self, tree: Any) -> Page:
        page = Page(answered=clean_line(tree.findtext(f"{_OAI}responseDate") or ""))
        listed = tree.find(f"{_OAI}ListRecords")
        if listed is None:
            raise HarvestError(f"{self.name}: the answer is no list of records; what came before is kept")
        for number, record in enumerate(listed.iterfind(f"{_OAI}record"), 1):
            header = _header(record)
            if header is None:
                page.refused.append(Refused(f"record {number} of a page", "it has no header with an identifier"))
                continue
            metadata = record.find(f"{_OAI}metadata")
            page.records.append((header, next(iter(metadata), None) if metadata is not None else None))
        page.token = clean_line(listed.findtext(f"{_OAI}resumptionToken") or "") or None
        return page


def _header(record: Any) -> Header | None:
    header = record.find(f"{_OAI}header")
    identifier = clean_line(header.findtext(f"{_OAI}identifier") or "") if header is not None else ""
    if not identifier or len(identifier) > 1000:
        return None
    try:
        changed = instant((header.findtext(f"{_OAI}datestamp") or "").strip())
    except RecordError:
        changed = None
    return Header(identifier, changed, header.get("status") == "deleted")


def _code(problem: Exception) -> str:
    name = type(problem).__name__.removesuffix("Error")
    return name[:1].lower() + name[1:]
