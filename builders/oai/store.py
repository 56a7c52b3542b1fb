"""The OAI-PMH store: a SQLite file of headers, sets and places, and the finished records in `volumes` beside it.

OAI-PMH 2.0, sections 2.4 to 2.6. The server reads it and joins bytes. Records are never removed: a withdrawn one loses
its payloads and stays as a deleted header with its sets (`deletedRecord` is `persistent`). The writer works on a staged
copy, the volumes linked, that is moved into place when the run commits; the same calls make the same bytes.
"""

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from panfair.builders.metadata.format import OaiPrefix, all_formats
from panfair.builders.oai.binding import Changed, bind
from panfair.builders.oai.envelope import host_name, seconds
from panfair.builders.oai.record import Payload, Tail, checked, header_of, payload_in, tail_of
from panfair.builders.oai.sets import EVERYTHING, SET_SPEC, OaiSet, sets_of
from panfair.builders.oai.tables import PAGE_BYTES, SCHEMA_VERSION, TABLES
from panfair.builders.oai.volumes import PLACE, Place, Volumes, keep_only
from panfair.builders.portal import Portal
from panfair.builders.sqlite_file import begin, commit, opened_store, undo
from panfair.ontologies.embargo import Released
from panfair.ontologies.errors import RecordError

__all__ = ["SCHEMA_VERSION", "OaiSet", "StoreWriter", "payloads_of", "sets_of", "texts_in"]


def payloads_of(released: Released, portal: Portal) -> dict[str, Payload]:
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
        with closing(volumes_of(db, store)) as volumes:
            found = db.execute(
                f"SELECT key || ' as ' || prefix, {PLACE} "
                "FROM record JOIN format ON format.id = record.format WHERE NOT deleted"
            )
            for name, *place in found:
                yield name, payload_in(volumes.piece(Place(*place)))
        for spec, text in db.execute("SELECT spec, name || char(10) || description FROM oai_set ORDER BY spec"):
            yield f"set {spec}", text.encode()


def volumes_of(db: sqlite3.Connection, store: Path) -> Volumes:
    """The volumes that the store's tables name. Raises OSError when one is not there."""
    return Volumes(store, dict(db.execute("SELECT id, name FROM volume").fetchall()))


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
        self._changed = Changed()
        self._tails: IO[bytes] | None = None
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
            self._volumes.close()
            if self._tails:
                self._tails.close()

    def put(self, key: str, datestamp: datetime, sets: Sequence[OaiSet], payloads: Mapping[str, bytes | Tail]) -> None:
        """List a record as it stands since `datestamp` (its fractions of a second are dropped), or list it again.

        A format that it had and has no more goes on as deleted in that format. Raises RecordError, and changes
        nothing, for a payload that would break the page it stands on, a format nobody declared, or a bad setSpec.
        """
        if not payloads:
            raise RecordError(f"{key}: no OAI-PMH format renders it; it is not listed")
        for prefix in payloads:
            if prefix not in self._formats:
                raise RecordError(f"{key}: no format declares the metadataPrefix {prefix}; the record is not listed")
        tails: dict[int, Tail | None] = {
            self._formats[prefix]: told if isinstance(told, Tail) else tail_of(checked(key, prefix, told))
            for prefix, told in sorted(payloads.items())
        }
        self._write(key, seconds(datestamp), sets, tails)

    def delete(self, key: str, datestamp: datetime) -> None:
        """Keep a record as deleted since `datestamp`, with its sets; nothing for one never listed or deleted before."""
        row = self._db.execute("SELECT id, deleted, datestamp FROM item WHERE key = ?", (key,)).fetchone()
        if row is None or row[1]:
            return
        item, moment = row[0], seconds(datestamp)
        self._db.execute("UPDATE item SET deleted = 1 WHERE id = ?", (item,))
        for form in self._take(item, key, row[2]):
            self._list(form, moment, key, item, None)
        self._date(item, key, moment)

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
            "SELECT id, key, datestamp FROM item WHERE datestamp BETWEEN ? AND ?", (first, moment)
        ).fetchall()
        for item, key, before in changed:
            for form, place in self._take(item, key, before).items():
                self._list(form, moment, key, item, place)
            self._date(item, key, moment)

    def finish(self) -> None:
        """Keep what was written and see it on the disk. A second call does nothing."""
        if self._finished:
            return
        self._leave_closed_sets()
        self._db.execute("DELETE FROM oai_set WHERE id NOT IN (SELECT oai_set FROM member)")
        bind(self._db, self._path, self._changed, self._volumes, self._tails)
        self._finished = True
        commit(self._db, self._path)
        keep_only(self._path, {name for (name,) in self._db.execute("SELECT name FROM volume")})

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
                self._say_again(
                    item, *self._db.execute("SELECT key, datestamp FROM item WHERE id = ?", (item,)).fetchone()
                )

    def _open(self, formats: list[OaiPrefix]) -> None:
        begin(self._db, self._path, TABLES, SCHEMA_VERSION, PAGE_BYTES)
        self._volumes = volumes_of(self._db, self._path)
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
            self._changed.volumes.update(
                row[0] for row in self._db.execute("SELECT volume FROM record WHERE format = ?", (known[prefix],))
            )
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
                self._say_again(item, key, moment)

    def _write(self, key: str, moment: int, sets: Sequence[OaiSet], tails: Mapping[int, Tail | None]) -> None:
        members = sorted({one.spec: one for one in sets}.values())
        for one in members:
            if not SET_SPEC.fullmatch(one.spec):
                raise RecordError(f"{key}: {one.spec!r} is not a setSpec; the record is not listed")
        header = header_of(self._host, key, moment, [one.spec for one in members])
        item, stored = self._item(key, moment, header)
        for form in sorted(stored | tails.keys()):
            tail = tails.get(form)
            self._list(form, moment, key, item, self._kept(tail) if tail else None)
        self._write_members(item, key, moment, [self._set_id(one) for one in members])

    def _item(self, key: str, moment: int, header: bytes) -> tuple[int, Set[int]]:
        """The item's row, made or brought up to date, and the formats that it had, which are taken out."""
        row = self._db.execute("SELECT id, datestamp FROM item WHERE key = ?", (key,)).fetchone()
        if row is None:
            made = self._db.execute(
                "INSERT INTO item (key, datestamp, deleted, header) VALUES (?, ?, 0, ?)", (key, moment, header)
            ).lastrowid
            assert made is not None
            self._changed.items.add(made)
            return made, set()
        item = int(row[0])
        self._db.execute("UPDATE item SET datestamp = ?, deleted = 0, header = ? WHERE id = ?", (moment, header, item))
        return item, self._take(item, key, row[1]).keys()

    def _take(self, item: int, key: str, moment: int) -> dict[int, Place | None]:
        """Takes a record out of all its formats, to be listed again; where each lies, None for a deleted one."""
        found = self._db.execute(
            f"SELECT record.format, deleted, {PLACE} FROM format "
            "CROSS JOIN record ON record.format = format.id WHERE datestamp = ? AND key = ?", (moment, key)
        ).fetchall()  # fmt: skip
        self._db.execute(
            "DELETE FROM record WHERE format IN (SELECT id FROM format) AND datestamp = ? AND key = ?", (moment, key)
        )
        self._changed.items.add(item)
        self._changed.volumes.update(row[2] for row in found)
        return {form: None if deleted else Place(*place) for form, deleted, *place in found}

    def _list(self, form: int, moment: int, key: str, item: int, place: Place | None) -> None:
        values = (0,) * 7 if place is None else place
        self._db.execute(
            "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (form, moment, key, item, place is None, *values),
        )

    def _kept(self, tail: Tail) -> Place:
        """Where a new payload waits until the records are bound: in a file without a name, for there may be many."""
        if self._tails is None:
            self._tails = tempfile.TemporaryFile(dir=self._path.parent)  # noqa: SIM115 - see __exit__
        start = self._tails.seek(0, 2)
        self._tails.write(tail.packed)
        return Place(0, start, len(tail.packed), 0, tail.size, 0, tail.after)

    def _date(self, item: int, key: str, moment: int) -> None:
        """Gives a record whose formats are listed since a moment the same moment in its header and sets."""
        header = header_of(self._host, key, moment, self._specs(item))
        self._db.execute("UPDATE item SET datestamp = ?, header = ? WHERE id = ?", (moment, header, item))
        self._db.execute("UPDATE member SET datestamp = ? WHERE item = ?", (moment, item))

    def _say_again(self, item: int, key: str, moment: int) -> None:
        """Makes a header anew, with other sets or another host."""
        for form, place in self._take(item, key, moment).items():
            self._list(form, moment, key, item, place)
        self._date(item, key, moment)

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
