"""Are the machine-readable forms what they say they are: JSON, XML, valid DataCite where its schema is installed?

Part of `panfair check`. The DataCite schema comes with the extra `panfair[judges]`; without it XML is only parsed.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import resources
from pathlib import Path

import orjson
from lxml import etree, html

from panfair.site.files.link_header import LONGEST_HEADER, link_header
from panfair.site.files.link_header import NAME as LINKSET

_DATACITE = "datacite.xml"


def faulty_forms(www: Path) -> Iterator[str]:
    """A line for each file below www/ that is not well-formed or not valid, by path."""
    for path in sorted(www.rglob("*")):
        if path.suffix not in {".json", ".jsonld", ".xml", ".html"} or not path.is_file():
            continue
        name, body = str(path.relative_to(www)), path.read_bytes()
        with suppress(StopIteration):
            fault = next(_faults(path, body))
            yield f"{name} {fault}; delete manifest.json and run `panfair publish`, and report it if it stays"


def _faults(path: Path, body: bytes) -> Iterator[str]:
    if path.name == LINKSET:
        yield from _long_links(body)
    match path.suffix:
        case ".xml":
            yield from _xml(path, body)
        case ".html":
            yield from _embedded(body)
        case _:
            if (said := _json(body)) is not None:
                yield f"is no JSON: {said}"


def _json(body: bytes | str) -> str | None:
    try:
        orjson.loads(body)
    except orjson.JSONDecodeError as error:
        return str(error)
    return None


def _xml(path: Path, body: bytes) -> Iterator[str]:
    try:
        tree = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        yield f"is no XML: {error}"
        return
    schema = _datacite_schema() if path.name == _DATACITE else None
    if schema is not None and not schema.validate(tree):
        yield f"is not valid: {str(schema.error_log).splitlines()[0]}"


def _long_links(body: bytes) -> Iterator[str]:
    """That the Link header made of a linkset would not pass a proxy with usual settings."""
    with suppress(orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        for context in orjson.loads(body)["linkset"]:
            size = len(link_header(body, context["anchor"]))
            if size > LONGEST_HEADER:
                yield f"makes a Link header of {size} bytes, and more than {LONGEST_HEADER} pass no proxy"
                return


def _embedded(body: bytes) -> Iterator[str]:
    """The descriptions inside a page."""
    if not body:
        yield "is empty"
        return
    for script in html.document_fromstring(body).iterfind(".//script[@type='application/ld+json']"):
        if (said := _json(script.text or "")) is not None:
            yield f"holds a description that is no JSON: {said}"


@cache
def _datacite_schema() -> etree.XMLSchema | None:
    try:
        place = resources.files("validator") / "schema" / "metadata.xsd"
        return etree.XMLSchema(etree.parse(str(place)))
    except (ModuleNotFoundError, OSError, etree.XMLSchemaParseError):
        return None
