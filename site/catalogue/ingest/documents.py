"""What one ingested file says: facilities, people, sessions with samples and datasets, publications; and putting it.

All forms of ingestion (python-icat's dumps and ingest files, NeXus, JSON) become this one shape, which is also the JSON
form itself. A document is put in one transaction: all of it, or nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import Field

from panfair.ontologies.fields import Line
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Record
from panfair.site.catalogue.errors import Invalid, NoSuchRow
from panfair.site.catalogue.store.entries import (
    DataPublicationEntry,
    DatasetEntry,
    FacilityEntry,
    InstrumentEntry,
    InvestigationEntry,
    SampleEntry,
    UserEntry,
)
from panfair.site.catalogue.store.write import Put, Writer


class DatasetDocument(DatasetEntry):
    """A dataset; what it was made from is named, not numbered."""

    made_from: tuple[Line, ...] = Field((), description="names of datasets of the same session")


class InstrumentDocument(InstrumentEntry):
    """An instrument with those who look after it: they see its sessions."""

    scientists: tuple[Line, ...] = Field((), description="accounts' names; added to those who are")


class SessionDocument(InvestigationEntry):
    """A session with what was measured in it."""

    samples: tuple[SampleEntry, ...] = ()
    datasets: tuple[DatasetDocument, ...] = ()


class AdditionDocument(Record):
    """Samples and datasets for a session that is there."""

    name: Line = Field(description="the proposal")
    visit_id: Line
    samples: tuple[SampleEntry, ...] = ()
    datasets: tuple[DatasetDocument, ...] = ()


class Content(Record):
    """One dataset of a publication."""

    name: Line = Field(description="the proposal")
    visit_id: Line
    dataset: Line


class PublicationDocument(DataPublicationEntry):
    """A DOI of its own, with the datasets that it stands for."""

    datasets: tuple[int, ...] = ()
    doi: Doi
    contents: tuple[Content, ...] = Field(min_length=1)


class CatalogueDocument(Record):
    """All that one file says."""

    facilities: tuple[FacilityEntry, ...] = ()
    instruments: tuple[InstrumentDocument, ...] = ()
    users: tuple[UserEntry, ...] = ()
    sessions: tuple[SessionDocument, ...] = ()
    additions: tuple[AdditionDocument, ...] = ()
    publications: tuple[PublicationDocument, ...] = ()


@dataclass
class Counts:
    """What became of the sessions, samples, datasets and publications of a document."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rows: dict[str, int] = field(default_factory=dict)

    def count(self, put: Put) -> int:
        if put.created:
            self.created += 1
        elif put.changed:
            self.changed += 1
        else:
            self.unchanged += 1
        return put.id


def put_document(writer: Writer, document: CatalogueDocument, at: datetime, by: int | None = None) -> Counts:
    """Puts a document; twice, the second time changes nothing. Raises CatalogueError, and then nothing of it stays."""
    counts = Counts()
    for facility in document.facilities:
        writer.put_facility(facility)
    for user in document.users:
        writer.put_user(user)
    for instrument in document.instruments:
        row = writer.put_instrument(InstrumentEntry.model_validate(instrument.model_dump(exclude={"scientists"})))
        writer.add_instrument_scientists(row, instrument.scientists)
    for session in document.sessions:
        entry = InvestigationEntry.model_validate(session.model_dump(exclude={"samples", "datasets"}))
        row = counts.count(writer.put_investigation(entry, at))
        _fill(writer, row, session.samples, session.datasets, at, counts)
    for addition in document.additions:
        row = writer.session(addition.name, addition.visit_id)
        _fill(writer, row, addition.samples, addition.datasets, at, counts)
    for publication in document.publications:
        rows = tuple(_content(writer, content) for content in publication.contents)
        values = publication.model_dump(exclude={"doi", "contents", "datasets"}) | {"datasets": rows}
        entry_of = DataPublicationEntry.model_validate(values)
        counts.count(writer.put_data_publication(publication.doi, entry_of, at, by))
    return counts


def _fill(
    writer: Writer,
    session: int,
    samples: Iterable[SampleEntry],
    datasets: Iterable[DatasetDocument],
    at: datetime,
    counts: Counts,
) -> None:
    for sample in samples:
        counts.count(writer.put_sample(session, sample, at))
    waiting = {dataset.name: dataset for dataset in datasets}
    while waiting:
        # What others were made from comes first.
        ready = [one for one in waiting.values() if not set(one.made_from) & (waiting.keys() - {one.name})]
        if not ready:
            raise Invalid(f"datasets are made from each other in a circle: {', '.join(sorted(waiting))}")
        for dataset in ready:
            inputs = tuple(_input(writer, session, name, dataset.name) for name in dataset.made_from)
            values = dataset.model_dump(exclude={"made_from"}) | {"inputs": (*dataset.inputs, *inputs)}
            counts.count(writer.put_dataset(session, DatasetEntry.model_validate(values), at))
            del waiting[dataset.name]


def _input(writer: Writer, session: int, name: str, maker: str) -> int:
    found = writer.dataset(session, name)
    if found is None:
        raise NoSuchRow(f"dataset {maker!r} was made from {name!r}, and its session has no such dataset")
    return found


def _content(writer: Writer, content: Content) -> int:
    found = writer.dataset(writer.session(content.name, content.visit_id), content.dataset)
    if found is None:
        raise NoSuchRow(f"session {content.name} {content.visit_id} has no dataset {content.dataset!r}")
    return found
