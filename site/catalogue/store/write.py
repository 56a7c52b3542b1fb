"""Putting rows into the live core: entities from ingestion, and what happens to them in their life.

A put looks its row up by ICAT's unique key, and changes nothing when the same was put before (a digest of the entry
is kept), so ingesting twice leaves no trace. A release date, a DOI and a withdrawal are never touched by a put on a
row that is there: they are decisions of a curator, and an old file must not undo them. Who may do what is decided
before (`api_*.py`); here it is done.
"""

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Record, canonical
from panfair.site.catalogue.errors import AlreadyThere, Invalid, NoSuchRow
from panfair.site.catalogue.store.entries import (
    DataPublicationEntry,
    DatasetEntry,
    FacilityEntry,
    InstrumentEntry,
    InvestigationEntry,
    ParameterEntry,
    SampleEntry,
    TechniqueEntry,
    UserEntry,
)
from panfair.site.catalogue.store.fields import moment, number_in
from panfair.site.catalogue.store.life_cycle import Life


@dataclass(frozen=True, slots=True)
class Put:
    """What became of an entry."""

    id: int
    changed: bool
    """False: the row was there, and is what the entry says."""
    created: bool = False


class Writer(Life):
    """The open transaction of `Store.writing`: valid until its block ends. Moments are given by the caller."""

    # What is public of itself: names that everything else refers to.

    def put_facility(self, entry: FacilityEntry) -> int:
        """The facility's row, with what the entry says."""
        return self._put_named("facility", entry, {"name": entry.name})

    def put_instrument(self, entry: InstrumentEntry) -> int:
        """The instrument's row, with what the entry says. Raises NoSuchRow when its facility is not there."""
        facility = self._named("facility", entry.facility)
        return self._put_named("instrument", entry, {"facility": facility, "name": entry.name})

    def put_technique(self, entry: TechniqueEntry) -> int:
        """The technique's row: one for each name and pid."""
        row = self._db.execute(
            "SELECT id FROM technique WHERE name = ? AND coalesce(pid, '') = ?", (entry.name, entry.pid or "")
        ).fetchone()
        if row is None:
            return self._insert("technique", entry.model_dump())
        if entry.description:
            self._db.execute("UPDATE technique SET description = ? WHERE id = ?", (entry.description, row["id"]))
        return int(row["id"])

    def put_user(self, entry: UserEntry) -> int:
        """The user's row, with what the entry says; rights, password and sign-in stay as they are."""
        return self._put_named("user", entry, {"name": entry.name})

    def add_instrument_scientists(self, instrument: int, names: Iterable[str]) -> None:
        """Makes users scientists of an instrument, beside those who are. Raises NoSuchRow for an unknown name."""
        rows = sorted((instrument, self._named("user", name)) for name in set(names))
        self._db.executemany("INSERT OR IGNORE INTO instrument_scientist (instrument, user) VALUES (?, ?)", rows)

    def set_instrument_scientists(self, instrument: int, users: Iterable[int]) -> None:
        """Makes these users the instrument's scientists, and nobody else."""
        self._db.execute("DELETE FROM instrument_scientist WHERE instrument = ?", (instrument,))
        self._db.executemany(
            "INSERT INTO instrument_scientist (instrument, user) VALUES (?, ?)",
            sorted((instrument, user) for user in set(users)),
        )

    # What has a team and a day.

    def put_investigation(self, entry: InvestigationEntry, at: datetime) -> Put:
        """The session's row. Without a release date it gets the facility's usual embargo after its end, or none ever.

        Raises NoSuchRow for a facility, instrument or user that is not there; AlreadyThere when the entry names a DOI
        that is another row's, Invalid when it names another DOI than the row's own.
        """
        facility = self._db.execute(
            "SELECT id, days_until_release FROM facility WHERE name = ?", (entry.facility,)
        ).fetchone()
        if facility is None:
            raise NoSuchRow(f"there is no facility called {entry.facility!r}")
        found = self._db.execute(
            "SELECT id, digest, doi FROM investigation WHERE facility = ? AND name = ? AND visit_id = ?",
            (facility["id"], entry.name, entry.visit_id),
        ).fetchone()
        digest = _digest(entry.model_copy(update={"release_date": None}))
        if found is not None and found["digest"] == digest:
            return Put(found["id"], changed=False)
        values: dict[str, object] = {
            "title": entry.title,
            "type": entry.type,
            "summary": entry.summary,
            "start": moment(entry.start),
            "end": moment(entry.end),
            "keywords": orjson.dumps(entry.keywords).decode(),
            "digest": digest,
            "modified": moment(at),
        }
        if entry.doi is not None and (found is None or found["doi"] is None):
            self._refuse_taken(entry.doi)
            values |= {"doi": entry.doi, "doi_state": "minted"}
        elif entry.doi is not None and Doi(found["doi"]).key != entry.doi.key:
            raise Invalid(f"session {entry.name} {entry.visit_id} has another DOI already; a DOI is for ever")
        if found is None:
            opens = entry.release_date
            after, days = entry.end or entry.start, facility["days_until_release"]
            if opens is None and days is not None and after is not None:
                opens = after.date() + timedelta(days=days)
            values |= {"release_date": opens.isoformat() if opens else None}
            key = {"facility": facility["id"], "name": entry.name, "visit_id": entry.visit_id}
            row = self._insert("investigation", key | values)
        else:
            row = self._update("investigation", found["id"], values)
        self._db.execute("DELETE FROM investigation_instrument WHERE investigation = ?", (row,))
        for name in dict.fromkeys(entry.instruments):
            link = (row, self.instrument(entry.facility, name))
            self._db.execute("INSERT INTO investigation_instrument (investigation, instrument) VALUES (?, ?)", link)
        self._db.execute("DELETE FROM investigation_user WHERE investigation = ?", (row,))
        for place, member in enumerate(dict.fromkeys(entry.members)):
            self._db.execute(
                "INSERT INTO investigation_user (investigation, user, role, place) VALUES (?, ?, ?, ?)",
                (row, self._named("user", member.user), member.role, place),
            )
        self._put_parameters("investigation", row, entry.parameters)
        self.put_funding("investigation", row, entry.funding)
        self.put_works("investigation", row, entry.works)
        return self._noted("investigation", row, found is None, at)

    def put_sample(self, investigation: int, entry: SampleEntry, at: datetime) -> Put:
        """The row of a session's sample."""
        found = self._in_session("sample", investigation, entry.name)
        digest = _digest(entry)
        if found is not None and found["digest"] == digest:
            return Put(found["id"], changed=False)
        values = entry.model_dump(exclude={"parameters", "name"}) | {"digest": digest, "modified": moment(at)}
        if found is None:
            row = self._insert("sample", {"investigation": investigation, "name": entry.name} | values)
        else:
            row = self._update("sample", found["id"], values)
        self._put_parameters("sample", row, entry.parameters)
        return self._noted("sample", row, found is None, at)

    def put_dataset(self, investigation: int, entry: DatasetEntry, at: datetime) -> Put:
        """The row of a session's dataset, with parameters, files, techniques and inputs in place of what was there.

        Raises NoSuchRow for a sample, an instrument or an input that is not there.
        """
        found = self._in_session("dataset", investigation, entry.name)
        digest = _digest(entry)
        if found is not None and found["digest"] == digest:
            return Put(found["id"], changed=False)
        sizes = [file.size for file in entry.files if file.size is not None]
        values = entry.model_dump(include={"type", "complete", "description", "location", "pid"}) | {
            "start": moment(entry.start),
            "end": moment(entry.end),
            "sample": self._sample(investigation, entry.sample),
            "instrument": self._instrument_of(investigation, entry.instrument),
            "file_count": entry.file_count if entry.file_count is not None else len(entry.files) or None,
            "volume": entry.volume if entry.volume is not None else sum(sizes) if sizes else None,
            "digest": digest,
            "modified": moment(at),
        }
        if found is None:
            row = self._insert("dataset", {"investigation": investigation, "name": entry.name} | values)
        else:
            row = self._update("dataset", found["id"], values)
            if found["complete"] and not entry.complete:
                # Who may not see it any more is told that its session has changed.
                self._note("investigation", investigation, "changed", at, None)
            for table in ("dataset_technique", "dataset_input"):
                self._db.execute(f"DELETE FROM {table} WHERE dataset = ?", (row,))
        for technique in dict.fromkeys(self.put_technique(one) for one in entry.techniques):
            self._db.execute("INSERT INTO dataset_technique (dataset, technique) VALUES (?, ?)", (row, technique))
        for made_from in dict.fromkeys(entry.inputs):
            self._there("dataset", made_from)
            self._db.execute("INSERT INTO dataset_input (dataset, input) VALUES (?, ?)", (row, made_from))
        self._put_parameters("dataset", row, entry.parameters)
        self._put_files(row, entry)
        return self._noted("dataset", row, found is None, at)

    def put_data_publication(
        self, doi: Doi, entry: DataPublicationEntry, at: datetime, by: int | None = None, row: int | None = None
    ) -> Put:
        """The row of a publication with a minted DOI; `row`: the reserved one that is minted now.

        Raises NoSuchRow for a dataset that is not there, AlreadyThere when the DOI is a session's or when the
        reserved row has been minted by somebody else meanwhile.
        """
        found = self._db.execute(
            "SELECT id, state, digest FROM data_publication WHERE doi = ? OR id = ?", (doi, row)
        ).fetchone()
        if found is not None and row is not None and found["state"] == "minted":
            raise AlreadyThere(f"data publication {row} has been minted; a DOI is for ever")
        digest = _digest(entry)
        if found is not None and found["digest"] == digest:
            return Put(found["id"], changed=False)
        values = entry.model_dump(include={"title", "abstract", "rights"}) | {
            "state": "minted",
            "publication_date": entry.publication_date.isoformat() if entry.publication_date else None,
            "keywords": orjson.dumps(entry.keywords).decode(),
            "related": orjson.dumps(entry.related).decode(),
            "digest": digest,
            "modified": moment(at),
        }
        if found is None:
            self._refuse_taken(doi)
            row = self._insert("data_publication", {"doi": doi, "creator": by} | values)
        else:
            row = self._update("data_publication", found["id"], values)
        self._set_datasets(row, entry.datasets)
        self._db.execute("DELETE FROM publication_user WHERE publication = ?", (row,))
        for place, author in enumerate(entry.authors):
            self._insert("publication_user", {"publication": row, "place": place} | author.model_dump())
        self.put_funding("publication", row, entry.funding)
        self.put_works("publication", row, entry.works)
        minted = found is None or found["state"] == "reserved"
        self._note("data_publication", row, "minted" if minted else "changed", at, by)
        return Put(row, changed=True, created=found is None)

    def instrument(self, facility: str, name: str) -> int:
        """The row of an instrument by its facility's name and its own. Raises NoSuchRow."""
        found = self._db.execute(
            "SELECT i.id FROM instrument AS i JOIN facility AS f ON f.id = i.facility WHERE f.name = ? AND i.name = ?",
            (facility, name),
        ).fetchone()
        if found is None:
            raise NoSuchRow(f"there is no instrument called {name!r} at {facility!r}")
        return int(found["id"])

    def session(self, name: str, visit_id: str) -> int:
        """The row of a session by its proposal and visit. Raises NoSuchRow; Invalid when two facilities have it."""
        rows = self._db.execute("SELECT id FROM investigation WHERE name = ? AND visit_id = ?", (name, visit_id))
        found = rows.fetchall()
        if len(found) > 1:
            raise Invalid(f"two facilities have a session {name} {visit_id}")
        if not found:
            raise NoSuchRow(f"there is no session {name} {visit_id}")
        return int(found[0]["id"])

    def public_thing(self, doi: Doi) -> tuple[str, int | None]:
        """The kind and the row of what has a DOI: `investigation` or `data_publication`; no row when nothing has it."""
        for table in ("investigation", "data_publication"):
            found = self._db.execute(f"SELECT id FROM {table} WHERE doi = ?", (doi,)).fetchone()
            if found is not None:
                return table, int(found["id"])
        return "investigation", None

    def dataset(self, investigation: int, name: str) -> int | None:
        """The row of a session's dataset; None when it has none of that name."""
        found = self._in_session("dataset", investigation, name)
        return None if found is None else int(found["id"])

    # Below: the small steps.

    def _put_named(self, table: str, entry: Record, key: dict[str, object]) -> int:
        where = " AND ".join(f"{column} = ?" for column in key)
        found = self._db.execute(f"SELECT id FROM {table} WHERE {where}", tuple(key.values())).fetchone()
        said = {name: value for name, value in entry.model_dump().items() if name not in {"name", "facility"}}
        if found is None:
            return self._insert(table, key | said)
        # What an entry leaves out stays: a session's file knows less of a person than the user office.
        known = {name: value for name, value in said.items() if value is not None}
        return self._update(table, found["id"], known) if known else int(found["id"])

    def _put_parameters(self, owner: str, row: int, parameters: Iterable[ParameterEntry]) -> None:
        self._db.execute(f"DELETE FROM parameter WHERE {owner} = ?", (row,))
        for one in parameters:
            self._insert(
                "parameter",
                {
                    owner: row,
                    "type": self._parameter_type(one),
                    "value": one.value,
                    "number": number_in(one.value),
                    "error": one.error,
                    "minimum": one.minimum,
                    "maximum": one.maximum,
                },
            )

    def _parameter_type(self, entry: ParameterEntry) -> int:
        units = entry.units or ""
        found = self._db.execute(
            "SELECT id, description FROM parameter_type WHERE name = ? AND units = ?", (entry.name, units)
        ).fetchone()
        if found is None:
            values = {"name": entry.name, "units": units, "description": entry.description}
            return self._insert("parameter_type", values)
        if entry.description and found["description"] != entry.description:
            self._update("parameter_type", found["id"], {"description": entry.description})
        return int(found["id"])

    def _put_files(self, dataset: int, entry: DatasetEntry) -> None:
        # A file keeps its row when it stays, so that addresses of files live on.
        kept = {file.name for file in entry.files}
        for old in self._db.execute("SELECT id, name FROM file WHERE dataset = ?", (dataset,)).fetchall():
            if old["name"] not in kept:
                self._db.execute("DELETE FROM file WHERE id = ?", (old["id"],))
        for file in entry.files:
            values = file.model_dump(exclude={"modified"}) | {"dataset": dataset, "modified": moment(file.modified)}
            names = ", ".join(values)
            changes = ", ".join(f"{name} = excluded.{name}" for name in values if name not in {"dataset", "name"})
            self._db.execute(
                f"INSERT INTO file ({names}) VALUES ({', '.join('?' * len(values))}) "
                f"ON CONFLICT (dataset, name) DO UPDATE SET {changes}",
                tuple(values.values()),
            )

    def _sample(self, investigation: int, name: str | None) -> int | None:
        if name is None:
            return None
        found = self._in_session("sample", investigation, name)
        if found is None:
            raise NoSuchRow(f"session {investigation} has no sample of the name that the dataset gives")
        return int(found["id"])

    def _instrument_of(self, investigation: int, name: str | None) -> int | None:
        if name is None:
            return None
        facility = self._db.execute(
            "SELECT f.name FROM facility AS f JOIN investigation AS i ON i.facility = f.id WHERE i.id = ?",
            (investigation,),
        ).fetchone()
        if facility is None:
            raise NoSuchRow(f"there is no session {investigation}")
        return self.instrument(facility["name"], name)

    def _in_session(self, table: str, investigation: int, name: str) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._db.execute(
            f"SELECT * FROM {table} WHERE investigation = ? AND name = ?", (investigation, name)
        ).fetchone()
        return found

    def _noted(self, entity: str, row: int, created: bool, at: datetime) -> Put:
        self._note(entity, row, "created" if created else "changed", at, None)
        return Put(row, changed=True, created=created)


def _digest(entry: Record) -> bytes:
    return hashlib.blake2b(canonical(entry), digest_size=16).digest()
