"""The parameters of a search as OpenAPI describes them, made from the tables that they are read by."""

from collections.abc import Sequence
from typing import Any

from panfair.builders.search.language.request import (
    CHOICES,
    DEEPEST_OFFSET,
    ELEMENTS,
    LARGEST_LIMIT,
    LONGEST_QUERY,
    SCOPES,
    SORTS,
    USUAL_LIMIT,
)
from panfair.ontologies.quantities import quantities

_TEXT: dict[str, Any] = {"type": "string"}
_TEXTS: dict[str, Any] = {"type": "array", "items": _TEXT}


def parameters() -> list[dict[str, Any]]:
    """What says which results there are, and in which order."""
    ranges = {name: f"a range of {of.label.lower()}, as 1..2{of.unit}" for name, of in quantities().items()}
    ranges |= {"size": "a range of sizes, as 1GB..10GB", "date": "when it opened, as 2021-03..2021-06"}
    words = "words, “phrases”, -not, OR, (…), field:value, year:2019..2023"
    return [
        _one("q", {**_TEXT, "maxLength": LONGEST_QUERY}, words),
        *(_one(name, _TEXTS, f"a value of the facet {name}; several: one of them") for name in CHOICES),
        *(_one(name, _TEXT, description) for name, description in ranges.items()),
        _one("elements", _enum(ELEMENTS), "whether all chosen elements must be there, any of them, or only these"),
        _one("in", _enum(SCOPES), "what is searched"),
        _one("sort", _enum(SORTS), "the order of the results"),
    ]


def paging_parameters() -> list[dict[str, Any]]:
    """What says which stretch of the results is told."""
    return [
        _one("limit", _numbers(LARGEST_LIMIT, USUAL_LIMIT), "results on a page"),
        _one("offset", _numbers(DEEPEST_OFFSET, 0), "results to leave out at the beginning"),
    ]


def export_parameters(forms: Sequence[str]) -> list[dict[str, Any]]:
    """Those of a search, and the form of the file, which shares its name with the facet of file formats."""
    words = f"one of {', '.join(forms)}: the form of the file; any other value is one of the facet of file formats"
    form = {**_one("format", _TEXTS, words), "required": True}
    return [form, *(one for one in parameters() if one["name"] != "format")]


def _one(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _enum(values: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values), "default": values[0]}


def _numbers(most: int, usual: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 0, "maximum": most, "default": usual}
