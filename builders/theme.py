"""A facility's look: its name, logo, colours, font and links over our own style sheet; refused where it cannot be read.

Colours are those of `templates/static/style.css`, each a pair for light and dark. A facility's sheet sets the variables
anew in the layer `facility`, so nothing else of the style changes. Contrast is that of WCAG 2.2, 1.4.3: 4.5 to 1.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from panfair.builders import Artifact
from panfair.builders.assets import FOLDER

ENOUGH = 4.5
"""The least contrast of text with what it stands on (WCAG 2.2, success criterion 1.4.3, level AA)."""
SHEET = "facility"

_TEXTS = ("ink", "quiet", "accent")
_GROUNDS = ("paper", "card", "tint")
_STATES = ("good", "wait", "gone")
_STATE_TINT = 0.11
"""A badge stands on its own colour, so strong, over the ground (`.badge` in style.css)."""
_TOKEN = re.compile(r"--(?P<name>[a-z]+): light-dark\((?P<light>#[0-9a-f]{3,6}), (?P<dark>#[0-9a-f]{3,6})\);")

Pair = tuple[str, str]


@dataclass(frozen=True)
class Picture:
    """A picture file of the theme."""

    address: str
    """From the root, with the digest of its bytes."""
    body: bytes = field(repr=False)

    @classmethod
    def of(cls, stem: str, ending: str, body: bytes) -> "Picture":
        return cls(f"/{FOLDER}/{stem}-{hashlib.sha256(body).hexdigest()[:8]}.{ending}", body)


@dataclass(frozen=True)
class Theme:
    """What a facility changes; nothing of it is ours to judge but that people can read the pages."""

    name: str | None = None
    """Beside the logo, instead of the site's title."""
    logo: Picture | None = None
    logo_dark: Picture | None = None
    """Where a dark ground needs another one."""
    font: str | None = None
    """A font stack of fonts that visitors have: none is loaded."""
    colours: tuple[tuple[str, Pair], ...] = ()
    """Token and its colours in light and dark, `#rrggbb`."""
    links: tuple[tuple[str, str], ...] = ()
    """Label and address of links in the foot of each page."""

    @property
    def sheet(self) -> str:
        """The address of the facility's style sheet; empty when it changes neither colour nor font."""
        return f"/{artifact.path}" if (artifact := _sheet(self)) else ""


def theme_files(theme: Theme) -> list[Artifact]:
    """The files that a theme adds below `_panfair/`."""
    made = [sheet] if (sheet := _sheet(theme)) else []
    pictures = (picture for picture in (theme.logo, theme.logo_dark) if picture)
    return [*made, *(Artifact(picture.address.lstrip("/"), picture.body) for picture in pictures)]


def faults(colours: Mapping[str, Pair]) -> Iterator[str]:
    """A line for each pair of colours that is too close to be read, ours filled in where a facility names none."""
    whole = {**own_colours(), **colours}
    for place, mode in enumerate(("light", "dark")):
        pairs = [(text, ground, whole[ground][place]) for text in _TEXTS for ground in _GROUNDS]
        pairs += [("on", "accent", whole["accent"][place])]
        for state in _STATES:
            for ground in ("paper", "card"):
                mixed = _mixed(whole[state][place], whole[ground][place], _STATE_TINT)
                pairs.append((state, f"its tint over {ground}", mixed))
        for text, ground, behind in pairs:
            found = contrast(whole[text][place], behind)
            if found < ENOUGH:
                two = f"{text} {whole[text][place]} on {ground} {behind}"
                yield f"{mode}: {two} has a contrast of {found:.2f}, not {ENOUGH}"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, contrast ratio).

    >>> contrast("#000", "#ffffff"), round(contrast("#777777", "#fff"), 2)
    (21.0, 4.48)
    """
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@cache
def own_colours() -> dict[str, Pair]:
    """The colours of our own style sheet, by token."""
    css = resources.files("panfair.templates").joinpath("static", "style.css").read_text(encoding="utf-8")
    return {found["name"]: (found["light"], found["dark"]) for found in _TOKEN.finditer(css)}


def _sheet(theme: Theme) -> Artifact | None:
    lines = [f"    --{token}: light-dark({light}, {dark});" for token, (light, dark) in theme.colours]
    rules = ["  :root {", *lines, "  }"] if lines else []
    rules += [f"  html {{ font-family: {theme.font}; }}"] if theme.font else []
    if not rules:
        return None
    body = "\n".join(["@layer facility {", *rules, "}", ""]).encode()
    return Artifact(f"{FOLDER}/{SHEET}-{hashlib.sha256(body).hexdigest()[:8]}.css", body)


def _channels(colour: str) -> list[float]:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]


def _luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, ground: str, share: float) -> str:
    """What is seen of a colour laid over a ground with so much strength."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(255 * (share * top + (1 - share) * below)):02x}" for top, below in pairs)
