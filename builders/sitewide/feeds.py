"""Atom feeds of what has been published: of all, and of each shelf of the lists that have feeds (RFC 4287).

The newest fifty of each. No clock: a feed was updated on the day that one of its entries last changed.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256

from panfair.builders import Sheet
from panfair.builders.card import Card, Listing, Shelf
from panfair.builders.html.list_kind import address_of, all_lists, feed_of
from panfair.builders.portal import Portal
from panfair.builders.syntax.xml import DECLARATION, attribute, element
from panfair.ontologies.identifiers import Doi

_ENTRIES = 50
_NEVER = "1970-01-01"  # an empty feed must say when it was updated, too (section 4.2.15)


def feed_sheets(listing: Listing, portal: Portal, fingerprint: str) -> Iterator[Sheet]:
    """`feeds/all.atom`, and `feeds/<list>/<slug>.atom` such as `feeds/technique/panet01129.atom`."""
    yield _sheet(listing, portal, fingerprint, None)
    for kind in (one for one in all_lists() if one.feed):
        for shelf in listing.shelves(kind.name):
            yield _sheet(listing, portal, fingerprint, shelf)


def _sheet(listing: Listing, portal: Portal, fingerprint: str, shelf: Shelf | None) -> Sheet:
    kind, slug = (shelf.kind, shelf.slug) if shelf else (None, "")
    path = feed_of(shelf) if shelf else "/feeds/all.atom"

    def render() -> bytes:
        cards = listing.cards(kind, slug, limit=_ENTRIES)
        title = f"{shelf.label} | {portal.title}" if shelf else portal.title
        return atom(cards, portal, path, title, address_of(shelf) if shelf else "/publications/")

    shown = repr(
        (fingerprint, portal, path, shelf.label if shelf else "", listing.shelf_key(kind, slug, limit=_ENTRIES))
    )
    return Sheet(path.lstrip("/"), sha256(shown.encode("utf-8", "surrogatepass")).hexdigest(), render)


def by_doi(card: Card) -> str:
    """What names an entry for ever: the DOI outlives every address of ours (RFC 4287, 4.2.6)."""
    return Doi(card.doi).url


def atom(
    cards: list[Card], portal: Portal, path: str, title: str, page: str, identity: Callable[[Card], str] = by_doi
) -> bytes:
    """The feed at `path` of these cards, whose page for people is at `page`."""
    updated = max((card.changed[:10] or card.day for card in cards), default="") or _NEVER
    lines = [
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="' + portal.language + '">',
        element("title", title),
        element("id", portal.url(path)),
        element("updated", _instant(updated)),
        f"<author>{element('name', portal.publisher)}</author>",
        f'<link rel="self" type="application/atom+xml" href="{attribute(portal.url(path))}"/>',
        f'<link rel="alternate" type="text/html" href="{attribute(portal.url(page))}"/>',
        *(_entry(card, portal, identity(card)) for card in cards),
        "</feed>\n",
    ]
    return (DECLARATION + "\n".join(line for line in lines if line)).encode()


def _entry(card: Card, portal: Portal, identity: str) -> str:
    people = [f"<author>{element('name', name)}</author>" for name in card.creators]
    people += ["<author><name>et al.</name></author>"] if card.more else []
    lines = [
        "<entry>",
        element("title", card.title),
        element("id", identity),
        element("updated", _instant(card.changed[:10] or card.day or _NEVER)),
        element("published", _instant(card.day)) if card.day else "",
        *people,
        f'<link rel="alternate" type="text/html" href="{attribute(portal.url(card.page))}"/>',
        *(f'<category term="{attribute(label)}"/>' for label in (*card.techniques, *card.instruments)),
        element("summary", card.snippet),
        "</entry>",
    ]
    return "\n".join(line for line in lines if line)


def _instant(day: str) -> str:
    return f"{day}T00:00:00Z"
