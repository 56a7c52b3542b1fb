"""What a model refused of a file, in the words of whoever wrote the file: every mistake, and the nearest known key.

In comes pydantic's ValidationError, out go lines that name keys as the file spells them.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

_FEW = 12  # so many keys are told where none is near


def mistakes(
    error: ValidationError, model: type[BaseModel], elsewhere: Mapping[str, type[BaseModel]] | None = None
) -> list[str]:
    """Every mistake that `model` found, one line each.

    `elsewhere` are the file's tables that are no field of `model`, by name: a key that belongs there is told so.
    """
    elsewhere = elsewhere or {}
    return [_line(problem, model, elsewhere) for problem in error.errors()]


def reason(problem: Mapping[str, Any]) -> str:
    """What is wrong with one value, without pydantic's own words before it.

    >>> reason({"msg": "Value error, must be an address"})
    'must be an address'
    """
    return str(problem["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")


def tables_of(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The models that the fields of a model hold, by field: the tables of a file."""
    held = {name: next(_models_in(field.annotation), None) for name, field in model.model_fields.items()}
    return {name: found for name, found in held.items() if found is not None}


def _line(problem: Mapping[str, Any], model: type[BaseModel], elsewhere: Mapping[str, type[BaseModel]]) -> str:
    parts = [str(part) for part in problem["loc"]]
    place = ".".join(parts)
    if problem["type"] == "extra_forbidden":
        table = _table_at(model, problem["loc"][:-1])
        return f"unknown key `{place}`{_advice(parts[-1], parts[:-1], table, model, elsewhere)}"
    if problem["type"] == "missing":
        return f"missing `{place}`"
    return f"`{place}`: {reason(problem)}" if place else reason(problem)


def _advice(
    key: str,
    at: list[str],
    table: type[BaseModel] | None,
    model: type[BaseModel],
    elsewhere: Mapping[str, type[BaseModel]],
) -> str:
    """The keys that were perhaps meant, of the same table or of another; or which there are."""
    if table is None:
        return ""
    known = [*table.model_fields, *([] if at else elsewhere)]
    meant = [".".join([*at, near]) for near in get_close_matches(key, known, n=1, cutoff=0.7)]
    tables = tables_of(model) | dict(elsewhere)
    meant += [f"{name}.{key}" for name, other in tables.items() if other is not table and key in other.model_fields]
    if meant:
        return f", did you mean {' or '.join(f'`{name}`' for name in meant)}?"
    return f" (there are {', '.join(known)})" if len(known) <= _FEW else ""


def _table_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel] | None:
    """The model that a place in a file is read by; None where the keys are free."""
    for part in loc:
        if isinstance(part, int):
            continue
        found = tables_of(model).get(part)
        if found is None:
            return None
        model = found
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
