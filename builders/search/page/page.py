"""The search page: what its template shows of a request and of the answer to it, served or as a file for any host.

The page is one design in two hands. A server fills it in from the answer of `/api/search`; on a plain file host the
same page stands without an answer (`shell`), and its script (templates/static/search/page/main.js) fills it in, from
the files that the static search is made of. On a served page that script only spares the reader whole pages.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache

from markupsafe import Markup

from panfair.builders.assets import addresses
from panfair.builders.html.language import current, decimal, marked, size_units, tr
from panfair.builders.html.renderer import Renderer
from panfair.builders.html.words import counted, number, size_words
from panfair.builders.search.language.answer import SearchAnswer, SearchResult, nothing_found
from panfair.builders.search.language.request import (
    CHOICES,
    DEEPEST_OFFSET,
    ELEMENTS,
    SCOPES,
    SORTS,
    VIEWS,
    Scope,
    SearchRequest,
    bounds,
    encoded,
)
from panfair.builders.search.language.understood import Understood
from panfair.builders.search.page import words as said
from panfair.builders.search.page.chips import asking, chips, condition_words, range_label, understood_chips
from panfair.builders.search.page.code import commands, commands_without_server
from panfair.builders.search.page.filters import (
    SIZE_UNITS,
    bar_words,
    counts_of,
    days_of,
    ends_of,
    list_facets,
    quantity_filters,
    range_words,
    unit_scales,
    units_of,
    year_bars,
)
from panfair.builders.search.page.notes import in_our_words, translations
from panfair.builders.search.page.periodic_table import elements, groups
from panfair.builders.search.page.techniques import own_techniques
from panfair.builders.techniques.forest import Forest, Twig, technique_forest
from panfair.ontologies.quantities import quantities

TEMPLATE = "pages/search.html"
EXPORTS = (("csv", "CSV"), ("json", "JSON"), ("bibtex", "BibTeX"), ("ris", "RIS"), ("dois", marked("List of DOIs")))
MOST_EXPORTED = 10_000
_MOST_DROPS = 8
_MOST_PEOPLE = 4
_PLAIN_DOI = re.compile(
    r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?([0-9]{2}\.[0-9]{4,9}(?:/(?!\.{1,2}(?:/|$))[a-z0-9._~()-]+)+)/?",
    re.IGNORECASE | re.ASCII,
)
"""One whose page's address needs no escapes; the page's script has the same."""
_LATER = ("search/page/export.js", "search/page/table.js")  # fetched when somebody wants them


@dataclass(frozen=True, slots=True)
class Card:
    """A result, and what stands in a row on its card in words, empty things left out."""

    result: SearchResult
    facts: tuple[str, ...]
    people: str
    more: str
    """How many people there are beside those."""


@dataclass(frozen=True, slots=True)
class Drop:
    """One condition of a search that finds nothing, and what would be found without it."""

    words: str
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class Pager:
    """The addresses of the pages before and after this one, and which this one is of how many; empty where none is."""

    previous: str
    next: str
    words: str
    capped: str
    """Said on the last page that can be reached, when more was found."""


def served(
    renderer: Renderer,
    request: SearchRequest,
    answer: SearchAnswer,
    world: SearchAnswer,
    count: Callable[[SearchRequest], int],
) -> bytes:
    """The page as a server answers; `count` tells how many another search would find, and is asked when none is.

    `answer` is to the request, `world` to one for everything in its scope.
    """
    drops = [] if answer.total else _drops(request, answer.understood, count)
    forest = technique_forest((*counts_of(world, "technique"), *counts_of(answer, "technique")))
    answer = answer.model_copy(update={"notes": tuple(in_our_words(note) for note in answer.notes)})
    return renderer.render(TEMPLATE, **_context(renderer, "server", request, answer, world, forest, drops))


def shell(renderer: Renderer, techniques: Iterable[str], browse: dict[str, list[tuple[str, str, int]]]) -> bytes:
    """The page as a file: the form without counts, for the script to fill in, and lists for who has none."""
    forest = technique_forest(techniques)
    nothing = nothing_found(SearchRequest())
    context = _context(renderer, "files", SearchRequest(), nothing, nothing, forest, [])
    return renderer.render(TEMPLATE, **{**context, "answer": None, "browse": browse})


def _context(
    renderer: Renderer,
    mode: str,
    request: SearchRequest,
    answer: SearchAnswer,
    world: SearchAnswer,
    forest: Forest,
    drops: list[Drop],
) -> dict[str, object]:
    counts = {facet: counts_of(answer, facet) for facet in ("technique", "element")}
    shown = quantity_filters(request, answer)
    by_program = request.results().pairs(view=False)
    return {
        "here": "/search/",
        "mode": mode,
        "address": renderer.portal.url("/search/"),
        "request": request,
        "answer": answer,
        "say": said.words(),
        "labels": said.labels(said.FACET_LABELS),
        "page_data": page_data(renderer.portal.base_url, current()),
        "scripts": scripts(mode),
        "examples": [
            (words, tr(tells), replace(SearchRequest(), query=words).address()) for words, tells in said.EXAMPLES
        ],
        "scopes": [
            (one, tr(said.SCOPE_LABELS[one]), _in_scope(request, one).address(), one == request.scope) for one in SCOPES
        ],
        "sorts": [
            (one, tr(said.SORT_LABELS[one]), replace(request, sort=one, offset=0).address(), one == request.sort)
            for one in SORTS
        ],
        "views": [
            (one, tr(said.VIEW_LABELS[one]), replace(request, view=one).address(), one == request.view) for one in VIEWS
        ],
        "modes": [(one, tr(said.ELEMENT_MODE_LABELS[one])) for one in ELEMENTS],
        "chips": chips(request),
        "understood": understood_chips(request, answer.understood),
        "lists": list_facets(request, answer, world),
        "forest": forest,
        "own_techniques": own_techniques(request, forest, counts["technique"]),
        "open_twigs": _opened(forest, frozenset(request.chosen("technique"))),
        "counts": counts,
        "chosen": {facet: frozenset(request.chosen(facet)) for facet in ("technique", "element")},
        "elements": elements(),
        "element_groups": [
            (
                tr(group.label),
                " ".join(group.symbols),
                replace(request.toggled("element", *group.symbols), elements="any").address(),
            )
            for group in groups()
        ],
        "years": year_bars(request, answer, world),
        "days": days_of(request.range_text("date")),
        "size": ends_of(request.range_text("size"), "GB"),
        "size_units": SIZE_UNITS,
        "told": [one for one in shown if one.count is not None or one.chosen],
        "untold": [one for one in shown if one.count is None and not one.chosen],
        "cards": [_card(found) for found in answer.results],
        "pager": _pager(request, answer.total),
        "drops": drops,
        "doi_page": "" if answer.total else doi_page(request.query),
        "browse": {},
        "bar_words": bar_words,
        "suggested": replace(SearchRequest(), query=answer.suggestion or "", scope=request.scope).address(),
        "exports": [
            (tr(label), "/api/search/export?" + encoded([*by_program, ("format", form)])) for form, label in EXPORTS
        ],
        "most_exported": MOST_EXPORTED,
        "feed": "/api/search/feed.atom?" + encoded(by_program),
        "commands": commands(renderer.portal.url("/api/search"), by_program)
        if mode == "server"
        else commands_without_server(renderer.portal.base_url),
    }


def doi_page(query: str) -> str:
    """Where the page of a DOI would be, when that is all that is asked for: a notice tells what the search may not.

    >>> doi_page(" https://doi.org/10.5072/EX-1/ "), doi_page("10.5072/ex-1 beam"), doi_page("10.5072/../x")
    ('/doi/10.5072/ex-1/', '', '')
    """
    found = _PLAIN_DOI.fullmatch(query.strip())
    return f"/doi/{found[1].lower()}/" if found else ""


def _in_scope(request: SearchRequest, scope: Scope) -> SearchRequest:
    """The same search in another scope: facets stay, for both have the same."""
    return replace(request, scope=scope, offset=0)


def _drops(request: SearchRequest, read: Understood | None, count: Callable[[SearchRequest], int]) -> list[Drop]:
    """What a search without results would find if one condition were not there."""
    without = [
        (
            _condition(
                tr(said.FACET_LABELS[facet]),
                ", ".join(said.value_words(facet, value) for value in request.chosen(facet)),
            ),
            request.toggled(facet, *request.chosen(facet)),
        )
        for facet in CHOICES
        if request.chosen(facet)
    ]
    without += [
        (_condition(range_label(key), range_words(key, text)), request.with_range(key, ""))
        for key, text in request.ranges
    ]
    without += [
        (_condition(*condition_words(one)), asking(request, one.without)) for one in (read.conditions if read else ())
    ]
    if request.query and (without or request.scope != "publications"):
        without.append(
            (tr(said.WORDS["quoted"]).format(query=request.query[:80]), replace(request, query="", offset=0))
        )
    found = [Drop(words, other.address(), count(other)) for words, other in without[:_MOST_DROPS]]
    if request.query and len(without) > 2:
        words = tr(said.WORDS["drop_all"])
        found.append(Drop(words, request.cleared().address(), count(request.cleared())))
    return [drop for drop in found if drop.count]


def _condition(label: str, value: str) -> str:
    return tr(said.WORDS["condition"]).format(label=label, value=value)


def _pager(request: SearchRequest, total: int) -> Pager:
    """The pages around the one that a request is for."""
    reach = min(total, DEEPEST_OFFSET + request.limit)
    last = -(-reach // request.limit)
    page = request.offset // request.limit + 1
    return Pager(
        previous=replace(request, offset=max(0, request.offset - request.limit)).address() if request.offset else "",
        next=replace(request, offset=request.offset + request.limit).address() if page < last else "",
        words=tr(said.WORDS["page_of"]).format(page=number(page), last=number(last)) if last > 1 else "",
        capped=tr(said.WORDS["capped"]).format(count=number(reach)) if reach < total and page >= last else "",
    )


def _card(found: SearchResult) -> Card:
    facts = [str(found.year), *found.instruments[:2]]
    parts = 0 if found.publication else found.datasets  # a dataset is one
    facts += [counted(parts, "dataset", "datasets")] if parts else []
    facts += [counted(found.files, "file", "files")] if found.files else []
    facts += [size_words(found.size_bytes)] if found.size_bytes else []
    more = found.creator_count - _MOST_PEOPLE
    return Card(
        found,
        facts=tuple(facts),
        people=", ".join(found.creators[:_MOST_PEOPLE]),
        more=tr(said.WORDS["more_people"]).format(count=more) if more > 0 else "",
    )


def _opened(forest: Forest, chosen: frozenset[str]) -> frozenset[str]:
    """The terms whose branch must be open for a chosen one to be seen."""
    found: set[str] = set()

    def holds(twig: Twig) -> bool:
        below = [holds(one) for one in twig.narrower]
        if any(below):
            found.add(twig.label)
        return any(below) or (not twig.pointer and twig.label in chosen)

    for tree in forest.trees:
        holds(tree)
    return frozenset(found)


def scripts(mode: str) -> list[str]:
    """The addresses of the scripts that the page's own one imports at once, for a browser to fetch all together."""
    wanted = "search/page/" if mode == "server" else "search/"
    return [
        at
        for name, at in addresses().items()
        if name.startswith(wanted) and name.endswith(".js") and name not in _LATER
    ]


@cache
def page_data(base_url: str, language: str) -> Markup:
    """What the script has to know that the page does not show, as JSON for an attribute in single quotation marks."""
    data = json.dumps(
        {
            "base": base_url,
            "words": said.words(),
            "facets": said.labels(said.FACET_LABELS),
            "values": {f"{facet}={value}": tr(words) for (facet, value), words in said.VALUE_WORDS.items()},
            "quantities": {key: [tr(one.label), one.unit, list(units_of(key))] for key, one in quantities().items()},
            "units": {unit: list(scale) for unit, scale in unit_scales().items()},
            "request": bounds(),
            "exports": [[form, tr(label)] for form, label in EXPORTS],
            # What English needs no telling of: the units of sizes, the decimal mark, remarks on queries.
            **({} if language == "en" else {"sizes": size_units(), "decimal": decimal("."), "notes": translations()}),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    for sign in "&<'":  # JSON's own escapes, shorter than HTML's for all the double ones
        data = data.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(data)  # noqa: S704 - nothing in it can end the attribute
