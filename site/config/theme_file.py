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


class _Link(BaseModel):
    model_config = ConfigDict(extra="forbid")

    label: _Line
    address: Annotated[str, StringConstraints(pattern=r"^(https://|http://|mailto:|/)[^\s\"<>]+$")]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: _Line | None = None
    logo: str | None = None
    logo_dark: str | None = None
    font: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ,'\"-]+$")] | None = None
    colours: dict[str, tuple[_Colour, _Colour]] = {}
    link: tuple[_Link, ...] = Field((), max_length=12)


def read_theme(path: Path) -> Theme:
    """The theme in a file. Raises ConfigError that says what is wrong with it: unreadable colours too."""
    try:
        told = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; [site] theme names a file beside panfair.toml") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not readable as TOML: {error}") from None
    except ValidationError as error:
        raise ConfigError(f"{path}: {'; '.join(mistakes(error, _File))}") from None
    unknown = told.colours.keys() - own_colours().keys()
    if unknown:
        raise ConfigError(f"{path}: [colours] {', '.join(sorted(unknown))}: there are {', '.join(own_colours())}")
    colours: dict[str, Pair] = {name: (light.lower(), dark.lower()) for name, (light, dark) in told.colours.items()}
    if unreadable := list(faults(colours)):
        raise ConfigError(f"{path}: people could not read this: {'; '.join(unreadable)}. Choose darker or lighter ones")
    return Theme(
        name=told.name,
        logo=_picture(path, told.logo, "logo"),
        logo_dark=_picture(path, told.logo_dark, "logo-dark"),
        font=told.font,
        colours=tuple(sorted(colours.items())),
        links=tuple((link.label, link.address) for link in told.link),
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
