"""What one can narrow a search by, as the page shows it: lists of values with counts, bars of years and of quantities.

`answer` is what `/api/search` says of the search, `world` what it says of the same scope when nothing is asked: so a
value that nothing has now is shown in grey and not taken away. The script in the page does the same with the same two.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from panfair.builders.html.language import tr
from panfair.builders.html.words import number, range_in_words
from panfair.builders.search.language.answer import Histogram, SearchAnswer
from panfair.builders.search.language.request import SearchRequest
from panfair.builders.search.page.words import FACET_LABELS, value_words
from panfair.ontologies.quantities import quantities
from panfair.ontologies.units import interpret

LISTED = ("instrument", "facility", "kind", "has", "format", "licence", "detail")
"""Facets that are shown as lists; technique, year and element have forms of their own."""
_FIRST = 8
_MOST_BARS = 10
_LEAST_HEIGHT = 4  # per cent: a bar of one publication must be seen
_SPANS = (1, 2, 5, 10, 20, 50, 100)
_YEAR = re.compile(r"[0-9]{4}")  # as records have it; bars up to the year 9999999999, if asked for, would have no end
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"(?P<low>{_NUMBER})?\s*\.\.\s*(?P<high>{_NUMBER})?\s*(?P<unit>[^\d\s.].*)?")
_DAYS = re.compile(r"(?P<low>\d{4}-\d\d-\d\d)?\.\.(?P<high>\d{4}-\d\d-\d\d)?")
SIZE_UNITS = ("MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that can be chosen."""

    value: str
    words: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class ListFacet:
    """A facet that is a list."""

    name: str
    label: str
    first: tuple[Choice, ...]
    """Shown at once: the most frequent, and all that are chosen."""
    rest: tuple[Choice, ...]
    chosen: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a histogram, and the search that it leads to."""

    address: str
    low: str
    high: str
    count: int
    height: int
    """Of a hundred."""
    chosen: bool


@dataclass(frozen=True, slots=True)
class Ends:
    """A range as its form shows it."""

    low: str
    high: str
    unit: str


@dataclass(frozen=True, slots=True)
class QuantityFilter:
    """A quantity that can be asked for by a range."""

    key: str
    label: str
    unit: str
    """Of the bars."""
    units: tuple[str, ...]
    """Those that can be picked, those of the other side of energy and wavelength at the end."""
    count: int | None
    """How many tell it; None where nobody has counted."""
    bars: tuple[Bar, ...]
    ends: Ends
    chosen: bool


def list_facets(request: SearchRequest, answer: SearchAnswer, world: SearchAnswer) -> list[ListFacet]:
    """The lists that have something in them."""
    found = (_list_facet(name, request, answer, world) for name in LISTED)
    return [facet for facet in found if facet.first]


def _list_facet(name: str, request: SearchRequest, answer: SearchAnswer, world: SearchAnswer) -> ListFacet:
    chosen = request.chosen(name)
    counts = {**dict.fromkeys(chosen, 0), **counts_of(answer, name)}
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    ordered += [value for value in counts_of(world, name) if value not in counts]
    choices = [Choice(value, value_words(name, value), counts.get(value, 0), value in chosen) for value in ordered]
    first = [choice for place, choice in enumerate(choices) if place < _FIRST or choice.chosen]
    rest = [choice for choice in choices if choice not in first]
    if len(rest) == 1:  # a line that says “show one more” takes the place of that one
        first, rest = choices, []
    return ListFacet(name, tr(FACET_LABELS[name]), tuple(first), tuple(rest), len(chosen))


def counts_of(answer: SearchAnswer, facet: str) -> dict[str, int]:
    """A facet's values with their counts, in the answer's order."""
    return {one.value: one.count for one in answer.facets.get(facet, ())}


def year_bars(request: SearchRequest, answer: SearchAnswer, world: SearchAnswer) -> list[Bar]:
    """The years from the first to the last that there are, a bar each or, when they are many, for two, five or ten."""
    counts = {int(year): count for year, count in counts_of(answer, "year").items() if _YEAR.fullmatch(year)}
    known = {*counts, *(int(year) for year in counts_of(world, "year") if _YEAR.fullmatch(year))}
    if not known:
        return []
    first, last = min(known), max(known)
    span = next((span for span in _SPANS if last // span - first // span < _MOST_BARS), _SPANS[-1])
    bars = []
    for start in range(first // span * span, last + 1, span):
        inside = list(range(max(start, first), min(start + span - 1, last) + 1))
        values = [str(year) for year in inside if year in known] or [str(year) for year in inside]
        total = sum(counts.get(year, 0) for year in inside)
        chosen = all(value in request.chosen("year") for value in values)
        bars.append((request.toggled("year", *values).address(), str(inside[0]), str(inside[-1]), total, chosen))
    return _bars(bars)


def quantity_filters(request: SearchRequest, answer: SearchAnswer) -> list[QuantityFilter]:
    """All quantities: those that the results tell most first, then those asked for, then the others."""
    histograms = {one.key: one for one in answer.histograms}
    known = quantities()
    order = [key for key in histograms if key in known]
    order += [key for key in known if key not in histograms and request.range_text(key)]
    order += [key for key in known if key not in order]
    return [_quantity_filter(key, histograms.get(key), request) for key in order]


def _quantity_filter(key: str, histogram: Histogram | None, request: SearchRequest) -> QuantityFilter:
    quantity, range_text = quantities()[key], request.range_text(key)
    bars = []
    for bar in histogram.bars if histogram else ():
        low, high = plain_number(bar.low), plain_number(bar.high)
        text = f"{low}..{high}{quantity.unit}"
        address = request.with_range(key, "" if text == range_text else text).address()
        bars.append((address, low, high, bar.count, text == range_text))
    return QuantityFilter(
        key=key,
        label=tr(quantity.label),
        unit=quantity.unit,
        units=units_of(key),
        count=histogram.count if histogram else None,
        bars=tuple(_bars(bars)),
        ends=ends_of(range_text, quantity.unit),
        chosen=bool(range_text),
    )


def units_of(key: str) -> tuple[str, ...]:
    """The units that a quantity's form offers."""
    other = {"energy": "wavelength", "wavelength": "energy"}.get(key)
    return quantities()[key].units + (quantities()[other].units if other else ())


def unit_scales() -> dict[str, tuple[str, float, float]]:
    """For each unit on the page: what it measures, its factor and its offset to SI."""
    scales = {}
    for key in quantities():
        for unit in units_of(key):
            meant = interpret(unit)
            if meant is not None:
                scales[unit] = (meant.kind, meant.factor, meant.offset)
    return scales


def ends_of(text: str, unit: str) -> Ends:
    """A range taken apart for a form; a range that no form can show leaves it empty.

    >>> ends_of("10..14keV", "keV"), ends_of("..300", "K"), ends_of("<2", "Å")
    (Ends(low='10', high='14', unit='keV'), Ends(low='', high='300', unit='K'), Ends(low='', high='', unit='Å'))
    """
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        return Ends("", "", unit)
    return Ends(found["low"] or "", found["high"] or "", (found["unit"] or unit).strip())


def days_of(text: str) -> Ends:
    """A range of days taken apart for a form of two dates."""
    found = _DAYS.fullmatch(text.strip())
    return Ends(found["low"] or "", found["high"] or "", "") if found else Ends("", "", "")


def range_words(key: str, text: str) -> str:
    """A range as a chip says it.

    >>> range_words("energy", "10..14keV"), range_words("size", "..2GB"), range_words("resolution", "<2")
    ('10 to 14 keV', 'up to 2 GB', '< 2')
    """
    unit = quantities()[key].unit if key in quantities() else ""
    ends = days_of(text) if key == "date" else ends_of(text, unit)
    tail = f" {ends.unit}" if ends.unit else ""
    if ends.low and ends.high:
        return range_in_words(ends.low, ends.high, ends.unit)
    if ends.low or ends.high:
        return (
            tr("from {low}").format(low=ends.low + tail)
            if ends.low
            else tr("up to {high}").format(high=ends.high + tail)
        )
    return re.sub(r"^([<>]=?)\s*", r"\1 ", text)


def _bars(bars: list[tuple[str, str, str, int, bool]]) -> list[Bar]:
    """Bars with their heights: the highest is a hundred, none that has something is too low to be seen."""
    highest = max((count for _, _, _, count, _ in bars), default=0) or 1
    return [
        Bar(address, low, high, count, max(_LEAST_HEIGHT, int(100 * count / highest + 0.5)) if count else 0, chosen)
        for address, low, high, count, chosen in bars
    ]


def bar_words(bar: Bar, unit: str = "") -> str:
    """What a bar says to who cannot see it: `10 to 12 keV: 34`."""
    tail = f" {unit}" if unit else ""
    stretch = bar.low if bar.low == bar.high else range_in_words(bar.low, bar.high)
    return f"{stretch}{tail}: {number(bar.count)}"


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
