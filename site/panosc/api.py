"""The PaNOSC search API over HTTP: `/api/Documents`, `/api/Datasets`, `/api/Instruments`, and the scorer's items.

Addresses, filters and errors are those of panosc-eu/search-api (LoopBack 3), so that federated clients find here what
they find elsewhere; both spellings, `/api/documents` too. Everything is read from the published PaNOSC store.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from panfair.builders.search.language.request import Scope
from panfair.site.http.responses import reply
from panfair.site.panosc.brackets import bracketed
from panfair.site.panosc.filter import Filter, FilterError, filter_of, read_filter, where_of
from panfair.site.panosc.find import (
    MOST_RELATED,
    Thing,
    count,
    count_files,
    files_of,
    find,
    find_one,
    number_of_pid,
    page_limit,
)
from panfair.site.panosc.models import DATASET, DOCUMENT, FILE, INSTRUMENT, Model
from panfair.site.panosc.paging import DECLARED, Page
from panfair.site.panosc.schemas import Count, Dataset, Document, Failed, File, Instrument, ScoringItem
from panfair.site.panosc.scoring_items import count_items, scoring_items
from panfair.site.panosc.store import PanoscStore, StoreMissing, TooMuch

Scores = Callable[[str, Scope], Mapping[str, float]]
"""What a free text finds, by its key in the search index, each with a score above 0 and up to 1."""

_MODELS: tuple[tuple[str, Model, type[BaseModel]], ...] = (
    ("Documents", DOCUMENT, Document),
    ("Datasets", DATASET, Dataset),
    ("Instruments", INSTRUMENT, Instrument),
)
_FilterText = Annotated[
    str | None,
    Query(
        alias="filter",
        description='JSON, such as {"where": {"title": {"like": "foam"}}, "include": [{"relation": "parameters", '
        '"scope": {"where": {"name": "photon_energy", "value": {"between": [880, 990]}, "unit": "eV"}}}]}. '
        "An include whose scope has a where leaves out what has no such related thing. Beside a unit a value is "
        "compared in SI and comes back in that unit; a technique means its narrower ones in PaNET too; like and ilike "
        "look anywhere, with % and _. 100 things unless limit says otherwise, at most 1000 (limit 0: as many as "
        "may be), and X-Total-Count says how many there are; query gives and orders by a score.",
    ),
]
_WhereText = Annotated[str | None, Query(alias="where", description="JSON: what must hold")]
PATHS = ("/api/scoring/", *(f"/api/{name}" for plural, _, _ in _MODELS for name in (plural, plural.lower())))
"""How the addresses of this interface begin."""
_Limit = Annotated[int, Query(ge=1, le=1000)]
_Offset = Annotated[int, Query(ge=0, le=2**53)]
_Group = Annotated[Literal["documents", "datasets", "instruments"] | None, Query()]
_FAILED: dict[int | str, dict[str, Any]] = {400: {"model": Failed}, 404: {"model": Failed}, 503: {"model": Failed}}


def panosc_router(store: PanoscStore, scores: Scores) -> APIRouter:
    """All routes of the PaNOSC search API."""
    routes = APIRouter(tags=["PaNOSC"])
    _scoring(routes, store)
    for plural, model, shape in _MODELS:
        for name in (plural, plural.lower()):
            _routes(routes, store, scores, name, model, shape)
    return routes


def _routes(
    routes: APIRouter, store: PanoscStore, scores: Scores, name: str, model: Model, shape: type[BaseModel]
) -> None:
    shown = name[0].isupper()
    singular = model.name.lower()

    def get(
        path: str, answer: Any, summary: str, listed: bool = False
    ) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        return routes.get(
            f"/api/{name}{path}",
            response_model=answer,
            summary=summary,
            responses=_FAILED | ({200: {"headers": DECLARED}} if listed else {}),
            include_in_schema=shown,
            operation_id=f"{name}{path}".replace("/", ".").replace("{pid:path}", "pid"),
        )

    @get("", list[shape], f"Search {singular}s", listed=True)  # type: ignore[valid-type]
    def search(request: Request, text: _FilterText = None) -> Response:
        def answer() -> Any:
            search_filter = _filter(request, text, model)
            with store.reading() as db:
                things = find(db, model, search_filter, _scores(scores, search_filter, model))
                return _page(things, search_filter, page_limit(search_filter), lambda: count(db, model, search_filter))

        return _answer(request, answer, text)

    @get("/count", Count, f"Count {singular}s")
    def number(request: Request, where: _WhereText = None, text: _FilterText = None) -> Response:
        def answer() -> Any:
            search_filter = _filter(request, text, model)
            if where is not None or _brackets(request, "where") is not None:
                search_filter = Filter(where=_where(request, where, model), include=search_filter.include)
            with store.reading() as db:
                return {"count": count(db, model, search_filter)}

        return _answer(request, answer)

    if model is DATASET:

        @get("/{pid:path}/files/count", Count, "Count a dataset's files")
        def number_of_files(request: Request, pid: str, where: _WhereText = None) -> Response:
            def answer() -> Any:
                with store.reading() as db:
                    dataset = number_of_pid(db, DATASET, pid)
                    search_filter = Filter(where=_where(request, where, FILE))
                    return (
                        _unknown(model, pid) if dataset is None else {"count": count_files(db, dataset, search_filter)}
                    )

            return _answer(request, answer)

        @get("/{pid:path}/files", list[File], "A dataset's files", listed=True)
        def files(request: Request, pid: str, text: _FilterText = None) -> Response:
            def answer() -> Any:
                with store.reading() as db:
                    if number_of_pid(db, DATASET, f"{pid}/files") is not None:
                        return find_one(db, model, f"{pid}/files", _filter(request, text, model))
                    dataset = number_of_pid(db, DATASET, pid)
                    search_filter = _filter(request, text, FILE)
                    if dataset is None:
                        return _unknown(model, pid)
                    found = files_of(db, dataset, search_filter)
                    return _page(
                        found,
                        search_filter,
                        search_filter.limit or MOST_RELATED,
                        lambda: count_files(db, dataset, search_filter),
                    )

            return _answer(request, answer, text)

    @get("/{pid:path}", shape, f"One {singular}")
    def one(request: Request, pid: str, text: _FilterText = None) -> Response:
        def answer() -> Any:
            search_filter = _filter(request, text, model)
            with store.reading() as db:
                return find_one(db, model, pid, search_filter) or _unknown(model, pid)

        return _answer(request, answer)


def _scoring(routes: APIRouter, store: PanoscStore) -> None:
    summary = "Texts for the federated scorer"

    @routes.get("/api/scoring/items", response_model=list[ScoringItem], summary=summary, responses=_FAILED)
    def items(
        request: Request, limit: _Limit = 1000, offset: _Offset = 0, skip: _Offset = 0, group: _Group = None
    ) -> Response:
        def answer() -> Any:
            with store.reading() as db:
                return scoring_items(db, limit, offset or skip, group)

        return _answer(request, answer)

    @routes.get("/api/scoring/items/count", response_model=Count, summary=f"{summary}, counted", responses=_FAILED)
    def number(request: Request, group: _Group = None) -> Response:
        def answer() -> Any:
            with store.reading() as db:
                return {"count": count_items(db, group)}

        return _answer(request, answer)


# ---- questions


def _filter(request: Request, text: str | None, model: Model) -> Filter:
    said = _brackets(request, "filter")
    return read_filter(text, model) if said is None else filter_of(said, model)


def _where(request: Request, text: str | None, model: Model) -> Any:
    said = _brackets(request, "where")
    return where_of(text if said is None else said, model)


def _brackets(request: Request, name: str) -> object | None:
    return bracketed(request.query_params.multi_items(), name)


def _scores(scores: Scores, search_filter: Filter, model: Model) -> Mapping[str, float] | None:
    if not search_filter.query or model is INSTRUMENT:
        return None
    return scores(search_filter.query, "datasets" if model is DATASET else "publications")


# ---- answers


def _page(things: list[Thing], search_filter: Filter, limit: int, counted: Callable[[], int]) -> Page:
    whole = len(things) < limit and (things or not search_filter.skip)
    return Page(things, search_filter.skip + len(things) if whole else counted(), search_filter.skip)


def _unknown(model: Model, pid: str) -> Response:
    message = f'Unknown "{model.name}" id "{pid[:200]}".'
    return problem(404, message, "MODEL_NOT_FOUND")


def problem(status: int, message: str, code: str | None = None) -> Response:
    """An answer that is none, in LoopBack's words."""
    body = {"statusCode": status, "name": "Error", "message": message} | ({"code": code} if code else {})
    headers = {"retry-after": "60"} if status == 503 else {}
    return Response(orjson.dumps({"error": body}), status, media_type="application/json", headers=headers)


def _answer(request: Request, make: Callable[[], Any], text: str | None = None) -> Response:
    try:
        made = make()
    except (FilterError, TooMuch) as error:
        return problem(400, str(error))
    except StoreMissing as error:
        return problem(503, str(error))
    if isinstance(made, Response):
        return made
    if not isinstance(made, Page):
        return reply(request, orjson.dumps(made), "application/json")
    answer = reply(request, orjson.dumps(made.things), "application/json")
    said = _brackets(request, "filter") or orjson.loads((text or "").strip() or "{}")
    path = request.scope["raw_path"].decode("latin-1")
    answer.headers.update(made.headers(path, said if isinstance(said, dict) else {}))
    return answer
