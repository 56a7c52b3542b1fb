"""A filter of the PaNOSC search API, from JSON or from brackets, read and checked: what it may say, and how much.

Follows LoopBack 3's filters as far as panosc-eu/search-api uses them: `where`, `include` with `scope`, `limit`, `skip`,
and `query`. What cannot be read is a FilterError that says where and what to write instead.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

import orjson

from panfair.builders.panosc.entry import read_moment
from panfair.ontologies.errors import PanfairError
from panfair.site.panosc.models import MODELS, Model, Property, Relation

OPERATORS = (
    "eq", "neq", "ne", "gt", "gte", "lt", "lte", "between", "inq", "nin", "like", "nlike", "ilike", "nilike", "regexp",
)  # fmt: skip
_ALSO_CALLED = {"ne": "neq"}
NEGATIONS = {"neq": "eq", "nin": "inq", "nlike": "like", "nilike": "ilike"}
DEFAULT_LIMIT, LARGEST_LIMIT = 100, 1000
_DEEPEST_WHERE, _DEEPEST_INCLUDE = 12, 4
_MOST_CONDITIONS, _MOST_VALUES, _MOST_INCLUDES = 100, 500, 20
_LONGEST_TEXT = 2000
_LARGEST = 2**53

Value = str | int | float | bool | None


class FilterError(PanfairError):
    """The filter cannot be read; the message says why, for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One property compared with a value: `operator` is one of OPERATORS; the property is None for `text`."""

    property: Property | None
    operator: str
    value: Value | tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Junction:
    """Several parts of which all, or any, must hold; of none, all do."""

    word: Literal["and", "or"]
    parts: tuple["Clause", ...]


Clause = Condition | Junction
ALL = Junction("and", ())


@dataclass(frozen=True, slots=True)
class Include:
    """Related things to answer with."""

    relation: Relation
    scope: "Filter"

    @property
    def narrows(self) -> bool:
        """Whether it filters the parents: those without such a thing are left out (an inner join)."""
        return self.scope.where != ALL or any(include.narrows for include in self.scope.include)


@dataclass(frozen=True, slots=True)
class Filter:
    """All that was asked for."""

    where: Clause = ALL
    include: tuple[Include, ...] = ()
    limit: int | None = None
    """0 is no limit, says the reference: as much as one answer may hold."""
    skip: int = 0
    query: str | None = None


def read_filter(text: str | None, model: Model) -> Filter:
    """The filter in a JSON text; everything for none. Raises FilterError."""
    return filter_of(_json(text, "filter"), model)


def where_of(said: object, model: Model) -> Clause:
    """The condition in a JSON text, or in an object; everything for none. Raises FilterError."""
    return _Reader().where(_json(said, "where") if said is None or isinstance(said, str) else said, model, 0)


def filter_of(value: object, model: Model) -> Filter:
    """The filter that an object says. Raises FilterError."""
    return _Reader().filter(value, model, 0)


def _json(text: str | None, name: str) -> object:
    if text is None or not text.strip():
        return {}
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise FilterError(f"{name} is not JSON: {error}") from None


class _Reader:
    """Reads one filter, counting what it is made of."""

    def __init__(self) -> None:
        self._conditions = 0
        self._includes = 0

    def filter(self, value: object, model: Model, depth: int) -> Filter:
        table = _table(value, "a filter")
        known = {"where", "include", "limit", "skip", "offset", "query"}
        if strange := sorted(table.keys() - known):
            raise FilterError(f"{strange[0][:80]!r} is not known in a filter; it may have {', '.join(sorted(known))}")
        query = table.get("query")
        if query is not None and (not isinstance(query, str) or len(query) > _LONGEST_TEXT or depth):
            raise FilterError(f"query is a text of at most {_LONGEST_TEXT} characters, in the outermost filter")
        limit = _whole(table.get("limit"), "limit")
        return Filter(
            where=self.where(table.get("where"), model, 0),
            include=self._include(table.get("include"), model, depth),
            limit=limit,
            skip=_whole(table.get("skip", table.get("offset")), "skip") or 0,
            query=query.strip() or None if query else None,
        )

    def _include(self, value: object, model: Model, depth: int) -> tuple[Include, ...]:
        if value is None:
            return ()
        entries = value if isinstance(value, list) else [value]
        found = []
        for one in entries:
            self._includes += 1
            if self._includes > _MOST_INCLUDES or depth >= _DEEPEST_INCLUDE:
                raise FilterError(f"include: at most {_MOST_INCLUDES} of them, {_DEEPEST_INCLUDE} deep")
            table = {"relation": one} if isinstance(one, str) else _table(one, "include")
            if strange := sorted(table.keys() - {"relation", "scope"}):
                raise FilterError(f"include: {strange[0][:80]!r} is not known; it may have relation and scope")
            name = table.get("relation")
            relation = model.relation(name) if isinstance(name, str) else None
            if relation is None:
                have = ", ".join(relation.name for relation in model.relations) or "no relations"
                raise FilterError(f"include: {model.name} has no relation {str(name)[:80]!r}; it has {have}")
            scope = self.filter(table.get("scope") or {}, MODELS[relation.model], depth + 1)
            found.append(Include(relation, scope))
        return tuple(found)

    def where(self, value: object, model: Model, depth: int) -> Clause:
        if value is None:
            return ALL
        if depth > _DEEPEST_WHERE:
            raise FilterError(f"where: deeper than {_DEEPEST_WHERE} levels")
        parts: list[Clause] = []
        for name, said in _table(value, "where").items():
            if name in ("and", "or"):
                if not isinstance(said, list):
                    raise FilterError(f"where: {name} is a list of conditions")
                if not said and name == "or":
                    raise FilterError("where: or is a list of at least one condition")
                for _ in said:
                    self._count()
                inner = tuple(self.where(one, model, depth + 1) for one in said)
                parts.append(Junction("or" if name == "or" else "and", inner))
            else:
                parts += self._conditions_on(name, said, model)
        return parts[0] if len(parts) == 1 else Junction("and", tuple(parts))

    def _conditions_on(self, name: str, said: object, model: Model) -> list[Condition]:
        if name == "text":
            self._count()
            if not model.text:
                raise FilterError(f"where: {model.name} cannot be searched by text")
            return [Condition(None, "text", _text(said, "text"))]
        known = model.property(name)
        if known is None:
            have = ", ".join(known.name for known in model.properties)
            raise FilterError(f"where: {model.name} has no property {name[:80]!r}; it has {have}")
        if not isinstance(said, dict):
            said = {"eq": said}
        options = said.pop("options", None) if "regexp" in said else None
        found = []
        for operator, operand in said.items():
            self._count()
            if operator not in OPERATORS:
                raise FilterError(f"where: {operator[:80]!r} is no operator; there are {', '.join(OPERATORS)}")
            operator = _ALSO_CALLED.get(operator, operator)
            value = self._operand(known, operator, operand)
            if operator == "regexp" and options is not None and isinstance(value, str):
                value = f"/{value}/{_text(options, 'options')}"
            found.append(Condition(known, operator, value))
        return found

    def _count(self) -> None:
        self._conditions += 1
        if self._conditions > _MOST_CONDITIONS:
            raise FilterError(f"where: more than {_MOST_CONDITIONS} conditions")

    def _operand(self, known: Property, operator: str, said: object) -> Value | tuple[Value, ...]:
        if operator in ("inq", "nin", "between"):
            if not isinstance(said, list) or len(said) > _MOST_VALUES:
                raise FilterError(f"where: {operator} of {known.name} is a list of at most {_MOST_VALUES} values")
            if operator == "between" and len(said) != 2:
                raise FilterError(f"where: between of {known.name} is a list of two values, the lower one first")
            ranged = operator == "between"
            return tuple(_value(known, one, ranged=ranged) for one in said)
        if operator in ("like", "nlike", "ilike", "nilike", "regexp"):
            if known.kind not in ("text", "list", "value"):
                raise FilterError(f"where: {operator} compares texts, and {known.name} is none")
            return _text(said, operator)
        return _value(known, said, ranged=operator in ("gt", "gte", "lt", "lte"))


def _table(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise FilterError(f'{what} is a JSON object, such as {{"where": {{"title": "x"}}}}')
    return value


def _whole(value: object, name: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LARGEST:
        raise FilterError(f"{name} is a whole number, 0 or more")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise FilterError(f"where: {name} takes a text of at most {_LONGEST_TEXT} characters")
    return value


def _value(known: Property, said: object, *, ranged: bool) -> Value:
    """A value of the property's kind."""
    if isinstance(said, dict | list) or (said is None and ranged):
        shape = "null" if said is None else "a list" if isinstance(said, list) else "an object"
        raise FilterError(f"where: {known.name} cannot be compared with {shape}")
    if said is None:
        return None
    match known.kind:
        case "flag":
            word = str(said).casefold()
            if word not in ("true", "false"):
                raise FilterError(f"where: {known.name} is true or false")
            return word == "true"
        case "number" | "value" if isinstance(said, int | float) and not isinstance(said, bool):
            return said if isinstance(said, float) or abs(said) < 2**63 else float(said)
        case "number":
            if (number := _number(said)) is None:
                raise FilterError(f"where: {known.name} is a number")
            return number
        case "value" if ranged and (number := _number(said)) is not None:
            return number
        case "moment":
            return _moment(known.name, said)
        case _:
            return said if isinstance(said, str) else orjson.dumps(said).decode()


def _number(said: object) -> int | float | None:
    """A number that came as text, as all values in brackets do."""
    text = str(said)
    if not re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,3})?", text):
        return None
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < _LARGEST else number


def _moment(name: str, said: object) -> str:
    found = read_moment(said) if isinstance(said, str) else None
    if found is None:
        raise FilterError(f"where: {name} is a moment such as 2024-05-02 or 2024-05-02T08:00:00.000Z")
    return found
