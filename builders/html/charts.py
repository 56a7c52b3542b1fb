"""Columns and bars of counts, as little SVG as a reader needs: the numbers stand beside them as text, and in a CSV.

Nothing here is text within the drawing, so that it may be stretched to any width; colours come from the style sheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass

_HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a chart: where it stands, how high it is (0 to 100), and what it says."""

    x: int
    height: float
    says: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns side by side, ten units wide each."""

    title: str
    highest: str
    """The largest value in words."""
    first: str
    last: str
    """What the first and the last column stand for."""
    width: int
    columns: tuple[Column, ...]


def columns(title: str, values: Sequence[tuple[str, int, str]]) -> Columns | None:
    """The chart of labels with their values, in order, and the values in words; None when there is nothing to draw.

    >>> [column.height for column in columns("Files", [("2024", 5, "5"), ("2025", 10, "10")]).columns]
    [50.0, 100.0]
    """
    most = max((value for _, value, _ in values), default=0)
    if most <= 0 or len(values) < 2:
        return None
    drawn = [
        Column(10 * place, share(value, most), f"{label}: {words}")
        for place, (label, value, words) in enumerate(values)
    ]
    highest = next(words for _, value, words in values if value == most)
    return Columns(title, highest, values[0][0], values[-1][0], 10 * len(values), tuple(drawn))


def share(value: int, most: int) -> float:
    """The height of a value beside the largest, of 100; what is not nothing is seen.

    >>> share(0, 7), share(1, 100_000), share(7, 7)
    (0.0, 1.0, 100.0)
    """
    return max(1.0, round(_HEIGHT * (value / most), 1)) if value > 0 and most > 0 else 0.0
