"""The connection to ISPyB: read only, one consistent view, and no column that is not in the table of columns.

Which columns a site's schema has, and the account may read, is asked of information_schema once; what lacks is told,
and nothing else is asked for.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pymysql
import pymysql.cursors

from panfair.harvesters.ispyb.columns import Column, columns_read
from panfair.harvesters.ispyb.tables import DatabaseOptions
from panfair.harvesters.reading.values import chunks
from panfair.ontologies.errors import HarvestError

_MOST_IDS = 500  # in one statement
_NEEDED = ("Proposal", "BLSession", "DataCollectionGroup", "DataCollection")
_SECONDS = 600


class Database:
    """An open connection; a context manager. Raises HarvestError for all that the server refuses."""

    def __init__(self, options: DatabaseOptions, root: Path) -> None:
        """`root`: the folder that `ca_file` is relative to."""
        self._name = options.name
        self._wanted = columns_read(options.also)
        try:
            self._connection = pymysql.connect(
                host=options.host, port=options.port, unix_socket=options.unix_socket, user=options.username,
                password=_password(options), database=options.database, charset="utf8mb4", autocommit=False,
                connect_timeout=20, read_timeout=_SECONDS, write_timeout=_SECONDS,
                cursorclass=pymysql.cursors.DictCursor, local_infile=False,
                ssl={"ca": str(root / options.ca_file)} if options.ca_file else None,
            )  # fmt: skip
        except (pymysql.Error, OSError) as error:
            raise HarvestError(f"{self._name}: {_said(error)}; nothing was read") from None
        self._tables, self._columns = self._present()

    def __enter__(self) -> "Database":
        self._run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        self._run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def missing(self) -> list[str]:
        """The columns, or whole tables, that the schema lacks or the account may not read."""
        lacking = []
        for table, wanted in self._wanted.items():
            if table not in self._columns:
                lacking.append(table)
            else:
                known = {column.name for column in self._columns[table]}
                lacking += [column.name for column in wanted if column.name not in known]
        return lacking

    def columns(self, table: str) -> list[Column]:
        """The columns of a table that can be read; none where there is no such table."""
        return self._columns.get(table, [])

    def has(self, *names: str) -> bool:
        """Whether all these columns, each as `Table.column`, can be read."""
        known = {column.name for found in self._columns.values() for column in found}
        return known.issuperset(names)

    def rows(self, table: str, key: str, ids: Iterable[Any]) -> list[dict[str, Any]]:
        """The rows of a table whose key is one of these, in the order of their keys; none where a column lacks."""
        if not self.has(f"{table}.{key}"):
            return []
        found: list[dict[str, Any]] = []
        for some in chunks(sorted({one for one in ids if one}), _MOST_IDS):
            marks = ", ".join(["%s"] * len(some))
            found += self._run(f"{self._select(table)} WHERE `{key}` IN ({marks}) ORDER BY 1", some)
        return found

    def pages(self, table: str, key: str, size: int) -> Iterator[list[dict[str, Any]]]:
        """All rows of a table in pages, in the order of a key."""
        after = 0
        while page := self._run(f"{self._select(table)} WHERE `{key}` > %s ORDER BY `{key}` LIMIT {size}", [after]):
            yield page
            after = page[-1][key]

    def select(self, statement: str, values: list[Any]) -> list[dict[str, Any]]:
        """The rows of a statement of ours; `{Table}` in it stands for a table's name in this schema."""
        return self._run(statement.format(**{table: f"`{name}`" for table, name in self._tables.items()}), values)

    def _select(self, table: str) -> str:
        names = ", ".join(f"`{column.column}` AS `{column.column}`" for column in self._columns[table])
        return f"SELECT {names} FROM `{self._tables[table]}`"  # noqa: S608

    def _present(self) -> tuple[dict[str, str], dict[str, list[Column]]]:
        there: dict[str, dict[str, str]] = {}
        names: dict[str, str] = {}
        for row in self._run(
            "SELECT TABLE_NAME AS t, COLUMN_NAME AS c FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()"
        ):
            there.setdefault(row["t"].casefold(), {})[row["c"].casefold()] = row["c"]
            names[row["t"].casefold()] = row["t"]
        found = {}
        for table, wanted in self._wanted.items():
            known = there.get(table.casefold(), {})
            if present := [column for column in wanted if column.column.casefold() in known]:
                found[table] = present
        for table in _NEEDED:
            keys = [column for column in self._wanted[table] if column.becomes == "key" and column.flavour == "both"]
            if lacking := [column.name for column in keys if column not in found.get(table, [])]:
                raise HarvestError(
                    f"{self._name}: the account sees no {', '.join(lacking)}, so no session can be told; grant what "
                    "`panfair ispyb grants` prints. Nothing was read"
                )
        seen = {column for some in found.values() for column in some}
        if any(one.flavour == "ESRF" for one in seen) and "BLSession.protectedData" not in {one.name for one in seen}:
            raise HarvestError(
                f"{self._name}: the account sees no BLSession.protectedData, by which the ESRF closes a session; grant "
                "what `panfair ispyb grants --flavour ESRF` prints. Nothing was read"
            )
        return {table: names[table.casefold()] for table in found}, found

    def _run(self, statement: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(statement, values or ())
                return list(cursor.fetchall())
        except (pymysql.Error, OSError) as error:
            raise HarvestError(f"{self._name}: {_said(error)}; its last whole harvest counts") from None


def _password(options: DatabaseOptions) -> str:
    if options.password_env is None:
        return ""
    if not (password := os.environ.get(options.password_env)):
        raise HarvestError(
            f"{options.name}: the environment variable {options.password_env} (password_env) is not set; "
            "nothing was read"
        )
    return password


def _said(error: Exception) -> str:
    """What the server said; never a value of a row, which its errors do not quote in SELECTs."""
    code, *words = error.args or ("",)
    return f"the database refuses ({code}: {words[0]})" if words else f"the database refuses ({code})"
