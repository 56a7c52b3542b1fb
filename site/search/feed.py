"""A search as an Atom feed: its newest results, so that a feed reader tells what is new (RFC 4287)."""

from dataclasses import replace
from typing import Any

from panfair.builders.card import Card
from panfair.builders.portal import Portal
from panfair.builders.search.language.query import parse
from panfair.builders.search.language.request import Asked
from panfair.builders.sitewide.feeds import atom, by_doi
from panfair.ontologies.text import clean_line
from panfair.site.search.answer import ordered
from panfair.site.search.engine import SearchEngine
from panfair.site.search.evaluate import Narrowed

PATH = "/api/search/feed.atom"
_ENTRIES = 50
_SNIPPET = 280  # characters
_CREATORS = 3


def search_feed(engine: SearchEngine, asked: Asked, portal: Portal) -> bytes:
    """The feed of a search, newest first, whatever its order and its page."""
    asked = replace(asked, sort="newest", offset=0, limit=_ENTRIES)
    with engine.index(asked.scope) as index:
        found = Narrowed(index, asked, parse(asked.query).node, {}) if index else None
        kept = [index.stored(row) for row, _ in ordered(index, found, _ENTRIES)] if index and found else []
    plain = replace(asked, limit=Asked().limit, sort="relevance")
    title = f"{clean_line(asked.query) or 'Everything'} | {portal.title}"
    cards = [_card(one) for one in kept]
    identity = by_doi if asked.scope == "publications" else lambda card: portal.url(card.page)
    return atom(cards, portal, plain.address(PATH), title, plain.address("/search"), identity)


def _card(kept: dict[str, Any]) -> Card:
    text = " ".join(kept["abstract"].split())
    return Card(
        doi=kept["doi"],
        page=kept["page"],
        title=kept["title"],
        creators=tuple(kept["creators"][:_CREATORS]),
        more=max(0, len(kept["creators"]) - _CREATORS),
        year=kept["year"],
        day=kept["day"],
        changed=kept["day"],
        facility=kept["facility"],
        instruments=tuple(kept["instruments"]),
        techniques=tuple(kept["techniques"]),
        snippet=text if len(text) <= _SNIPPET else text[:_SNIPPET].rsplit(" ", 1)[0] + " …",
        datasets=kept["datasets"],
        size_bytes=kept["size_bytes"],
        files=kept["files"],
        superseded=kept["superseded"],
    )
