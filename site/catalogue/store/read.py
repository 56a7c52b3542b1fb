"""Reading the live core: everything here is asked through one identity's eyes on one day (`access.py`).

A list's answer is the rows and how many the whole list has. What hangs on several rows is fetched for all of them at
once, as a dictionary from the row's id.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal, TypeVar

import orjson

from panfair.site.catalogue.store.query import Condition, DatasetQuery, InvestigationQuery, Page, SessionState, Where
from panfair.site.catalogue.store.rows import (
    Author,
    Change,
    Datafile,
    DataPublication,
    Dataset,
    Facility,
    Funding,
    Instrument,
    Investigation,
    LogbookEvent,
    Notice,
    Parameter,
    ParameterType,
    Person,
    PublicationVersion,
    SessionSample,
    Technique,
    Work,
)

R = TypeVar("R", bound=tuple[Any, ...])
Owner = Literal["investigation", "dataset", "sample"]
OwnerOfWorks = Literal["investigation", "publication"]

_ALL = Page(limit=-1)
_SORTS = {
    Investigation: {"id", "name", "title", "start", "end", "release_date"},
    Dataset: {"id", "name", "start", "end"},
    SessionSample: {"id", "name", "modified"},
    DataPublication: {"id", "publication_date", "title"},
    LogbookEvent: {"id", "created"},
}
_STATES: dict[SessionState, str] = {
    "embargoed": "NOT x.public AND x.withdrawn_on IS NULL",
    "open": "x.public",
    "withdrawn": "x.withdrawn_on IS NOT NULL",
}


class View:
    """All that one identity may see on one day, in one state of the database; valid inside `Store.seen_by`."""

    def __init__(self, db: sqlite3.Connection, day: date) -> None:
        self._db = db
        self.day = day

    def facilities(self) -> list[Facility]:
        return self._all(Facility, "seen_facility")

    def instruments(self) -> list[Instrument]:
        return self._all(Instrument, "seen_instrument")

    def looked_after(self) -> list[Instrument]:
        """The instruments that this identity is a scientist of."""
        return self._all(Instrument, "looked_after")

    def techniques(self) -> list[Technique]:
        """The techniques of the datasets that are seen."""
        return self._all(Technique, "seen_technique")

    def parameter_types(self) -> list[ParameterType]:
        """The kinds of parameters that some seen row has, in the order of their names."""
        return sorted(self._all(ParameterType, "seen_parameter_type"), key=lambda one: (one.name, one.units))

    def investigations(self, query: InvestigationQuery, page: Page = _ALL) -> tuple[list[Investigation], int]:
        """The sessions that match. `released`: public by date, with a DOI; `embargoed`: their date is yet to come."""
        where = Where()
        today = self.day.isoformat()
        if query.filter == "released":
            where.add("x.release_date <= ? AND x.doi IS NOT NULL AND x.withdrawn_on IS NULL", today)
        elif query.filter == "embargoed":
            where.add("x.release_date IS NULL OR x.release_date > ?", today)
        elif query.filter == "participant":
            where.add("x.id IN (SELECT investigation FROM seen_investigation_user WHERE user = ?)", query.user)
        elif query.filter == "instrumentscientist":
            where.add("x.id IN (SELECT investigation FROM my_instruments)")
        if query.mine:
            where.add("x.mine")
        if query.state is not None:
            where.add(_STATES[query.state])
        where.one_of("x.id", query.ids)
        where.one_of("x.release_date", query.release_dates and [day.isoformat() for day in query.release_dates])
        if query.doi is not None:
            where.add("x.doi = ? COLLATE NOCASE", query.doi)
        if query.name is not None:
            where.add("x.name = ? COLLATE NOCASE", query.name)
        if query.instrument is not None:
            where.add(
                "x.id IN (SELECT link.investigation FROM seen_investigation_instrument AS link "
                "JOIN seen_instrument AS i ON i.id = link.instrument WHERE i.name = ? COLLATE NOCASE)",
                query.instrument,
            )
        where.words(("x.name", "x.visit_id", "x.title", "x.summary"), query.search)
        where.between("x.start", query.starts_from, query.starts_until)
        where.parameters("investigation", query.conditions)
        return self._list(Investigation, "seen_investigation", where, page)

    def investigation(self, row: int) -> Investigation | None:
        return self._one(Investigation, "seen_investigation", row)

    def datasets(self, query: DatasetQuery, page: Page = _ALL) -> tuple[list[Dataset], int]:
        """The datasets that match; `techniques` are names or pids, one of which it must have."""
        where = Where()
        where.one_of("x.id", query.ids)
        where.one_of("x.investigation", query.investigations)
        where.one_of("x.sample", query.samples)
        if query.publication is not None:
            where.add("x.id IN (SELECT dataset FROM seen_publication_dataset WHERE publication = ?)", query.publication)
        if query.instrument is not None:
            where.add(
                "x.instrument IN (SELECT id FROM seen_instrument WHERE name = ? COLLATE NOCASE)",
                query.instrument,
            )
        if query.kind is not None:
            where.add("x.type = ? COLLATE NOCASE", query.kind)
        if query.techniques is not None:
            where.add(
                "x.id IN (SELECT link.dataset FROM seen_dataset_technique AS link JOIN seen_technique AS t "
                "ON t.id = link.technique WHERE t.pid IN (SELECT value FROM json_each(?)))",
                orjson.dumps(list(query.techniques)).decode(),
            )
        where.words(("x.name", "x.description"), query.search)
        where.between("x.start", query.starts_from, query.starts_until)
        where.parameters("dataset", query.conditions)
        return self._list(Dataset, "seen_dataset", where, page)

    def dataset(self, row: int) -> Dataset | None:
        return self._one(Dataset, "seen_dataset", row)

    def samples(
        self,
        investigation: int | None = None,
        ids: Sequence[int] | None = None,
        conditions: Sequence[Condition] = (),
        search: str | None = None,
        page: Page = _ALL,
    ) -> tuple[list[SessionSample], int]:
        where = Where()
        where.one_of("x.id", ids)
        if investigation is not None:
            where.add("x.investigation = ?", investigation)
        where.words(("x.name", "x.description"), search)
        where.parameters("sample", conditions)
        return self._list(SessionSample, "seen_sample", where, page)

    def files(
        self,
        dataset: int | None = None,
        ids: Sequence[int] | None = None,
        location: str | None = None,
        search: str | None = None,
        page: Page = _ALL,
    ) -> tuple[list[Datafile], int]:
        """Files by dataset, by id, or by their path: below the folder of files (team), or inside the dataset."""
        where = Where()
        where.one_of("x.id", ids)
        if dataset is not None:
            where.add("x.dataset = ?", dataset)
        if location is not None:
            where.add("x.location = ? OR x.name = ?", location, location)
        where.words(("x.name",), search)
        return self._list(Datafile, "seen_file", where, page)

    def file_path(self, row: int) -> str | None:
        """A file's path below the folder of files, for sending it; None: not held here, or not to be seen."""
        found = self._db.execute("SELECT location FROM sendable_file WHERE id = ?", (row,)).fetchone()
        return None if found is None else found["location"]

    def people(self, investigations: Iterable[int]) -> dict[int, list[Person]]:
        return self._hanging(Person, "seen_investigation_user", "investigation", investigations, "place")

    def instruments_of(self, investigations: Iterable[int]) -> dict[int, list[Instrument]]:
        return self._linked(
            Instrument,
            "seen_instrument",
            "seen_investigation_instrument",
            "instrument",
            "investigation",
            investigations,
        )

    def techniques_of(self, datasets: Iterable[int]) -> dict[int, list[Technique]]:
        return self._linked(Technique, "seen_technique", "seen_dataset_technique", "technique", "dataset", datasets)

    def inputs_of(self, datasets: Iterable[int]) -> dict[int, list[Dataset]]:
        """The datasets that each was made from."""
        return self._linked(Dataset, "seen_dataset", "seen_dataset_input", "input", "dataset", datasets)

    def outputs_of(self, datasets: Iterable[int]) -> dict[int, list[Dataset]]:
        """The datasets that were made from each."""
        return self._linked(Dataset, "seen_dataset", "seen_dataset_input", "dataset", "input", datasets)

    def parameters(self, owner: Owner, rows: Iterable[int]) -> dict[int, list[Parameter]]:
        return self._hanging(Parameter, "seen_parameter", owner, rows, "id")

    def files_of(self, datasets: Iterable[int]) -> dict[int, list[Datafile]]:
        return self._hanging(Datafile, "seen_file", "dataset", datasets, "name")

    def publications(
        self, doi: str | None = None, dataset: int | None = None, state: str | None = None, page: Page = _ALL
    ) -> tuple[list[DataPublication], int]:
        where = Where()
        if doi is not None:
            where.add("x.doi = ? COLLATE NOCASE", doi)
        if state is not None:
            where.add("x.state = ?", state)
        if dataset is not None:
            where.add("x.id IN (SELECT publication FROM seen_publication_dataset WHERE dataset = ?)", dataset)
        return self._list(DataPublication, "seen_data_publication", where, page)

    def publication(self, row: int) -> DataPublication | None:
        return self._one(DataPublication, "seen_data_publication", row)

    def authors_of(self, publications: Iterable[int]) -> dict[int, list[Author]]:
        return self._hanging(Author, "seen_publication_user", "publication", publications, "place")

    def version_of(self, publication: int) -> PublicationVersion | None:
        """Which version of a work a publication is; None: there is only this one."""
        found = self._db.execute(
            f"SELECT {_columns(PublicationVersion)} FROM seen_publication_version AS x WHERE x.publication = ?",
            (publication,),
        ).fetchone()
        return None if found is None else PublicationVersion._make(found)

    def funding_of(self, owner: OwnerOfWorks, rows: Iterable[int]) -> dict[int, list[Funding]]:
        return self._hanging(Funding, "seen_funding", owner, rows, "id")

    def works_of(self, owner: OwnerOfWorks, rows: Iterable[int]) -> dict[int, list[Work]]:
        """Papers and other works, in the order in which they were put."""
        return self._hanging(Work, "seen_related_work", owner, rows, "id")

    def publications_of(self, datasets: Iterable[int]) -> dict[int, list[DataPublication]]:
        """The data publications that each dataset is part of."""
        return self._linked(
            DataPublication, "seen_data_publication", "seen_publication_dataset", "publication", "dataset", datasets
        )

    def logbook(
        self,
        investigation: int | None = None,
        types: Sequence[str] | None = None,
        search: str | None = None,
        ids: Sequence[int] | None = None,
        days: tuple[date | None, date | None] = (None, None),
        page: Page = _ALL,
    ) -> tuple[list[LogbookEvent], int]:
        """The notes of the sessions whose team the reader is of."""
        where = Where()
        where.one_of("x.id", ids)
        where.one_of("x.type", types)
        if investigation is not None:
            where.add("x.investigation = ?", investigation)
        where.words(("x.title", "x.content"), search)
        where.between("x.created", *days)
        return self._list(LogbookEvent, "seen_logbook", where, page)

    def changes(self, after: int, limit: int) -> list[Change]:
        """What changed after a number, oldest first, of rows that are seen."""
        rows = self._db.execute(
            f"SELECT {_columns(Change)} FROM seen_change AS x WHERE number > ? ORDER BY number LIMIT ?", (after, limit)
        )
        return [Change._make(row) for row in rows]

    def last_change(self) -> int:
        """The number of the last change of all, whoever may see it; 0: none yet."""
        return int(self._db.execute("SELECT number FROM last_change").fetchone()[0])

    def notices(self, doi: str | None = None) -> list[Notice]:
        """Minted DOIs that were public and were withdrawn; for a lister, all minted DOIs with their dates."""
        where = Where()
        if doi is not None:
            where.add("x.doi = ? COLLATE NOCASE", doi)
        rows = self._db.execute(
            f"SELECT {_columns(Notice)} FROM seen_notice AS x{where.sql} ORDER BY x.doi", where.values
        )
        return [Notice._make(row) for row in rows]

    def _all(self, kind: type[R], view: str) -> list[R]:
        return [_made(kind, row) for row in self._db.execute(f"SELECT {_columns(kind)} FROM {view} AS x ORDER BY x.id")]

    def _one(self, kind: type[R], view: str, row: int) -> R | None:
        found = self._db.execute(f"SELECT {_columns(kind)} FROM {view} AS x WHERE x.id = ?", (row,)).fetchone()
        return None if found is None else _made(kind, found)

    def _list(self, kind: type[R], view: str, where: Where, page: Page) -> tuple[list[R], int]:
        sort = page.sort if page.sort in _SORTS.get(kind, {"id"}) else "id"
        way = "DESC" if page.descending else "ASC"
        order = f"x.{sort} {way}, x.id {way}" if sort != "id" else f"x.id {way}"
        found = self._db.execute(
            f"SELECT {_columns(kind)} FROM {view} AS x{where.sql} ORDER BY {order} LIMIT ? OFFSET ?",
            (*where.values, page.limit, page.skip),
        ).fetchall()
        if 0 <= page.limit <= len(found) or page.skip:
            total = self._db.execute(f"SELECT count(*) FROM {view} AS x{where.sql}", where.values).fetchone()[0]
        else:
            total = len(found)
        return [_made(kind, row) for row in found], int(total)

    def _hanging(self, kind: type[R], view: str, owner: str, rows: Iterable[int], order: str) -> dict[int, list[R]]:
        ids = list(dict.fromkeys(rows))
        answer: dict[int, list[R]] = {row: [] for row in ids}
        found = self._db.execute(
            f"SELECT {_columns(kind)} FROM {view} AS x WHERE x.{owner} IN (SELECT value FROM json_each(?)) "
            f"ORDER BY x.{order}",
            (orjson.dumps(ids).decode(),),
        )
        for row in found:
            answer[row[owner]].append(_made(kind, row))
        return answer

    def _linked(
        self, kind: type[R], view: str, link: str, far: str, near: str, rows: Iterable[int]
    ) -> dict[int, list[R]]:
        ids = list(dict.fromkeys(rows))
        answer: dict[int, list[R]] = {row: [] for row in ids}
        found = self._db.execute(
            f"SELECT link.{near} AS near_row, {_columns(kind)} FROM {link} AS link "
            f"JOIN {view} AS x ON x.id = link.{far} "
            f"WHERE link.{near} IN (SELECT value FROM json_each(?)) ORDER BY x.id",
            (orjson.dumps(ids).decode(),),
        )
        for row in found:
            answer[row[0]].append(_made(kind, row[1:]))
        return answer


def _columns(kind: Any) -> str:
    """A row's columns, in the order of its fields."""
    return ", ".join(f"x.{name}" for name in kind._fields)


def _made(kind: Any, row: Any) -> Any:
    return kind._make(row)
