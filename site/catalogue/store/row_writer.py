"""The small steps of every writing: looking a row up, inserting, updating, and noting what changed."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.errors import AlreadyThere, NoSuchRow
from panfair.site.catalogue.store.fields import moment


class Rows:
    """The tables, inside the open transaction of a connection."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def _named(self, table: str, name: str) -> int:
        found = self._db.execute(f"SELECT id FROM {table} WHERE name = ?", (name,)).fetchone()
        if found is None:
            raise NoSuchRow(f"there is no {table} called {name!r}")
        return int(found["id"])

    def _there(self, table: str, row: int) -> sqlite3.Row:
        found: sqlite3.Row | None = self._db.execute(f"SELECT * FROM {table} WHERE id = ?", (row,)).fetchone()
        if found is None:
            raise NoSuchRow(f"there is no {table} {row}")
        return found

    def _refuse_taken(self, doi: Doi) -> None:
        taken = self._db.execute(
            "SELECT 1 FROM investigation WHERE doi = ?1 UNION ALL SELECT 1 FROM data_publication WHERE doi = ?1"
            " UNION ALL SELECT 1 FROM publication_version WHERE concept = ?1",
            (doi,),
        ).fetchone()
        if taken is not None:
            raise AlreadyThere(f"the DOI {doi} is taken")

    def _insert(self, table: str, values: Mapping[str, object]) -> int:
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        return int(
            self._db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values())).lastrowid or 0
        )

    def _update(self, table: str, row: int, values: Mapping[str, object]) -> int:
        changes = ", ".join(f"{name} = ?" for name in values)
        self._db.execute(f"UPDATE {table} SET {changes} WHERE id = ?", (*values.values(), row))
        return row

    def _note(self, entity: str, row: int, kind: str, at: datetime, by: int | None) -> None:
        self._insert("change", {"entity": entity, "row": row, "kind": kind, "at": moment(at), "user": by})

    def _set_datasets(self, publication: int, datasets: Iterable[int]) -> None:
        self._db.execute("DELETE FROM publication_dataset WHERE publication = ?", (publication,))
        for dataset in dict.fromkeys(datasets):
            self._there("dataset", dataset)
            self._db.execute("INSERT INTO publication_dataset VALUES (?, ?)", (publication, dataset))
