"""What a search asks for, read from the parameters of an address: the same for page, API, export and feed.

`q` holds the query language; a facet (`technique=tomography`) may stand several times: one of its values must be had;
a quantity, `size` or `date` (`energy=10..14keV`) stands once; `elements` says how chosen elements count together;
`sort`, `in`, `limit` and `offset` say what is listed. Between facets and ranges all must hold.

What cannot be a request at all (`limit=x`) raises `AskedError`; what a person may mistype becomes a note.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, get_args
from urllib.parse import urlencode

from panfair.builders.search.documents.facets import FACETS
from panfair.builders.search.language.ranges import NAMES, read_range
from panfair.builders.search.language.tree import Range
from panfair.ontologies.errors import AskedError
from panfair.ontologies.quantities import quantities

Scope = Literal["publications", "datasets"]
Sort = Literal["relevance", "newest", "oldest", "largest", "title"]
Elements = Literal["all", "any", "only"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
SORTS: tuple[Sort, ...] = get_args(Sort)
ELEMENTS: tuple[Elements, ...] = get_args(Elements)
CHOICES = (*FACETS, "year")
"""Parameters that choose values of facets."""

DEEPEST_OFFSET = 10_000
LARGEST_LIMIT = 100
USUAL_LIMIT = 20
LONGEST_QUERY = 16_384
"""Characters of `q`; the query language reads the first 2,000."""
MOST_VALUES = 50
_T = TypeVar("_T", bound=str)
LONGEST_VALUE = 500  # characters


@dataclass(frozen=True)
class Asked:
    """One search."""

    query: str = ""
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Facets with the values that were chosen, in the order of `CHOICES`; no empty ones."""
    ranges: tuple[tuple[str, str], ...] = ()
    """Quantities with their ranges as they were typed, by name; readable ones only."""
    elements: Elements = "all"
    scope: Scope = "publications"
    sort: Sort = "relevance"
    limit: int = USUAL_LIMIT
    offset: int = 0
    notes: tuple[str, ...] = ()
    """What was left out of the request, plain text."""

    def chosen(self, facet: str) -> tuple[str, ...]:
        """The values of a facet that were chosen."""
        return dict(self.choices).get(facet, ())

    def range(self, name: str) -> Range | None:
        """The range of a quantity, if one was asked for."""
        text = dict(self.ranges).get(name)
        return read_range(name, ":", text) if text is not None else None

    def toggled(self, facet: str, value: str) -> "Asked":
        """The search with a value chosen that was not, or the other way round; from its first page."""
        values = self.chosen(facet)
        other = tuple(one for one in values if one != value) if value in values else (*values, value)
        return replace(self, choices=_in_order({**dict(self.choices), facet: other}), offset=0)

    def without(self, name: str) -> "Asked":
        """The search without a facet's choices or without a range; from its first page."""
        return replace(
            self,
            choices=tuple(pair for pair in self.choices if pair[0] != name),
            ranges=tuple(pair for pair in self.ranges if pair[0] != name),
            offset=0,
        )

    def with_range(self, name: str, text: str) -> "Asked":
        """The search with a range; from its first page."""
        return replace(self, ranges=tuple(sorted({**dict(self.ranges), name: text}.items())), offset=0)

    def pairs(self, paging: bool = True) -> list[tuple[str, str]]:
        """The parameters that ask for this again, without those at their usual values; `read_asked` reads them."""
        told = [("q", self.query)] if self.query else []
        told += [(facet, value) for facet, values in self.choices for value in values]
        told += list(self.ranges)
        plain = Asked()
        rest: list[tuple[str, str, str]] = [
            ("elements", self.elements, plain.elements),
            ("sort", self.sort, plain.sort),
            ("in", self.scope, plain.scope),
        ]
        told += [(name, value) for name, value, usual in rest if value != usual]
        if paging:
            told += [("limit", str(self.limit))] if self.limit != plain.limit else []
            told += [("offset", str(self.offset))] if self.offset else []
        return told

    def address(self, path: str, paging: bool = True) -> str:
        """A path with these parameters behind it."""
        pairs = self.pairs(paging)
        return f"{path}?{urlencode(pairs)}" if pairs else path


def read_asked(pairs: Iterable[tuple[str, str]], also: Iterable[str] = ()) -> Asked:
    """The search that parameters ask for; `also` names parameters that are somebody else's.

    Raises AskedError, which names the parameter first.
    """
    one: dict[str, str] = {}
    choices: dict[str, dict[str, None]] = {}
    notes: dict[str, None] = {}
    for name, value in pairs:
        if name in CHOICES:
            _choose(choices.setdefault(name, {}), name, value, notes)
        elif name in SINGLE or name in NAMES or name in quantities():
            one[name] = value
        elif name not in also:
            notes[f"“{name[:40]}” is no parameter of the search; it was left out."] = None
    query = one.get("q", "")
    if len(query) > LONGEST_QUERY:
        raise AskedError(f"q: longer than {LONGEST_QUERY} characters")
    ranges = {name: value.strip() for name, value in sorted(one.items()) if name not in SINGLE and value.strip()}
    for name, value in list(ranges.items()):
        if len(value) > LONGEST_VALUE or read_range(name, ":", value) is None:
            del ranges[name]
            notes[f"“{name}={value[:60]}” is no range; it is written {name}={_example(name)}."] = None
    return Asked(
        query=query,
        choices=_in_order({name: tuple(values) for name, values in choices.items()}),
        ranges=tuple(ranges.items()),
        elements=_one_of("elements", one.get("elements"), ELEMENTS),
        scope=_one_of("in", one.get("in"), SCOPES),
        sort=_one_of("sort", one.get("sort"), SORTS),
        limit=_number("limit", one.get("limit"), USUAL_LIMIT, LARGEST_LIMIT),
        offset=_number("offset", one.get("offset"), 0, DEEPEST_OFFSET),
        notes=tuple(notes)[:MOST_VALUES],
    )


SINGLE = frozenset({"q", "elements", "in", "sort", "limit", "offset"})


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
    raise AskedError(f"{name}: one of {', '.join(allowed)}")


def _number(name: str, value: str | None, usual: int, most: int) -> int:
    if not value:
        return usual
    if not (value.isascii() and value.isdigit() and len(value) <= 12 and int(value) <= most):
        raise AskedError(f"{name}: a whole number from 0 to {most}")
    return int(value)


def _example(name: str) -> str:
    if name == "size":
        return "1GB..10GB"
    return "2021-03..2021-06" if name == "date" else f"1..2{quantities()[name].unit}"
