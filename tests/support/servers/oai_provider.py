"""A strange OAI-PMH provider for tests: small pages, either granularity, with or without deletions, with faults.

OAI-PMH 2.0 as far as a harvester asks: Identify, ListMetadataFormats, ListRecords with from, set and resumptionToken.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from support.servers.answering import answering

_HEAD = '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
_NAMESPACES = {
    "oai_datacite": "http://schema.datacite.org/oai/oai-1.1/",
    "datacite": "http://datacite.org/schema/kernel-4",
    "oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "marc21": "http://www.loc.gov/MARC21/slim",
}


@dataclass
class Item:
    """A record as the provider holds it."""

    identifier: str
    stamp: str
    metadata: bytes | None
    """None: it is deleted."""
    sets: tuple[str, ...] = ()


@dataclass
class Provider:
    """What the provider holds, and how it behaves."""

    items: list[Item]
    prefixes: tuple[str, ...] = ("oai_dc", "datacite")
    page_size: int = 3
    granularity: str = "YYYY-MM-DDThh:mm:ssZ"
    deletions: str = "persistent"
    clock: str = "2026-06-01T00:00:00Z"
    faults: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    """Answers in place of the right ones, by the number of the request from 1."""
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, query: dict[str, str]) -> tuple[int, bytes]:
        """Status and body."""
        self.asked.append(query)
        if fault := self.faults.get(len(self.asked)):
            return fault
        inner = {
            "Identify": self._identify, "ListMetadataFormats": self._formats, "ListRecords": self._records,
        }[query["verb"]](query)  # fmt: skip
        head = f"{_HEAD}<responseDate>{self.clock}</responseDate><request>x</request>"
        return 200, head.encode() + inner + b"</OAI-PMH>"

    def _identify(self, query: dict[str, str]) -> bytes:
        return (
            f"<Identify><repositoryName>Made-up</repositoryName><protocolVersion>2.0</protocolVersion>"
            f"<deletedRecord>{self.deletions}</deletedRecord><granularity>{self.granularity}</granularity></Identify>"
        ).encode()

    def _formats(self, query: dict[str, str]) -> bytes:
        listed = "".join(
            f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>s</schema>"
            f"<metadataNamespace>{_NAMESPACES[prefix]}</metadataNamespace></metadataFormat>"
            for prefix in self.prefixes
        )
        return f"<ListMetadataFormats>{listed}</ListMetadataFormats>".encode()

    def _records(self, query: dict[str, str]) -> bytes:
        token = query.get("resumptionToken")
        start, since, of_set = 0, query.get("from", ""), query.get("set", "")
        if token is not None:
            try:
                place, since, of_set = token.split("|")
                start = int(place)
            except ValueError:
                return b'<error code="badResumptionToken">expired</error>'
        elif query.get("metadataPrefix") not in self.prefixes:
            return b'<error code="cannotDisseminateFormat">no</error>'
        found = [one for one in self.items if one.stamp >= since and (not of_set or of_set in one.sets)]
        if self.deletions == "no":
            found = [one for one in found if one.metadata is not None]
        if not found:
            return b'<error code="noRecordsMatch">none</error>'
        page = found[start : start + self.page_size]
        end = start + self.page_size
        following = f"{end}|{since}|{of_set}" if end < len(found) else ""
        listed = b"".join(map(_record, page))
        return b"<ListRecords>" + listed + f"<resumptionToken>{following}</resumptionToken></ListRecords>".encode()


def _record(item: Item) -> bytes:
    status = ' status="deleted"' if item.metadata is None else ""
    sets = "".join(f"<setSpec>{escape(one)}</setSpec>" for one in item.sets)
    header = (
        f"<header{status}><identifier>{escape(item.identifier)}</identifier>"
        f"<datestamp>{escape(item.stamp)}</datestamp>{sets}</header>"
    )
    body = b"" if item.metadata is None else b"<metadata>" + item.metadata + b"</metadata>"
    return b"<record>" + header.encode() + body + b"</record>"


def served(provider: Provider) -> AbstractContextManager[str]:
    """The provider's base URL while it is served."""
    return answering(lambda path, query, host: (*provider.answer(query), "text/xml"))
