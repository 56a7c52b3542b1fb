"""The search for programs: `/api/search` as JSON, described in OpenAPI from the same parameters that it reads."""

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from panfair.builders.portal import Portal
from panfair.ontologies.quantities import quantities
from panfair.site.conditions import is_unchanged
from panfair.site.negotiate import accepts_gzip
from panfair.site.search import SearchEngine
from panfair.site.search_answer import Answer
from panfair.site.search_asked import (
    CHOICES,
    DEEPEST_OFFSET,
    ELEMENTS,
    LARGEST_LIMIT,
    LONGEST_QUERY,
    SCOPES,
    SORTS,
    USUAL_LIMIT,
    read_asked,
)

_WORTH_ZIPPING = 600  # bytes


class NumberFound(BaseModel):
    """What a technique's reader looks for first."""

    label: str
    value_words: str = Field(description="with its unit")


class Found(BaseModel):
    """One publication or dataset that was found."""

    doi: str
    title: str
    title_html: str = Field(description="HTML: escaped text with the hits in <mark>")
    url: str = Field(description="its page")
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
    numbers: list[NumberFound] = Field(description="at most three")
    publication: str = Field(description="of a dataset the title of its publication; else empty")


class FacetCount(BaseModel):
    """A value of a facet, and how many have it of what matches everything but this facet's own choices."""

    value: str
    count: int
    chosen: bool


class BarFound(BaseModel):
    """A stretch of a quantity, both ends included, and how many of what was found have a value in it."""

    low: float
    high: float
    count: int


class SpreadFound(BaseModel):
    """How a quantity is spread over what matches everything but its own range."""

    key: str = Field(description="as parameter and query language call it: energy=10..14keV")
    label: str
    unit: str = Field(description="of the bars")
    count: int = Field(description="documents that tell it")
    bars: list[BarFound]


class SearchAnswer(BaseModel):
    """What a search found."""

    model_config = ConfigDict(populate_by_name=True)

    query: str
    total: int = Field(description="how many match, exactly")
    limit: int
    offset: int
    sort: str
    scope: str = Field(alias="in", description="publications or datasets")
    results: list[Found]
    notes: list[str] = Field(description="what was made of the request, for people")
    suggestion: str | None = Field(description="when nothing was found: the query spelt so that it finds something")
    facets: dict[str, list[FacetCount]] = Field(description="the most frequent values first, and all that are chosen")
    spreads: list[SpreadFound] = Field(description="of the quantities that most of what was found tells")


def search_api(engine: SearchEngine, portal: Portal) -> APIRouter:
    """The routes below `/api/search`."""
    routes = APIRouter()

    @routes.get(
        "/api/search",
        response_model=SearchAnswer,
        summary="Search the publications or the datasets",
        openapi_extra={"parameters": parameters()},
    )
    def search(request: Request) -> Response:
        answer = engine.search(read_asked(request.query_params.multi_items()))
        told = told_as_json(answer, portal.url)
        return reply(request, told.model_dump_json(by_alias=True).encode(), "application/json")

    return routes


def told_as_json(answer: Answer, url: Callable[[str], str]) -> SearchAnswer:
    """The answer as `/api/search` tells it; `url` makes the address of a page from its path."""
    asked = answer.asked
    return SearchAnswer(
        query=asked.query,
        total=answer.total,
        limit=asked.limit,
        offset=asked.offset,
        sort=asked.sort,
        scope=asked.scope,
        results=[Found.model_validate({**asdict(one), "url": url(one.url)}) for one in answer.results],
        notes=list(answer.notes),
        suggestion=answer.suggestion,
        facets={
            name: [FacetCount(value=one.value, count=one.count, chosen=one.chosen) for one in counts]
            for name, counts in (answer.facets or {}).items()
        },
        spreads=[SpreadFound.model_validate(asdict(spread)) for spread in answer.spreads],
    )


def parameters() -> list[dict[str, Any]]:
    """The parameters of a search as OpenAPI describes them."""

    def one(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
        return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}

    text = {"type": "string"}
    listed = {"type": "array", "items": text}
    ranges = {name: f"a range of {of.label.lower()}, as 1..2{of.unit}" for name, of in quantities().items()}
    ranges |= {"size": "a range of sizes, as 1GB..10GB", "date": "when it opened, as 2021-03..2021-06"}
    return [
        one("q", {**text, "maxLength": LONGEST_QUERY}, "words, “phrases”, -not, OR, (…), field:value, year:2019..2023"),
        *(one(name, listed, f"a value of the facet {name}; several: one of them") for name in CHOICES),
        *(one(name, text, description) for name, description in ranges.items()),
        one("elements", _enum(ELEMENTS), "whether all chosen elements must be there, any of them, or only these"),
        one("in", _enum(SCOPES), "what is searched"),
        one("sort", _enum(SORTS), "the order of the results"),
        one("limit", _numbers(LARGEST_LIMIT, USUAL_LIMIT), "results on a page"),
        one("offset", _numbers(DEEPEST_OFFSET, 0), "results to leave out at the beginning"),
    ]


def _enum(values: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values), "default": values[0]}


def _numbers(most: int, usual: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "maximum": most, "default": usual}


def reply(request: Request, body: bytes, media_type: str) -> Response:
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
