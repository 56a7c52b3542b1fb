"""Histograms of the quantities of what was found; each bar is a range that can be searched."""

from itertools import pairwise
from math import log10

import numpy as np

from panfair.builders.search.language.answer import Histogram, HistogramBar
from panfair.ontologies.quantities import Quantity, quantities
from panfair.site.search.columns import Mask, Table
from panfair.site.search.evaluate import Narrowed

_MOST_SHOWN = 5
_BARS = 8
_DIGITS = 3
_LOGARITHMIC = 50  # a ratio of more than this reads better in powers


def histograms(table: Table, found: Narrowed) -> tuple[Histogram, ...]:
    """The quantities that most of what was found tells, at most five, the most told first; those with a range always.

    Like the counts of a facet, a quantity's bars are over what matches everything but its own range.
    """
    counted = []
    for key in quantities():
        numbers = table.columns.numbers[key]
        if len(numbers.values):
            chosen = found.request.range(key) is not None
            if count := table.telling(key, found.without(key) if chosen else found.mask):
                counted.append((not chosen, -count, key))
    shown = [one for place, one in enumerate(sorted(counted)) if place < _MOST_SHOWN or not one[0]]
    return tuple(_histogram(table, found.without(key), quantities()[key], -count) for _, count, key in shown)


def _histogram(table: Table, mask: Mask, quantity: Quantity, count: int) -> Histogram:
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
        bars.append(HistogramBar(low=first, high=last, count=int(np.count_nonzero(found))))
    return Histogram(key=quantity.key, label=quantity.label, unit=quantity.unit, count=count, bars=tuple(bars))


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
