"""The search for people: `/search` as a page that works without scripts; its whole state stands in the address.

What a program would be refused for (`limit=x`) is as if it were not there: a person who follows an old or broken link
gets a page. A form without a script sends the ends of ranges apart; it is sent on to the one address of its state.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from panfair.builders.html.renderer import Renderer
from panfair.builders.search.language.request import Asked, Scope, read_asked
from panfair.builders.search.page.page import served
from panfair.builders.search.page.state import PARAMETERS, State, encoded, read_state, tidied
from panfair.site.http.responses import reply
from panfair.site.search.api import told_as_json
from panfair.site.search.engine import SearchEngine
from panfair.site.search.index import SearchIndex


def search_pages(engine: SearchEngine, renderer: Renderer) -> APIRouter:
    """The route `/search`."""
    routes = APIRouter()
    world = _worlds(engine, renderer)

    @routes.get("/search", include_in_schema=False)
    @routes.get("/search/", include_in_schema=False)
    def page(request: Request) -> Response:
        pairs = request.query_params.multi_items()
        tidy = tidied(pairs)
        if tidy is not None:
            return RedirectResponse(f"/search/?{encoded(tidy)}" if tidy else "/search/", 303)
        state = read_state(pairs)
        unknown = [(name, value) for name, value in pairs if name not in PARAMETERS]
        asked = read_asked([*state.pairs(view=False), *unknown])  # which says what it left out
        answer = _told(engine, renderer, asked)
        body = served(renderer, state, answer, world(asked.scope), lambda other: _count(engine, other))
        return reply(request, body, "text/html; charset=utf-8")

    return routes


def _told(engine: SearchEngine, renderer: Renderer, asked: Asked) -> dict[str, Any]:
    """The answer as `/api/search` gives it."""
    return told_as_json(engine.search(asked), renderer.portal.url).model_dump(by_alias=True)


def _count(engine: SearchEngine, state: State) -> int:
    """How many a search would find."""
    return engine.search(read_asked([*state.pairs(view=False), ("limit", "0")])).total


def _worlds(engine: SearchEngine, renderer: Renderer) -> Callable[[Scope], dict[str, Any]]:
    """What the search says of a whole scope, counted once for each state of its index."""
    known: WeakKeyDictionary[SearchIndex, dict[str, Any]] = WeakKeyDictionary()

    def world(scope: Scope) -> dict[str, Any]:
        with engine.index(scope) as index:
            if index is None:
                return {}
            if index not in known:
                known[index] = _told(engine, renderer, Asked(scope=scope, limit=0))
            return known[index]

    return world
