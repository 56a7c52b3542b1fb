"""Images made small enough to show: means of blocks of pixels, in which what was not measured does not count."""

import numpy as np

LARGEST = 960
"""Pixels along the longer side of what is shown."""


def measured(values: np.ndarray) -> np.ndarray:
    """The values as 32-bit floats; NaN for what detectors mark: the highest number of an integer type, and below 0.

    >>> measured(np.array([3, 65535], "u2")).tolist()
    [3.0, nan]
    """
    found = values.astype("f4")
    if values.dtype.kind == "u" and values.dtype.itemsize > 1:
        found[values == np.iinfo(values.dtype).max] = np.nan
    if values.dtype.kind == "i":
        found[values < 0] = np.nan
    found[~np.isfinite(found)] = np.nan
    return found


def shrunk(values: np.ndarray, longest: int = LARGEST) -> tuple[np.ndarray, int]:
    """An image of at most so many pixels along its longer side, and how many pixels along a side became one."""
    factor = -(-max(values.shape) // longest)
    if factor <= 1:
        return values, 1
    rows, columns = (-(-one // factor) * factor for one in values.shape)
    padded = np.full((rows, columns), np.nan, "f4")
    padded[: values.shape[0], : values.shape[1]] = values
    blocks = padded.reshape(rows // factor, factor, columns // factor, factor)
    known = np.isfinite(blocks)
    count = known.sum(axis=(1, 3))
    total = np.where(known, blocks, 0).sum(axis=(1, 3), dtype="f8")
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count, total / count, np.nan).astype("f4"), factor
