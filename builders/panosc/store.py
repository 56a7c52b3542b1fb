"""The PaNOSC store: one SQLite file with what `/api/Documents`, `/api/Datasets` and `/api/Instruments` answer from.

It is written from released records only (`builders.panosc`), on a staged copy that is moved into place when the run
commits. A record that goes takes everything with it: what no other record speaks of goes too, and freed pages are
overwritten. The same calls make the same bytes.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from panfair.builders.panosc.tables import PAGE_BYTES, SCHEMA_VERSION, TABLES
from panfair.builders.sqlite_file import begin, commit, opened_store, undo

__all__ = ["SCHEMA_VERSION", "PanoscWriter", "panosc_texts_in", "pid_key"]

_UPPER_TO_LOWER = str.maketrans({chr(c): chr(c + 32) for c in range(65, 91)})
_HANDLE = re.compile(r"[0-9]{2}\.[0-9]")
_INSTRUMENT = "pid, name, facility"
_RECURRING = (
    (
        "instrument",
        "SELECT 1 FROM dataset WHERE dataset.instrument = instrument.id"
        " UNION ALL SELECT 1 FROM document_instrument WHERE document_instrument.instrument = instrument.id",
    ),
    ("technique", "SELECT 1 FROM dataset_technique WHERE technique = technique.id"),
    ("sample", "SELECT 1 FROM dataset_sample WHERE sample = sample.id"),
    (
        "meaning",
        "SELECT 1 FROM dataset_parameter WHERE meaning = meaning.id"
        " UNION ALL SELECT 1 FROM document_parameter WHERE meaning = meaning.id",
    ),
)
"""What stands once for many records, and what keeps it standing."""
_WORDS = {
    "document": "pid || char(10) || title || char(10) || coalesce(summary, '') || char(10)"
    " || coalesce(license, '') || char(10) || keywords",
    "dataset": "pid || char(10) || title",
    "instrument": "pid || char(10) || name || char(10) || facility",
    "technique": "pid || char(10) || name",
    "sample": "pid || char(10) || name || char(10) || coalesce(description, '')",
    "file": "path",
    "member": "role || char(10) || person || char(10) || fullName || char(10) || coalesce(firstName, '')"
    " || char(10) || coalesce(lastName, '')",
    "affiliation": "name",
    "meaning": "name || char(10) || coalesce(unit, '')",
    "document_parameter": "value",
    "dataset_parameter": "value",
}
"""The texts of each table."""


def pid_key(pid: str) -> str:
    """An identifier as it is looked up: ASCII letters of a DOI or a handle have no case, what stands after `#` has.

    >>> pid_key("10.99999/EXAMPLE-1#Scan"), pid_key("ark:12148/Btv1")
    ('10.99999/example-1#Scan', 'ark:12148/Btv1')
    """
    whole, mark, part = pid.partition("#")
    return (whole.translate(_UPPER_TO_LOWER) if _HANDLE.match(whole) else whole) + mark + part


def panosc_texts_in(store: Path) -> Iterator[tuple[str, bytes]]:
    """Everything of records that the store could give out, row by row, each with its name; nothing without a store."""
    if not store.exists():
        return
    with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as db:
        for table, words in _WORDS.items():
            for (text,) in db.execute(f"SELECT DISTINCT {words} FROM {table} WHERE typeof({words}) = 'text'"):
                yield table, text.encode()


def panosc_open_in(store: Path, keys: Iterable[str]) -> list[str]:
    """Those of some records that the store gives out; none without a store."""
    if not store.exists():
        return []
    with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as db:
        return [key for key in keys if db.execute("SELECT 1 FROM document WHERE key = ?", (key,)).fetchone()]


class PanoscWriter:
    """Writes one store, created when absent, in one transaction: the end of the `with` block keeps it, an exception
    undoes it.

    Raises PublishError for a file that is no store of this version.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ids: dict[tuple[str, Any], int] = {}
        with opened_store(path, "PaNOSC store") as self._db:
            begin(self._db, path, TABLES, SCHEMA_VERSION, PAGE_BYTES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
            else:
                undo(self._db)
        finally:
            self._db.close()

    def put(self, key: str, entry: bytes) -> None:
        """Takes in a document with all its parts (`panosc_entry`), instead of what stood under its DOI's key."""
        self.remove(key)
        fields = orjson.loads(entry)
        document = self._insert(
            "document",
            (
                key,
                *(fields[name] for name in ("pid", "type", "title", "summary", "start", "end", "release", "licence")),
                orjson.dumps(fields["keywords"]).decode(),
            ),
            "key, pid, type, title, summary, startDate, endDate, releaseDate, license, keywords",
        )
        self._put_parameters("document_parameter", document, fields["parameters"])
        for place, (role, person, name, orcid, given, family, places) in enumerate(fields["members"]):
            member = self._insert(
                "member",
                (document, place, role, person, name, orcid, given, family),
                "document, place, role, person, fullName, orcid, firstName, lastName",
            )
            rows = [(member, number, *one) for number, one in enumerate(places)]
            self._db.executemany("INSERT INTO affiliation VALUES (?, ?, ?, ?)", rows)
        named = [(document, self._known("instrument", _INSTRUMENT, one)) for one in fields["instruments"]]
        self._db.executemany("INSERT OR IGNORE INTO document_instrument VALUES (?, ?)", named)
        for place, dataset in enumerate(fields["datasets"]):
            self._put_dataset(document, place, dataset)

    def remove(self, key: str) -> None:
        """Takes a document out, with everything of it; nothing when it is not there."""
        row = self._db.execute("SELECT id FROM document WHERE key = ?", (key,)).fetchone()
        if row is None:
            return
        mine = "(SELECT id FROM dataset WHERE document = ?)"
        for table, column in (
            ("dataset_technique", "dataset"),
            ("dataset_sample", "dataset"),
            ("file", "dataset"),
            ("dataset_parameter", "owner"),
        ):
            self._db.execute(f"DELETE FROM {table} WHERE {column} IN {mine}", row)
        self._db.execute("DELETE FROM affiliation WHERE member IN (SELECT id FROM member WHERE document = ?)", row)
        for statement in (
            "DELETE FROM document_parameter WHERE owner = ?",
            "DELETE FROM document_instrument WHERE document = ?",
            "DELETE FROM member WHERE document = ?",
            "DELETE FROM dataset WHERE document = ?",
            "DELETE FROM document WHERE id = ?",
        ):
            self._db.execute(statement, row)

    # ---- the parts

    def _put_dataset(self, document: int, place: int, fields: dict[str, Any]) -> None:
        instrument = self._known("instrument", _INSTRUMENT, fields["instrument"])
        pid = fields["pid"]
        dataset = self._insert(
            "dataset",
            (
                document,
                place,
                pid_key(pid),
                fields["found_as"],
                pid,
                fields["title"],
                fields["created"],
                fields["size"],
                instrument,
                1,
            ),
            "document, place, key, found_as, pid, title, creationDate, size, instrument, shown",
        )
        for table, columns in (("technique", "pid, name, panetId"), ("sample", "pid, name, description")):
            rows = [
                (dataset, number, self._known(table, columns, one)) for number, one in enumerate(fields[f"{table}s"])
            ]
            self._db.executemany(f"INSERT INTO dataset_{table} VALUES (?, ?, ?)", rows)
        files = [(dataset, number, *one) for number, one in enumerate(fields["files"])]
        self._db.executemany("INSERT INTO file VALUES (?, ?, ?, ?, ?)", files)
        self._put_parameters("dataset_parameter", dataset, fields["parameters"])

    def _put_parameters(self, table: str, owner: int, parameters: list[list[Any]]) -> None:
        rows = [
            (owner, number, self._known("meaning", "name, unit, kind, quantity", meaning), value, si)
            for number, (*meaning, value, si) in enumerate(parameters)
        ]
        self._db.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?)", rows)

    def _known(self, table: str, columns: str, values: Sequence[Any] | None) -> int | None:
        """The id of a thing that recurs, written when it is new; None for nothing."""
        if values is None:
            return None
        name = (table, tuple(values))
        if name not in self._ids:
            same = " AND ".join(f"{column} IS ?" for column in columns.split(", "))
            row = self._db.execute(f"SELECT id FROM {table} WHERE {same}", name[1]).fetchone()
            self._ids[name] = int(row[0]) if row else self._insert(table, name[1], columns)
        return self._ids[name]

    def _insert(self, table: str, values: Sequence[Any], columns: str) -> int:
        marks = ", ".join("?" * len(values))
        made = self._db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values).lastrowid
        assert made is not None
        return made

    # ---- the file

    def _finish(self) -> None:
        for table, kept in _RECURRING:
            self._db.execute(f"DELETE FROM {table} WHERE NOT EXISTS ({kept})")
        self._show_each_dataset_once()
        commit(self._db, self._path)

    def _show_each_dataset_once(self) -> None:
        """Of a dataset that several documents tell of, shows the telling whose document's DOI comes first."""
        several = "(SELECT key FROM dataset GROUP BY key HAVING count(*) > 1)"
        self._db.execute("UPDATE dataset SET shown = 1 WHERE shown = 0")
        self._db.execute(
            f"UPDATE dataset SET shown = 0 WHERE key IN {several} AND id != (SELECT other.id FROM dataset AS other"
            " JOIN document ON document.id = other.document WHERE other.key = dataset.key"
            " ORDER BY document.key, other.place LIMIT 1)"
        )
