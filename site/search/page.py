"""The search for people: `/search` as a page that works without scripts; its whole state stands in the address.

What a program would be refused for (`limit=x`) is as if it were not there: a person who follows an old or broken link
gets a page. A form without a script sends the ends of ranges apart; it is sent on to the one address of its state.
"""

from collections.abc import Callable
from dataclasses import replace
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from panfair.builders.html.renderer import Renderer
from panfair.builders.search.language.answer import SearchAnswer, nothing_found
from panfair.builders.search.language.request import Scope, SearchRequest, encoded
from panfair.builders.search.page.page import served
from panfair.builders.search.page.reading import read_leniently, tidied
from panfair.site.http.responses import reply
from panfair.site.search.engine import SearchEngine
from panfair.site.search.index import SearchIndex


def search_pages(engine: SearchEngine, renderer: Callable[[], Renderer]) -> APIRouter:
    """The route `/search`; `renderer` gives that of the site as it stands at the moment."""
    routes = APIRouter()
    world = _worlds(engine)

    def count(other: SearchRequest) -> int:
        return engine.search(replace(other, limit=0, offset=0)).total

    @routes.get("/search", include_in_schema=False)
    @routes.get("/search/", include_in_schema=False)
    def page(request: Request) -> Response:
        pairs = request.query_params.multi_items()
        tidy = tidied(pairs)
        if tidy is not None:
            return RedirectResponse(f"/search/?{encoded(tidy)}" if tidy else "/search/", 303)
        wanted = read_leniently(pairs)
        body = served(renderer(), wanted, engine.search(wanted), world(wanted.scope), count)
        return reply(request, body, "text/html; charset=utf-8")

    return routes


def _worlds(engine: SearchEngine) -> Callable[[Scope], SearchAnswer]:
    """What the search says of a whole scope, counted once for each state of its index."""
    known: WeakKeyDictionary[SearchIndex, SearchAnswer] = WeakKeyDictionary()

    def world(scope: Scope) -> SearchAnswer:
        everything = SearchRequest(scope=scope, limit=0)
        with engine.index(scope) as index:
            if index is None:
                return nothing_found(everything)
            if index not in known:
                known[index] = engine.search(everything)
            return known[index]

    return world
