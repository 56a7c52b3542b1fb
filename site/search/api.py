"""The search for programs: `/api/search`, the whole of it as files and as a feed, and completions while a person types.

Described in OpenAPI from the same parameters that are read.
"""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from panfair.builders.portal import Portal
from panfair.builders.search.language.answer import SearchAnswer
from panfair.builders.search.language.request import LONGEST_QUERY, read_request
from panfair.ontologies.errors import RequestError
from panfair.site.http.responses import reply
from panfair.site.search.autocomplete import completions
from panfair.site.search.engine import SearchEngine
from panfair.site.search.export import ENDINGS, FORMS, MEDIA_TYPES, MOST, Form, export
from panfair.site.search.feed import PATH, search_feed
from panfair.site.search.openapi import export_parameters, paging_parameters, parameters


class ItemFound(BaseModel):
    """One thing to go on with."""

    label: str
    url: str | None = Field(description="its page, if it surely has one")
    query: str = Field(description="what to search for, in the query language")


class GroupFound(BaseModel):
    """The completions of one kind."""

    name: str = Field(description="techniques, instruments, people, samples or titles")
    items: list[ItemFound]


class Refused(BaseModel):
    """Why a question is not answered."""

    error: str


class Completed(BaseModel):
    """What may be meant; eight items at most in all."""

    groups: list[GroupFound]


def search_api(engine: SearchEngine, portal: Portal, www: Path) -> APIRouter:
    """The routes `/api/search…` and `/api/suggest`; `www` is where the site's files stand."""
    routes = APIRouter(responses={400: {"model": Refused}})

    @routes.get(
        "/api/search",
        response_model=SearchAnswer,
        summary="Search the publications or the datasets",
        openapi_extra={"parameters": [*parameters(), *paging_parameters()]},
    )
    def search(request: Request) -> Response:
        answer = engine.search(read_request(request.query_params.multi_items()))
        body = with_addresses(answer, portal).model_dump_json(by_alias=True).encode()
        return reply(request, body, "application/json")

    @routes.get(
        "/api/search/export",
        summary=f"All results of a search as a file, {MOST} at most",
        response_class=StreamingResponse,
        openapi_extra={"parameters": export_parameters(FORMS)},
    )
    def whole(request: Request) -> StreamingResponse:
        form, pairs = _form_and_rest(request.query_params.multi_items())
        made = export(engine, read_request(pairs), form, www, portal.url)
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
        body = search_feed(engine, read_request(request.query_params.multi_items()), portal)
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

    Raises RequestError unless one form is named.
    """
    named = [form for form in FORMS if ("format", form) in pairs]
    if len(named) != 1:
        raise RequestError(f"format: one of {', '.join(FORMS)}")
    return named[0], [pair for pair in pairs if pair != ("format", named[0])]


def with_addresses(answer: SearchAnswer, portal: Portal) -> SearchAnswer:
    """The answer with the pages' whole addresses, as programs get it."""
    results = (one.model_copy(update={"url": portal.url(one.url)}) for one in answer.results)
    return answer.model_copy(update={"results": tuple(results)})
