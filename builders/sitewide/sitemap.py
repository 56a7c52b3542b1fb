"""The sitemap of all open pages, streamed, and robots.txt (sitemaps.org 0.9; RFC 9309).

A sitemap holds 50,000 addresses at most; above that, `sitemap.xml` is an index of `sitemaps/1.xml`, `sitemaps/2.xml`…
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice

from panfair.builders import Sheet
from panfair.builders.portal import Portal
from panfair.builders.syntax.xml import DECLARATION, escaped

MOST = 50_000
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

Entries = Callable[[], Iterator[tuple[str, str]]]
"""The pages from the root and the day each last changed (ISO 8601, or empty); the same in every call."""


def sitemap_sheets(entries: Entries, portal: Portal, key: str) -> Iterator[Sheet]:
    """`robots.txt`, `sitemap.xml` and, above 50,000 pages, the sitemaps that it lists.

    `key` digests the entries. They are walked through once now, to be counted, and once for each file that is made.
    """
    yield Sheet("robots.txt", _key("robots", portal.base_url, portal.preview), lambda: robots(portal))
    count = sum(1 for _ in entries())
    if count <= MOST:
        yield Sheet("sitemap.xml", _key(key, "all", portal.base_url), lambda: urlset(entries(), portal))
        return
    parts = range(-(-count // MOST))
    for part in parts:

        def render(part: int = part) -> bytes:
            return urlset(islice(entries(), part * MOST, (part + 1) * MOST), portal)

        yield Sheet(f"sitemaps/{part + 1}.xml", _key(key, part, portal.base_url), render)
    yield Sheet("sitemap.xml", _key("index", len(parts), portal.base_url), lambda: sitemap_index(len(parts), portal))


def urlset(entries: Iterator[tuple[str, str]], portal: Portal) -> bytes:
    """One sitemap."""
    lines = [f"<urlset {_NAMESPACE}>"]
    for page, changed in entries:
        # A day is all that a record's change is known to.
        last = f"<lastmod>{changed[:10]}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escaped(portal.url(page))}</loc>{last}</url>")
    if len(lines) == 1:
        lines.append(f"<url><loc>{escaped(portal.url('/'))}</loc></url>")  # the schema wants one at least
    return (DECLARATION + "\n".join([*lines, "</urlset>\n"])).encode()


def sitemap_index(parts: int, portal: Portal) -> bytes:
    """The index of this many sitemaps."""
    lines = [f"<sitemapindex {_NAMESPACE}>"]
    for part in range(1, parts + 1):
        lines.append(f"<sitemap><loc>{escaped(portal.url(f'/sitemaps/{part}.xml'))}</loc></sitemap>")
    return (DECLARATION + "\n".join([*lines, "</sitemapindex>\n"])).encode()


def robots(portal: Portal) -> bytes:
    """What crawlers may read: all pages, but not the endless answers of search and API; OAI-PMH is for them."""
    if portal.preview:
        return b"User-agent: *\nDisallow: /\n"
    lines = (
        "User-agent: *",
        "Allow: /search/",  # first, for simple readers, which take "/search?" for all that begins with "/search"
        "Disallow: /search/?",
        "Disallow: /search?",
        "Disallow: /api/",
        "Allow: /",
        "",
        f"Sitemap: {portal.url('/sitemap.xml')}",
        "",
    )
    return "\n".join(lines).encode()


def _key(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()
