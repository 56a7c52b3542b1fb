"""The search for people: `/search` as a page that works without scripts; its whole state stands in the address."""

from dataclasses import asdict, replace
from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from panfair.builders.html import Renderer
from panfair.ontologies.units import size_in_words
from panfair.site.search import SearchEngine
from panfair.site.search_answer import Answer, Result
from panfair.site.search_api import reply
from panfair.site.search_asked import Asked, Sort, read_asked
from panfair.site.search_spread import Spread

_ORDERS: tuple[tuple[Sort, str], ...] = (
    ("relevance", "Best match"),
    ("newest", "Newest first"),
    ("oldest", "Oldest first"),
    ("largest", "Largest first"),
    ("title", "By title"),
)
_FACETS = (
    ("technique", "Technique"),
    ("instrument", "Instrument"),
    ("element", "Element"),
    ("facility", "Facility"),
    ("year", "Year"),
    ("format", "Format"),
    ("licence", "Licence"),
    ("detail", "Details"),
    ("has", "With"),
)
_SHOWN_CHOICES = 10


def search_pages(engine: SearchEngine, renderer: Renderer) -> APIRouter:
    """The route `/search`."""
    routes = APIRouter()

    @routes.get("/search", include_in_schema=False)
    @routes.get("/search/", include_in_schema=False)
    def page(request: Request) -> Response:
        asked = read_asked(request.query_params.multi_items())
        answer = engine.search(asked)
        body = renderer.render(
            "pages/search.html",
            query=asked.query,
            total=answer.total,
            limit=max(1, asked.limit),
            offset=asked.offset,
            sort=asked.sort,
            sorts=[(sort, label, replace(asked, sort=sort, offset=0).address("/search")) for sort, label in _ORDERS],
            kept=replace(asked, query="", offset=0).pairs(),
            previous=replace(asked, offset=max(0, asked.offset - asked.limit)).address("/search"),
            following=replace(asked, offset=asked.offset + asked.limit).address("/search"),
            notes=[*answer.notes, *_did_you_mean(answer)],
            results=[_shown(result) for result in answer.results],
            facets=_choices(asked, answer),
            spreads=[_bars(asked, spread) for spread in answer.spreads],
        )
        return reply(request, body, "text/html; charset=utf-8")

    return routes


def _shown(result: Result) -> dict[str, Any]:
    """A result as the page's template takes it."""
    size = size_in_words(result.size_bytes) if result.size_bytes else ""  # nothing told is not nothing there
    return {**asdict(result), "snippet_html": result.snippet, "size_words": size}


def _did_you_mean(answer: Answer) -> list[Markup]:
    """The suggestion as a link, if there is one."""
    if answer.suggestion is None:
        return []
    address = Asked(query=answer.suggestion).address("/search")
    return [Markup('Did you mean <a href="{}">{}</a>?').format(address, answer.suggestion)]


def _choices(asked: Asked, answer: Answer) -> list[tuple[str, list[tuple[str, int, str, bool]]]]:
    """The facets: label, and for each value its words, its count, the search with it toggled, and whether it is on."""
    return [
        (
            label,
            [
                (one.value, one.count, asked.toggled(name, one.value).address("/search"), one.chosen)
                for place, one in enumerate((answer.facets or {}).get(name, ()))
                if place < _SHOWN_CHOICES or one.chosen
            ],
        )
        for name, label in _FACETS
    ]


def _bars(asked: Asked, spread: Spread) -> tuple[str, str, list[tuple[str, int, int, str]]]:
    """A quantity as the page shows it: label, unit, and for each bar its words, count, height in percent, address."""
    highest = max((bar.count for bar in spread.bars), default=1) or 1
    shown = []
    for bar in spread.bars:
        words = f"{bar.low:g}..{bar.high:g}"
        address = asked.with_range(spread.key, f"{words}{spread.unit.replace(' ', '')}").address("/search")
        shown.append((words.replace("..", " to "), bar.count, round(100 * bar.count / highest), address))
    return spread.label, spread.unit, shown
