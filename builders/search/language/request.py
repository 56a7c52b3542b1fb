"""What a search asks for, typed once: read from the parameters of an address for page, API, export and feed alike.

`q` holds the query language; a facet (`technique=tomography`) may stand several times: one of its values must be had;
a quantity, `size` or `date` (`energy=10..14keV`) stands once; `elements` says how chosen elements count together;
`sort`, `in`, `limit` and `offset` say what is listed. Between facets and ranges all must hold.

What cannot be a request at all (`limit=x`) raises `RequestError`; what a person may mistype becomes a note. Written
back, one search has one address: defaults are left out and the order of the parameters is fixed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, get_args
from urllib.parse import urlencode

from panfair.builders.search.language.ranges import NAMES, read_range
from panfair.builders.search.language.tree import Range
from panfair.ontologies.errors import RequestError
from panfair.ontologies.quantities import quantities

Scope = Literal["publications", "datasets"]
Sort = Literal["relevance", "newest", "oldest", "largest", "title"]
Elements = Literal["all", "any", "only"]
View = Literal["list", "compact"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
SORTS: tuple[Sort, ...] = get_args(Sort)
ELEMENTS: tuple[Elements, ...] = get_args(Elements)
VIEWS: tuple[View, ...] = get_args(View)
CHOICES = ("technique", "instrument", "year", "element", "facility", "kind", "has", "format", "licence", "detail")
"""Parameters that choose values of facets, in the order of the page: the labels of `documents.facets`, and the year."""
SINGLE = frozenset({"q", "elements", "in", "sort", "limit", "offset"})
"""Parameters that stand once, beside the ranges."""

DEEPEST_OFFSET = 10_000
LARGEST_LIMIT = 100
USUAL_LIMIT = 20
LONGEST_QUERY = 16_384
"""Characters of `q`; the query language reads the first 2,000."""
MOST_VALUES = 60
"""Of one facet: as many can be chosen on the page as are searched."""
MOST_NOTES = 50
LONGEST_VALUE = 500  # characters
_T = TypeVar("_T", bound=str)


@dataclass(frozen=True)
class SearchRequest:
    """One search."""

    query: str = ""
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Facets with the values that were chosen, in the order of `CHOICES`; no empty ones."""
    ranges: tuple[tuple[str, str], ...] = ()
    """Quantities with their ranges as they were typed, in the order of `range_names`. One that cannot be read asks for
    nothing, as the notes say; the page shows it, to be taken away."""
    elements: Elements = "all"
    scope: Scope = "publications"
    sort: Sort = "relevance"
    view: View = "list"
    """How a page lists the results; they are the same."""
    limit: int = USUAL_LIMIT
    offset: int = 0
    notes: tuple[str, ...] = ()
    """What was left out of the request, plain text."""

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked: the search page as everybody finds it, which alone search engines are to list."""
        return self == SearchRequest(notes=self.notes)

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The values of a facet that were chosen."""
        return dict(self.choices).get(facet, ())

    def range_text(self, name: str) -> str:
        """The range of a quantity as it was typed, or nothing."""
        return dict(self.ranges).get(name, "")

    def range(self, name: str) -> Range | None:
        """The range of a quantity, if one was asked for that can be read."""
        return _read(name, self.range_text(name))

    def toggled(self, facet: str, *values: str) -> "SearchRequest":
        """The search with these values chosen or, where all of them are, with none of them; from its first page."""
        before = self.chosen(facet)
        if all(value in before for value in values):
            after = tuple(value for value in before if value not in values)
        else:
            after = tuple(dict.fromkeys((*before, *values)))
        return replace(self, choices=_in_order({**dict(self.choices), facet: after}), offset=0)

    def with_range(self, name: str, text: str) -> "SearchRequest":
        """The search with another range of a quantity, or with none where the text is empty; from its first page."""
        ranges = {**dict(self.ranges), name: text}
        return replace(self, ranges=_ordered_ranges(ranges), offset=0)

    def cleared(self) -> "SearchRequest":
        """The same words in the same scope and order, and nothing else."""
        return replace(self, choices=(), ranges=(), elements="all", offset=0)

    def pairs(self, *, view: bool = True) -> list[tuple[str, str]]:
        """The parameters that ask for this again, defaults left out; without the `view`, what a program asks for."""
        found = [("q", self.query)] if self.query else []
        found += [(facet, value) for facet, values in self.choices for value in values]
        found += self.ranges
        plain = SearchRequest()
        for name, value, usual in (
            ("elements", self.elements, plain.elements),
            ("sort", self.sort, plain.sort),
            ("in", self.scope, plain.scope),
            ("view", self.view if view else plain.view, plain.view),
            ("limit", str(self.limit), str(plain.limit)),
            ("offset", str(self.offset), str(plain.offset)),
        ):
            if value != usual:
                found.append((name, value))
        return found

    def address(self) -> str:
        """The address relative to the page: `?q=foam&year=2024`, or `?` for the plain page."""
        return "?" + encoded(self.pairs())

    def results(self) -> "SearchRequest":
        """The same results from the first on, on pages of the usual length."""
        return replace(self, offset=0, limit=USUAL_LIMIT)


def read_request(pairs: Iterable[tuple[str, str]]) -> SearchRequest:
    """The search that parameters ask for; the `view` is the page's alone.

    Raises RequestError, which names the parameter first.
    """
    one: dict[str, str] = {}
    choices: dict[str, dict[str, None]] = {}
    notes: dict[str, None] = {}
    for name, value in pairs:
        if name in CHOICES:
            _choose(choices.setdefault(name, {}), name, value, notes)
        elif name in SINGLE or name in NAMES or name in quantities():
            one[name] = value
        else:
            notes[f"“{name[:40]}” is no parameter of the search; it was left out."] = None
    query = one.get("q", "")
    if len(query) > LONGEST_QUERY:
        raise RequestError(f"q: longer than {LONGEST_QUERY} characters")
    elements = _one_of("elements", one.get("elements"), ELEMENTS)
    ranges = {name: value.strip() for name, value in sorted(one.items()) if name not in SINGLE and value.strip()}
    for name, value in list(ranges.items()):
        if _read(name, value) is None:
            notes[f"“{name}={value[:60]}” is no range; it is written {name}={_example(name)}."] = None
        if len(value) > LONGEST_VALUE:
            del ranges[name]
    return SearchRequest(
        query=query,
        choices=_in_order({name: tuple(values) for name, values in choices.items()}),
        ranges=_ordered_ranges(ranges),
        elements=elements if choices.get("element") else ELEMENTS[0],
        scope=_one_of("in", one.get("in"), SCOPES),
        sort=_one_of("sort", one.get("sort"), SORTS),
        limit=_number("limit", one.get("limit"), USUAL_LIMIT, LARGEST_LIMIT),
        offset=_number("offset", one.get("offset"), 0, DEEPEST_OFFSET),
        notes=tuple(notes)[:MOST_NOTES],
    )


def bounds() -> dict[str, object]:
    """What a request may hold, for the scripts of the page and of the engine: the first of each list is the usual."""
    return {
        "single": sorted(SINGLE),
        "elements": list(ELEMENTS),
        "scopes": list(SCOPES),
        "sorts": list(SORTS),
        "views": list(VIEWS),
        "usualLimit": USUAL_LIMIT,
        "largestLimit": LARGEST_LIMIT,
        "deepestOffset": DEEPEST_OFFSET,
        "longestQuery": LONGEST_QUERY,
        "longestValue": LONGEST_VALUE,
        "mostValues": MOST_VALUES,
    }


def range_names() -> tuple[str, ...]:
    """All that can be asked for by a range, in the order of the page."""
    return (*quantities(), "size", "date")


def encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """Parameters as a browser's own URLSearchParams writes them, so that both write the same address."""
    return urlencode(list(pairs), safe="*").replace("~", "%7E")


def _read(name: str, text: str) -> Range | None:
    return read_range(name, ":", text) if text and len(text) <= LONGEST_VALUE else None


def _ordered_ranges(ranges: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, ranges[name]) for name in range_names() if ranges.get(name))


def _choose(chosen: dict[str, None], name: str, value: str, notes: dict[str, None]) -> None:
    if not value:
        return
    if len(chosen) >= MOST_VALUES or len(value) > LONGEST_VALUE:
        notes[f"Too much is chosen of {name}; the rest was left out."] = None
        return
    chosen[value] = None


def _in_order(choices: dict[str, tuple[str, ...]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, choices[name]) for name in CHOICES if choices.get(name))


def _one_of(name: str, value: str | None, allowed: tuple[_T, ...]) -> _T:
    if not value:
        return allowed[0]
    for one in allowed:
        if one == value:
            return one
    raise RequestError(f"{name}: one of {', '.join(allowed)}")


def _number(name: str, value: str | None, usual: int, most: int) -> int:
    if not value:
        return usual
    if not (value.isascii() and value.isdigit() and len(value) <= 12 and int(value) <= most):
        raise RequestError(f"{name}: a whole number from 0 to {most}")
    return int(value)


def _example(name: str) -> str:
    if name == "size":
        return "1GB..10GB"
    return "2021-03..2021-06" if name == "date" else f"1..2{quantities()[name].unit}"
