"""The search for programs: `/api/search`, the whole of it as files and as a feed, and completions while a person types.

Described in OpenAPI from the same parameters that are read.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from panfair.builders.portal import Portal
from panfair.builders.search.language.request import LONGEST_QUERY, read_asked
from panfair.ontologies.errors import AskedError
from panfair.site.http.responses import reply
from panfair.site.search.answer import Answer
from panfair.site.search.autocomplete import completions
from panfair.site.search.engine import SearchEngine
from panfair.site.search.export import ENDINGS, FORMS, MEDIA_TYPES, MOST, Form, export
from panfair.site.search.feed import PATH, search_feed
from panfair.site.search.openapi import export_parameters, paging_parameters, parameters


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
    creator_count: int = Field(description="how many creators there are in all")
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


class ItemFound(BaseModel):
    """One thing to go on with."""

    label: str
    url: str | None = Field(description="its page, if it surely has one")
    query: str = Field(description="what to search for, in the query language")


class GroupFound(BaseModel):
    """The completions of one kind."""

    name: str = Field(description="techniques, instruments, people, samples or titles")
    items: list[ItemFound]


class Completed(BaseModel):
    """What may be meant; eight items at most in all."""

    groups: list[GroupFound]


def search_api(engine: SearchEngine, portal: Portal, www: Path) -> APIRouter:
    """The routes `/api/search…` and `/api/suggest`; `www` is where the site's files stand."""
    routes = APIRouter()

    @routes.get(
        "/api/search",
        response_model=SearchAnswer,
        summary="Search the publications or the datasets",
        openapi_extra={"parameters": [*parameters(), *paging_parameters()]},
    )
    def search(request: Request) -> Response:
        answer = engine.search(read_asked(request.query_params.multi_items()))
        told = told_as_json(answer, portal.url)
        return reply(request, told.model_dump_json(by_alias=True).encode(), "application/json")

    @routes.get(
        "/api/search/export",
        summary=f"All results of a search as a file, {MOST} at most",
        response_class=StreamingResponse,
        openapi_extra={"parameters": export_parameters(FORMS)},
    )
    def whole(request: Request) -> StreamingResponse:
        form, pairs = _form_and_rest(request.query_params.multi_items())
        made = export(engine, read_asked(pairs), form, www, portal.url)
        headers = {
            "content-disposition": f'attachment; filename="search.{ENDINGS[form]}"',
            "x-total-count": str(made.total),
            "cache-control": "no-cache",
        }
        return StreamingResponse(made.pieces, media_type=MEDIA_TYPES[form], headers=headers)

    @routes.get(
        PATH,
        summary="The newest results of a search as an Atom feed",
        response_class=Response,
        openapi_extra={"parameters": parameters()},
    )
    def feed(request: Request) -> Response:
        body = search_feed(engine, read_asked(request.query_params.multi_items()), portal)
        return reply(request, body, "application/atom+xml; charset=utf-8")

    @routes.get("/api/suggest", response_model=Completed, summary="What a person may be about to type")
    def suggest(request: Request, q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "") -> Response:
        with engine.index("publications") as index:
            found = completions(index, q) if index else ()
        groups = [
            GroupFound(
                name=group.name,
                items=[
                    ItemFound(label=one.label, url=portal.url(one.url) if one.url else None, query=one.query)
                    for one in group.items
                ],
            )
            for group in found
        ]
        return reply(request, Completed(groups=groups).model_dump_json().encode(), "application/json")

    return routes


def _form_and_rest(pairs: list[tuple[str, str]]) -> tuple[Form, list[tuple[str, str]]]:
    """The form that is asked for, and the search; `format` is a facet too, whose labels are none of the forms' names.

    Raises AskedError unless one form is named.
    """
    named = [form for form in FORMS if ("format", form) in pairs]
    if len(named) != 1:
        raise AskedError(f"format: one of {', '.join(FORMS)}")
    return named[0], [pair for pair in pairs if pair != ("format", named[0])]


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
