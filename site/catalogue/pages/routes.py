"""Pages for closed data: signing in, one's sessions, their datasets and files, and what a curator decides.

Everything that is read goes through `Caller.view()`, so through the rules of `access.py`: the row of another team is
answered as one that does not exist. Forms carry the session's token. Nothing here may be cached or indexed.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, FastAPI, Form, Request
from fastapi import Path as PathPart
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.responses import Response

from panfair.builders.html.language import marked, tr
from panfair.builders.html.renderer import CONTENT_SECURITY_POLICY, Renderer, static_files
from panfair.builders.portal import Portal
from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.accounts.core import Caller, core_of
from panfair.site.catalogue.api import curation as api_curation
from panfair.site.catalogue.api import parameters as arguments
from panfair.site.catalogue.api.files import send_files
from panfair.site.catalogue.api.schemas_people import InvestigationDoiIn, ReleaseDateIn, WithdrawIn
from panfair.site.catalogue.errors import BadParameter, CatalogueError, Invalid, NoSession, NoSuchRow
from panfair.site.catalogue.pages.batch import release_together
from panfair.site.catalogue.pages.forms import caller_of, check_form, check_origin, forget, remember, signed_in
from panfair.site.catalogue.pages.instruments import instrument_grid
from panfair.site.catalogue.pages.minting import at_datacite, mint_page, told
from panfair.site.catalogue.pages.open_id import BEGIN
from panfair.site.catalogue.pages.said import FOLLOWED, SAID, sentence
from panfair.site.catalogue.pages.views import dataset_page, session_line, session_page
from panfair.site.catalogue.settings import CoreSettings
from panfair.site.catalogue.store.access import may_curate
from panfair.site.catalogue.store.query import DatasetQuery, InvestigationQuery, Page, SessionState

_SESSIONS = 100
_FIRST_SESSIONS = 20
_LONGEST_SEARCH = 500
_STATES: tuple[tuple[SessionState, str, str, bool], ...] = (
    ("embargoed", marked("Not public yet"), "release_date", False),
    ("open", marked("Public"), "start", True),
    ("withdrawn", marked("Withdrawn"), "start", True),
)
"""The states of sessions with their headings, and by what each is sorted: what opens next comes first."""
_DATASETS = 50
_MOST_OFFSET = 2**31
_POLICY = f"{CONTENT_SECURITY_POLICY}; frame-ancestors 'none'"

Number = Annotated[str, PathPart(max_length=40)]
Token = Annotated[str, Form(max_length=200)]
Short = Annotated[str, Form(max_length=1000)]


def add_pages(app: FastAPI, settings: CoreSettings) -> None:
    """Puts the pages, and the style that they share with the public site, into the application."""
    portal = Portal(
        title=settings.title,
        base_url=settings.base_url,
        contact="",
        publisher=settings.publisher,
        language=settings.language,
    )
    pages = _Pages(Renderer(portal), settings)
    for artifact in static_files():
        kind = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}[artifact.path.rsplit(".", 1)[1]]
        app.add_api_route(f"/{artifact.path}", _file(artifact.body, kind), include_in_schema=False)
    app.include_router(pages.router())


def _file(body: bytes, kind: str) -> Callable[[], Response]:
    return lambda: Response(body, media_type=kind)


class _Pages:
    """The routes, with what renders them."""

    def __init__(self, renderer: Renderer, settings: CoreSettings) -> None:
        self.renderer = renderer
        self.settings = settings

    def router(self) -> APIRouter:
        router = APIRouter(include_in_schema=False)
        for method, path, handler in (
            ("GET", "/", self.home),
            ("GET", "/sign-in", self.sign_in_form),
            ("POST", "/sign-in", self.sign_in),
            ("POST", "/sign-out", self.sign_out),
            ("GET", "/my", self.sessions),
            ("GET", "/my/instruments", self.instruments),
            ("POST", "/my/release", self.release_many),
            ("GET", "/my/session/{number}", self.session),
            ("GET", "/my/dataset/{number}", self.dataset),
            ("GET", "/my/file/{number}", self.file),
            ("POST", "/my/session/{number}/release", self.release),
            ("GET", "/my/session/{number}/mint", self.mint),
            ("POST", "/my/session/{number}/doi", self.doi),
            ("POST", "/my/session/{number}/withdraw", self.withdraw),
        ):
            router.add_api_route(path, self._explained(handler), methods=[method])
        return router

    def _explained(self, handler: Callable[..., Response]) -> Callable[..., Response]:
        """The handler with the core's refusals as pages; who is not signed in is led to where they can."""

        @wraps(handler)
        def answer(request: Request, *args: Any, **values: Any) -> Response:
            try:
                return handler(request, *args, **values)
            except NoSession as error:
                if error.status == 429:
                    return self._sign_in_page(request, tr(str(error)), 429)
                return RedirectResponse("/sign-in", 303)
            except CatalogueError as error:
                title = {403: tr("Not allowed"), 404: tr("Not found")}.get(error.status, tr("That cannot be done"))
                return self._page(request, "problem", error.status, title=title, problem=sentence(error))

        return answer

    def _page(self, request: Request, template: str, status: int = 200, **context: object) -> Response:
        signed = signed_in(request)
        body = self.renderer.render(
            f"core/{template}.html",
            signed=(signed.identity.full_name or signed.identity.name) if signed else "",
            form_token=signed.csrf if signed else "",
            scientist=bool(signed and signed.identity.instrument_scientist),
            **context,
        )
        return Response(body, status, {"Content-Security-Policy": _POLICY}, "text/html; charset=utf-8")

    # ---- signing in and out

    def home(self, request: Request) -> Response:
        return RedirectResponse("/my" if signed_in(request) else "/sign-in", 303)

    def sign_in_form(self, request: Request) -> Response:
        return RedirectResponse("/my", 303) if signed_in(request) else self._sign_in_page(request, "", 200)

    def _sign_in_page(self, request: Request, problem: str, status: int) -> Response:
        other = (BEGIN, self.settings.open_id.label) if self.settings.open_id else None
        return self._page(request, "sign_in", status, problem=problem, other=other)

    def sign_in(
        self,
        request: Request,
        name: Annotated[str, Form(max_length=200)],
        password: Annotated[str, Form(max_length=4096)],
    ) -> Response:
        check_origin(request)
        core = core_of(request)
        try:
            signed = core.sign_in.by_password(name, password, request.client.host if request.client else "")
        except NoSession as error:
            return self._sign_in_page(request, sentence(error), error.status)
        answer = RedirectResponse("/my", 303)
        remember(answer, core, signed)
        return answer

    def sign_out(self, request: Request, form_token: Token = "") -> Response:
        signed = check_form(request, form_token)
        core = core_of(request)
        core.sign_in.sign_out(signed.session_id)
        answer = RedirectResponse("/sign-in", 303)
        forget(answer, core)
        return answer

    # ---- looking

    def instruments(self, request: Request) -> Response:
        with _signed(request).view() as view:
            table = instrument_grid(view, [(name, title) for name, title, *_ in _STATES])
        return self._page(request, "instruments", instruments=table)

    def sessions(
        self, request: Request, q: str = "", state: str = "", skip: str = "0", said: str = "", instrument: str = ""
    ) -> Response:
        return self._sessions(request, _signed(request), q, state, skip, said, instrument)

    def _sessions(
        self,
        request: Request,
        caller: Caller,
        q: str = "",
        state: str = "",
        skip: str = "0",
        said: str = "",
        instrument: str = "",
        problem: CatalogueError | None = None,
        kept: tuple[str, frozenset[int]] = ("", frozenset()),
    ) -> Response:
        """The sessions of one's teams: the first of each state, or with `state` a whole one page by page.

        With a `problem` of the form below them, the day and the sessions that were chosen are `kept`.
        """
        core = core_of(request)
        start = arguments.count(skip, "skip", 0, _MOST_OFFSET)
        words, where = q.strip()[:_LONGEST_SEARCH], instrument.strip()[:_LONGEST_SEARCH]
        asked = {"q": words} | ({"instrument": where} if where else {})
        chosen = [one for one in _STATES if one[0] == state]
        size = _SESSIONS if chosen else _FIRST_SESSIONS
        groups = []
        with caller.view() as view:
            for name, title, order, descending in chosen or _STATES:
                query = InvestigationQuery(mine=True, state=name, search=words or None, instrument=where or None)
                rows, count = view.investigations(query, Page(size, start if chosen else 0, order, descending))
                more = f"/my?{urlencode({'state': name, **asked})}" if count > size and not chosen else ""
                chosen_from = may_curate(caller.identity) and name == "embargoed"
                groups.append((tr(title), count, [session_line(row) for row in rows], more, chosen_from))
        here = f"/my?{urlencode({'state': state, **asked})}&skip="
        return self._page(
            request,
            "sessions",
            problem.status if problem else 200,
            today=core.today.isoformat(),
            said=tr(SAID.get(said, "")),
            portal=core.settings.portal_url if said in FOLLOWED else "",
            problem=sentence(problem) if problem else "",
            day=kept[0],
            chosen=kept[1],
            query=words,
            instrument=where,
            state=chosen[0][0] if chosen else "",
            groups=groups,
            previous=f"{here}{max(0, start - size)}" if chosen and start else "",
            next=f"{here}{start + size}" if chosen and start + size < groups[0][1] else "",
        )

    def session(self, request: Request, number: Number, skip: str = "0", said: str = "") -> Response:
        start = arguments.count(skip, "skip", 0, _MOST_OFFSET)
        return self._session(request, _signed(request), _row(number), start, said)

    def _session(
        self,
        request: Request,
        caller: Caller,
        row_number: int,
        start: int = 0,
        said: str = "",
        problem: tuple[str, CatalogueError] | None = None,
        kept: Mapping[str, str] = MappingProxyType({}),
    ) -> Response:
        """A session's page; with a `problem`, the field that it is of tells it, and what was typed is `kept`."""
        core = core_of(request)
        with caller.view() as view:
            row = view.investigation(row_number)
            if row is None or not row.mine:
                raise NoSuchRow("there is no such session")
            datasets, count = view.datasets(DatasetQuery(investigations=[row.id]), Page(_DATASETS, start))
            here = f"/my/session/{row.id}?skip="
            shown = session_page(
                row,
                view.people([row.id]).get(row.id, []),
                view.instruments_of([row.id]).get(row.id, []),
                datasets,
                count,
                view.samples(row.id)[0],
                view.parameters("investigation", [row.id]).get(row.id, []),
                view.funding_of("investigation", [row.id])[row.id],
                view.works_of("investigation", [row.id])[row.id],
                f"{here}{max(0, start - _DATASETS)}" if start else "",
                f"{here}{start + _DATASETS}" if start + _DATASETS < count else "",
                at_datacite(core.settings, row.doi),
            )
        return self._page(
            request,
            "session",
            problem[1].status if problem else 200,
            page=shown,
            curator=may_curate(caller.identity),
            today=core.today.isoformat(),
            said=tr(SAID.get(said, "")),
            portal=core.settings.portal_url if said in FOLLOWED else "",
            wrong={problem[0]: sentence(problem[1])} if problem else {},
            kept=kept,
        )

    def dataset(self, request: Request, number: Number) -> Response:
        caller = _signed(request)
        with caller.view() as view:
            row = view.dataset(_row(number))
            if row is None or not row.mine:
                raise NoSuchRow("there is no such dataset")
            samples = view.samples(None, [row.sample])[0] if row.sample else []
            shown = dataset_page(
                row,
                view.investigation(row.investigation),
                samples[0] if samples else None,
                view.techniques_of([row.id]).get(row.id, []),
                view.parameters("dataset", [row.id]).get(row.id, []),
                view.inputs_of([row.id]).get(row.id, []),
                view.files_of([row.id]).get(row.id, []),
            )
        return self._page(request, "dataset", page=shown)

    def file(self, request: Request, number: Number) -> Response:
        return send_files(_signed(request), None, str(_row(number)), False)

    # ---- what a curator decides

    def release(self, request: Request, number: Number, form_token: Token = "", day: Short = "") -> Response:
        caller = _sent(request, form_token)
        try:
            wanted = _checked(ReleaseDateIn, "the day", release_date=day)
            api_curation.release_date(caller, str(_row(number)), wanted)
        except (BadParameter, Invalid) as error:
            return self._session(request, caller, _row(number), problem=("day", error), kept={"day": day})
        return _back(number, "release")

    def release_many(
        self,
        request: Request,
        form_token: Token = "",
        day: Short = "",
        chosen: Annotated[list[Short] | None, Form(max_length=1000)] = None,
    ) -> Response:
        caller = _sent(request, form_token)
        rows = [_row(one) for one in chosen or ()]
        try:
            release_together(caller, rows, _checked(ReleaseDateIn, "the day", release_date=day))
        except (BadParameter, Invalid) as error:
            return self._sessions(request, caller, problem=error, kept=(day, frozenset(rows)))
        return RedirectResponse("/my?said=released", 303)

    def mint(self, request: Request, number: Number) -> Response:
        return self._page(request, "mint", **mint_page(_signed(request), _row(number)))

    def doi(
        self, request: Request, number: Number, form_token: Token = "", state: Short = "", confirmed: Short = ""
    ) -> Response:
        caller = _sent(request, form_token)
        wanted = _checked(InvestigationDoiIn, "what is wanted", state=state)
        if wanted.state == "minted" and confirmed != "yes":
            return RedirectResponse(f"/my/session/{_row(number)}/mint", 303)
        made = Doi(api_curation.investigation_doi(caller, str(_row(number)), wanted).message)
        how_far = told(core_of(request), made)
        return _back(number, how_far if wanted.state == "minted" else state)

    def withdraw(
        self, request: Request, number: Number, form_token: Token = "", reason: Short = "", replaced_by: Short = ""
    ) -> Response:
        caller = _sent(request, form_token)
        kept = {"reason": reason, "replaced_by": replaced_by}
        try:
            wanted = _checked(
                WithdrawIn, "the reason", entity="investigation", id=_row(number), reason=reason,
                replaced_by=replaced_by.strip() or None,
            )  # fmt: skip
            api_curation.withdraw(caller, wanted)
        except (BadParameter, Invalid) as error:
            field = "replaced_by" if str(error).startswith("replacedBy") else "reason"
            return self._session(request, caller, _row(number), problem=(field, error), kept=kept)
        return _back(number, "withdrawn")


def _signed(request: Request) -> Caller:
    caller = caller_of(request)
    if caller.identity.anonymous:
        raise NoSession("sign in first")
    return caller


def _sent(request: Request, token: str) -> Caller:
    signed = check_form(request, token)
    return Caller(core_of(request), signed.identity)


def _row(number: str) -> int:
    """A row's number; what is none is answered as a row that is not there."""
    try:
        return arguments.row_number(number, "number")
    except BadParameter:
        raise NoSuchRow("there is no such page") from None


def _checked(model: Any, what: str, **values: object) -> Any:
    try:
        return model.model_validate(values)
    except ValidationError:
        raise BadParameter(f"{what} cannot be read; nothing was changed") from None


def _back(number: str, said: str) -> Response:
    return RedirectResponse(f"/my/session/{quote(number)}?said={quote(said)}", 303)
