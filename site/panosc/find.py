"""Answers of the PaNOSC search API from the store: pages of things with what is included, single things, counts.

A page costs one query, and one for each include: never one for each thing. Values of parameters come back in the unit
that was asked for. No answer holds more than MOST_RELATED things besides those of the page.
"""

import sqlite3
from collections.abc import Mapping
from typing import Any

import orjson

from panfair.builders.panosc.entry import from_si, meant_unit
from panfair.site.panosc.filter import DEFAULT_LIMIT, LARGEST_LIMIT, Clause, Filter, Include
from panfair.site.panosc.models import DATASET, FILE, MODELS, Model
from panfair.site.panosc.pids import spellings
from panfair.site.panosc.store import TooMuch
from panfair.site.panosc.where import Names, Sql, WantedUnit, filter_sql, shown_sql, wanted_units, where_sql

MOST_RELATED = 20_000

Thing = dict[str, Any]


def find(
    db: sqlite3.Connection, model: Model, search_filter: Filter, scores: Mapping[str, float] | None = None
) -> list[Thing]:
    """One page of the things that satisfy a filter; with `scores` (by key) the best first, then those without."""
    names = Names()
    alias = names.next()
    condition = filter_sql(search_filter, model, alias, names)
    condition = Sql(f"{model.base.format(c=alias)} AND ({condition.text})", condition.values)
    limit = page_limit(search_filter)
    if scores:
        ids = _best(db, model, alias, condition, scores, limit, search_filter.skip)
    else:
        ids = [(row, 0.0) for row in _ids(db, model, alias, condition, limit, search_filter.skip)]
    things = _things(db, model, [one for one, _ in ids])
    _Loader(db).include(model, things, search_filter.include)
    return [things[one] | {"score": score} for one, score in ids]


def page_limit(search_filter: Filter) -> int:
    """How many things a page of an answer holds at most."""
    return LARGEST_LIMIT if search_filter.limit == 0 else min(search_filter.limit or DEFAULT_LIMIT, LARGEST_LIMIT)


def find_one(db: sqlite3.Connection, model: Model, pid: str, search_filter: Filter) -> Thing | None:
    """The thing of a persistent identifier, in any of its spellings; None when there is none."""
    number = number_of_pid(db, model, pid)
    if number is None:
        return None
    things = _things(db, model, [number])
    _Loader(db).include(model, things, search_filter.include)
    return things[number]


def number_of_pid(db: sqlite3.Connection, model: Model, pid: str) -> int | None:
    """The store's own number of a thing; None for an unknown identifier."""
    alias = "t0"
    order = model.order.format(c=alias)
    for spelling in spellings(pid):
        row = db.execute(
            f"SELECT id FROM {model.table} AS {alias} WHERE {model.key.format(c=alias)} = ?"
            f" AND {model.base.format(c=alias)} ORDER BY {order} LIMIT 1",
            (spelling,),
        ).fetchone()
        if row:
            return int(row[0])
    return None


def count(db: sqlite3.Connection, model: Model, search_filter: Filter) -> int:
    """How many things satisfy a filter."""
    names = Names()
    alias = names.next()
    found = filter_sql(search_filter, model, alias, names)
    row = db.execute(
        f"SELECT count(*) FROM {model.table} AS {alias} WHERE {model.base.format(c=alias)} AND ({found.text})",
        found.values,
    ).fetchone()
    return int(row[0])


def files_of(db: sqlite3.Connection, dataset: int, search_filter: Filter) -> list[Thing]:
    """A dataset's files: all of them, where the filter gives no limit. Raises TooMuch for more than MOST_RELATED."""
    names = Names()
    alias = names.next()
    found = filter_sql(search_filter, FILE, alias, names)
    rows = db.execute(
        f"SELECT {FILE.row.format(c=alias)}, {_columns(FILE, alias)} FROM file AS {alias}"
        f" WHERE {alias}.dataset = ? AND ({found.text}) ORDER BY {alias}.place LIMIT ? OFFSET ?",
        (dataset, *found.values, min(search_filter.limit or MOST_RELATED + 1, MOST_RELATED + 1), search_filter.skip),
    ).fetchall()
    if len(rows) > MOST_RELATED:
        raise TooMuch(f"it has more than {MOST_RELATED} files; ask for them with a limit and skip")
    things = {row[0]: _thing(FILE, row[1:]) for row in rows}
    _Loader(db).include(FILE, things, search_filter.include)
    return list(things.values())


def count_files(db: sqlite3.Connection, dataset: int, search_filter: Filter) -> int:
    """How many files of a dataset satisfy a filter."""
    names = Names()
    alias = names.next()
    found = filter_sql(search_filter, FILE, alias, names)
    row = db.execute(
        f"SELECT count(*) FROM file AS {alias} WHERE {alias}.dataset = ? AND ({found.text})", (dataset, *found.values)
    ).fetchone()
    return int(row[0])


# ---- a page


def _ids(db: sqlite3.Connection, model: Model, alias: str, condition: Sql, limit: int, skip: int) -> list[int]:
    rows = db.execute(
        f"SELECT {alias}.id FROM {model.table} AS {alias} WHERE {condition.text}"
        f" ORDER BY {model.order.format(c=alias)} LIMIT ? OFFSET ?",
        (*condition.values, limit, skip),
    )
    return [row[0] for row in rows]


def _best(
    db: sqlite3.Connection,
    model: Model,
    alias: str,
    condition: Sql,
    scores: Mapping[str, float],
    limit: int,
    skip: int,
) -> list[tuple[int, float]]:
    """Ids with scores: all that have one, by score, then by key; behind them those without, with 0."""
    column = f"{alias}.found_as" if model is DATASET else f"{alias}.key"
    scored = f"{column} IN (SELECT value FROM json_each(?))"
    keys = orjson.dumps(list(scores)).decode()
    rows = db.execute(
        f"SELECT {alias}.id, {column}, {alias}.key FROM {model.table} AS {alias} WHERE ({condition.text}) AND {scored}",
        (*condition.values, keys),
    ).fetchall()
    rows.sort(key=lambda row: (-scores[row[1]], row[2], row[0]))
    page = [(row[0], scores[row[1]]) for row in rows[skip : skip + limit]]
    if len(page) < limit:
        rest = Sql(f"({condition.text}) AND NOT {scored}", (*condition.values, keys))
        behind = _ids(db, model, alias, rest, limit - len(page), max(0, skip - len(rows)))
        page += [(one, 0.0) for one in behind]
    return page


def _things(db: sqlite3.Connection, model: Model, ids: list[int]) -> dict[int, Thing]:
    rows = db.execute(
        f"SELECT t1.id, {_columns(model, 't1')} FROM {model.table} AS t1 WHERE t1.id IN"
        " (SELECT value FROM json_each(?))",
        (orjson.dumps(ids).decode(),),
    )
    return {row[0]: _thing(model, row[1:]) for row in rows}


def _columns(model: Model, alias: str) -> str:
    return ", ".join(known.sql.format(c=alias) for known in model.properties)


def _thing(model: Model, row: tuple[Any, ...]) -> Thing:
    """A row as an answer shows it; what has no value is left out."""
    found: Thing = {}
    for known, value in zip(model.properties, row, strict=True):
        if known.kind == "list":
            found[known.name] = orjson.loads(value)
        elif value is not None:
            found[known.name] = bool(value) if known.kind == "flag" else value
    return found


# ---- what is included


class _Loader:
    """Puts related things into things, and counts them."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._names = Names()
        self._left = MOST_RELATED

    def include(self, model: Model, things: dict[int, Thing], includes: tuple[Include, ...]) -> None:
        """Each relation that is asked for, into all things; asked for several times, what any of them asks for."""
        for name in dict.fromkeys(include.relation.name for include in includes):
            several = [include for include in includes if include.relation.name == name]
            children: dict[int, dict[Any, Thing]] = {}
            for include in several:
                for owner, place, child in self._children(include, list(things)):
                    children.setdefault(owner, {}).setdefault(place, {}).update(child)
            for number, thing in things.items():
                mine = children.get(number, {})
                ordered = [mine[place] for place in sorted(mine)]
                if several[0].relation.many:
                    thing[name] = ordered
                elif ordered:
                    thing[name] = ordered[0]

    def _children(self, include: Include, owners: list[int]) -> list[tuple[int, Any, Thing]]:
        relation, scope = include.relation, include.scope
        model, alias = MODELS[relation.model], self._names.next()
        condition = shown_sql(include, alias, self._names)
        units = wanted_units(scope.where, model)
        link, place = relation.link.format(c=alias), relation.order.format(c=alias)
        own = model.row.format(c=alias) if scope.include else "NULL"
        among = (relation.among or f"{relation.link} IN (SELECT value FROM json_each(?))").format(c=alias)
        which = _which(units, model, alias)
        rows = self._db.execute(
            f"SELECT {link}, {place}, {own}, {which.text}, {_columns(model, alias)}"
            f" FROM {relation.loading.format(c=alias)} WHERE {among}"
            f" AND {relation.holds.format(c=alias)} AND ({condition.text}) ORDER BY {link}, {place} LIMIT ?",
            (*which.values, orjson.dumps(owners).decode(), *condition.values, self._left + 1),
        ).fetchall()
        if scope.limit or scope.skip:
            rows = _stretches(rows, scope.skip, scope.limit or None)
        self._left -= len(rows)
        if self._left < 0:
            raise TooMuch(
                f"the answer would hold more than {MOST_RELATED} related things; ask for a smaller limit, "
                f"or give the include of {relation.name} a scope with a limit"
            )
        found = []
        numbered: dict[int, Thing] = {}
        for owner, position, number, wanted, si, *values in rows:
            thing = _thing(model, tuple(values))
            if wanted is not None and si is not None:
                _convert(thing, si, units[wanted][1])
            if number is not None:
                thing = numbered.setdefault(number, thing)
            found.append((owner, position, thing))
        if numbered and scope.include:
            self.include(model, numbered, scope.include)
        return found


def _which(units: list[tuple[Clause, WantedUnit]], model: Model, alias: str) -> Sql:
    """Which of the units a parameter was found by, and its value in SI."""
    if model.name != "Parameter":
        return Sql("NULL, NULL")
    if not units:
        return Sql(f"NULL, {alias}.si")
    parts = [where_sql(part, model, alias) for part, _ in units]
    cases = " ".join(f"WHEN ({part.text}) THEN {number}" for number, part in enumerate(parts))
    return Sql(f"CASE {cases} END, {alias}.si", tuple(value for part in parts for value in part.values))


def _convert(parameter: Thing, si: float, wanted: WantedUnit) -> None:
    """Puts a value into the unit that was asked for; one that is in it already stays as it was written."""
    own = meant_unit(parameter["name"], parameter.get("unit"))
    if own is None or own.kind != wanted.unit.kind:
        return
    value = parameter["value"] if own == wanted.unit else from_si(si, wanted.unit)
    if value is not None:
        parameter["value"], parameter["unit"] = value, wanted.said


def _stretches(rows: list[tuple[Any, ...]], skip: int, limit: int | None) -> list[tuple[Any, ...]]:
    """Of each owner's rows those from `skip` on, `limit` at most."""
    found, owner, seen = [], None, 0
    for row in rows:
        owner, seen = row[0], seen + 1 if row[0] == owner else 0
        if skip <= seen and (limit is None or seen < skip + limit):
            found.append(row)
    return found
