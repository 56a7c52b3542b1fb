"""An ICAT without a network: a dump in tables, and who may read what of it by its rules and PublicSteps.

An account reads what a rule opens to everybody or to one of its groups; root reads all. A query gives it the readable
rows of what it selects. What comes along by INCLUDE is shown where it is readable, and where a PublicStep leads to it
from an entity that is shown. So did icat.server 6.2.0 (icat-6.2.0-rest.jsonl).
"""

import math
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from support.servers.icat.content import Content, Expected, Json
from support.servers.icat.jpql import BadParameterError, Include, sql_of, sql_of_rule
from support.servers.icat.schema import Schema, schema

_STAMP = "2000-01-01T00:00:00.000Z"
_NOW = "2026-11-30T00:10:00.000Z"  # when the server was asked


class Catalogue:
    """The tables of a dump, and the answers that accounts get from them."""

    def __init__(
        self,
        path: Path,
        missing: frozenset[str] = frozenset(),
        recorded: Iterable[Json] = (),
        expected: Expected = lambda row: (),
        stamp: str = _STAMP,
    ) -> None:
        """Numbers are those of recorded rows, then the expected ones; `stamp`: when everything was modified."""
        self.schema: Schema = schema().without(missing)
        self.now = _NOW
        """The moment that rules call CURRENT_TIMESTAMP."""
        self._stamp = stamp
        self.roots = frozenset({"simple/root"})
        """The accounts that read all (rootUserNames in run.properties)."""
        self._lock = threading.RLock()
        self._odd: dict[tuple[str, int, str], object] = {}
        self._tables = sqlite3.connect(":memory:", check_same_thread=False)
        self._tables.row_factory = sqlite3.Row
        content = Content(path, self.schema)
        content.learn(recorded)
        content.number(expected)
        self._load(content)
        self._allowed: dict[str, dict[str, list[str] | None]] = {}
        self._readable: dict[tuple[str, str], frozenset[int] | None] = {}
        self._steps: set[tuple[str, str]] = set()

    def _load(self, content: Content) -> None:
        for entity in self.schema.entities:
            names = self.schema.columns(entity)
            listed = ", ".join("id INTEGER PRIMARY KEY" if name == "id" else f'"{name}"' for name in names)
            self._tables.execute(f'CREATE TABLE "{entity}" ({listed})')
            for name, field in self.schema.entities[entity].items():
                if field.relation == "ONE":
                    self._tables.execute(f'CREATE INDEX "{entity} {name}" ON "{entity}" ("{name}")')
            places = ", ".join("?" * len(names))
            self._tables.executemany(
                f'INSERT INTO "{entity}" VALUES ({places})',
                [
                    [
                        row.number if name == "id" else row.references[name].number if name in row.references
                        else self._stamp if name.endswith("Time") and name in {"modTime", "createTime"}
                        else "simple/root" if name in {"modId", "createId"} else row.values.get(name)
                        for name in names
                    ]
                    for row in content.rows[entity]
                ],
            )  # fmt: skip

    def rows(self, entity: str) -> list[Json]:
        """The rows of an entity, references as numbers."""
        with self._lock:
            return [dict(row) for row in self._tables.execute(f'SELECT * FROM "{entity}" ORDER BY id')]

    def change(self, entity: str, number: int, **values: object) -> None:
        """Changes fields of a row; nothing says when, unless `modTime` is among them.

        What no table can hold is shown all the same, and meets no condition.
        """
        with self._lock:
            for name, value in values.items():
                self._odd.pop((entity, number, name), None)
                if not _is_plain(value):
                    self._odd[entity, number, name] = value
                    value = None
                self._tables.execute(f'UPDATE "{entity}" SET "{name}" = ? WHERE id = ?', (value, number))
            self._forget()

    def add(self, entity: str, number: int, **values: object) -> None:
        """Adds a row, its references given as numbers."""
        with self._lock:
            self._tables.execute(f'INSERT INTO "{entity}" (id) VALUES (?)', (number,))
            self.change(entity, number, createTime=self._stamp, modTime=self._stamp, **values)

    def delete(self, entity: str, number: int) -> None:
        """Deletes a row with all that names it, without a trace."""
        with self._lock:
            self._tables.execute(f'DELETE FROM "{entity}" WHERE id = ?', (number,))
            for other, fields in self.schema.entities.items():
                for name, field in fields.items():
                    if field.relation == "ONE" and field.type == entity:
                        below = self._tables.execute(f'SELECT id FROM "{other}" WHERE "{name}" = ?', (number,))
                        for row in below.fetchall():
                            self.delete(other, row["id"])
            self._forget()

    def _forget(self) -> None:
        """Forgets what follows from rows that have changed."""
        self._readable.clear()
        self._allowed.clear()
        self._steps.clear()

    def answer(self, query: str, account: str, most: int) -> list[Any]:
        """What an account (`anon/anon`) is answered. Raises BadParameterError; ValueError for more than `most`."""
        with self._lock:
            asked = sql_of(query, self.schema, self.now, lambda entity: self._sql_of_readable(entity, account))
            try:
                found = self._tables.execute(asked.sql, {"user": account} if ":user" in asked.sql else {}).fetchall()
            except sqlite3.OperationalError as error:
                raise BadParameterError(str(error)) from None
            if asked.entity is None:
                return [row[0] if len(row) == 1 else list(row) for row in found]
            counted = _Counted(most)
            return [{asked.entity: self._shown(asked.entity, row, asked.include, account, counted)} for row in found]

    def _shown(self, entity: str, row: sqlite3.Row, include: Include, account: str, counted: "_Counted") -> Json:
        counted.one_more()
        shown: Json = {}
        for name, field in self.schema.entities[entity].items():
            if field.relation == "ATTRIBUTE":
                value = self._odd.get((entity, row["id"], name), row[name])
                if value is not None:
                    shown[name] = bool(value) if field.type == "boolean" and value in (0, 1) else value
                continue
            if field.relation == "MANY":
                shown[name] = []
            if name not in include:
                continue
            one = field.relation == "ONE"
            key, number = ("id", row[name]) if one else (self.schema.back(entity, field), row["id"])
            related = self._tables.execute(
                f'SELECT * FROM "{field.type}" WHERE "{key}" = ? ORDER BY id', (number,)
            ).fetchall()  # fmt: skip
            if not self._steps_to(entity, name):
                readable = self._numbers(field.type, account)
                related = [one for one in related if readable is None or one["id"] in readable]
            below = [self._shown(field.type, one, include[name], account, counted) for one in related]
            if field.relation == "MANY":
                shown[name] = below
            elif below:
                shown[name] = below[0]
        return shown

    def _steps_to(self, origin: str, field: str) -> bool:
        if not self._steps:
            self._steps = {("", "")} | set(map(tuple, self._tables.execute("SELECT origin, field FROM PublicStep")))
        return (origin, field) in self._steps

    def _numbers(self, entity: str, account: str) -> frozenset[int] | None:
        if (entity, account) not in self._readable:
            sql = self._sql_of_readable(entity, account)
            bound = {"user": account} if sql and ":user" in sql else {}
            found = None if sql is None else frozenset(row[0] for row in self._tables.execute(sql, bound))
            self._readable[entity, account] = found
        return self._readable[entity, account]

    def _sql_of_readable(self, entity: str, account: str) -> str | None:
        """The numbers of what an account may read of an entity; None for all."""
        if account in self.roots:
            return None
        if account not in self._allowed:
            self._allowed[account] = self._rules_of(account)
        rules = self._allowed[account].get(entity, [])
        return None if rules is None else " UNION ".join(rules) or "SELECT 0"

    def _rules_of(self, account: str) -> dict[str, list[str] | None]:
        found: dict[str, list[str] | None] = {}
        rules = self._tables.execute(
            "SELECT what FROM Rule WHERE crudFlags LIKE '%R%' AND (grouping IS NULL OR grouping IN "
            "(SELECT g.grouping FROM UserGroup g JOIN User u ON u.id = g.user WHERE u.name = ?))",
            (account,),
        )
        for (what,) in rules:
            entity, sql = sql_of_rule(what, self.schema, self.now)
            if sql is None:
                found[entity] = None
            elif (known := found.setdefault(entity, [])) is not None:
                known.append(sql)
        return found


def _is_plain(value: object) -> bool:
    if isinstance(value, str):
        return not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or (isinstance(value, int) and abs(value) < 2**63)


class _Counted:
    """The entities of an answer, descendants included, which a server limits (maxEntities)."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.count = 0

    def one_more(self) -> None:
        self.count += 1
        if self.count > self.most:
            raise ValueError(f"attempt to return more than {self.most} entities")
