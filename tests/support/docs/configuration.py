"""docs/configuration.md from the models that read the files: every key with its meaning, default and example."""

import json
import types
from collections.abc import Iterator
from pathlib import PurePath
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from panfair.harvesters import SourceOptions, harvester
from panfair.site.catalogue.settings import CoreSettings, OpenIdSettings
from panfair.site.config.facilities import FacilityTable
from panfair.site.config.settings import Tables
from panfair.site.config.theme_file import Link, ThemeFile

_OWN_KINDS = ("scicat", "icat", "icatplus", "datacite", "oai", "dump", "records", "ispyb")
_HEAD = """\
# Configuration

<!-- Made by `make docs` from the models that read the files; edit the descriptions there. -->

Three files, all TOML: [panfair.toml](#panfairtoml) says what is published from where, [theme.toml](#themetoml) how it
looks, [catalogue.toml](#cataloguetoml) sets up the [live core](core.md), if you run one.

- Paths are relative to the file that they stand in.
- A secret is never in a file: a key that ends in `_env` names the environment variable that holds it.
- All mistakes are reported at once, each with its table and key, before anything is read or written.
"""


def configuration_page() -> str:
    """The whole page."""
    return _HEAD + "".join(f"\n{section}\n" for section in _sections())


def _sections() -> Iterator[str]:
    yield "## panfair.toml\n\n`panfair init` writes one to begin with. Only [site] and a [[source]] must be there."
    for name, field in Tables.model_fields.items():
        table = next(part for part in _parts(field.annotation) if isinstance(part, type))
        assert isinstance(table, type) and issubclass(table, BaseModel)
        yield _section(f"### [{name}]", table)
    yield _section(
        "### [[source]]", SourceOptions, "One table for each catalogue. Every kind of source has these keys:"
    )
    for kind in _OWN_KINDS:
        options = harvester(kind).Options
        own = [key for key in options.model_fields if key not in SourceOptions.model_fields]
        told = f"Besides the keys of [every source](#source); more in [sources/{kind}.md](sources/{kind}.md)."
        yield _section(f'### [[source]] kind = "{kind}"', options, told, own)
    yield _section("### [[facility]]", FacilityTable, "One table for each of several facilities in one portal.")
    yield _section("## theme.toml", ThemeFile, "Named by `[site] theme`; more in [pages.md](pages.md#your-look).")
    yield _section("### [[link]]", Link)
    yield _section("## catalogue.toml", CoreSettings, "Read by `panfair catalogue …`; more in [core.md](core.md).")
    yield _section("### [open_id]", OpenIdSettings)


def _section(title: str, model: type[BaseModel], intro: str | None = None, keys: list[str] | None = None) -> str:
    said = intro if intro is not None else _said(model)
    rows = [_row(key, model.model_fields[key]) for key in keys or model.model_fields]
    return "\n".join([title, "", said, "", "| key | meaning | default | example |", "|---|---|---|---|", *rows])


def _said(model: type[BaseModel]) -> str:
    """What a model says of its table."""
    words = (model.__doc__ or "").strip().split(": ", 1)[-1]
    return words[:1].upper() + words[1:]


def _row(key: str, field: FieldInfo) -> str:
    assert field.description, f"the key {key} has no description"
    meaning = ". ".join(filter(None, (field.description, _bounds(field)))).replace("|", "\\|")
    return f"| `{key}` | {meaning} | {_default(field)} | {_example(key, field)} |"


def _bounds(field: FieldInfo) -> str:
    """What may stand there, where that is bounded: a few words, or a range."""
    words = [str(word) for part in _parts(field.annotation) if get_origin(part) is Literal for word in get_args(part)]
    if words and len(words) < 6:
        return "One of " + ", ".join(f"`{word}`" for word in words)
    found = {name: getattr(one, name) for one in field.metadata for name in ("ge", "le") if hasattr(one, name)}
    if {"ge", "le"} <= found.keys():
        return f"{found['ge']} to {found['le']}"
    return f"At least {found['ge']}" if found else ""


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    if get_origin(annotation) in (Union, types.UnionType, tuple, Annotated):
        for part in get_args(annotation):
            yield from _parts(part)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**required**"
    value = field.get_default(call_default_factory=True)
    return "" if value in (None, (), {}, "", PydanticUndefined) else f"`{_toml(value)}`"


def _example(key: str, field: FieldInfo) -> str:
    value = field.examples[0] if field.examples else None
    return "" if value is None else f"`{key} = {_toml(value)}`"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        inside = ", ".join(
            f"{name if name.isidentifier() else json.dumps(name)} = {_toml(one)}" for name, one in value.items()
        )
        return f"{{ {inside} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(str(value) if isinstance(value, PurePath) else value, ensure_ascii=False)
