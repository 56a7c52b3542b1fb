"""The album of a data file: its figures drawn by the recipes of their kinds, with all files that pages need of them."""

from collections.abc import Iterable, Iterator

import numpy as np

from panfair.builders.gallery.curves import View, in_words, known_of, views_of
from panfair.builders.gallery.overlays import rings, scale_bar
from panfair.builders.gallery.picture import Picture, Size
from panfair.builders.gallery.plot import HEIGHT, WIDTH, csv_of, raster_of, svg_of
from panfair.builders.gallery.scales import written
from panfair.builders.gallery.shades import Shades, Table, shades_of, webp_of
from panfair.builders.html.language import tr
from panfair.ontologies.errors import ContentsError
from panfair.ontologies.figures import Curve, Figure, Image, Role

WIDTHS = (320, 960)
_CURVE = 640
Drawn = tuple[Picture, dict[str, bytes]]
"""A picture, and its files by name."""
_TABLES: dict[Role, Table] = {
    "frame": "ink",
    "slice": "grey",
    "projection": "grey",
    "map": "viridis",
    "plain": "viridis",
}


def album_of(figures: Iterable[Figure], stem: str) -> Iterator[Drawn]:
    """Pictures of a file's figures; `stem` begins the names of their files and is unique in its folder.

    A figure without anything to see (no finite number) is left out; raises ContentsError when all are.
    """
    count = 0
    for place, figure in enumerate(figures):
        group = f"{stem}{place}" if isinstance(figure, Curve) or figure.role != "slice" else f"{stem}slices"
        if isinstance(figure, Curve):
            if len(known_of(figure).x) < 2:
                continue
            for view in views_of(figure):
                count += 1
                yield _curve(view, f"{stem}{count}", group, figure.title)
        elif np.isfinite(figure.values).any():
            count += 1
            yield _image(figure, f"{stem}{count}", group)
    if not count:
        raise ContentsError("no number in what it declares to plot")


def _curve(view: View, name: str, group: str, title: str) -> Drawn:
    words = in_words(view)
    files = {f"{name}-{width}.webp": raster_of(view.plot, width) for width in (WIDTHS[0], _CURVE)}
    sizes = tuple(Size(f"{name}-{width}.webp", width, width * HEIGHT // WIDTH) for width in (WIDTHS[0], _CURVE))
    table = csv_of(view.plot)
    files[f"{name}.csv"] = table
    drawing = svg_of(view.plot, name, view.label, words)
    return Picture(view.label, words, _line(title), sizes, drawing, "", f"{name}.csv", group), files


def _image(image: Image, name: str, group: str) -> Drawn:
    shades = shades_of(image.values, image.role == "frame")
    table = _TABLES.get(image.role, "viridis")
    sizes: list[Size] = []
    files: dict[str, bytes] = {}
    for longest in WIDTHS:
        body, width, height = webp_of(image.values, shades, table, longest)
        if not sizes or width > sizes[-1].width:
            files[f"{name}-{width}.webp"] = body
            sizes.append(Size(f"{name}-{width}.webp", width, height))
    large = sizes[-1]
    shown = image.scale * image.values.shape[1] / large.width
    overlay, told = "", ""
    if image.beam:
        overlay, told = rings(image.beam, shown, large.width, large.height)
        told = tr("rings at {spacings}").format(spacings=told) if told else ""
    elif image.pixel:
        overlay, told = scale_bar(image.pixel, shown, large.width, large.height)
        told = tr("bar: {length}").format(length=told) if told else ""
    label = _label(image)
    high, wide = image.shape[-2:] if image.role != "slice" else _across(image)
    alt = tr("{label}, {width} × {height} pixels").format(label=label, width=wide, height=high)
    facts = [_line(image.title), _where(image), _range(image, shades), told]
    caption = "; ".join(fact for fact in facts if fact)
    alt = "; ".join(fact for fact in (alt, _where(image), _range(image, shades), told) if fact)
    return Picture(label, alt, caption, tuple(sizes), "", overlay, "", group), files


def _across(image: Image) -> tuple[int, int]:
    high, wide = (round(one * image.scale) for one in image.values.shape)
    return high, wide


def _label(image: Image) -> str:
    if image.role == "frame":
        return tr("Diffraction frame")
    if image.role == "slice":
        return tr("Slice")
    return tr("Map: {what}").format(what=image.what.name) if image.role == "map" else tr("Image")


def _where(image: Image) -> str:
    if image.index is None or len(image.shape) < 3:
        return ""
    if image.role == "slice":
        return tr("through the middle of {shape} voxels").format(shape=" × ".join(map(str, image.shape)))
    count = int(np.prod([float(one) for one in image.shape[:-2]]))
    return tr("number {number} of {count}").format(number=image.index + 1, count=count)


def _range(image: Image, shades: Shades) -> str:
    unit = f" {image.what.unit}" if image.what.unit else ""
    if shades.high <= shades.low:
        words = tr("every value is {value}").format(value=written(shades.low) + unit)
    else:
        low, high = written(shades.low), written(shades.high) + unit
        text = (
            tr("shades from {low} to {high}, logarithmic") if shades.logarithmic else tr("shades from {low} to {high}")
        )
        words = text.format(low=low, high=high)
    share = round(100 * shades.masked)
    return f"{words}; " + tr("{share} % not measured").format(share=share) if share else words


def _line(title: str) -> str:
    return " ".join(title.split())[:200]
