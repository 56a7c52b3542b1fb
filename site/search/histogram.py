"""How the quantities of what was found are spread: the bars of a small histogram, each a range that can be searched."""

from dataclasses import dataclass
from itertools import pairwise
from math import log10

import numpy as np

from panfair.ontologies.quantities import Quantity, quantities
from panfair.site.search.columns import Mask, Table
from panfair.site.search.evaluate import Narrowed

_MOST_SPREADS = 5
_BARS = 8
_DIGITS = 3
_LOGARITHMIC = 50  # a spread of more than this reads better in powers


@dataclass(frozen=True)
class Bar:
    """A stretch of a quantity and how many of the found publications have a value in it, both ends included."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class Spread:
    """How a quantity is spread over the found publications."""

    key: str
    label: str
    unit: str
    count: int
    """Publications that tell it."""
    bars: tuple[Bar, ...]
    """In the unit."""


def spreads(table: Table, found: Narrowed) -> tuple[Spread, ...]:
    """The quantities that most of what was found tells, at most five, the most told first; those with a range always.

    Like the counts of a facet, a quantity's bars are over what matches everything but its own range.
    """
    told = []
    for key, numbers in table.columns.numbers.items():
        if len(numbers.values):
            chosen = found.asked.range(key) is not None
            if count := table.telling(key, found.without(key) if chosen else found.mask):
                told.append((not chosen, -count, key))
    shown = [one for place, one in enumerate(sorted(told)) if place < _MOST_SPREADS or not one[0]]
    return tuple(_spread(table, found.without(key), quantities()[key], -count) for _, count, key in shown)


def _spread(table: Table, mask: Mask, quantity: Quantity, count: int) -> Spread:
    values, rows = table.by_value(quantity.key)
    inside = mask[rows]
    lowest, highest = int(np.argmax(inside)), len(inside) - 1 - int(np.argmax(inside[::-1]))
    low, high = (quantity.from_si(float(values[place])) for place in (lowest, highest))
    bars = []
    for first, last in pairwise(_ends(low, high)):
        start = np.searchsorted(values, _si(quantity, first), "left")
        end = np.searchsorted(values, _si(quantity, last), "right")
        found = table.none()  # a document counts once, however many of its values are in the bar
        found[rows[start:end][inside[start:end]]] = True
        bars.append(Bar(first, last, int(np.count_nonzero(found))))
    return Spread(quantity.key, quantity.label, quantity.unit, count, tuple(bars))


def _si(quantity: Quantity, value: float) -> float:
    found = quantity.to_si(value)
    assert found is not None
    return float(f"{found:.12g}")


def _ends(low: float, high: float) -> list[float]:
    """The ends of the bars, round numbers that hold all between the lowest and the highest value."""
    if low == high:
        return [_round(low, -1), _round(high, 1)]
    if low > 0 and high / low > _LOGARITHMIC:
        first, last = log10(low), log10(high)
        inner = [10 ** (first + (last - first) * step / _BARS) for step in range(1, _BARS)]
    else:
        inner = [low + (high - low) * step / _BARS for step in range(1, _BARS)]
    return sorted({_round(low, -1), *(_round(value, 0) for value in inner), _round(high, 1)})


def _round(value: float, way: int) -> float:
    """A value with three digits, down, up or to the nearest."""
    if value == 0:
        return 0.0
    near = float(f"{value:.{_DIGITS}g}")
    step = 10.0 ** (np.floor(log10(abs(value))) - _DIGITS + 1)
    if way < 0 and near > value:
        near -= step
    if way > 0 and near < value:
        near += step
    return float(f"{near:.{_DIGITS + 1}g}")
