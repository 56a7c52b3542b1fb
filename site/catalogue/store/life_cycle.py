"""What happens in the life of a row: DOIs are reserved and minted, release dates move, rows are withdrawn, notes added.

Who may do it was decided before; here it is done, and noted for those who follow the changes.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import orjson

from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.errors import AlreadyThere, Invalid, NoSuchRow
from panfair.site.catalogue.store.entries import LogbookEntry
from panfair.site.catalogue.store.fields import moment
from panfair.site.catalogue.store.hanging import Hanging


class Life(Hanging):
    """The part of `Writer` that moves a row on."""

    def reserve(self, doi: Doi, datasets: Iterable[int], at: datetime, by: int | None = None) -> int:
        """The row of a publication that has a DOI and nothing else yet. Raises AlreadyThere when the DOI is taken."""
        self._refuse_taken(doi)
        values = {"doi": doi, "state": "reserved", "creator": by, "modified": moment(at)}
        row = self._insert("data_publication", values)
        self._set_datasets(row, datasets)
        self._note("data_publication", row, "reserved", at, by)
        return row

    def set_investigation_doi(self, row: int, doi: Doi, minted: bool, at: datetime, by: int | None = None) -> None:
        """Gives a session its DOI, or mints the reserved one. Raises Invalid when it has another."""
        found = self._there("investigation", row)
        if found["doi"] is None:
            self._refuse_taken(doi)
        elif Doi(found["doi"]).key != doi.key or found["doi_state"] == "minted":
            raise Invalid(f"session {row} has a DOI already; a DOI is for ever")
        state = "minted" if minted else "reserved"
        self._update("investigation", row, {"doi": doi, "doi_state": state, "modified": moment(at)})
        self._note("investigation", row, state, at, by)

    def set_release_date(self, row: int, day: date | None, at: datetime, by: int | None = None) -> bool:
        """Sets the day from when on a session is public (None: never); whether that changed anything."""
        wanted = day.isoformat() if day else None
        if self._there("investigation", row)["release_date"] == wanted:
            return False
        self._update("investigation", row, {"release_date": wanted, "modified": moment(at)})
        self._note("investigation", row, "release_date", at, by)
        return True

    def withdraw(
        self,
        entity: str,
        row: int,
        reason: str,
        at: datetime,
        by: int | None = None,
        replaced_by: Doi | None = None,
    ) -> bool:
        """Withdraws an `investigation`, a `dataset` or a `data_publication` from the public, for ever.

        The answer is whether it was public: of what never was, the reason stays inside.

        Raises AlreadyThere when it was withdrawn before: the first day and reason stand.
        """
        if entity not in {"investigation", "dataset", "data_publication"}:
            raise Invalid(f"{entity!r} cannot be withdrawn")
        found = self._there(entity, row)
        if found["withdrawn_on"] is not None:
            raise AlreadyThere(f"{entity} {row} was withdrawn before; the first day and reason stand")
        values: dict[str, object] = {"withdrawn_on": at.astimezone(UTC).date().isoformat(), "withdrawn_reason": reason}
        if entity != "dataset":
            values["replaced_by"] = replaced_by
        self._update(entity, row, values | {"modified": moment(at)})
        self._note(entity, row, "withdrawn", at, by)
        if entity == "data_publication":
            opens = found["publication_date"] if found["state"] == "minted" else None
        else:
            session = found if entity == "investigation" else self._there("investigation", found["investigation"])
            opens = session["release_date"]
        if entity == "dataset":
            # Who may not see the dataset any more is told that its session has changed.
            self._note("investigation", found["investigation"], "changed", at, by)
        return opens is not None and opens <= str(values["withdrawn_on"])

    def put_version(self, row: int, previous: int, concept: Doi, at: datetime, by: int | None = None) -> Doi:
        """Makes a publication the version after another; the DOI that stands for all, `concept` for the first time.

        Raises Invalid when the other one is not public, AlreadyThere when it has a newer version.
        """
        older = self._there("data_publication", previous)
        # A newer one is public at once, and says what the older one says.
        is_open = (older["publication_date"] or "9999") <= at.astimezone(UTC).date().isoformat()
        if older["state"] != "minted" or older["withdrawn_on"] is not None or not is_open:
            raise Invalid(
                f"data publication {previous} is not minted, not public or withdrawn; it gets no newer version"
            )
        if self._db.execute("SELECT 1 FROM publication_version WHERE previous = ?", (previous,)).fetchone():
            raise AlreadyThere(f"data publication {previous} has a newer version already; that one gets the next")
        known = self._db.execute(
            "SELECT number, concept FROM publication_version WHERE publication = ?", (previous,)
        ).fetchone()
        if known is None:
            self._refuse_taken(concept)
            self._insert("publication_version", {"publication": previous, "number": 1, "concept": concept})
        else:
            concept = Doi(known["concept"])
        number = known["number"] + 1 if known else 2
        values = {"publication": row, "number": number, "previous": previous, "concept": concept}
        self._insert("publication_version", values)
        self._update("data_publication", previous, {"modified": moment(at)})
        self._note("data_publication", previous, "changed", at, by)  # it has a number and a newer version now
        return concept

    def add_logbook(self, investigation: int, entry: LogbookEntry, at: datetime, by: int | None = None) -> int:
        """The row of a new note in a session's logbook. Raises NoSuchRow when its dataset or version is not there."""
        for table, row in (("dataset", entry.dataset), ("logbook", entry.previous)):
            if row is not None and self._there(table, row)["investigation"] != investigation:
                raise NoSuchRow(f"session {investigation} has no {table} {row}")
        values = entry.model_dump(include={"type", "category", "title", "dataset", "software", "machine", "source"}) | {
            "investigation": investigation,
            "content": orjson.dumps([{"format": kind, "text": text} for kind, text in entry.content]).decode(),
            "tags": orjson.dumps(entry.tags).decode(),
            "author": by,
            "created": moment(entry.created or at),
            "previous": entry.previous,
        }
        note = self._insert("logbook", values)
        self._note("logbook", note, "created", at, by)
        return note
