"""The state of a search as its address tells it, and the addresses of the searches beside it.

One search is one address: the words in `q`, chosen values of facets (each repeatable), ranges (one each), the order,
the scope. Defaults are left out and the order of the parameters is fixed, so that one state has one address. A form
without a script can only send two ends and a unit apart (`energy.min`, `energy.max`, `energy.unit`); `tidied` makes one
range of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from urllib.parse import urlencode

from panfair.ontologies.quantities import quantities

FACETS = ("technique", "instrument", "year", "element", "facility", "kind", "has", "format", "licence", "detail")
"""The facets in the order of the page."""
SORTS = ("relevance", "newest", "oldest", "largest", "title")
SCOPES = ("publications", "datasets")
VIEWS = ("list", "compact")
ELEMENT_MODES = ("all", "any", "only")
PAGE_SIZE = 20
LARGEST_PAGE = 100
DEEPEST = 10_000
_MOST_CHOSEN = 200  # values in all: more than 118 elements
_LONGEST_QUERY, _LONGEST_VALUE = 16_384, 500  # characters
_ENDS = (".min", ".max", ".unit")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class State:
    """What is asked for."""

    query: str = ""
    chosen: Pairs = ()
    """Facet and value, in the order in which they were chosen."""
    ranges: Pairs = ()
    """Quantity (or `size`, `date`) and range, as the query language writes it: `10..14keV`."""
    elements: str = "all"
    sort: str = "relevance"
    scope: str = "publications"
    view: str = "list"
    limit: int = PAGE_SIZE
    offset: int = 0

    def values(self, facet: str) -> tuple[str, ...]:
        """What is chosen in a facet."""
        return tuple(value for name, value in self.chosen if name == facet)

    def range(self, key: str) -> str:
        """What is asked of a quantity, or nothing."""
        return dict(self.ranges).get(key, "")

    @property
    def is_plain(self) -> bool:
        """Whether this is the search page as everybody finds it, which alone search engines are to list."""
        return self == State()

    def toggled(self, facet: str, *values: str) -> "State":
        """The same with these values of a facet chosen, or, when all of them are, with none of them; the first page."""
        pairs = tuple((facet, value) for value in values)
        if all(pair in self.chosen for pair in pairs):
            kept = tuple(pair for pair in self.chosen if pair not in pairs)
        else:
            kept = (*self.chosen, *(pair for pair in pairs if pair not in self.chosen))
        return replace(self, chosen=kept, offset=0)

    def ranged(self, key: str, text: str) -> "State":
        """The same with another range of a quantity, or with none; the first page."""
        kept = tuple((name, value) for name, value in self.ranges if name != key)
        return replace(self, ranges=(*kept, (key, text)) if text else kept, offset=0)

    def cleared(self) -> "State":
        """The same words in the same scope and order, and nothing else."""
        return replace(self, chosen=(), ranges=(), elements="all", offset=0)

    def pairs(self, *, view: bool = True) -> list[tuple[str, str]]:
        """The parameters, defaults left out; without the `view`, what a program asks for."""
        ranges = dict(self.ranges)
        found = [("q", self.query)] if self.query else []
        found += [(facet, value) for facet in FACETS for value in self.values(facet)]
        found += [(key, ranges[key]) for key in range_keys() if key in ranges]
        plain = State()
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


def read_state(pairs: Iterable[tuple[str, str]]) -> State:
    """The state that parameters tell; what is no parameter of ours, or out of bounds, is as if it were not there."""
    found = State()
    chosen: dict[tuple[str, str], None] = {}
    for name, value in pairs:
        value = value.strip()
        if not value:
            continue
        if name == "q":
            found = replace(found, query=value[:_LONGEST_QUERY])
        elif len(value) > _LONGEST_VALUE:
            continue
        elif name in FACETS:
            if len(chosen) < _MOST_CHOSEN:
                chosen[name, value] = None
        elif name in range_keys():
            found = found.ranged(name, value)
        elif name == "elements" and value in ELEMENT_MODES:
            found = replace(found, elements=value)
        elif name == "sort" and value in SORTS:
            found = replace(found, sort=value)
        elif name == "in" and value in SCOPES:
            found = replace(found, scope=value)
        elif name == "view" and value in VIEWS:
            found = replace(found, view=value)
        elif name == "limit" and value.isascii() and value.isdecimal() and len(value) < 6:
            found = replace(found, limit=min(max(1, int(value)), LARGEST_PAGE))
        elif name == "offset" and value.isascii() and value.isdecimal() and len(value) < 12:
            found = replace(found, offset=min(int(value), DEEPEST))
    elements = found.elements if any(name == "element" for name, _ in chosen) else "all"
    return replace(found, chosen=tuple(chosen), elements=elements)


def tidied(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]] | None:
    """What a form without a script meant by ends and units sent apart and by empty fields; None when nothing is so.

    An energy in ångström is a wavelength, and a wavelength in electronvolts an energy.
    """
    given = list(pairs)
    ends = {name: value.strip() for name, value in given if name.endswith(_ENDS)}
    if not ends and all(value.strip() for _, value in given):
        return None
    ranges: dict[str, str] = {}
    for key in range_keys():
        low, high = (ends.get(key + end, "") for end in (".min", ".max"))
        if low or high:
            unit = ends.get(key + ".unit", "")
            ranges[measured_as(key, unit)] = f"{low}..{high}{unit}"
    kept = [(name, value) for name, value in given if name not in ends and name not in ranges and value.strip()]
    return read_state([*kept, *ranges.items()]).pairs()


def measured_as(key: str, unit: str) -> str:
    """The quantity that a range is of when it is written in a unit: energy and wavelength are one thing from two sides.

    >>> measured_as("energy", "Å"), measured_as("energy", "keV"), measured_as("distance", "m")
    ('wavelength', 'energy', 'distance')
    """
    for one, other in (("energy", "wavelength"), ("wavelength", "energy")):
        if key == one and unit in quantities()[other].units:
            return other
    return key


def range_keys() -> tuple[str, ...]:
    """All that can be asked for by a range, in the order of the page."""
    return (*quantities(), "size", "date")


PARAMETERS = frozenset({"q", *FACETS, *range_keys(), "elements", "sort", "in", "view", "limit", "offset"})
"""All parameters of the page."""


def encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """Parameters as a browser's own URLSearchParams writes them, so that both write the same address."""
    return urlencode(list(pairs), safe="*").replace("~", "%7E")


def plain_number(value: float) -> str:
    """A number with at most six digits, as both Python and a browser can write it.

    >>> plain_number(12.0), plain_number(0.00025), plain_number(2.5e-09), plain_number(1234567.0)
    ('12', '0.00025', '2.5e-9', '1234570')
    """
    if value == 0:
        return "0"
    short = Decimal(f"{value:.6g}")
    if 1e-6 <= abs(value) < 1e21:
        text = format(short, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, _, exponent = f"{value:.5e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{'+' if int(exponent) > 0 else ''}{int(exponent)}"
