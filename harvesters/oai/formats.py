"""The formats of OAI-PMH that records are read from: DataCite's XML in three wrappings, and Dublin Core.

Out goes what DataCite's REST API would say, so that every door leads to the same reading. Dublin Core has no kinds of
dates: the latest that it names counts, for any of them may be the day on which an embargo ends.
"""

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

from panfair.harvesters.datacite.xml import Raw, attributes_of, resources_in
from panfair.ontologies.errors import HarvestError, IdentifierError
from panfair.ontologies.identifiers import Doi, find_doi
from panfair.ontologies.text import clean_line

FORMATS = ("oai_datacite", "datacite", "oai_dc")
_DC = "{http://purl.org/dc/elements/1.1/}"
_EMBARGO_END = "info:eu-repo/date/embargoend/"
_GRANT = re.compile(r"info:eu-repo/grantAgreement/([^/]+)/([^/]*)/([^/]+)(?:/.*)?", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"info:eu-repo/semantics/altIdentifier/([a-z]+)/(.+)", re.IGNORECASE)


def best_of(name: str, offered: Mapping[str, str]) -> str:
    """The prefix of the richest format that a provider has. Raises HarvestError when it has none of them."""
    of_datacite = [prefix for prefix, namespace in offered.items() if "datacite.org" in namespace]
    for prefix in (*FORMATS[:-1], *sorted(of_datacite), FORMATS[-1]):
        if prefix in offered:
            return prefix
    raise HarvestError(f"{name}: the provider has none of {', '.join(FORMATS)}; it has {', '.join(sorted(offered))}")


def attributes_from(metadata: Any, prefix: str) -> Raw:
    """What the metadata of a record say, as DataCite's attributes. Raises ValueError for a format that is not known."""
    if (resource := next(resources_in(metadata), None)) is not None:
        return attributes_of(resource)
    if metadata.find(f"{_DC}*") is not None or etree.QName(metadata).localname == "dc":
        return _dublin_core(metadata)
    raise ValueError(prefix)


def text_of_xml(metadata: Any) -> str:
    """The metadata of a record as the provider wrote them."""
    return str(etree.tostring(metadata, encoding="unicode"))


def _dublin_core(element: Any) -> Raw:
    said: dict[str, list[str]] = {}
    for part in element:
        if isinstance(part.tag, str) and part.tag.startswith(_DC) and (text := (part.text or "").strip()):
            said.setdefault(part.tag.removeprefix(_DC), []).append(text)
    identifiers = [clean_line(text) for text in said.get("identifier", ())]
    doi = next((found for text in identifiers if (found := _own_doi(text))), None)
    relations = said.get("relation", [])
    dates = [clean_line(text) for text in said.get("date", ())]
    rights = [{"rights": text} for text in said.get("rights", ())]
    return {
        "doi": doi,
        "titles": [{"title": text} for text in said.get("title", ())],
        "creators": [{"name": text} for text in said.get("creator", ())],
        "contributors": [{"name": text, "contributorType": "Other"} for text in said.get("contributor", ())],
        "publisher": {"name": next(iter(said.get("publisher", ())), None)},
        "publicationYear": _year(dates),
        "dates": [_date(text) for text in dates],
        "subjects": [{"subject": text} for text in said.get("subject", ())],
        "descriptions": [{"description": text, "descriptionType": "Abstract"} for text in said.get("description", ())],
        "types": {"resourceType": next((text for text in said.get("type", ()) if "/" not in text), None)},
        "formats": said.get("format", []),
        "language": next(iter(said.get("language", ())), None),
        "rightsList": rights,
        "fundingReferences": [grant for text in relations if (grant := _grant(text))],
        "relatedIdentifiers": [work for text in relations if (work := _work(text))],
        "alternateIdentifiers": [{"alternateIdentifier": text} for text in identifiers if _own_doi(text) is None],
    }


def _own_doi(text: str) -> str | None:
    """The DOI that an identifier is: alone, at the resolver, or with `doi:` in front."""
    try:
        return Doi.parse(text)
    except IdentifierError:
        return None


def _year(dates: list[str]) -> int | None:
    """The year of the citation: the earliest that is told, for an embargo ends later."""
    years = [int(text[:4]) for text in dates if re.match(r"\d{4}(?:\D|$)", text)]
    return min(years, default=None)


def _date(text: str) -> Raw:
    lowered = text.casefold()
    if lowered.startswith(_EMBARGO_END):
        return {"dateType": "Available", "date": text[len(_EMBARGO_END) :]}
    return {"dateType": "Issued", "date": text}


def _grant(text: str) -> Raw | None:
    found = _GRANT.fullmatch(clean_line(text))
    return {"funderName": found[1], "awardNumber": found[3]} if found else None


def _work(text: str) -> Raw | None:
    """A related work; Dublin Core does not say how it relates."""
    line = clean_line(text)
    if _GRANT.fullmatch(line):
        return None
    other = _ALTERNATIVE.fullmatch(line)
    value = other[2] if other else line
    identifier = find_doi(value) or (value if re.match(r"https?://\S+$", value) else None)
    return {"relationType": "References", "relatedIdentifier": identifier} if identifier else None
