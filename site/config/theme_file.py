"""The facility's theme: one TOML file beside panfair.toml, read once and refused with the reason when it is wrong.

name = "EPS"
logo = "logo.svg"
logo_dark = "logo-dark.svg"
font = "Inter, system-ui, sans-serif"
[colours]
accent = ["#0b5580", "#86caf3"]
[[link]]
label = "Proposals"
address = "https://eps.example.org/proposals"
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from panfair.builders.theme import Pair, Picture, Theme, faults, own_colours
from panfair.ontologies.errors import ConfigError
from panfair.ontologies.mistakes import mistakes

_LARGEST = 200 << 10  # bytes of a logo
_ENDINGS = frozenset({"svg", "png", "webp"})
_ACTIVE = re.compile(rb"(?i)<script|<foreignObject|\son[a-z]+\s*=|href\s*=\s*[\"'](?!#|data:image/)")
_Colour = Annotated[str, StringConstraints(pattern=r"^#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$")]
_Line = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class Link(BaseModel):
    """[[link]]: one link in the foot of every page."""

    model_config = ConfigDict(extra="forbid")

    label: _Line = Field(description="what it is called", examples=["Proposals"])
    address: Annotated[str, StringConstraints(pattern=r"^(https://|http://|mailto:|/)[^\s\"<>]+$")] = Field(
        description="where it leads", examples=["https://www.example.org/proposals"]
    )


class ThemeFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")

    name: _Line | None = Field(None, description="your name, beside the logo", examples=["EPS"])
    logo: str | None = Field(None, description="a file beside theme.toml: svg, png or webp", examples=["logo.svg"])
    logo_dark: str | None = Field(
        None, description="another one for dark pages, where it needs one", examples=["logo-dark.svg"]
    )
    font: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ,'\"-]+$")] | None = Field(
        None, description="fonts that visitors have; none is loaded", examples=["Inter, system-ui, sans-serif"]
    )
    colours: dict[str, tuple[_Colour, _Colour]] = Field(
        {},
        description="colours by name, each for light and for dark pages; pairs that cannot be read are refused",
        examples=[{"accent": ["#7a1f5c", "#f0a6d4"]}],
    )
    link: tuple[Link, ...] = Field((), max_length=12, description="links in the foot of every page, as [[link]]")


def read_theme(path: Path) -> Theme:
    """The theme in a file. Raises ConfigError that says what is wrong with it: unreadable colours too."""
    try:
        theme = ThemeFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; [site] theme names a file beside panfair.toml") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not readable as TOML: {error}") from None
    except ValidationError as error:
        raise ConfigError(f"{path}: {'; '.join(mistakes(error, ThemeFile))}") from None
    unknown = theme.colours.keys() - own_colours().keys()
    if unknown:
        raise ConfigError(f"{path}: [colours] {', '.join(sorted(unknown))}: there are {', '.join(own_colours())}")
    colours: dict[str, Pair] = {name: (light.lower(), dark.lower()) for name, (light, dark) in theme.colours.items()}
    if unreadable := list(faults(colours)):
        raise ConfigError(f"{path}: people could not read this: {'; '.join(unreadable)}. Choose darker or lighter ones")
    return Theme(
        name=theme.name,
        logo=_picture(path, theme.logo, "logo"),
        logo_dark=_picture(path, theme.logo_dark, "logo-dark"),
        font=theme.font,
        colours=tuple(sorted(colours.items())),
        links=tuple((link.label, link.address) for link in theme.link),
    )


def _picture(theme: Path, name: str | None, stem: str) -> Picture | None:
    if name is None:
        return None
    path = theme.parent / name
    ending = path.suffix.lstrip(".").lower()
    if ending not in _ENDINGS:
        raise ConfigError(f"{theme}: {stem} = {name!r}: a logo is a file of {', '.join(sorted(_ENDINGS))}")
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{theme}: {stem} = {name!r}: {error.strerror}") from None
    if len(body) > _LARGEST:
        raise ConfigError(f"{theme}: {stem} = {name!r} has {len(body) >> 10} KiB; at most {_LARGEST >> 10}")
    # Shown as a picture only, where browsers run no script and load nothing; opened by itself it still could.
    if ending == "svg" and _ACTIVE.search(body):
        raise ConfigError(f"{theme}: {stem} = {name!r} holds a script or a link to elsewhere; export it plainly")
    return Picture.of(stem, ending, body)
