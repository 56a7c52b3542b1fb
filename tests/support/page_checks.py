"""What must hold for every page of ours: the checks that tests of pages share, by a foreign parser."""

import re
from collections import Counter
from itertools import pairwise
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import html5lib

_OURS = "{http://www.w3.org/1999/xhtml}"


def parsed(body: bytes) -> Element:
    """The page's tree; raises ParseError for the smallest error in its HTML."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(body)


def words(tree: Element) -> str:
    """All that a reader sees, in one line."""
    hidden = {"script", "style", "head"}

    def walk(element: Element) -> str:
        inner = "" if element.tag in hidden else (element.text or "") + " ".join(walk(child) for child in element)
        return f"{inner} {element.tail or ''}"

    return " ".join(walk(tree).split())


def check_page(body: bytes) -> Element:
    """Fails where a page is not valid, not accessible in its structure, or says something that no reader wants."""
    tree = parsed(body)
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    assert len(list(tree.iter("h1"))) == 1
    main = next(tree.iter("main"))
    levels = [int(element.tag[1]) for element in main.iter() if re.fullmatch("h[1-6]", str(element.tag))]
    assert [below for above, below in pairwise(levels) if below > above + 1] == [], "a heading skips a level"
    for element in tree.iter():
        assert element.get("style") is None and element.tag != "style", "style outside the style sheet"
        assert [name for name in element.attrib if str(name).startswith("on")] == [], "a script in an attribute"
        if element.tag == "script":
            assert element.get("src") or element.get("type") == "application/ld+json"
        if element.tag in {"h1", "h2", "h3", "th", "a", "button", "dt", "summary", "caption", "title"}:
            named = element.get("aria-label") or "".join(element.itertext()).strip()
            assert named or element.find("img") is not None, f"an empty {element.tag}"
        if element.tag in {"table", "ul", "ol", "dl", "tbody"}:
            assert len(element), f"an empty {element.tag}"
        for name in ("href", "src", "action"):
            address = element.get(name)
            if address:
                assert urlsplit(address).scheme in {"", "http", "https", "mailto"}, address
        for name in ("aria-labelledby", "data-copy"):
            if element.get(name):
                assert element.get(name) in ids, element.get(name)
    said = {element.get("id"): "".join(element.itertext()).strip() for element in tree.iter() if element.get("id")}
    regions = [element for element in tree.iter() if element.tag == "section" or element.get("role") == "region"]
    labels = Counter(one.get("aria-label") or said.get(one.get("aria-labelledby")) for one in regions)
    assert [label for label, count in labels.items() if label and count > 1] == [], "two regions of one name"
    head = next(tree.iter("head"))
    first = [element.get("http-equiv") or element.get("charset") for element in head][:2]
    assert first == ["utf-8", "Content-Security-Policy"], "the policy must come before anything that it rules"
    told = {element.get("name"): element.get("content") for element in head.iter("meta")}
    assert told.get("robots") == "noindex" or told.get("description"), (
        "a page that search engines list describes itself"
    )
    return tree


def links_of(tree: Element) -> set[str]:
    """The addresses on this site that a page leads to, without fragments and queries."""
    found = set()
    for element in tree.iter():
        for name in ("href", "src", "action"):
            address = element.get(name)
            if address and address.startswith("/") and not address.startswith("//"):
                found.add(urlsplit(address).path)
    return found


def file_of(address: str) -> str:
    """The file that a plain file host answers an address with."""
    path = unquote(address).lstrip("/")
    if path.startswith(".well-known/") or path.endswith("SUMS"):  # files without an ending (RFC 8615; coreutils)
        return path
    if path and not path.endswith("/") and "." not in path.rsplit("/", 1)[-1]:
        path += "/"
    return path + "index.html" if path.endswith("/") or not path else path
