"""From numbers to colours: the range that is shown, linear or logarithmic, and the table of colours."""

from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import numpy as np

Table = Literal["viridis", "grey", "ink"]
_VIRIDIS = (
    (68, 1, 84), (72, 36, 117), (65, 68, 135), (53, 95, 141), (42, 120, 142), (33, 145, 140),
    (34, 168, 132), (68, 191, 112), (122, 209, 81), (189, 223, 38), (253, 231, 37),
)  # fmt: skip
_NOTHING = {"viridis": (120, 120, 120), "grey": (30, 34, 40), "ink": (222, 208, 190)}
"""What was not measured."""


@dataclass(frozen=True)
class Shades:
    """What an image is shown between."""

    low: float
    high: float
    logarithmic: bool
    masked: float
    """The share of pixels without a value, 0 to 1."""


def shades_of(values: np.ndarray, frame: bool = False) -> Shades:
    """The range that shows most of an image: percentiles 1 and 99.7; of a diffraction frame, up to its spots.

    A logarithmic one where few pixels have much more than the others.
    """
    known = values[np.isfinite(values)]
    masked = 1 - len(known) / max(1, values.size)
    if not len(known):
        return Shades(0, 1, False, masked)
    low, middle, high = (float(one) for one in np.percentile(known, (1, 50, 99.97 if frame else 99.7)))
    if high <= low:
        low, high = float(known.min()), float(known.max())
    logarithmic = low >= 0 and high > 50 * max(middle, 1e-12) and (frame or high > 0)
    return Shades(low, high, (frame and low >= 0) or logarithmic, masked)


def webp_of(values: np.ndarray, shades: Shades, table: Table, longest: int) -> tuple[bytes, int, int]:
    """The image as WebP of at most so many pixels along its longer side, with its width and height.

    Small images are enlarged without smoothing, so that their pixels are seen.
    """
    from PIL import Image

    picture = Image.fromarray(_coloured(values, shades, table))
    factor = longest / max(values.shape)
    how = Image.Resampling.LANCZOS
    if factor > 1:
        factor, how = max(1, int(factor)), Image.Resampling.NEAREST
    size = tuple(max(1, round(one * factor)) for one in (values.shape[1], values.shape[0]))
    if size != picture.size:
        picture = picture.resize(size, how)
    body = BytesIO()
    picture.save(body, "WEBP", quality=80, method=4)
    return body.getvalue(), size[0], size[1]


def _coloured(values: np.ndarray, shades: Shades, table: Table) -> np.ndarray:
    known = np.isfinite(values)
    filled = np.where(known, values, shades.low).astype("f8")
    if shades.high <= shades.low:
        share = np.full(values.shape, 0.5)
    elif shades.logarithmic:
        share = np.log1p(np.clip(filled - shades.low, 0, None)) / np.log1p(shades.high - shades.low)
    else:
        share = (filled - shades.low) / (shades.high - shades.low)
    places = (np.clip(share, 0, 1) * 255).astype("u1")
    found = _table(table)[places]
    found[~known] = _NOTHING[table]
    return np.asarray(found)


def _table(table: Table) -> np.ndarray:
    steps = np.linspace(0, 1, 256)
    if table == "viridis":
        anchors = np.array(_VIRIDIS, "f8")
        places = np.linspace(0, 1, len(anchors))
        return np.asarray(np.stack([np.interp(steps, places, anchors[:, one]) for one in range(3)], axis=1), "u1")
    grey = steps * 255 if table == "grey" else 255 - steps * 255
    found: np.ndarray = np.repeat(grey[:, None], 3, axis=1).astype("u1")
    return found
