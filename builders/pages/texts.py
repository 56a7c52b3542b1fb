"""The site's own texts, from Markdown: about, policy, help, and whatever an operator adds.

Raw HTML in a text is shown as text, and a link leads to http, https, mailto or this site only: who may edit a text of
the site need not be trusted with its scripts. Words in braces, such as {title}, stand for what the portal knows.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import markdown
from markdown.extensions.tables import TableExtension
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

from panfair.builders import Sheet
from panfair.builders.card import Totals
from panfair.builders.html.language import tr
from panfair.builders.html.menu import MenuLink
from panfair.builders.html.words import counted, excerpt, number, size_words
from panfair.builders.pages.page_kind import PageKind, Site
from panfair.builders.portal import Portal
from panfair.ontologies.text import slug

_ADDRESSES = {"about": "/about/", "help": "/help/", "index": "/about/"}
LINKED = frozenset({*_ADDRESSES, "policy", "oai"})
"""The texts that the menus lead to whatever the operator adds."""
_TITLE = re.compile(r"\A\s*#\s+(.+?)\s*#*\s*(?:\n|\Z)")
_SAFE_LINK = re.compile(r"(?i)(?:https?://|mailto:|[/#.?]|[\w-]+(?:[/?#.]|\Z))")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_ANCHOR = re.compile(r"[^a-z0-9]+")


def _sheets(site: Site) -> Iterator[Sheet]:
    """A page for each text by its name: `about/`, `help/`, and `about/<name>/` for all others.

    The first line `# …` is the page's title; a text without one is called by its name.
    """
    known = _known(site.renderer.portal, site.listing.totals())
    for name, raw in sorted(site.texts.items()):
        text = _CONTROL.sub("", raw)
        page = address_of_text(name)
        heading = _TITLE.match(text)
        # Escaped by the converter, which has lost both its ways to let markup through.
        body = Markup(_html(_filled(text[heading.end() :] if heading else text, known)))  # noqa: S704
        trail = [("/", tr("Home"))]
        if page.startswith("/about/") and page != "/about/":
            trail.append(("/about/", tr("About")))
        yield site.sheet(
            page,
            "pages/text.html",
            title=_filled(heading[1], known) if heading else _spoken(name),
            description=excerpt(body.striptags(), 200),
            here="/about/oai" if page == "/about/oai/" else page,
            trail=trail,
            body=body,
        )


def _links(portal: Portal) -> Iterator[MenuLink]:
    yield MenuLink("head", tr("About"), "/about/", order=90)
    yield MenuLink("about", tr("About these data"), "/about/", order=90)
    yield MenuLink("about", tr("Data policy"), portal.policy_url or address_of_text("policy"), order=91)
    yield MenuLink("about", tr("Help"), address_of_text("help"), order=92)
    known = _known_of(portal)
    for title, address in portal.texts:
        yield MenuLink("about", _filled(title, known), address, order=95)


def address_of_text(name: str) -> str:
    """The address of the page of a text from the root.

    >>> address_of_text("help"), address_of_text("imprint")
    ('/help/', '/about/imprint/')
    """
    return _ADDRESSES.get(name) or f"/about/{slug(name) or 'text'}/"


def title_of_text(name: str, text: str) -> str:
    """What the page of a text is called: its first line where that is a heading, else its name.

    >>> title_of_text("legal-notice", "Words."), title_of_text("x", "# Imprint")
    ('Legal notice', 'Imprint')
    """
    heading = _TITLE.match(_CONTROL.sub("", text))
    return heading[1] if heading else _spoken(name)


def _spoken(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()


def _known_of(portal: Portal) -> dict[str, str]:
    return {
        "title": portal.title,
        "publisher": portal.publisher,
        "contact": portal.contact,
        "base_url": portal.base_url,
        "host": portal.host,
        "policy": portal.policy_url or "/about/policy/",
    }


def _known(portal: Portal, totals: Totals) -> dict[str, str]:
    years = str(totals.first_year)
    if totals.last_year != totals.first_year:
        years = tr("{low} to {high}").format(low=years, high=totals.last_year)
    return _known_of(portal) | {
        "publications": counted(totals.publications, "publication", "publications"),
        "datasets": counted(totals.datasets, "dataset", "datasets"),
        "files": number(totals.files),
        "size": size_words(totals.size_bytes),
        "years": years if totals.publications else "",
    }


def _filled(text: str, known: dict[str, str]) -> str:
    """The text with each known word in braces replaced; other braces are nobody's business."""
    return re.sub(r"\{([a-z_]+)\}", lambda found: known.get(found[1], found[0]), text)


def _html(text: str) -> str:
    converter = markdown.Markdown(extensions=[TableExtension(), "fenced_code", "sane_lists"], output_format="html")
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    converter.treeprocessors.register(_Tame(converter), "tame", 0)
    # Listings scroll sideways, so the keyboard must reach them; any other "<pre>" is escaped by now.
    return converter.convert(text).replace("<pre>", '<pre tabindex="0">')


class _Tame(Treeprocessor):
    """Takes unsafe addresses away, gives headings anchors, and tables a frame that scrolls."""

    def run(self, root: Element) -> None:
        taken: set[str] = {"main"}
        for element in root.iter():
            for name in ("href", "src"):
                address = element.get(name)
                if address is not None and not _SAFE_LINK.match(_plain(address)):
                    del element.attrib[name]
            if element.tag == "h1":
                element.tag = "h2"
            if element.tag in {"h2", "h3"}:
                element.set("id", _anchor("".join(element.itertext()), taken))
        tables = 0
        for parent in list(root.iter()):
            for place, child in enumerate(list(parent)):
                if child.tag == "table":
                    tables += 1
                    named = {
                        "role": "region",
                        "aria-label": tr("Table {number}").format(number=tables),
                        "tabindex": "0",
                    }
                    frame = Element("div", {"class": "scroll"} | named)
                    parent[place] = frame
                    frame.append(child)
                    frame.tail, child.tail = child.tail, None


def _plain(address: str) -> str:
    # Browsers skip blanks and control characters in a scheme, so they count for nothing here either.
    return re.sub(r"[\x00-\x20\x7f]", "", re.sub(r"\x02(\d+)\x03", lambda found: chr(int(found[1])), address))


def _anchor(words: str, taken: set[str]) -> str:
    anchor = stem = _ANCHOR.sub("-", words.lower()).strip("-") or "part"
    count = 1
    while anchor in taken:
        count += 1
        anchor = f"{stem}-{count}"
    taken.add(anchor)
    return anchor


PAGES = (PageKind("texts", _sheets, _links, order=0),)  # before all: an operator's text takes any page's place
