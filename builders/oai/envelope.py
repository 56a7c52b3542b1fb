"""The words that OAI-PMH headers and answers are made of: identifiers, datestamps, elements.

Identifiers follow the oai-identifier scheme (guidelines for repository implementers, "Specification and XML Schema for
the OAI Identifier Format"); datestamps are UTC in seconds (OAI-PMH 2.0, section 3.3).
"""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

from panfair.ontologies.text import clean_text

_LOCAL_SAFE = "-_.!~*'();/?:@&=+$,"  # with ASCII letters and digits: all that the scheme allows unescaped
OAI = "http://www.openarchives.org/OAI/2.0/"
"""The namespace of answers; their schema lies in it as `OAI-PMH.xsd`."""

ROOT = (
    f'<OAI-PMH xmlns="{OAI}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    f'xsi:schemaLocation="{OAI} {OAI}OAI-PMH.xsd">'
)
"""The start of every answer's root element."""

_PLAIN = re.compile(r"[A-Za-z0-9\-._~:/?@!$'()*+,;=%]*")
_DOMAIN = re.compile(r"[a-z][a-z0-9\-]*(\.[a-z][a-z0-9\-]*)+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def host_name(host: str) -> str:
    """The host of an address without its port, in lower case: what stands between the colons of an identifier.

    >>> host_name("Data.Example.org:8443")
    'data.example.org'
    """
    name = host.lower()
    name = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
    return re.sub(r"[^a-z0-9.\-]", "-", name) or "localhost"


def is_domain(host: str) -> bool:
    """Whether the host is one that the oai-identifier scheme knows: a domain name, not an IP address or `localhost`."""
    return _DOMAIN.fullmatch(host) is not None


def identifier_of(host: str, key: str) -> str:
    """The OAI identifier of a DOI's key; `key_of` reads it back.

    >>> identifier_of("data.example.org", "10.1234/a<b>")
    'oai:data.example.org:10.1234/a%3Cb%3E'
    """
    return f"oai:{host}:{quote(key, safe=_LOCAL_SAFE)}"


def key_of(host: str, identifier: str) -> str | None:
    """The DOI's key in an identifier of this host; None for any other text, and for another spelling of one."""
    lead = f"oai:{host}:"
    if not identifier.startswith(lead) or not identifier.isascii():
        return None
    try:
        key = unquote(identifier[len(lead) :], errors="strict")
    except UnicodeDecodeError:
        return None
    return key if identifier_of(host, key) == identifier else None


def seconds(moment: datetime) -> int:
    """Whole seconds since 1970 of a moment, rounded down; one without a zone is taken as UTC."""
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH) // timedelta(seconds=1)


def stamp(moment: int) -> str:
    """Seconds since 1970 as a datestamp.

    >>> stamp(0)
    '1970-01-01T00:00:00Z'
    """
    return (_EPOCH + timedelta(seconds=moment)).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def escaped(text: str) -> str:
    """Text fit for XML content and for attributes in double quotes, without characters that XML forbids."""
    if _PLAIN.fullmatch(text):  # all but a few: the rest of this costs more than finding a record
        return text
    text = clean_text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("\n", "&#10;")


def element(name: str, text: str) -> str:
    """One element with text.

    >>> element("setName", "X-ray & neutron")
    '<setName>X-ray &amp; neutron</setName>'
    """
    return f"<{name}>{escaped(text)}</{name}>"
