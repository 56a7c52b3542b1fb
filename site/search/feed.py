"""A search as an Atom feed: its newest results, so that a feed reader tells what is new (RFC 4287)."""

from dataclasses import replace
from typing import Any

from panfair.builders.card import Card
from panfair.builders.portal import Portal
from panfair.builders.search.language.request import SearchRequest, encoded
from panfair.builders.sitewide.feeds import atom, by_doi
from panfair.ontologies.text import clean_line
from panfair.site.search.answer import ordered
from panfair.site.search.engine import SearchEngine
from panfair.site.search.reading import narrowed

PATH = "/api/search/feed.atom"
_ENTRIES = 50
_SNIPPET = 280  # characters
_CREATORS = 3


def search_feed(engine: SearchEngine, request: SearchRequest, portal: Portal) -> bytes:
    """The feed of a search, newest first, whatever its order and its page."""
    newest = replace(request, sort="newest", offset=0, limit=_ENTRIES)
    with engine.index(request.scope) as index:
        found = narrowed(index, newest) if index else None
        stored = [index.stored(row) for row, _ in ordered(index, found, _ENTRIES)] if index and found else []
    pairs = replace(request.results(), sort="relevance").pairs(view=False)
    behind = f"?{encoded(pairs)}" if pairs else ""
    title = f"{clean_line(request.query) or 'Everything'} | {portal.title}"
    cards = [_card(one) for one in stored]
    identity = by_doi if request.scope == "publications" else lambda card: portal.url(card.page)
    return atom(cards, portal, PATH + behind, title, "/search" + behind, identity)


def _card(stored: dict[str, Any]) -> Card:
    text = " ".join(stored["abstract"].split())
    return Card(
        doi=stored["doi"],
        page=stored["page"],
        title=stored["title"],
        creators=tuple(stored["creators"][:_CREATORS]),
        more=max(0, len(stored["creators"]) - _CREATORS),
        year=stored["year"],
        day=stored["day"],
        changed=stored["day"],
        facility=stored["facility"],
        instruments=tuple(stored["instruments"]),
        techniques=tuple(stored["techniques"]),
        snippet=text if len(text) <= _SNIPPET else text[:_SNIPPET].rsplit(" ", 1)[0] + " …",
        datasets=stored["datasets"],
        size_bytes=stored["size_bytes"],
        files=stored["files"],
        superseded=stored["superseded"],
    )
