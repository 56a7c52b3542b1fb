"""The OAI-PMH store: one SQLite file with every record's header and payloads rendered, in the order of harvesting.

OAI-PMH 2.0, sections 2.4 to 2.6. The server reads it and joins bytes. Records are never removed: a withdrawn one loses
its payloads and stays as a deleted header with its sets (`deletedRecord` is `persistent`). The writer works on a staged
copy that is moved into place when the run commits; the same calls make the same bytes.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from panfair.builders.metadata.format import OaiPrefix, all_formats
from panfair.builders.oai.envelope import host_name, seconds
from panfair.builders.oai.record import checked, header_of
from panfair.builders.oai.sets import EVERYTHING, SET_SPEC, OaiSet, sets_of
from panfair.builders.oai.tables import PAGE_BYTES, SCHEMA_VERSION, TABLES
from panfair.builders.portal import Portal
from panfair.builders.sqlite_file import begin, commit, opened_store, undo
from panfair.ontologies.embargo import Released
from panfair.ontologies.errors import RecordError

__all__ = ["SCHEMA_VERSION", "OaiSet", "StoreWriter", "payloads_of", "sets_of", "texts_in"]


def payloads_of(released: Released, portal: Portal) -> dict[str, bytes]:
    """The publication in every format that goes out by OAI-PMH, by metadataPrefix.

    Raises RecordError for a form that would break the page it stands on.
    """
    found = [one for form in all_formats() for one in form.oai]
    return {one.prefix: checked(released.doi.key, one.prefix, one.render(released, portal)) for one in found}


def declared_formats() -> list[OaiPrefix]:
    """Every metadataPrefix that a format module declares, oai_dc first, then by name."""
    found = {one.prefix: one for form in reversed(all_formats()) for one in form.oai}
    return sorted(found.values(), key=lambda one: (one.prefix != "oai_dc", one.prefix))


def texts_in(store: Path) -> Iterator[tuple[str, bytes]]:
    """Everything of records that the store could give out, each with its name: payloads, then names of sets.

    Nothing for a store that is not there.
    """
    if not store.exists():
        return
    with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as db:
        yield from db.execute(
            "SELECT key || ' as ' || prefix, body FROM record JOIN format ON format.id = record.format "
            "WHERE body IS NOT NULL"
        )
        for spec, text in db.execute("SELECT spec, name || char(10) || description FROM oai_set ORDER BY spec"):
            yield f"set {spec}", text.encode()


def open_in(store: Path, keys: Iterable[str]) -> list[str]:
    """Those of some records that the store gives out, and not as deleted; none without a store."""
    if not store.exists():
        return []
    with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as db:
        query = "SELECT 1 FROM item WHERE key = ? AND NOT deleted"
        return [key for key in keys if db.execute(query, (key,)).fetchone()]


def moments_in(store: Path) -> Iterator[tuple[str, tuple[datetime, bool]]]:
    """Since when each record is as the store gives it out, and whether as deleted, by the DOI's key."""
    with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as db:
        for key, seconds_since, deleted in db.execute("SELECT key, datestamp, deleted FROM item"):
            yield key, (datetime.fromtimestamp(seconds_since, UTC), bool(deleted))


class StoreWriter:
    """Writes one store, created when absent, in one transaction: `finish()` keeps it, an exception undoes it.

    `host` names the repository in identifiers (`oai:<host>:<doi>`); when it is another than the store's, all headers
    are rendered anew. Raises PublishError for a file that is no store of this version.
    """

    def __init__(self, path: Path, host: str, formats: Iterable[OaiPrefix] | None = None) -> None:
        self._path = path
        self._host = host_name(host)
        self._finished = False
        self._set_ids: dict[str, int] = {}
        self._written_sets: dict[str, OaiSet] = {}
        with opened_store(path, "OAI-PMH store") as self._db:
            self._open(declared_formats() if formats is None else list(formats))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.finish()
            else:
                undo(self._db)
        finally:
            self._db.close()

    def put(self, key: str, datestamp: datetime, sets: Sequence[OaiSet], payloads: Mapping[str, bytes]) -> None:
        """List a record as it stands since `datestamp` (its fractions of a second are dropped), or list it again.

        A format that it had and has no more goes on as deleted in that format. Raises RecordError, and changes
        nothing, for a payload that would break the page it stands on, a format nobody declared, or a bad setSpec.
        """
        if not payloads:
            raise RecordError(f"{key}: no OAI-PMH format renders it; it is not listed")
        for prefix in payloads:
            if prefix not in self._formats:
                raise RecordError(f"{key}: no format declares the metadataPrefix {prefix}; the record is not listed")
        bodies: dict[int, bytes | None] = {
            self._formats[prefix]: checked(key, prefix, payloads[prefix]) for prefix in sorted(payloads)
        }
        self._write(key, seconds(datestamp), sets, bodies)

    def delete(self, key: str, datestamp: datetime) -> None:
        """Keep a record as deleted since `datestamp`, with its sets; nothing for one never listed or deleted before."""
        row = self._db.execute("SELECT id, deleted FROM item WHERE key = ?", (key,)).fetchone()
        if row is None or row[1]:
            return
        item, moment = row[0], seconds(datestamp)
        header = header_of(self._host, key, moment, self._specs(item))
        self._db.execute("UPDATE item SET datestamp = ?, deleted = 1, header = ? WHERE id = ?", (moment, header, item))
        self._db.execute("UPDATE record SET datestamp = ?, body = NULL WHERE item = ?", (moment, item))
        self._db.execute("UPDATE member SET datestamp = ? WHERE item = ?", (moment, item))

    def bury(self, key: str, datestamp: datetime, sets: Sequence[OaiSet] = (EVERYTHING,)) -> None:
        """Keep a record as deleted that was open once: as `delete`, and also in a store that never knew it.

        A store that is made anew lists it as deleted in every declared format and in the given sets.
        """
        if self._db.execute("SELECT 1 FROM item WHERE key = ?", (key,)).fetchone() is None:
            empty = dict.fromkeys(self._formats.values())
            self._write(key, seconds(datestamp), sets, empty)
            self._db.execute("UPDATE item SET deleted = 1 WHERE key = ?", (key,))
        else:
            self.delete(key, datestamp)

    def restamp(self, since: datetime, later: datetime) -> None:
        """Move the datestamps from `since` on to `later`: what a run changed can be seen when it ends, not before."""
        first, moment = seconds(since), seconds(later)
        changed = self._db.execute(
            "SELECT id, key FROM item WHERE datestamp BETWEEN ? AND ?", (first, moment)
        ).fetchall()
        for item, key in changed:
            header = header_of(self._host, key, moment, self._specs(item))
            self._db.execute("UPDATE item SET datestamp = ?, header = ? WHERE id = ?", (moment, header, item))
            self._db.execute("UPDATE record SET datestamp = ? WHERE item = ? AND datestamp >= ?", (moment, item, first))
            self._db.execute("UPDATE member SET datestamp = ? WHERE item = ?", (moment, item))

    def finish(self) -> None:
        """Keep what was written and see it on the disk. A second call does nothing."""
        if self._finished:
            return
        self._leave_closed_sets()
        self._db.execute("DELETE FROM oai_set WHERE id NOT IN (SELECT oai_set FROM member)")
        self._finished = True
        commit(self._db, self._path)

    def _leave_closed_sets(self) -> None:
        """Take deleted records out of sets that hold no open record any more.

        The name of an instrument or a technique that only closed records have is a word of theirs. Who harvests such
        a set by itself finds it gone; who harvests all finds the deletion.
        """
        emptied = self._db.execute(
            "SELECT id, spec FROM oai_set WHERE NOT EXISTS (SELECT 1 FROM member JOIN item ON item.id = member.item"
            " WHERE member.oai_set = oai_set.id AND item.deleted = 0)"
        ).fetchall()
        for one, spec in emptied:
            if spec == EVERYTHING.spec or spec.startswith("year:"):
                continue
            items = [row[0] for row in self._db.execute("SELECT item FROM member WHERE oai_set = ?", (one,))]
            self._db.execute("DELETE FROM member WHERE oai_set = ?", (one,))
            for item in items:
                key, moment = self._db.execute("SELECT key, datestamp FROM item WHERE id = ?", (item,)).fetchone()
                header = header_of(self._host, key, moment, self._specs(item))
                self._db.execute("UPDATE item SET header = ? WHERE id = ?", (header, item))

    def _open(self, formats: list[OaiPrefix]) -> None:
        begin(self._db, self._path, TABLES, SCHEMA_VERSION, PAGE_BYTES)
        self._formats = self._declare(formats)
        self._take_host()

    def _declare(self, formats: list[OaiPrefix]) -> dict[str, int]:
        for one in formats:
            self._db.execute(
                "INSERT INTO format (prefix, namespace, schema) VALUES (?, ?, ?) ON CONFLICT (prefix) "
                "DO UPDATE SET namespace = excluded.namespace, schema = excluded.schema",
                (one.prefix, one.namespace, one.schema),
            )
        known = dict(self._db.execute("SELECT prefix, id FROM format"))
        for prefix in sorted(known.keys() - {one.prefix for one in formats}):
            # A format that no module renders any more would stand still while its records change.
            self._db.execute("DELETE FROM record WHERE format = ?", (known[prefix],))
            self._db.execute("DELETE FROM format WHERE id = ?", (known.pop(prefix),))
        return known

    def _take_host(self) -> None:
        row = self._db.execute("SELECT value FROM meta WHERE name = 'host'").fetchone()
        if row is not None and row[0] == self._host:
            return
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('host', ?)", (self._host,))
        with closing(self._db.execute("SELECT id, key, datestamp FROM item ORDER BY id")) as items:
            for item, key, moment in items.fetchall():
                header = header_of(self._host, key, moment, self._specs(item))
                self._db.execute("UPDATE item SET header = ? WHERE id = ?", (header, item))

    def _write(self, key: str, moment: int, sets: Sequence[OaiSet], bodies: Mapping[int, bytes | None]) -> None:
        members = sorted({one.spec: one for one in sets}.values())
        for one in members:
            if not SET_SPEC.fullmatch(one.spec):
                raise RecordError(f"{key}: {one.spec!r} is not a setSpec; the record is not listed")
        item = self._item(key, moment, header_of(self._host, key, moment, [one.spec for one in members]))
        self._write_bodies(item, key, moment, bodies)
        self._write_members(item, key, moment, [self._set_id(one) for one in members])

    def _item(self, key: str, moment: int, header: bytes) -> int:
        row = self._db.execute("SELECT id, header, deleted FROM item WHERE key = ?", (key,)).fetchone()
        if row is None:
            made = self._db.execute(
                "INSERT INTO item (key, datestamp, deleted, header) VALUES (?, ?, 0, ?)", (key, moment, header)
            ).lastrowid
            assert made is not None
            return made
        item = int(row[0])
        if row[1] != header or row[2]:
            self._db.execute(
                "UPDATE item SET datestamp = ?, deleted = 0, header = ? WHERE id = ?", (moment, header, item)
            )
        return item

    def _write_bodies(self, item: int, key: str, moment: int, bodies: Mapping[int, bytes | None]) -> None:
        stored = {
            row[0]: row[1:]
            for row in self._db.execute("SELECT format, datestamp, body FROM record WHERE item = ?", (item,))
        }
        for form in sorted(stored.keys() | bodies.keys()):
            body = bodies.get(form)
            if form not in stored:
                self._db.execute(
                    "INSERT INTO record (item, format, datestamp, key, body) VALUES (?, ?, ?, ?, ?)",
                    (item, form, moment, key, body),
                )
            elif stored[form] != (moment, body):
                self._db.execute(
                    "UPDATE record SET datestamp = ?, body = ? WHERE item = ? AND format = ?",
                    (moment, body, item, form),
                )

    def _write_members(self, item: int, key: str, moment: int, sets: list[int]) -> None:
        stored = set(self._db.execute("SELECT oai_set, datestamp FROM member WHERE item = ?", (item,)))
        if stored == {(one, moment) for one in sets}:
            return
        self._db.execute("DELETE FROM member WHERE item = ?", (item,))
        self._db.executemany("INSERT INTO member VALUES (?, ?, ?, ?)", [(one, moment, key, item) for one in sets])

    def _set_id(self, one: OaiSet) -> int:
        if self._written_sets.get(one.spec) != one:
            row = self._db.execute(
                "INSERT INTO oai_set (spec, name, description) VALUES (?, ?, ?) ON CONFLICT (spec) "
                "DO UPDATE SET name = excluded.name, description = excluded.description RETURNING id",
                (one.spec, one.name, one.description),
            ).fetchone()
            self._written_sets[one.spec], self._set_ids[one.spec] = one, row[0]
        return self._set_ids[one.spec]

    def _specs(self, item: int) -> list[str]:
        rows = self._db.execute(
            "SELECT spec FROM oai_set JOIN member ON oai_set.id = member.oai_set WHERE item = ? ORDER BY spec", (item,)
        )
        return [row[0] for row in rows]
