"""ICAT's queries (JPQL with LIMIT and INCLUDE) as SQL over tables that are called as the entities.

`SELECT i.id, COUNT(a) FROM Dataset a JOIN a.investigation i WHERE a.sample.name = 'x' GROUP BY i.id LIMIT 0,5`.
What the schema does not have is refused in the words of icat.server 6.2.0.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from support.servers.icat.content import moment
from support.servers.icat.schema import Schema

_CLAUSES = re.compile(
    r"SELECT (?P<distinct>DISTINCT )?(?P<select>.+?) FROM (?P<entity>\w+) (?:AS )?(?P<var>\w+)"
    r"(?P<joins>(?: JOIN \w+\.\w+ (?:AS )?\w+)*)(?: WHERE (?P<where>.+?))?(?: GROUP BY (?P<group>.+?))?"
    r"(?: ORDER BY (?P<order>.+?))?(?: LIMIT (?P<offset>\d+), ?(?P<limit>\d+))?(?: INCLUDE (?P<include>.+))?"
)
_JOIN = re.compile(r"JOIN (\w+)\.(\w+) (?:AS )?(\w+)")
_STEP = re.compile(r"(\w+)\.(\w+)(?: (?:AS )?(\w+))?")
_WORD = re.compile(r"'(?:[^']|'')*'|:\w+|[A-Za-z_]\w*(?:\.\w+)*|.", re.DOTALL)
_DATE = re.compile(r"'(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) ([+-]\d{4})'")
_OLD_RULE = re.compile(r"(\w+(?: <-> \w+)*)(?: \[(\w+) ?= ?(:user)\])?")

Include = dict[str, "Include"]
"""What comes along with an entity: field to what comes along with that."""
Visible = Callable[[str], str | None]
"""For an entity the SQL of the numbers that an account may read; None where it may read all."""


class BadParameterError(Exception):
    """What the server answers BAD_PARAMETER to, in its words."""


@dataclass
class Query:
    """A query as SQL, and what its answer is made of."""

    sql: str
    entity: str | None
    """The entity whose rows the query selects; None where it selects values."""
    include: Include = field(default_factory=dict)


@dataclass
class _Names:
    """The variables of a query with their entities, and the joins that its paths need."""

    schema: Schema
    query: str
    entities: dict[str, str] = field(default_factory=dict)
    joins: dict[str, str] = field(default_factory=dict)

    def column(self, path: str) -> str:
        """A path (`a.sample.name`) as a column; references on the way are joined, as JPQL joins them."""
        var, *steps = path.split(".")
        for place, step in enumerate(steps):
            found = self.schema.entities[self.entities[var]].get(step)
            if found is None or (place + 1 < len(steps) and found.relation != "ONE"):
                begin = self.query.find(path)
                raise BadParameterError(
                    "An exception occurred while creating a query in EntityManager: \nException Description: Problem "
                    f"compiling [{self.query}]. \n[{begin}, {begin + len(path)}] The state field path '{path}' cannot "
                    "be resolved to a valid type."
                )
            if place + 1 == len(steps):
                return f'{var}."{step}"'
            joined = f"{var}_{step}"
            self.entities[joined] = found.type
            self.joins[joined] = f'JOIN "{found.type}" {joined} ON {joined}.id = {var}."{step}"'
            var = joined
        return f"{var}.id"

    def join(self, var: str, step: str, alias: str) -> None:
        """A relation that the query joins by name, whichever way it goes."""
        entity = self.entities[var]
        found = self.schema.entities[entity].get(step)
        if found is None or found.relation == "ATTRIBUTE":
            raise BadParameterError(f"{step} is not a field of {entity}")
        way = f'{alias}.id = {var}."{step}"'
        if found.relation == "MANY":
            way = f'{alias}."{self.schema.back(entity, found)}" = {var}.id'
        self.entities[alias] = found.type
        self.joins[alias] = f'JOIN "{found.type}" {alias} ON {way}'

    def text(self, clause: str, now: str) -> str:
        """A clause with its paths as columns, and its moments as the tables keep them."""

        def one(found: re.Match[str]) -> str:
            word = found[0]
            if date := _DATE.fullmatch(word):
                return f"'{moment(f'{date[1]}T{date[2]}{date[3]}')}'"
            if word == "CURRENT_TIMESTAMP":
                return f"'{now}'"
            if word.upper() in {"TRUE", "FALSE"}:
                return str(int(word.upper() == "TRUE"))
            return self.column(word) if word.split(".")[0] in self.entities else word

        return _WORD.sub(one, clause)


def sql_of(query: str, schema: Schema, now: str, visible: Visible) -> Query:
    """A query as SQL; an account gets only what it may read of the entities that the query selects, and conditions
    may be about anything. Raises BadParameterError in the server's words.
    """
    found = _CLAUSES.fullmatch(query)
    if found is None:
        raise BadParameterError("the query cannot be parsed")
    if found["entity"] not in schema.entities:
        raise BadParameterError(f"No information to determine type of {found['entity']} in the FROM clause")
    names = _Names(schema, query, {found["var"]: found["entity"]})
    for join in _JOIN.finditer(found["joins"]):
        names.join(join[1], join[2], join[3])
    include = _include(found["include"], found["var"], found["entity"], schema)
    where = [names.text(found["where"], now)] if found["where"] else []
    select, entity = found["select"], names.entities.get(found["select"])
    for var in [one for one in names.entities if re.search(rf"\b{one}\b", select)]:
        if (readable := visible(names.entities[var])) is not None:
            where.append(f"{var}.id IN ({readable})")
    parts = [f"SELECT {found['distinct'] or ''}{f'{select}.*' if entity else names.text(select, now)}"]
    parts += [f'FROM "{found["entity"]}" {found["var"]}', ""]
    parts += [f"WHERE ({') AND ('.join(where)})"] if where else []
    parts += [
        f"{clause} BY {names.text(found[clause.lower()], now)}"
        for clause in ("GROUP", "ORDER")
        if found[clause.lower()]
    ]
    parts += [f"LIMIT {found['offset']}, {found['limit']}"] if found["limit"] else []
    parts[2] = " ".join(names.joins.values())
    return Query(" ".join(parts), entity, include)


def sql_of_rule(what: str, schema: Schema, now: str) -> tuple[str, str | None]:
    """The entity that a rule opens, and the SQL of the numbers that it opens; None where it opens all.

    `:user` stays in it, for the name of the account. Rules are queries, or `Study <-> User [name=:user]` of ICAT 4.2.
    """
    if what.startswith("SELECT "):
        found = sql_of(what, schema, now, lambda entity: None)
        assert found.entity
        whole = " WHERE " not in what and " JOIN " not in what
        return found.entity, None if whole else re.sub(r"^SELECT (\w+)\.\*", r"SELECT \1.id", found.sql)
    old = _OLD_RULE.fullmatch(what)
    assert old, what
    chain = old[1].split(" <-> ")
    names = _Names(schema, what, {"e0": chain[0]})
    for place, (here, there) in enumerate(pairwise(chain)):
        step = next(one.name for one in schema.entities[here].values() if one.type == there)
        names.join(f"e{place}", step, f"e{place + 1}")
    if len(chain) == 1 and not old[2]:
        return chain[0], None
    condition = f'WHERE e{len(chain) - 1}."{old[2]}" = :user' if old[2] else ""
    return chain[0], f'SELECT e0.id FROM "{chain[0]}" e0 {" ".join(names.joins.values())} {condition}'


def _include(text: str | None, var: str, entity: str, schema: Schema) -> Include:
    tree: Include = {}
    aliases: dict[str, tuple[Include, str]] = {var: (tree, entity)}
    for part in text.split(",") if text else ():
        found = _STEP.fullmatch(part.strip())
        if not found or found[1] not in aliases:
            raise BadParameterError(f"Problem with INCLUDE clause: {part.strip()} cannot be parsed")
        above, of = aliases[found[1]]
        step = schema.entities[of].get(found[2])
        if step is None or step.relation == "ATTRIBUTE":
            raise BadParameterError(f"Problem with INCLUDE clause: {found[2]} is not a field of {of}")
        below = above.setdefault(found[2], {})
        if found[3]:
            aliases[found[3]] = (below, step.type)
    return tree
