"""A plot of one curve: as SVG that takes its colours from the page, and as a small picture for cards.

The SVG stands in the page itself, so that it follows the page's light and dark; it has no style of its own, which the
policy of the pages would refuse.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from io import BytesIO

import numpy as np

from panfair.builders.gallery.scales import Scale

WIDTH, HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 74, 14, 12, 52
_MOST_BINS = 240
_PAPER, _INK, _QUIET = (255, 255, 255), (11, 85, 128), (205, 214, 222)


@dataclass(frozen=True)
class Plot:
    """A curve, its scales and its words."""

    x: np.ndarray
    y: np.ndarray
    errors: np.ndarray | None
    across: Scale
    up: Scale
    x_words: str
    y_words: str
    line: tuple[float, str] | None = None
    """A place along x that is marked, with its words: an edge."""
    points: bool = False
    """Whether single points are drawn, as few are."""


def svg_of(plot: Plot, name: str, title: str, description: str) -> str:
    """The plot as an SVG element; `name` is unique in the page."""
    parts = [
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{name}-t {name}-d">',
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>',
        '<g class="grid">',
    ]
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    labels = []
    for value, words in plot.across.ticks():
        x = _x(plot, np.array([value]))[0]
        parts.append(f'<path d="M{x:.1f} {_TOP}V{bottom}"/>')
        labels.append(f'<text x="{x:.1f}" y="{bottom + 19}" text-anchor="middle">{words}</text>')
    for value, words in plot.up.ticks():
        y = _y(plot, np.array([value]))[0]
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{right}"/>')
        labels.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{words}</text>')
    parts += ["</g>", f'<path class="frame" d="M{_LEFT} {_TOP}V{bottom}H{right}"/>', *labels]
    middle = (_TOP + bottom) / 2
    parts.append(
        f'<text x="{(_LEFT + right) / 2:.0f}" y="{HEIGHT - 10}" text-anchor="middle">{escape(plot.x_words)}</text>'
    )
    parts.append(
        f'<text transform="translate(16 {middle:.0f}) rotate(-90)" text-anchor="middle">{escape(plot.y_words)}</text>'
    )
    if plot.line and 0 <= plot.across.place(np.array([plot.line[0]]))[0] <= 1:
        x = _x(plot, np.array([plot.line[0]]))[0]
        parts.append(f'<path class="mark" d="M{x:.1f} {_TOP}V{bottom}"/>')
        parts.append(f'<text class="mark" x="{x + 6:.1f}" y="{_TOP + 14}">{escape(plot.line[1])}</text>')
    if band := _band(plot):
        parts.append(f'<path class="band" d="{band}"/>')
    if plot.points and len(plot.x) <= _MOST_BINS:
        inside = _inside(plot, plot.x, plot.y)
        dots = zip(_x(plot, plot.x[inside]), _y(plot, plot.y[inside]), strict=True)
        parts.append(f'<path class="dots" d="{"".join(f"M{x:.1f} {y:.1f}h0" for x, y in dots)}"/>')
    else:
        parts.append(f'<path class="line" d="{_path(_thinned(plot))}"/>')
    return "".join((*parts, "</svg>"))


def raster_of(plot: Plot, width: int) -> bytes:
    """The curve alone as WebP, for cards and for who shows a page elsewhere."""
    from PIL import Image, ImageDraw

    fine = 3
    height = width * HEIGHT // WIDTH
    picture = Image.new("RGB", (width * fine, height * fine), _PAPER)
    draw = ImageDraw.Draw(picture)
    edge = 0.06
    wide, high = width * fine, height * fine
    axes = [(wide * edge, 0), (wide * edge, high * (1 - edge)), (wide, high * (1 - edge))]
    draw.line(axes, _QUIET, fine)
    for piece in _thinned(plot):
        spots = [
            (
                (edge + (1 - edge) * x) * width * fine,
                (1 - y) * (1 - 2 * edge) * height * fine + edge / 2 * height * fine,
            )
            for x, y in zip(*piece, strict=True)
        ]
        if len(spots) > 1:
            draw.line(spots, _INK, max(2, wide // 180), joint="curve")
    body = BytesIO()
    picture.resize((width, height), Image.Resampling.LANCZOS).save(body, "WEBP", quality=80, method=4)
    return body.getvalue()


def csv_of(plot: Plot, most: int = 20_000) -> bytes:
    """The numbers of a curve, a row a point."""
    columns = [plot.x, plot.y] + ([plot.errors] if plot.errors is not None else [])
    names = [plot.x_words, plot.y_words, "error"][: len(columns)]
    head = ",".join('"' + name.replace('"', '""') + '"' for name in names)
    rows = (",".join(f"{value:.9g}" for value in row) for row in zip(*(one[:most] for one in columns), strict=True))
    return ("\r\n".join((head, *rows)) + "\r\n").encode()


def _x(plot: Plot, values: np.ndarray) -> np.ndarray:
    return _LEFT + plot.across.place(values) * (WIDTH - _LEFT - _RIGHT)


def _y(plot: Plot, values: np.ndarray) -> np.ndarray:
    return HEIGHT - _BOTTOM - plot.up.place(values) * (HEIGHT - _TOP - _BOTTOM)


def _inside(plot: Plot, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    across, up = plot.across.place(x), plot.up.place(y)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.isfinite(across) & np.isfinite(up) & (across >= -1e-6) & (across <= 1 + 1e-6))


def _thinned(plot: Plot) -> list[tuple[np.ndarray, np.ndarray]]:
    """The curve in pieces without holes, in places from 0 to 1; of many points the extremes of each column."""
    inside = _inside(plot, plot.x, plot.y)
    pieces = []
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inside, [False])).astype(int)))
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        x = plot.across.place(plot.x[begin:end])
        y = np.clip(plot.up.place(plot.y[begin:end]), -0.02, 1.02)
        if len(x) > 2 * _MOST_BINS:
            columns = np.minimum((np.clip(x, 0, 1) * _MOST_BINS).astype(int), _MOST_BINS - 1)
            kept: list[int] = []
            for part in np.split(np.arange(len(x)), np.flatnonzero(np.diff(columns)) + 1):
                kept += sorted({int(part[np.argmin(y[part])]), int(part[np.argmax(y[part])])})
            x, y = x[kept], y[kept]
        pieces.append((x, y))
    return pieces[:500]


def _path(pieces: Iterable[tuple[np.ndarray, np.ndarray]]) -> str:
    wide, high = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    found = []
    for x, y in pieces:
        spots = [f"{_LEFT + a * wide:.1f} {HEIGHT - _BOTTOM - b * high:.1f}" for a, b in zip(x, y, strict=True)]
        found.append("M" + "L".join(spots) + ("h.1" if len(spots) == 1 else ""))
    return "".join(found)


def _band(plot: Plot) -> str:
    """One standard deviation up and down, as one outline; empty without errors."""
    if plot.errors is None:
        return ""
    step = max(1, len(plot.x) // _MOST_BINS)
    x, y, wide = plot.x[::step], plot.y[::step], np.abs(plot.errors[::step])
    known = _inside(plot, x, y) & np.isfinite(wide)
    x, y, wide = x[known], y[known], wide[known]
    if len(x) < 2:
        return ""
    least = plot.up.low
    lower = np.maximum(y - wide, least) if plot.up.logarithmic else y - wide
    outline = [*zip(x, y + wide, strict=True), *reversed(list(zip(x, lower, strict=True)))]
    across = _x(plot, np.array([one for one, _ in outline]))
    up = np.clip(_y(plot, np.array([one for _, one in outline])), _TOP, HEIGHT - _BOTTOM)
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(across, up, strict=True)) + "Z"
