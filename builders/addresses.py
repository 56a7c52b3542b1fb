"""Addresses: what of other people's texts may stand in a link or an IRI, and where a dataset's page is.

An answer is plain ASCII, absolute, http or https, and has no character that ends a link header, an attribute, an XML
value or a Turtle IRI (RFC 3986; Turtle 1.1, IRIREF). What cannot be made so is None, and the format says it as text.
"""

import re
from collections import Counter
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote

from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Dataset, Publication
from panfair.ontologies.text import slug

_PARTS = re.compile(r"(?i)(https?)://([^/?#\s\\]+)((?:[/?][^#]*)?)(?:#(.*))?", re.DOTALL)
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")

_last_folders: tuple[Publication, dict[str, str]] | None = None


@lru_cache(maxsize=4096)
def web_address(text: str | None) -> str | None:
    """The text as an http(s) address fit for any format, odd characters percent-encoded; None when it is not one.

    >>> web_address("https://example.org/a b?x=<1>")
    'https://example.org/a%20b?x=%3C1%3E'
    >>> web_address("javascript:alert(1)") is None
    True
    """
    found = _PARTS.fullmatch(text.strip()) if text else None
    if not found:
        return None
    scheme, host, rest, fragment = found.groups()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    # A name before @ is the oldest trick to make an address look like another; no catalogue needs it.
    if not _HOST.fullmatch(host):
        return None
    address = f"{scheme.lower()}://{host.lower()}{_quoted(rest)}"
    return address if fragment is None else f"{address}#{_quoted(fragment)}"


def identifier_address(identifier: Identifier | None) -> str | None:
    """Where an identifier resolves, fit for any format; None where it resolves nowhere."""
    return web_address(identifier.url) if identifier else None


def link_address(address: str) -> str:
    """The same address without commas, semicolons and quotes, which simple readers of the Link header stumble over."""
    return address.replace(",", "%2C").replace(";", "%3B").replace("'", "%27")


def dataset_folders(publication: Publication) -> list[str]:
    """The name of each dataset's folder below `datasets/`, in the datasets' order: `[a-z0-9-]+`, each once.

    A name is the slug of the dataset's name, else of its id. Datasets that would share one all get eight or more
    hexadecimal digits of their id behind it, so that an address does not hang on the order of the source.
    """
    plain = [slug(dataset.name) or slug(dataset.id) for dataset in publication.datasets]
    uses = Counter(plain)
    taken = {name for name, count in uses.items() if count == 1 and name}
    names = []
    for position, (dataset, name) in enumerate(zip(publication.datasets, plain, strict=True)):
        if uses[name] > 1 or not name:
            digest = sha256(dataset.id.encode()).hexdigest()
            stem = name or "dataset"
            name = next((n for size in range(8, 65) if (n := f"{stem}-{digest[:size]}") not in taken), "")
            name = name or f"{stem}-{digest}-{position}"
            taken.add(name)
        names.append(name)
    return names


def dataset_folder(dataset: Dataset, publication: Publication) -> str:
    """The name of one dataset's folder below `datasets/`; the last publication's are kept."""
    global _last_folders
    if _last_folders is None or _last_folders[0] is not publication:
        ids = (each.id for each in publication.datasets)
        _last_folders = (publication, dict(zip(ids, dataset_folders(publication), strict=True)))
    return _last_folders[1][dataset.id]


def _quoted(text: str) -> str:
    return quote(_BARE_PERCENT.sub("%25", text), safe="%/:=&?~+!$,;@()*._-")
