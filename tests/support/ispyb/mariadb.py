"""A MariaDB of the tests' own: in a folder, on a socket, for nobody else."""

import getpass
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymysql

from panfair.harvesters.ispyb.columns import columns

_TEXTS = frozenset({
    "proposalCode", "proposalNumber", "title", "beamLineName", "protectedData", "experimentType", "runStatus",
    "imagePrefix", "fileTemplate", "rotationAxis", "beamShape", "synchrotronMode", "detectorManufacturer",
    "detectorModel", "detectorType", "processingPrograms", "spaceGroup", "scalingStatisticsType", "fileType",
    "fileName", "programVersion", "program", "element", "edgeEnergy", "name", "acronym", "SMILES", "sequence", "code",
})  # fmt: skip


@contextmanager
def mariadb(folder: Path) -> Iterator[Path]:
    """The socket of a server that runs in a folder, whose administrator is `root` without a password."""
    data, socket = folder / "data", folder / "s"
    as_root = ["--user=root"] if getpass.getuser() == "root" else []
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
         "--skip-test-db", *as_root], **quiet,
    )  # fmt: skip
    server = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
    running = subprocess.Popen(
        [server, "--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking", "--sql-mode=",
         "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--pid-file=pid", *as_root],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _attempt in range(300):
            if socket.exists():
                break
            time.sleep(0.1)
        yield socket
    finally:
        running.terminate()
        running.wait(30)


def connected(socket: Path, user: str = "root", database: str | None = None) -> pymysql.Connection:
    """A connection to a server of ours."""
    return pymysql.connect(unix_socket=str(socket), user=user, database=database, charset="utf8mb4", autocommit=True)


def run(socket: Path, statements: Iterable[str], database: str | None = None) -> None:
    """Runs statements as the administrator."""
    with connected(socket, database=database) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def create(socket: Path, database: str, tables: dict[str, list[dict[str, Any]]], flavour: str) -> None:
    """A database with the columns of a flavour, those of the rows among them, and the rows in it."""
    run(socket, [f"DROP DATABASE IF EXISTS `{database}`", f"CREATE DATABASE `{database}` CHARACTER SET utf8mb4"])
    known: dict[str, dict[str, str]] = {}
    for column in columns():
        if column.flavour in ("both", flavour):
            known.setdefault(column.table, {})[column.column] = _type(column.column, column.becomes, column.reading)
    for table, rows in tables.items():
        names = known.setdefault(table, {})
        lower = {name.casefold() for name in names}
        for row in rows:
            for name, value in row.items():
                if name.casefold() not in lower:
                    lower.add(name.casefold())
                    names[name] = _type_of(value)
    with connected(socket, database=database) as connection, connection.cursor() as cursor:
        for table, names in known.items():
            keys = [name for name in names if name.casefold().endswith("id") and names[name] == "BIGINT"]
            parts = [f"`{name}` {kind} NULL" for name, kind in names.items()]
            parts += [f"KEY (`{name}`)" for name in keys]
            cursor.execute(f"CREATE TABLE `{table}` ({', '.join(parts)}) CHARACTER SET utf8mb4")
            for row in tables.get(table, ()):
                put(cursor, table, row)


def put(cursor: Any, table: str, row: dict[str, Any]) -> None:
    """Inserts a row."""
    names, marks = ", ".join(f"`{name}`" for name in row), ", ".join(["%s"] * len(row))
    cursor.execute(f"INSERT INTO `{table}` ({names}) VALUES ({marks})", list(row.values()))


def _type(name: str, becomes: str, reading: str) -> str:
    if name == "processingStatus":
        return "VARCHAR(20)"
    if reading == "moment":
        return "DATETIME"
    if name in _TEXTS:
        return "MEDIUMTEXT" if name in ("sequence", "SMILES") else "VARCHAR(255)"
    return "BIGINT" if becomes == "key" else "DOUBLE"


def _type_of(value: Any) -> str:
    if isinstance(value, int):
        return "BIGINT"
    return "DOUBLE" if isinstance(value, float) else "MEDIUMTEXT"
