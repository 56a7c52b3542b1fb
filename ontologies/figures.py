"""What a data file shows of itself: curves and images, as its reader found them; numbers only, and few words."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Axis:
    """What numbers along a direction mean."""

    name: str
    """As the file calls it, such as `Q`."""
    unit: str = ""
    """As the file writes it, such as `1/nm`; empty: it says none."""


@dataclass(frozen=True)
class Beam:
    """What turns the pixels of a diffraction frame into resolution."""

    wavelength: float
    """In ångström."""
    distance: float
    """From sample to detector, in metres."""
    pixel: float
    """In metres."""
    centre: tuple[float, float]
    """Where the beam meets the detector, in pixels of the frame as it was taken: x, y."""


Role = Literal["plain", "scattering", "absorption", "frame", "map", "slice", "projection"]
"""What a figure is to its technique: a SAXS curve, a spectrum at an edge, a diffraction frame, an element map…"""


@dataclass(frozen=True)
class Curve:
    """One quantity against another."""

    x: "np.ndarray"
    y: "np.ndarray"
    errors: "np.ndarray | None"
    """One standard deviation of y, where the file has it."""
    along: Axis
    up: Axis
    role: Role = "plain"
    title: str = ""


@dataclass(frozen=True)
class Image:
    """One image, of a stack perhaps; NaN where the file has no value, as between modules of a detector."""

    values: "np.ndarray"
    """Two dimensions, reduced to what is shown."""
    what: Axis
    """The quantity."""
    shape: tuple[int, ...]
    """Of the dataset that it is out of."""
    role: Role = "plain"
    title: str = ""
    index: int | None = None
    """Which one of the stack, counted from 0."""
    scale: float = 1.0
    """How many pixels of the dataset one of `values` stands for, in each direction."""
    pixel: tuple[float, str] | None = None
    """How wide one pixel of the dataset is, and its unit, where the file says."""
    beam: Beam | None = None


Figure = Curve | Image
