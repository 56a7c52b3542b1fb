"""What lies over an image: rings of resolution on a diffraction frame, a scale bar where the pixel size is known."""

import math
from html import escape

from panfair.builders.gallery.scales import written
from panfair.ontologies.figures import Beam

_RINGS = (20.0, 15.0, 10.0, 7.0, 5.0, 4.0, 3.5, 3.0, 2.5, 2.2, 2.0, 1.8, 1.6, 1.4, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7, 0.6)
"""Ångström."""
_UNITS = {"um": "µm", "μm": "µm", "micron": "µm", "angstrom": "Å", "Angstrom": "Å"}


def ring_radius(beam: Beam, spacing: float) -> float | None:
    """How far from the beam a spacing (Å) is seen, in pixels of the frame; None where it is not seen forwards.

    Bragg: λ = 2 d sin θ; the detector stands upright on the beam, at r = D tan 2θ.

    >>> round(ring_radius(Beam(1.0, 0.2, 75e-6, (0, 0)), 2.0))
    1475
    """
    sine = beam.wavelength / (2 * spacing)
    if sine >= math.sin(math.pi / 4) * 0.999:
        return None
    return beam.distance * math.tan(2 * math.asin(sine)) / beam.pixel


def rings(beam: Beam, shown: float, width: int, height: int) -> tuple[str, str]:
    """An overlay for an image of so many pixels, each of `shown` pixels of the frame, and the spacings in words."""
    x, y = beam.centre[0] / shown, beam.centre[1] / shown
    farthest = max(math.hypot(x - a, y - b) for a in (0, width) for b in (0, height))
    size = max(width, height) / 45
    parts, told, last = [], [], 0.0
    for spacing in _RINGS:
        radius = ring_radius(beam, spacing)
        if radius is None or radius / shown > farthest * 0.8:
            break
        radius /= shown
        if radius - last < farthest / 6:
            continue
        last = radius
        words = f"{written(spacing)} Å"
        told.append(words)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"/>')
        for direction in (0.8, 2.3, 3.9, 5.5):
            a, b = x + radius * math.cos(direction), y + radius * math.sin(direction)
            if size < a < width - 3 * size and 2 * size < b < height - size:
                parts.append(_label(f'x="{a:.1f}" y="{b:.1f}" font-size="{size:.0f}"', words))
                break
    return (_over("rings", width, height, parts), ", ".join(told)) if parts else ("", "")


def scale_bar(pixel: tuple[float, str], shown: float, width: int, height: int) -> tuple[str, str]:
    """An overlay with a bar of a round length, about a quarter of the image's width, and that length in words."""
    each, unit = pixel[0] * shown, _UNITS.get(pixel[1], pixel[1])
    whole = each * width
    if not (math.isfinite(whole) and whole > 0):
        return "", ""
    for smaller, factor in (("mm", 1e3), ("µm", 1e3), ("nm", 1e3)):
        if whole < 1 and {"m": "mm", "mm": "µm", "µm": "nm"}.get(unit) == smaller:
            each, unit, whole = each * factor, smaller, whole * factor
    for larger, smaller in (("µm", "nm"), ("mm", "µm")):
        if unit == smaller and whole / 4 >= 1000:
            each, unit, whole = each / 1e3, larger, whole / 1e3
    power = 10.0 ** math.floor(math.log10(whole / 4))
    length = max(one * power for one in (1, 2, 5) if one * power <= whole / 4)
    size, long, words = max(width, height) / 32, length / each, f"{written(length)} {unit}"
    left, low = size, height - size
    parts = [
        f'<path d="M{left:.1f} {low:.1f}h{long:.1f}"/>',
        _label(
            f'x="{left + long / 2:.1f}" y="{low - size / 2:.1f}" font-size="{size:.0f}" text-anchor="middle"', words
        ),
    ]
    return _over("bar", width, height, parts), words


def _label(place: str, words: str) -> str:
    """Words that are read on any ground: once as a halo, and over it as they are."""
    return f'<text class="halo" {place}>{escape(words)}</text><text {place}>{escape(words)}</text>'


def _over(kind: str, width: int, height: int, parts: list[str]) -> str:
    return f'<svg class="over {kind}" viewBox="0 0 {width} {height}" aria-hidden="true">{"".join(parts)}</svg>'
