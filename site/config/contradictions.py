"""What a panfair.toml says that cannot be meant: values that `panfair init` made up, a source that adds to nothing."""

import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

from panfair.harvesters import AddingOptions, SourceOptions

EXAMPLE = resources.files("panfair.site.config").joinpath("example.toml")
"""What `panfair init` writes."""


def adding_to_nothing(sources: list[SourceOptions]) -> Iterator[str]:
    """What is wrong with the `adds_to` of sources: it names one above, which publishes by itself."""
    above: set[str] = set()
    for source in sources:
        if not isinstance(source, AddingOptions):
            above.add(source.name)
        elif source.adds_to not in above:
            yield (
                f"[[source]] {source.name!r}: `adds_to` is {source.adds_to!r}, which is no source above it that "
                "publishes by itself; name one, and put it first"
            )


def untouched(raw: dict[str, Any], sources: list[dict[str, Any]]) -> Iterator[str]:
    """The keys that have the made-up values of the file that `panfair init` writes."""
    example = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    site = raw.get("site")
    for key in ("title", "base_url", "contact"):
        if isinstance(site, dict) and site.get(key) == example["site"][key]:
            yield f"site.{key}"
    for made_up in example["source"]:
        if any(source.get("url") == made_up["url"] for source in sources):
            yield "source.url"
