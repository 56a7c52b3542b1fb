"""The recipes for curves: how a technique's people plot what a file declares."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from panfair.builders.gallery.plot import Plot
from panfair.builders.gallery.scales import scale_from_zero, scale_of, written
from panfair.builders.html.language import tr
from panfair.ontologies.figures import Axis, Curve

_SIGNS = {"1/a": "Å⁻¹", "1/angstrom": "Å⁻¹", "angstrom^-1": "Å⁻¹", "1/nm": "nm⁻¹", "nm^-1": "nm⁻¹", "1/cm": "cm⁻¹",
          "degree": "°", "deg": "°", "degrees": "°", "angstrom": "Å", "um": "µm", "a.u.": ""}  # fmt: skip


@dataclass(frozen=True)
class View:
    """One way to look at a curve."""

    label: str
    plot: Plot


def views_of(curve: Curve) -> Iterator[View]:
    """The views of a curve, the one that its technique looks at first."""
    curve = known_of(curve)
    if curve.role == "scattering" and (curve.x > 0).sum() > 5 and (curve.y > 0).sum() > 5:
        yield View(tr("Scattering curve"), _plain(curve, True, True))
        yield from _guinier(curve)
        yield _kratky(curve)
    elif curve.role == "absorption":
        yield View(tr("Absorption spectrum"), _with_edge(curve))
    else:
        yield View(tr("Curve"), _plain(curve, False, _spans(curve.y)))


def known_of(curve: Curve) -> Curve:
    """The points of a curve that are numbers; what 32 bits cannot hold is none, so that its square still is one."""
    with np.errstate(over="ignore"):
        x, y = (one.astype("f4").astype("f8") for one in (curve.x, curve.y))
        errors = None if curve.errors is None else curve.errors.astype("f4").astype("f8")
    known = np.isfinite(x) & np.isfinite(y)
    return replace(curve, x=x[known], y=y[known], errors=None if errors is None else errors[known])


def words_of(axis: Axis) -> str:
    """An axis as a plot writes it: its name, and its unit in brackets."""
    unit = _SIGNS.get(axis.unit.lower(), axis.unit)
    name = axis.name if "[" not in axis.name else axis.name.partition("[")[0].strip() or axis.name
    return f"{name} ({unit})" if unit else name


def _spans(y: np.ndarray) -> bool:
    """Whether values span so many powers of ten that a linear scale would hide most of them."""
    above = y[y > 0]
    return len(above) > 0.98 * len(y) and len(above) > 5 and np.percentile(above, 99) > 2000 * np.percentile(above, 5)


def _plain(curve: Curve, across: bool, up: bool) -> Plot:
    kept = (curve.x > 0) if across else np.ones(len(curve.x), bool)
    x, y = curve.x[kept], curve.y[kept]
    errors = None if curve.errors is None else curve.errors[kept]
    scale = scale_of(y, True) if up else scale_from_zero(y)
    few = len(x) < 60
    return Plot(x, y, errors, scale_of(x, across), scale, words_of(curve.along), words_of(curve.up), points=few)


def _guinier(curve: Curve) -> Iterator[View]:
    """ln I against q² where q is small: the stretch that a radius of gyration is read from. Nothing is fitted."""
    above = (curve.y > 0) & (curve.x > 0)
    x, y = curve.x[above], curve.y[above]
    # To where the intensity has fallen to a fifth of its first values: about q·Rg = 2.2.
    first = float(np.median(y[: max(3, len(y) // 100)]))
    fallen = np.flatnonzero(y < first / 5)
    end = int(fallen[0]) if len(fallen) else 0
    if end < 8:
        return
    squared, logarithm = x[:end] ** 2, np.log(y[:end])
    errors = None if curve.errors is None else curve.errors[above][:end] / y[:end]
    unit = _SIGNS.get(curve.along.unit.lower(), curve.along.unit).replace("⁻¹", "⁻²")
    yield View(
        tr("Guinier plot"),
        Plot(squared, logarithm, errors, scale_of(squared), scale_of(logarithm), f"q² ({unit})" if unit else "q²",
             "ln I", points=True),
    )  # fmt: skip


def _kratky(curve: Curve) -> View:
    """q² I against q, which tells a folded particle from an unfolded chain."""
    y = curve.x**2 * curve.y
    errors = None if curve.errors is None else curve.x**2 * curve.errors
    high = float(np.percentile(y[np.isfinite(y)], 99.5)) * 1.1
    scale = scale_from_zero(np.clip(y, 0, high))
    plot = Plot(curve.x, y, errors, scale_of(curve.x), scale, words_of(curve.along), "q² I")
    return View(tr("Kratky plot"), plot)


def _with_edge(curve: Curve) -> Plot:
    """µ(E) with the place of its steepest rise, which is where the edge is said to be."""
    plot = _plain(curve, False, False)
    order = np.argsort(plot.x)
    x, y = plot.x[order], plot.y[order]
    y = np.convolve(np.pad(y, 2, mode="edge"), np.full(5, 0.2), "valid")  # noise is steeper than any edge
    steps = np.diff(x)
    if len(x) < 8 or not (steps > 0).any():
        return plot
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        slope = np.where(steps > 0, np.diff(y) / steps, -math.inf)
    edge = float(x[int(np.argmax(slope))] + steps[int(np.argmax(slope))] / 2)
    unit = curve.along.unit or "eV"
    digits = 1 if unit.lower() == "ev" else 4
    words = tr("steepest at {energy}").format(energy=f"{edge:.{digits}f} {unit}")
    return Plot(plot.x, plot.y, plot.errors, plot.across, plot.up, plot.x_words, plot.y_words, (edge, words))


def in_words(view: View) -> str:
    """What a plot shows: how many points, from where to where, up to where."""
    plot = view.plot
    low, high = (written(float(one)) for one in (plot.x.min(), plot.x.max()))
    least, most = (written(float(one)) for one in (plot.y.min(), plot.y.max()))
    return tr("{label}: {points} points, {x} from {low} to {high}, {y} from {least} to {most}").format(
        label=view.label, points=len(plot.x), x=plot.x_words, low=low, high=high, y=plot.y_words, least=least, most=most
    )
