"""From the path of a request to a path below www/, and from any spelling of a DOI to the address of its page.

A request's path is decoded once. Nothing that leaves a folder comes through: no empty, `.` or `..` names, no control
characters, no hidden names (but `.well-known`, and below `doi/`, where a DOI may have a part that begins with a point).
"""

import re
from urllib.parse import quote, unquote

from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import Doi

LONGEST = 4096
"""Bytes of a path; what is longer is no address of ours."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DOI_PATH = re.compile(r"/(?:doi/|(?=\d\d\.\d{4,9}(?:\.\d+)*/))(.+)", re.DOTALL)


def decoded(raw: bytes) -> str | None:
    """The path of a request as text; None when it is not UTF-8 or holds control characters.

    >>> decoded(b"/doi/10.1234/a%2520b/")
    '/doi/10.1234/a%20b/'
    """
    try:
        text = unquote(raw.decode("ascii"), errors="strict")
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) or not text.startswith("/") else text


def below(text: str) -> str | None:
    """The file that a decoded path means, below www/; a path that ends in a slash means its index.html.

    >>> below("/about/"), below("/a/../b"), below("/.git/config"), below("//example.org/")
    ('about/index.html', None, None, None)
    """
    names = text[1:].split("/")
    if names[-1] == "":
        names[-1] = "index.html"
    hidden_allowed = names[0] in ("doi", ".well-known")
    for name in names:
        if name in ("", ".", "..") or (name[0] == "." and not hidden_allowed):
            return None
    return "/".join(names)


def address(path: str) -> str:
    """The path of a file or folder below www/ as the path of its address."""
    return "/" + quote(path, safe="/~()")


def doi_candidates(text: str) -> list[str]:
    """Addresses that a decoded path may mean when it names a DOI in any spelling, the likeliest first.

    `/doi/…` and `/10.…` are understood, with `doi:` or a resolver before it; the last part may be a file beside the
    page. None of them needs to exist.

    >>> doi_candidates("/10.1234/ABC")
    ['/doi/10.1234/abc/']
    >>> doi_candidates("/doi/10.1234/ABC/datacite.xml")
    ['/doi/10.1234/abc/datacite.xml/', '/doi/10.1234/abc/datacite.xml']
    """
    found = _DOI_PATH.fullmatch(text)
    if not found:
        return []
    name = found[1]
    candidates = [_page(name), _page(name.rstrip("/"))]
    parent, _, file = name.rpartition("/")
    page = _page(parent)
    if page and file:
        candidates.append(page + quote(file, safe="~()"))
    return list(dict.fromkeys(page for page in candidates if page))


def _page(name: str) -> str | None:
    try:
        return Doi.parse(name).page
    except IdentifierError:
        return None
