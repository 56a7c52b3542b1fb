"""Scales of plots: where a number lies between two ends, linear or logarithmic, and which numbers are written."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass(frozen=True)
class Scale:
    """The numbers from `low` to `high` along a direction; logarithmic ones are above 0."""

    low: float
    high: float
    logarithmic: bool = False

    def place(self, values: "np.ndarray") -> "np.ndarray":
        """Where numbers lie, 0 at the low end and 1 at the high end."""
        import numpy as np

        if self.logarithmic:
            with np.errstate(divide="ignore", invalid="ignore"):
                found = (np.log10(values) - math.log10(self.low)) / (math.log10(self.high) - math.log10(self.low))
        else:
            found = (values - self.low) / (self.high - self.low)
        return np.asarray(found)

    def ticks(self, most: int = 6) -> list[tuple[float, str]]:
        """Round numbers inside, with how they are written.

        >>> [words for _, words in Scale(0, 0.62).ticks(4)]
        ['0', '0.2', '0.4', '0.6']
        >>> [words for _, words in Scale(0.5, 2000, True).ticks()]
        ['1', '10', '100', '1000']
        >>> [words for _, words in Scale(1e-7, 1, True).ticks(4)]
        ['10⁻⁶', '10⁻⁴', '0.01', '1']
        """
        if self.logarithmic:
            first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
            if last > first or (last == first and self.high / self.low > 5):
                step = max(1, -(-(last - first + 1) // most))
                powers = [power for power in range(first, last + 1) if power % step == 0] or [first]
                return [(10.0**power, _power(power)) for power in powers]
        each = _round_step((self.high - self.low) / most)
        first = math.ceil(self.low / each - 1e-9)
        found = [number * each for number in range(first, math.floor(self.high / each + 1e-9) + 1)]
        return [(value, written(value, each)) for value in found]


def scale_of(values: "np.ndarray", logarithmic: bool = False) -> Scale:
    """The scale that holds all finite numbers (above 0, where it is logarithmic), with a little air."""
    import numpy as np

    known = values[np.isfinite(values)]
    if logarithmic:
        known = known[known > 0]
    if not len(known):
        return Scale(1, 10, True) if logarithmic else Scale(0, 1)
    low, high = float(known.min()), float(known.max())
    if logarithmic:
        return Scale(low / 1.15, high * 1.15, True) if high > low else Scale(low / 2, high * 2, True)
    if high <= low:
        return Scale(low - (abs(low) or 1) / 2, high + (abs(high) or 1) / 2)
    air = (high - low) * 0.04
    return Scale(low - air, high + air)


def scale_from_zero(values: "np.ndarray") -> Scale:
    """The same, beginning at 0 where all numbers are above it and some are near."""
    scale = scale_of(values)
    low = float(values.min()) if len(values) else 0.0
    return Scale(0.0, scale.high) if 0 <= low < 0.25 * (scale.high - low) else scale


def written(value: float, step: float = 0.0) -> str:
    """A number in few digits: as many as its steps need, four without any.

    >>> written(0.30000000000000004, 0.1), written(123456.0), written(1.5e-7), written(7112.0, 20.0)
    ('0.3', '1.235 × 10⁵', '1.5 × 10⁻⁷', '7112')
    """
    if value == 0 or (step and abs(value) < step / 1e6):
        return "0"
    size = math.floor(math.log10(abs(value)) + 1e-12)
    if -4 < size < 5:
        digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step else max(0, 3 - size)
        if step and round(step, digits) != round(step, digits + 1):
            digits += 1
        text = f"{value:.{digits}f}"
        return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")
    return f"{value / 10.0**size:.4g} × {_power(size)}".replace("-", "−")


def _power(power: int) -> str:
    if -2 <= power <= 3:
        return f"{10.0**power:g}"
    return "10" + str(power).translate(_SUPERSCRIPT)


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * 0.999)
