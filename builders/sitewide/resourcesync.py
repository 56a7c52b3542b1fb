"""ResourceSync beside the sitemap: what there is, and what has changed, for those who copy by files.

Follows ANSI/NISO Z39.99-2017. The resource that stands for a record is its DataCite XML, linked to its page and its
other forms. The change list holds each record once, with its last change. No clock: both are dated by that.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from panfair.builders import Sheet
from panfair.builders.metadata.format import Format, all_formats
from panfair.builders.oai.envelope import stamp
from panfair.builders.portal import Portal
from panfair.builders.syntax.xml import DECLARATION, attribute, escaped
from panfair.ontologies.identifiers import Doi

MOST = 50_000
"""Entries in a document (sitemaps.org 0.9); the change list holds the last ones only."""

DESCRIPTION = ".well-known/resourcesync"
"""Where everyone looks first (section 6.3.2)."""

_ROOT = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:rs="http://www.openarchives.org/rs/terms/"'
_CAPABILITIES = "resourcesync/capabilitylist.xml"
_RESOURCES = "resourcesync/resourcelist.xml"
_CHANGES = "resourcesync/changelist.xml"

_Entry = tuple[str, int]
"""A DOI's key and a datestamp in seconds since 1970."""


def resourcesync_sheets(store: Path, portal: Portal, fingerprint: str = "") -> Iterator[Sheet]:
    """The source description, capability list, resource list (above 50,000 in parts) and change list.

    Nothing before the first record. `fingerprint` is the code's. The store must stay as it is until all are rendered.
    """
    if not store.exists():
        return
    with closing(_open(store)) as db:
        state = sha256(repr((portal.base_url, fingerprint, [form.file for form in _forms()])).encode())
        open_records, latest = 0, None
        for key, moment, deleted in db.execute("SELECT key, datestamp, deleted FROM item ORDER BY id"):
            state.update(f"\0{key} {moment} {deleted}".encode())
            open_records += not deleted
            latest = moment if latest is None else max(latest, moment)
    if latest is None:
        return
    moment, key, lead = latest, state.hexdigest(), sha256(f"{portal.base_url}\0{fingerprint}".encode()).hexdigest()
    yield Sheet(DESCRIPTION, f"{lead} description", lambda: _description(portal))
    yield Sheet(_CAPABILITIES, f"{lead} capabilities", lambda: _capabilities(portal))
    yield Sheet(_CHANGES, f"{key} changes", lambda: _changes(store, portal))
    if open_records <= MOST:
        yield Sheet(_RESOURCES, f"{key} resources", lambda: _resources(store, portal, moment, 0, None))
        return
    parts = range(-(-open_records // MOST))
    yield Sheet(_RESOURCES, f"{key} {len(parts)} parts", lambda: _resource_index(portal, moment, len(parts)))
    for part in parts:

        def render(part: int = part) -> bytes:
            return _resources(store, portal, moment, part, _RESOURCES)

        yield Sheet(_part_path(part), f"{key} part {part}", render)


def _open(store: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)


def _part_path(part: int) -> str:
    return f"resourcesync/resourcelist-{part + 1}.xml"


def _forms() -> list[Format]:
    """The forms that describe a publication, DataCite's XML first."""
    described = [form for form in all_formats() if form.describes and form.applies is None]
    return sorted(described, key=lambda form: not any(one.prefix == "datacite" for one in form.oai))


# ---- the documents (sections 8, 9, 10 and 12 of the standard)


def _description(portal: Portal) -> bytes:
    about = _link("describedby", portal.url("/about/oai/"), "text/html")
    return _urlset([about, '<rs:md capability="description"/>'], [_capability(portal, _CAPABILITIES, "capabilitylist")])


def _capabilities(portal: Portal) -> bytes:
    head = [_link("up", portal.url(f"/{DESCRIPTION}")), '<rs:md capability="capabilitylist"/>']
    return _urlset(head, [_capability(portal, _RESOURCES, "resourcelist"), _capability(portal, _CHANGES, "changelist")])


def _capability(portal: Portal, path: str, name: str) -> str:
    return f'<url><loc>{escaped(portal.url(f"/{path}"))}</loc><rs:md capability="{name}"/></url>'


def _resources(store: Path, portal: Portal, latest: int, part: int, index: str | None) -> bytes:
    with closing(_open(store)) as db:
        rows: list[_Entry] = db.execute(
            "SELECT key, datestamp FROM item WHERE NOT deleted ORDER BY key LIMIT ? OFFSET ?", (MOST, part * MOST)
        ).fetchall()
    head = [_link("up", portal.url(f"/{_CAPABILITIES}"))]
    if index:
        head.append(_link("index", portal.url(f"/{index}")))
    head.append(f'<rs:md capability="resourcelist" at="{stamp(latest)}"/>')
    whole = _Entries(portal)
    about = f'<rs:md type="{attribute(_forms()[0].media_type)}"/>'
    return _urlset(head, (whole.entry(key, moment, about) for key, moment in rows))


def _resource_index(portal: Portal, latest: int, parts: int) -> bytes:
    lines = [
        f"<sitemapindex {_ROOT}>",
        _link("up", portal.url(f"/{_CAPABILITIES}")),
        f'<rs:md capability="resourcelist" at="{stamp(latest)}"/>',
    ]
    for part in range(parts):
        address = escaped(portal.url(f"/{_part_path(part)}"))
        lines.append(f'<sitemap><loc>{address}</loc><rs:md at="{stamp(latest)}"/></sitemap>')
    return (DECLARATION + "\n".join([*lines, "</sitemapindex>\n"])).encode()


def _changes(store: Path, portal: Portal) -> bytes:
    with closing(_open(store)) as db:
        rows = db.execute(
            "SELECT key, datestamp, deleted FROM item ORDER BY datestamp DESC, key DESC LIMIT ?", (MOST,)
        ).fetchall()
    rows.reverse()  # from the oldest change on (section 12.1)
    head = [
        _link("up", portal.url(f"/{_CAPABILITIES}")),
        f'<rs:md capability="changelist" from="{stamp(rows[0][1])}"/>',
    ]
    media_type = f' type="{attribute(_forms()[0].media_type)}"'
    whole = _Entries(portal)
    entries = []
    for key, moment, deleted in rows:
        change = "deleted" if deleted else "updated"
        about = f'<rs:md change="{change}" datetime="{stamp(moment)}"{"" if deleted else media_type}/>'
        entries.append(whole.entry(key, moment, about, linked=not deleted))
    return _urlset(head, entries)


class _Entries:
    """Writes entries; what all of them have is made once, for there may be a hundred thousand."""

    def __init__(self, portal: Portal) -> None:
        first, *others = _forms()
        self._portal = portal
        self._file = escaped(first.file)
        links = [_link("describes", "\0", "text/html") if others else ""]
        links += [_link("alternate", "\0" + form.file, form.media_type) for form in others]
        self._links = "".join(links)
        """With a NUL in the place of the page's address."""

    def entry(self, key: str, moment: int, about: str, linked: bool = True) -> str:
        """One record; `about` is its <rs:md>."""
        page = self._portal.url(Doi.parse(key).page)
        links = self._links.replace("\0", attribute(page)) if linked else ""
        lines = f"<loc>{escaped(page)}{self._file}</loc><lastmod>{stamp(moment)}</lastmod>"
        return f"<url>{lines}{about}{links}</url>"


def _link(rel: str, href: str, media_type: str = "") -> str:
    kind = f' type="{attribute(media_type)}"' if media_type else ""
    return f'<rs:ln rel="{rel}" href="{attribute(href)}"{kind}/>'


def _urlset(head: Iterable[str], entries: Iterable[str]) -> bytes:
    return (DECLARATION + "\n".join([f"<urlset {_ROOT}>", *head, *entries, "</urlset>\n"])).encode()
