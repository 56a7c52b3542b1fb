"""Forms that no file has: made when they are asked for, out of a file beside the page, which says the same.

RDF/XML and N-Triples are the triples of metadata.jsonld, a written citation is csl.json in a style of CSL: DOI clients
ask for them (DataCite's and Crossref's content negotiation), and a file of each for every record would be bytes that
few read. A style or a language that is not known is answered with the usual one, and the answer's type names it.
"""

from collections.abc import Callable
from typing import Any

import orjson

from panfair.builders.citations.styles import LOCALES, STYLES, Cited, Name, cited_as
from panfair.builders.metadata.schema_org_triples import triples_of
from panfair.builders.syntax.rdf import ntriples, rdf_xml
from panfair.builders.syntax.xml import DECLARATION
from panfair.site.files.www import FoundFile
from panfair.site.http.coding import strong_tag
from panfair.site.http.negotiation import parameter

CITATION = "text/x-bibliography"
_Made = tuple[bytes, str]
"""A body and its Content-Type."""


def derived(media_type: str, source: FoundFile, accept: str) -> FoundFile:
    """The form of this media type, made of the file beside the page. Raises ValueError when it cannot be made."""
    assert source.body is not None
    try:
        body, content_type = DERIVED[media_type](orjson.loads(source.body), accept)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{source.path} is not what it should be") from error
    return FoundFile(source.path, len(body), source.modified, strong_tag(body), content_type, body, source.signature)


def _rdf_xml(document: Any, accept: str) -> _Made:
    return DECLARATION.encode() + rdf_xml(triples_of(document)) + b"\n", "application/rdf+xml"


def _ntriples(document: Any, accept: str) -> _Made:
    return ntriples(triples_of(document)).encode(), "application/n-triples"


def _csl(item: Any, accept: str) -> _Made:
    return orjson.dumps(item, option=orjson.OPT_INDENT_2) + b"\n", "application/citeproc+json"


def _citation(item: Any, accept: str) -> _Made:
    style, locale = _style(parameter(accept, CITATION, "style")), _locale(parameter(accept, CITATION, "locale"))
    work = Cited(
        title=item["title"],
        year=int(item["issued"]["date-parts"][0][0]),
        publisher=item["publisher"],
        doi=item["DOI"],
        names=tuple(_name(one) for one in item.get("author", [])),
        version=item.get("version", ""),
    )
    text = cited_as(work, style, locale)
    return f"{text}\n".encode(), f"{CITATION}; charset=utf-8; style={style}; locale={locale}"


def _name(one: dict[str, str]) -> Name:
    return Name(one["family"], one.get("given", "")) if "family" in one else Name(one["literal"])


def _style(called: str) -> str:
    """The style by its name in the CSL repository, or as people call it; else the one that pages show."""
    known = {name: name for _, name in STYLES} | {label.lower(): name for label, name in STYLES}
    wanted = called.lower().removesuffix(".csl").rpartition("/")[2]
    return known.get(wanted, STYLES[0][1])


def _locale(name: str) -> str:
    """The locale itself, else one of its language, else the first."""
    wanted = name.replace("_", "-").lower()
    exact = next((one for one in LOCALES if one.lower() == wanted), None)
    return exact or next((one for one in LOCALES if one[:2] == wanted.partition("-")[0]), LOCALES[0])


DERIVED: dict[str, Callable[[Any, str], _Made]] = {
    "application/rdf+xml": _rdf_xml,
    "application/n-triples": _ntriples,
    "application/citeproc+json": _csl,  # the same under the old name, which clients look for in the answer
    CITATION: _citation,
}
