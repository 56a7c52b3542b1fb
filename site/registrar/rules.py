"""What DataCite wants of a DOI: the attributes that are sent of a public description, and what is wrong with them.

After lupo's own checks (`doi.rb`, `xml_schema_validator.rb`, `params_sanitizer.rb`): they hold for what is registered;
a draft needs its DOI alone. What DataCite would refuse or drop without a word is found here first.
"""

import hashlib
import re
from typing import Any
from urllib.parse import urlsplit

import orjson

from panfair.builders.html.language import marked
from panfair.ontologies.identifiers import Doi

Values = dict[str, Any]

_LISTS = (
    "alternateIdentifiers",
    "contributors",
    "creators",
    "dates",
    "descriptions",
    "formats",
    "fundingReferences",
    "geoLocations",
    "relatedIdentifiers",
    "relatedItems",
    "rightsList",
    "sizes",
    "subjects",
    "titles",
)
_SINGLE = ("language", "publicationYear", "publisher", "schemaVersion", "types", "version")
_DOI = re.compile(r"10\.\d{4,5}/[-._;()/:a-zA-Z0-9*~$=]+")
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")
_URL = re.compile(r"(ftp|https?)://\S+")
_YEAR = re.compile(r"\d{4}")
_LONGEST_RIGHTS = 2000


def attributes_of(description: Values, url: str) -> Values:
    """All that DataCite is told: what the description lacks is emptied, for what is not sent stays as it was."""
    said: Values = {name: description.get(name) or [] for name in _LISTS}
    said |= {name: description.get(name) for name in _SINGLE}
    said |= {"url": url, "reason": _reason(description)}
    return said


def digest_of(attributes: Values) -> str:
    """A digest of what is sent, the event aside."""
    return hashlib.sha256(orjson.dumps(attributes, option=orjson.OPT_SORT_KEYS)).hexdigest()


def cannot_be_made(doi: Doi) -> str:
    """Why DataCite makes no such DOI; empty where it does.

    >>> cannot_be_made(Doi("10.5072/eps-1")), cannot_be_made(Doi("10.5072/a<b"))
    ('', 'its DOI has characters that DataCite does not take')
    """
    return "" if _DOI.fullmatch(doi) else marked("its DOI has characters that DataCite does not take")


def problems(attributes: Values) -> list[str]:
    """What keeps a DOI with these attributes from being registered, in words for who curates the record."""
    found = []
    if not _URL.fullmatch(str(attributes.get("url") or "")) or not urlsplit(attributes["url"]).hostname:
        found.append(marked("it has no page: url"))
    if not any(_text(one, "title") for one in attributes.get("titles") or ()):
        found.append(marked("it has no title: titles (3)"))
    creators = attributes.get("creators") or ()
    if not creators or not all(_text(one, "name") for one in creators):
        found.append(marked("it names nobody who made it: creators (2)"))
    publisher = attributes.get("publisher")
    if not (_text(publisher, "name") if isinstance(publisher, dict) else publisher):
        found.append(marked("it has no publisher: publisher (4)"))
    if not _YEAR.fullmatch(str(attributes.get("publicationYear") or "")):
        found.append(marked("it has no year of four digits: publicationYear (5)"))
    if not _text(attributes.get("types"), "resourceTypeGeneral"):
        found.append(marked("it does not say what it is: resourceTypeGeneral (10)"))
    if any(not _text(one, "name") or not one.get("contributorType") for one in attributes.get("contributors") or ()):
        found.append(marked("a contributor has no name or no role: contributors (7)"))
    if any(len(one.get("rights") or "") > _LONGEST_RIGHTS for one in attributes.get("rightsList") or ()):
        found.append(marked("its licence is longer than 2000 characters: rightsList (16)"))
    if attributes.get("language") and not _LANGUAGE.fullmatch(attributes["language"]):
        found.append(marked("its language is no code: language (9)"))
    return found


def _reason(description: Values) -> str | None:
    """Why it was withdrawn, where its public description says so."""
    dates = description.get("dates") or ()
    return next((_text(one, "dateInformation") or None for one in dates if one.get("dateType") == "Withdrawn"), None)


def _text(value: Any, name: str) -> str:
    return str(value.get(name) or "").strip() if isinstance(value, dict) else ""
