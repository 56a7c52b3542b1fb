"""Search over HTTP: `/search` for people, `/api/search` for programs, from one engine and one query language."""

import hashlib
import re
import zlib
from dataclasses import asdict
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from markupsafe import Markup
from pydantic import BaseModel, Field

from panfair.builders.html import Renderer
from panfair.ontologies.units import size_in_words
from panfair.site.conditions import is_unchanged
from panfair.site.negotiate import accepts_gzip
from panfair.site.search import DEEPEST_OFFSET, Answer, Result, SearchEngine
from panfair.site.search_spread import Spread

_MOST = 100
_ORDERS = (
    ("relevance", "Best match"),
    ("newest", "Newest first"),
    ("oldest", "Oldest first"),
    ("largest", "Largest first"),
)
_FACETS = (
    ("technique", "Technique"),
    ("instrument", "Instrument"),
    ("element", "Element"),
    ("facility", "Facility"),
    ("year", "Year"),
    ("detail", "Details"),
    ("has", "With"),
)
_WORTH_ZIPPING = 600  # bytes

_Words = Annotated[
    str, Query(max_length=16_384, description="words, “phrases”, -not, OR, (…), field:value, year:2019..")
]
_Limit = Annotated[int, Query(ge=0, le=_MOST, description="results on a page")]
_Offset = Annotated[int, Query(ge=0, le=DEEPEST_OFFSET, description="results to leave out at the beginning")]
_Order = Annotated[Literal["relevance", "newest", "oldest", "largest"], Query(description="the order of the results")]


class Found(BaseModel):
    """One publication that was found."""

    doi: str
    title: str
    url: str = Field(description="its landing page")
    score: float = Field(description="zero or more; comparable within one answer only")
    creators: list[str] = Field(description="the first six")
    year: int
    day: str = Field(description="when it was published, ISO 8601, or empty")
    snippet: str = Field(description="HTML: escaped text with the hits in <mark>")
    instruments: list[str]
    techniques: list[str]
    facility: str
    datasets: int
    files: int
    size_bytes: int
    superseded: bool = Field(description="whether a newer version exists")


class FacetCount(BaseModel):
    """A value of a facet and how many of the found publications have it."""

    value: str
    count: int


class BarFound(BaseModel):
    """A stretch of a quantity, both ends included, and how many of the found publications have a value in it."""

    low: float
    high: float
    count: int


class SpreadFound(BaseModel):
    """How a quantity is spread over what was found."""

    key: str = Field(description="as the query language calls it: energy:10..14keV")
    label: str
    unit: str = Field(description="of the bars")
    count: int = Field(description="publications that tell it")
    bars: list[BarFound]


class SearchAnswer(BaseModel):
    """What a search found."""

    query: str
    total: int = Field(description="how many publications match, exactly")
    limit: int
    offset: int
    results: list[Found]
    notes: list[str] = Field(description="what was made of the query, for people")
    suggestion: str | None = Field(description="when nothing was found: the query spelt so that it finds something")
    facets: dict[str, list[FacetCount]] = Field(description="over all that was found, the most frequent first")
    spreads: list[SpreadFound] = Field(description="of the quantities that most of the found publications tell")


def search_router(engine: SearchEngine, renderer: Renderer) -> APIRouter:
    """The routes `/search` and `/api/search`."""
    routes = APIRouter()

    @routes.get("/api/search", response_model=SearchAnswer, summary="Search the publications")
    def search(
        request: Request, q: _Words = "", limit: _Limit = 20, offset: _Offset = 0, sort: _Order = "relevance"
    ) -> Response:
        answer = engine.search(q, limit=limit, offset=offset, sort=sort)
        told = SearchAnswer(
            query=q,
            total=answer.total,
            limit=limit,
            offset=offset,
            results=[_found(result, renderer) for result in answer.results],
            notes=list(answer.notes),
            suggestion=answer.suggestion,
            facets={
                name: [FacetCount(value=count.value, count=count.count) for count in counts]
                for name, counts in (answer.facets or {}).items()
            },
            spreads=[SpreadFound.model_validate(asdict(spread)) for spread in answer.spreads],
        )
        return _reply(request, told.model_dump_json().encode(), "application/json")

    @routes.get("/search", include_in_schema=False)
    @routes.get("/search/", include_in_schema=False)
    def page(
        request: Request, q: _Words = "", limit: _Limit = 20, offset: _Offset = 0, sort: _Order = "relevance"
    ) -> Response:
        answer = engine.search(q, limit=max(1, limit), offset=offset, sort=sort)
        body = renderer.render(
            "pages/search.html",
            query=q,
            total=answer.total,
            limit=max(1, limit),
            offset=offset,
            sort=sort,
            sorts=_ORDERS,
            notes=[*answer.notes, *_did_you_mean(answer)],
            results=[_shown(result) for result in answer.results],
            facets=_choices(q, sort, answer),
            spreads=[_bars(q, sort, spread) for spread in answer.spreads],
        )
        return _reply(request, body, "text/html; charset=utf-8")

    return routes


def _found(result: Result, renderer: Renderer) -> Found:
    fields = asdict(result)
    del fields["title_html"]
    return Found(**{**fields, "url": renderer.portal.url(result.url)})


def _shown(result: Result) -> dict[str, Any]:
    """A result as the page's template takes it."""
    size = size_in_words(result.size_bytes) if result.size_bytes else ""  # nothing told is not nothing there
    return {**asdict(result), "snippet_html": result.snippet, "size_words": size}


def _did_you_mean(answer: Answer) -> list[Markup]:
    """The suggestion as a link, if there is one."""
    if answer.suggestion is None:
        return []
    address = "/search?" + urlencode({"q": answer.suggestion})
    return [Markup('Did you mean <a href="{}">{}</a>?').format(address, answer.suggestion)]


def _choices(query: str, sort: str, answer: Answer) -> list[tuple[str, list[tuple[str, int, str, bool]]]]:
    """The facets: label, and for each value its words, its count, the search narrowed to it, and whether it is."""
    shown = []
    for name, label in _FACETS:
        choices = []
        for count in (answer.facets or {}).get(name, ())[:10]:
            clause = f"year:{count.value}" if name == "year" else f'{name}:="{count.value}"'
            if clause.count('"') > 2:
                continue  # a label with a quotation mark cannot be quoted
            standing = re.compile(rf"(?<!\S){re.escape(clause)}(?!\S)")
            chosen = standing.search(query) is not None
            wanted = standing.sub("", query).strip() if chosen else f"{query} {clause}".strip()
            asked = {"q": wanted} if sort == _ORDERS[0][0] else {"q": wanted, "sort": sort}
            choices.append((count.value, count.count, "/search?" + urlencode(asked), chosen))
        shown.append((label, choices))
    return shown


def _bars(query: str, sort: str, spread: Spread) -> tuple[str, str, list[tuple[str, int, int, str]]]:
    """A quantity as the page shows it: label, unit, and for each bar its words, count, height in percent, address."""
    highest = max((bar.count for bar in spread.bars), default=1) or 1
    shown = []
    for bar in spread.bars:
        words = f"{bar.low:g}..{bar.high:g}"
        wanted = f"{query} {spread.key}:{words}{spread.unit.replace(' ', '')}".strip()
        asked = {"q": wanted} if sort == _ORDERS[0][0] else {"q": wanted, "sort": sort}
        height = round(100 * bar.count / highest)
        shown.append((words.replace("..", " to "), bar.count, height, "/search?" + urlencode(asked)))
    return spread.label, spread.unit, shown


def _reply(request: Request, body: bytes, media_type: str) -> Response:
    """An answer with a tag, as gzip where that is welcome; status 304 when the client has it already."""
    etag = hashlib.sha256(body).hexdigest()[:32]
    zipping = len(body) >= _WORTH_ZIPPING and accepts_gzip(request.headers.get("accept-encoding"))
    tag = f'"{etag}-gz"' if zipping else f'"{etag}"'
    headers = {"etag": tag, "vary": "Accept-Encoding", "cache-control": "no-cache"}
    if is_unchanged(request.headers.get("if-none-match"), None, tag, 0):
        return Response(status_code=304, headers=headers)
    if zipping:
        press = zlib.compressobj(1, zlib.DEFLATED, 31)
        body = press.compress(body) + press.flush()
        headers["content-encoding"] = "gzip"
    return Response(body, media_type=media_type, headers=headers)
