"""A picture of a dataset as pages show it: its words, its drawing, and the files that stand beside the page."""

from dataclasses import asdict, dataclass
from typing import Any

RECIPES = 1
"""The version of the recipes: a higher one has every picture drawn again."""


@dataclass(frozen=True, slots=True)
class Size:
    """One width of a picture, as a file beside the page."""

    file: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure, drawn."""

    label: str
    """What it is, in two words: `Scattering curve`."""
    alt: str
    """What is to be seen, in words made from the numbers."""
    caption: str
    sizes: tuple[Size, ...]
    """As WebP, the smallest first."""
    drawing: str = ""
    """A curve as SVG that stands in the page; empty for an image."""
    overlay: str = ""
    """SVG that lies over an image: rings of resolution, a scale bar."""
    table: str = ""
    """The file with a curve's numbers."""
    group: str = ""
    """What belongs together stands side by side: the views of one curve, the slices of one volume."""
    dataset: str = ""
    """The dataset's id."""
    folder: str = ""
    """Where its files stand on the site, with a slash at the end."""
    of: str = ""
    """The dataset's name."""

    @property
    def thumbnail(self) -> Size:
        return self.sizes[0]

    @property
    def large(self) -> Size:
        return self.sizes[-1]

    @property
    def srcset(self) -> str:
        """The sizes as an `img` element lists them."""
        return ", ".join(f"{self.folder}{one.file} {one.width}w" for one in self.sizes)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Picture":
        return cls(**{**told, "sizes": tuple(Size(**one) for one in told["sizes"])})
