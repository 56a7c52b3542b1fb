"""OAI-PMH answers as pages for people: the XSLT that every answer names, applied here for browsers.

Why here and not in the browser alone: browsers are taking XSLT out (Chromium warns of it on every such page), and an
answer without it is bare XML. The XML names the stylesheet all the same, for browsers that still use it.
"""

from functools import cache
from importlib import resources

from lxml import etree

STYLE_FILES = {"style.xsl": b"application/xslt+xml; charset=utf-8", "style.css": b"text/css; charset=utf-8"}
"""The files below `/oai/` and their media types."""

_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE_HEADERS = [(b"content-security-policy", _POLICY.encode()), (b"x-content-type-options", b"nosniff")]


def style_file(name: str) -> bytes:
    """One of `STYLE_FILES`."""
    return resources.files("panfair.templates").joinpath("oai", name).read_bytes()


def page(answer: bytes) -> bytes:
    """An answer of the provider as a page of HTML in UTF-8."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return bytes(_stylesheet()(etree.fromstring(answer, parser)))


@cache
def _stylesheet() -> etree.XSLT:
    nothing = etree.XSLTAccessControl.DENY_ALL  # type: ignore[attr-defined]  # it is there; the stubs lack it
    return etree.XSLT(etree.fromstring(style_file("style.xsl")), access_control=nothing)
