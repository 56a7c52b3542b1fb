"""Conditions of the PaNOSC search API as SQL with bound values.

A parameter's value beside a unit is compared in SI; without one, as it was written. A negation is the very complement
of what it negates, so what has no value is not equal to anything. Raises FilterError for what cannot be compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson

from panfair.builders.panosc.entry import in_si, meant_unit, number_of
from panfair.ontologies.quantities import quantity_named
from panfair.ontologies.units import Unit
from panfair.site.panosc.filter import ALL, NEGATIONS, Clause, Condition, Filter, Include, Junction, Value
from panfair.site.panosc.models import MODELS, Model, Property
from panfair.site.panosc.pids import spellings
from panfair.site.panosc.techniques import EXPANDED, terms_meant
from panfair.site.panosc.text_match import expression, like_glob, plain

_LONGEST_NAME = 200  # characters; nobody's parameter or unit is called longer, and what is looked up is remembered
_NAMING, _NAMED_WITHOUT_CASE = frozenset({"pid", "doi"}), frozenset({"Document", "Dataset"})
_SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


@dataclass(frozen=True, slots=True)
class Sql:
    """A condition and the values of its marks, in order."""

    text: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class WantedUnit:
    """The unit in which parameters are asked for."""

    said: str
    unit: Unit


class Names:
    """Names for tables, each used once in a statement."""

    def __init__(self, letter: str = "t") -> None:
        self._letter, self._count = letter, 0

    def next(self) -> str:
        self._count += 1
        return f"{self._letter}{self._count}"


def filter_sql(search_filter: Filter, model: Model, alias: str, names: Names) -> Sql:
    """What a thing must satisfy: the filter's own condition, and a related thing for each include that narrows."""
    parts = [where_sql(search_filter.where, model, alias)]
    parts += [_owners(include, alias, names) for include in search_filter.include if include.narrows]
    return _joined("and", parts)


def where_sql(where: Clause, model: Model, alias: str, wanted_unit: WantedUnit | None = None) -> Sql:
    """One condition, on the table that is called so."""
    if isinstance(where, Condition):
        return _condition(where, model, alias, wanted_unit or _wanted_unit(Junction("and", (where,)), model))
    if where.word == "and":
        wanted_unit = _wanted_unit(where, model) or wanted_unit
    return _joined(where.word, [where_sql(part, model, alias, wanted_unit) for part in where.parts])


def wanted_units(where: Clause, model: Model) -> list[tuple[Clause, WantedUnit]]:
    """Each part of a condition that names a unit for values, in order."""
    parts = where.parts if isinstance(where, Junction) else ()
    if (isinstance(where, Condition) or where.word == "and") and (
        unit := _wanted_unit(Junction("and", parts or (where,)), model)
    ):
        return [(where, unit)]
    return [found for part in parts for found in wanted_units(part, model)]


def _owners(include: Include, alias: str, names: Names) -> Sql:
    relation, scope = include.relation, include.scope
    child = names.next()
    if relation.name == "techniques":
        nested = [replace(scope, where=ALL)] if any(inner.narrows for inner in scope.include) else []
        parts = [_held_by_any(scope.where, include, alias, child)]
        return _joined("and", parts + [_having(one, include, alias, child, names) for one in nested])
    branches = [scope]
    if relation.name == "parameters" and isinstance(scope.where, Junction) and scope.where.word == "or":
        # Each branch by itself is found by the index of its parameter; all in one would read every parameter.
        branches = [Filter(where=part) for part in scope.where.parts]
    return _joined("or", [_having(branch, include, alias, child, names) for branch in branches])


def _having(branch: Filter, include: Include, alias: str, child: str, names: Names) -> Sql:
    """The parents that have one such thing."""
    inner = filter_sql(branch, MODELS[include.relation.model], child, names)
    return Sql(include.relation.owners.format(p=alias, c=child, where=f"({inner.text})"), inner.values)


def _held_by_any(where: Clause, include: Include, alias: str, child: str) -> Sql:
    """A condition on techniques, judged for the dataset as a whole and not for one of its techniques after the other.

    So is it required of the search API: `and` means that it has both, a negation that none of its techniques is that.
    """
    if isinstance(where, Junction):
        return _joined(where.word, [_held_by_any(part, include, alias, child) for part in where.parts])
    positive = NEGATIONS.get(where.operator)
    said = replace(where, operator=positive) if positive else where
    found = _having(Filter(where=said), include, alias, child, Names())
    return Sql(f"NOT ({found.text})", found.values) if positive else found


def shown_sql(include: Include, alias: str, names: Names) -> Sql:
    """Which of the related things an answer shows: of techniques each that any part of the condition speaks of."""
    scope, model = include.scope, MODELS[include.relation.model]
    if include.relation.name == "techniques":
        leaves = tuple(_leaves(scope.where))
        scope = replace(scope, where=Junction("or", leaves) if leaves else ALL)
    return filter_sql(scope, model, alias, names)


def _leaves(where: Clause) -> Iterator[Condition]:
    if isinstance(where, Condition):
        yield where
        return
    for part in where.parts:
        yield from _leaves(part)


def _joined(word: str, parts: list[Sql]) -> Sql:
    if not parts:
        return Sql("1")
    if len(parts) == 1:
        return parts[0]
    text = f" {word.upper()} ".join(f"({part.text})" for part in parts)
    return Sql(text, tuple(value for part in parts for value in part.values))


# ---- one condition


def _condition(one: Condition, model: Model, alias: str, wanted_unit: WantedUnit | None) -> Sql:
    if one.property is None:
        looked = [model.property(name) for name in model.text]
        parts = [_positive(each, "text", one.value, model, alias, None) for each in looked if each]
        return _joined("or", parts)
    positive = NEGATIONS.get(one.operator)
    if positive is None:
        return _positive(one.property, one.operator, one.value, model, alias, wanted_unit)
    inner = _positive(one.property, positive, one.value, model, alias, wanted_unit)
    return Sql(f"NOT coalesce(({inner.text}), 0)", inner.values)


def _positive(
    known: Property,
    operator: str,
    value: Value | tuple[Value, ...],
    model: Model,
    alias: str,
    wanted_unit: WantedUnit | None,
) -> Sql:
    column = known.sql.format(c=alias)
    if known.name in _NAMING and model.name in _NAMED_WITHOUT_CASE and operator in ("eq", "inq"):
        named = [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, str)]
        return _among(f"{alias}.key", tuple(dict.fromkeys(form for one in named for form in spellings(one))))
    if known.kind == "list":
        if value is None:
            return Sql(f"json_array_length({column}) = 0")
        inner = _compared(f"{alias}k.value", operator, value)
        return Sql(f"EXISTS (SELECT 1 FROM json_each({column}) AS {alias}k WHERE {inner.text})", inner.values)
    if known.kind == "value":
        return _parameter_value(column, operator, value, alias, wanted_unit)
    found = _compared(column, operator, value)
    if model.name == "Technique" and operator in EXPANDED and (terms := terms_meant(known.name, operator, value)):
        return _joined("or", [found, _among(f"{alias}.panetId", terms)])
    if model.name == "Parameter" and operator in ("eq", "inq"):
        said = value if isinstance(value, tuple) else (value,)
        return _joined(
            "or", [found, *_same_parameter(known.name, [f"{one}" for one in said if one is not None], alias)]
        )
    return found


def _same_parameter(name: str, said: list[str], alias: str) -> list[Sql]:
    """What a facility calls otherwise: a name means its quantity, a unit all units of its kind, an empty one none."""
    said = [one for one in said if len(one) <= _LONGEST_NAME]
    if name == "name":
        quantities = {quantity.key for one in said if (quantity := quantity_named(one))}
        return [_among(f"{alias}m.quantity", tuple(sorted(quantities)))] if quantities else []
    kinds = {unit.kind for one in said if (unit := meant_unit("", one))}
    found = [_among(f"{alias}m.kind", tuple(sorted(kinds)))] if kinds else []
    return [*found, Sql(f"{alias}m.unit IS NULL")] if "" in said else found


def _compared(column: str, operator: str, value: Value | tuple[Value, ...]) -> Sql:
    if isinstance(value, tuple):
        if operator == "between":
            return Sql(f"{column} BETWEEN ? AND ?", value)
        found = [_among(column, tuple(one for one in value if one is not None))]
        return _joined("or", [*found, Sql(f"{column} IS NULL")] if None in value else found)
    if operator in _SIGNS:
        return Sql(f"{column} {_SIGNS[operator]} ?", (value,))
    if operator == "eq":
        return Sql(f"{column} IS NULL") if value is None else Sql(f"{column} = ?", (value,))
    assert isinstance(value, str)
    if operator == "regexp":
        expression(value)  # a bad one is told before anything is read
        return Sql(f"panosc_found(?, {column})", (value,))
    if operator == "text":
        value = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return _like(column, value, cased=operator == "like")


def _like(column: str, pattern: str, cased: bool) -> Sql:
    if not cased:
        # SQLite's own LIKE and lower() know ASCII only; for them there is no need of a function of ours.
        column = f"lower({column})" if pattern.isascii() else f"panosc_lower({column})"
        pattern = pattern.lower()
    glob = like_glob(pattern)
    if glob is None:
        return Sql(f"instr({column}, ?) > 0", (plain(pattern),))
    return Sql(f"{column} GLOB ?", (glob,))


def _among(column: str, values: tuple[Value, ...]) -> Sql:
    return Sql(f"{column} IN (SELECT value FROM json_each(?))", (orjson.dumps(values).decode(),))


# ---- parameters


def _wanted_unit(where: Junction, model: Model) -> WantedUnit | None:
    """The unit that the parts of a conjunction name for its values, with the name that may say what it means."""
    if model.name != "Parameter":
        return None
    unit, name = _said(where, "unit"), _said(where, "name")
    meant = meant_unit(name or "", unit) if unit else None
    return WantedUnit(unit, meant) if unit and meant else None


def _said(where: Junction, name: str) -> str | None:
    for part in where.parts:
        if isinstance(part, Junction):
            found = _said(part, name) if part.word == "and" else None
        elif part.property is not None and part.property.name == name and part.operator == "eq":
            found = part.value if isinstance(part.value, str) and len(part.value) <= _LONGEST_NAME else None
        else:
            found = None
        if found is not None:
            return found
    return None


def _parameter_value(
    column: str, operator: str, value: Value | tuple[Value, ...], alias: str, wanted_unit: WantedUnit | None
) -> Sql:
    values = value if isinstance(value, tuple) else (value,)
    numbers = [one for one in values if isinstance(one, int | float) and not isinstance(one, bool)]
    if operator == "inq":
        each = [_parameter_value(column, "eq", one, alias, wanted_unit) for one in values]
        return _joined("or", each) if each else Sql("0")
    if operator == "eq" and isinstance(value, str) and (number := number_of(value)) is not None:
        # In brackets all values are texts.
        alike = _parameter_value(column, "eq", number, alias, wanted_unit)
        found = _compared(column, operator, value)
        return _joined("or", [found, alike])
    if len(numbers) < len(values):  # texts: a number is none, whatever its order in SQLite
        texts = tuple(one if isinstance(one, str) else f"{one}" for one in values)
        found = _compared(column, operator, texts if isinstance(value, tuple) else value)
        return Sql(f"typeof({column}) = 'text' AND {found.text}", found.values)
    if wanted_unit is None:
        found = _compared(column, operator, value)
        return Sql(f"typeof({column}) != 'text' AND {found.text}", found.values)
    in_units = [in_si(number, wanted_unit.unit) for number in numbers]
    if None in in_units:
        return Sql("0")
    found = _compared(f"{alias}.si", operator, tuple(in_units) if isinstance(value, tuple) else in_units[0])
    return Sql(f"{alias}m.kind = ? AND {found.text}", (wanted_unit.unit.kind, *found.values))
