"""ICAT+'s documents, read into the record: sessions, their datasets with files and samples, and data collections.

Shapes: ICAT+ 5.7, both of its forms of a session, typos included; fields that only some servers send (a dataset's
`doi`, a collection's authors) are read where they are. E-mail addresses are not even looked at.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from panfair.harvesters import SourceOptions
from panfair.harvesters.icat.datasets import Datasets
from panfair.harvesters.icat.entities import identifier_written
from panfair.harvesters.icat.people import session_people
from panfair.harvesters.icat.store import Raw, Store
from panfair.harvesters.icatplus.works import funding_references, related_items, related_texts
from panfair.harvesters.reading.datacite import dates_in, restriction_in, versions_in
from panfair.harvesters.reading.files import algorithm_of, file_address
from panfair.harvesters.reading.names import agent_of
from panfair.harvesters.reading.organisations import affiliation
from panfair.harvesters.reading.values import (
    Note,
    count_of,
    doi_of,
    first_open_day,
    instant,
    objects,
    or_note,
    orcid_of,
    ror_of,
    technique_of,
    text_in,
    text_of,
    texts_of,
)
from panfair.ontologies.errors import RecordError
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.licences import rights_from
from panfair.ontologies.record import (
    Agent,
    Dataset,
    DatasetLink,
    Facility,
    File,
    Instrument,
    Keyword,
    Parameter,
    Publication,
    Rights,
    Sample,
)
from panfair.ontologies.text import clean_line

_KINDS = {"raw": "raw", "acquisition": "raw", "processed": "processed"}
_INTERNAL = frozenset(
    {"ResourcesGallery", "ResourcesGalleryFilePaths", "input_datasetIds", "output_datasetIds", "input_datasetNames"}
    | {"output_datasetNames", "input_datasets"}
)
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?(?:[eE][+-]?\d{1,3})?")
_IDS = re.compile(r"[1-9]\d{0,18}")


@dataclass(frozen=True)
class Reader:
    """What mapping needs to know beside the documents."""

    options: SourceOptions
    extra_doi_prefixes: tuple[str, ...]
    note: Note
    facility: Facility | None = None
    catalogue: str | None = None
    """The address of a publication's page in the live catalogue, with `{doi}` in it."""
    download: str | None = None
    """The address that visitors download data from; None: there are no links to data."""
    sees_more: bool = False
    """Whether the reader's account sees what the public does not: what does not say that it is released is closed."""

    def publisher(self, said: str | None = None) -> Agent:
        name = self.options.publisher or said or (self.facility and (self.facility.full_name or self.facility.name))
        if not name:
            raise RecordError("it has no publisher, and [[source]] names none")
        return Agent(name=name, kind="organisation")

    def rights(self, said: Any = None) -> tuple[Rights, ...]:
        words = text_in(said) or self.options.licence
        return (rights_from(words),) if words else ()

    def page(self, doi: str) -> str | None:
        return self.catalogue.replace("{doi}", doi) if self.catalogue else None


@dataclass(frozen=True)
class Parts:
    """The documents that belong to a session or to a collection."""

    datasets: list[Raw] = field(default_factory=list)
    samples: list[Raw] = field(default_factory=list)
    files: dict[int, list[Raw]] = field(default_factory=dict)
    """By the number of the dataset."""
    users: list[Raw] = field(default_factory=list)


def session_of(raw: Raw, parts: Parts, reader: Reader, public: bool) -> Publication:
    """An investigation as a publication. Raises RecordError that says why it is none."""
    note = reader.note
    doi = doi_of(raw.get("doi"), reader.extra_doi_prefixes)
    opens = _date(raw, "releaseDate")
    start, end = _moment(raw, "startDate"), _moment(raw, "endDate")
    links = list(objects(raw.get("investigationUsers"))) or [
        {"role": one.get("role"), "user": one} for one in parts.users
    ]
    creators, contributors = session_people({"investigationUsers": links}, Store({}), reader.options, note)
    datasets = datasets_of(parts, reader)
    used = {str(one.get("sampleId")) for one in parts.datasets}
    if any(str(sample.get("id")) not in used for sample in parts.samples):
        # ICAT+ lists the samples of withdrawn and unfinished datasets, too, and does not say which these are.
        note("samples that no dataset names were left out: their datasets may be withdrawn or unfinished")
    return Publication(
        source=reader.options.name,
        source_id=str(raw["id"]),
        doi=doi,
        kind="session",
        title=_title(raw.get("title")),
        abstract=text_in(raw.get("summary")),
        creators=creators,
        contributors=contributors,
        publisher=reader.publisher(),
        publication_year=_year(opens, end, start),
        release_date=opens,
        start=start,
        end=end,
        modified=or_note(instant, raw.get("modTime"), note, "the day an entry last changed"),
        rights=reader.rights(),
        facility=reader.facility,
        instruments=tuple(_instruments(raw, reader)),
        parameters=tuple(_session_parameters(raw)),
        keywords=tuple(Keyword(term=word) for word in texts_of(raw.get("keywords") or [])),
        funding=tuple(funding_references(raw)),
        related=tuple(related_items(raw, note)),
        proposal=text_in(raw.get("name")),
        session=text_in(raw.get("visitId")),
        catalogue_id=raw["id"] if isinstance(raw["id"], int) else None,
        datasets=datasets,
        file_count=_sum(dataset.file_count for dataset in datasets),
        size_bytes=_sum(dataset.size_bytes for dataset in datasets),
        catalogue_url=reader.page(doi),
        public=public and raw.get("canAccessDatasets") in (None, True),
    )


def closed_until(doi: Doi, opens: date | None, kind: Any, reader: Reader) -> Publication:
    """What stands for a registered DOI of which no more is known than the day on which it opens."""
    return Publication(
        source=reader.options.name,
        source_id=str(doi),
        doi=doi,
        kind="session" if kind == "session" else "collection",
        title=str(doi),
        publisher=reader.publisher(),
        publication_year=_year(opens),
        release_date=opens,
        public=False,
    )


def collection_of(raw: Raw, datacite: Raw, parts: Parts, reader: Reader) -> Publication:
    """A data collection as a publication, from ICAT+'s document and from what DataCite is told of it."""
    note = reader.note
    doi = doi_of(raw.get("doi") or datacite.get("doi"), reader.extra_doi_prefixes)
    published_on = _date(raw, "publicationDate")
    dates = {one.kind: one for one in sorted(dates_in(datacite, note, published_on), key=lambda one: one.day)}
    issued = dates.get("Issued") or dates.get("Available")
    published = published_on or (issued and issued.day)
    closing = (one for one in dates.values() if one.kind in {"Available", "Withdrawn"} or one is issued)
    datasets = datasets_of(parts, reader)
    title = titles.get("title") if isinstance(titles := datacite.get("titles"), dict) else None
    creators, contributors = _authors(raw, datacite, note)
    subjects = (text_in(one.get("subject")) for one in objects(datacite.get("subjects")))
    words = dict.fromkeys([*texts_of(raw.get("keywords") or []), *(word for word in subjects if word)])
    moments = [moment for dataset in datasets for moment in (dataset.start, dataset.end) if moment]
    return Publication(
        source=reader.options.name,
        source_id=str(raw["id"]),
        doi=doi,
        kind="collection",
        title=_title(raw.get("title") or title),
        abstract=text_in(raw.get("abstract")),
        creators=creators,
        contributors=contributors,
        publisher=reader.publisher(text_in(datacite.get("publisher"))),
        publication_year=_year(published, *moments, said=datacite.get("publicationYear")),
        publication_date=published,
        other_dates=tuple(one for one in closing if one.day != published),
        modified=or_note(instant, raw.get("modTime"), note, "the day an entry last changed"),
        rights=reader.rights(raw.get("rights")),
        funding=tuple(funding_references(raw)),
        related=(*related_texts(raw), *related_items(raw, note), *versions_in(datacite, note)),
        version=text_in(datacite.get("version")),
        facility=reader.facility,
        keywords=tuple(Keyword(term=word) for word in words),
        datasets=datasets,
        file_count=_sum(dataset.file_count for dataset in datasets),
        size_bytes=_sum(dataset.size_bytes for dataset in datasets),
        catalogue_url=reader.page(doi),
        restriction=restriction_in(datacite.get("rightsList"), raw.get("rights"), dates=datacite.get("dates")),
    )


def datasets_of(parts: Parts, reader: Reader) -> tuple[Dataset, ...]:
    """Datasets in the order of their beginning, then of their numbers."""
    samples = {str(sample.get("id")): sample for sample in parts.samples}
    found = [_dataset(raw, samples, parts.files.get(raw["id"], []), reader) for raw in parts.datasets]
    return tuple(sorted(found, key=lambda one: (one.start.isoformat() if one.start else "~", int(one.id))))


def _dataset(raw: Raw, samples: dict[str, Raw], files: list[Raw], reader: Reader) -> Dataset:
    note, number = reader.note, str(raw["id"])
    name = clean_line(text_of(raw.get("name")) or "") or f"dataset {number}"
    said = {
        clean_line(text_of(one.get("name")) or ""): text_of(one.get("value")) for one in objects(raw.get("parameters"))
    }
    kind = clean_line(text_in(raw.get("type")) or "")
    known = samples.get(str(raw.get("sampleId")), {})
    sample = _sample(known, note) or _sample({"name": raw.get("sampleName")}, note)
    instrument = text_in(raw.get("instrumentName"))
    techniques = (technique_of(one.get("name"), one.get("pid")) for one in objects(raw.get("techniques")))
    listed = tuple(_files(files, reader))
    count = or_note(count_of, said.get("__fileCount"), note, f"the number of files of dataset {name}")
    size = or_note(count_of, said.get("__volume"), note, f"the size of dataset {name}")
    inputs = _IDS.findall(said.get("input_datasetIds") or "")
    return Dataset.model_validate(
        {
            "id": number,
            "name": name,
            "identifier": identifier_written(raw.get("doi")),
            "kind": _KINDS.get(kind.casefold(), "other"),
            "kind_said": kind or None,
            "description": text_in(raw.get("description")),
            "start": or_note(instant, raw.get("startDate"), note, f"a date of dataset {name}"),
            "end": or_note(instant, raw.get("endDate"), note, f"a date of dataset {name}"),
            "samples": (sample,) if sample else (),
            "instruments": (Instrument(name=instrument),) if instrument else (),
            "techniques": tuple(technique for technique in techniques if technique),
            "parameters": tuple(_parameters(raw)),
            "files": listed,
            "file_count": count if count is not None else (len(listed) or None),
            "size_bytes": size if size is not None else _sum(file.size_bytes for file in listed),
            "inputs": tuple(DatasetLink(id=one) for one in dict.fromkeys(inputs) if one != number),
            "url": f"{reader.download}/ids/data/download?datasetIds={number}" if reader.download else None,
            "server_path": text_in(raw.get("location")),
            "complete": raw.get("complete") in (None, True),
            "public": raw.get("isReleased") in ((True,) if reader.sees_more else (None, True)),
        }
    )


def _parameters(raw: Raw) -> Iterator[Parameter]:
    """Parameters with their units; ICAT+ writes every value as text: what is plainly a number becomes one."""
    for one in objects(raw.get("parameters")):
        name, value = text_in(one.get("name")), text_in(one.get("value"))
        if name and value and not name.startswith("__") and name not in _INTERNAL:
            yield Parameter(name=name, value=_value(value), unit=text_in(one.get("units")))


def _session_parameters(raw: Raw) -> Iterator[Parameter]:
    found = raw.get("parameters")
    pairs = (
        found.items() if isinstance(found, dict) else ((one.get("name"), one.get("value")) for one in objects(found))
    )
    for key, said in pairs:
        name, value = text_in(key), text_in(said)
        if name and value and not name.startswith("__"):
            yield Parameter(name=name, value=_value(value))


def _value(text: str) -> int | float | str:
    word = text.strip()
    if not _NUMBER.fullmatch(word):
        return text
    return int(word) if word.lstrip("-").isdigit() else float(word)


def _files(rows: list[Raw], reader: Reader) -> Iterator[File]:
    for row in rows:
        # A file that ICAT+ does not call released stays out; one of which it says nothing is its dataset's.
        name = clean_line(text_of(row.get("name")) or "").replace("\\", "/")
        if name.strip("/") and row.get("isReleased") in (None, True):
            location, checksum = text_in(row.get("location")), text_in(row.get("checksum"))
            yield File(
                name=name,
                size_bytes=or_note(count_of, row.get("fileSize"), reader.note, f"the size of file {name}"),
                checksum=checksum,
                checksum_algorithm=algorithm_of(checksum, reader.options.checksum_algorithm, reader.note),
                modified=or_note(instant, row.get("modTime"), reader.note, f"the date of file {name}"),
                description=text_in(row.get("description")),
                url=file_address(_pattern(reader), number=row.get("id"), name=name, location=location),
                server_path=location,
            )


def _pattern(reader: Reader) -> str | None:
    """Where files are downloaded: as the source says, else from ICAT+'s own address, where visitors reach it."""
    return reader.options.file_url or (
        f"{reader.download}/ids/data/download?datafileIds={{id}}" if reader.download else None
    )


def _sample(raw: Raw, note: Note) -> Sample | None:
    name = text_in(raw.get("name"))
    if not name:
        return None
    return Sample(
        name=name,
        identifier=identifier_written(raw.get("pid")),
        kind=text_in(raw.get("type")),
        formula=text_in(raw.get("formula")),
        description=text_in(raw.get("description")),
        parameters=tuple(_parameters(raw)),
    )


def _instruments(raw: Raw, reader: Reader) -> Iterator[Instrument]:
    links = list(objects(raw.get("investigationInstruments"))) or [{"instrument": raw.get("instrument")}]
    links = [link for link in links if isinstance(link.get("instrument"), dict)]
    yield from Datasets(Store({}), reader.options, reader.note).instruments(links)


def _authors(raw: Raw, datacite: Raw, note: Note) -> tuple[tuple[Agent, ...], tuple[Agent, ...]]:
    """Creators and contributors: the document's own authors, else the names that DataCite is told."""
    creators, contributors = [], []
    for one in objects(raw.get("authors")):
        if not (name := text_in(one.get("name"))):
            continue
        given, family = text_in(one.get("givenName")), text_in(one.get("surname"))
        agent = Agent(name=name, given_name=given, family_name=family) if given and family else agent_of(name)
        place = text_in(one.get("affiliation"))
        ror = or_note(ror_of, one.get("ror"), note, f"the ROR id of {place}")
        agent = agent.model_copy(
            update={
                "orcid": or_note(orcid_of, one.get("orcid"), note, f"the ORCID iD of {agent.name}"),
                "affiliations": (affiliation(place, ror),) if place else (),
            }
        )
        kind = text_in(one.get("contributorType")) or "Creator"
        if kind == "Creator":
            creators.append(agent)
        else:
            contributors.append(Agent.model_validate({**agent.model_dump(), "contributor_type": kind}))
    if not creators:
        names = (text_in(one.get("name")) for one in objects(datacite.get("creators")))
        creators = [agent_of(name) for name in dict.fromkeys(names) if name]
    return tuple(creators), tuple(contributors)


def _title(value: Any) -> str:
    title = clean_line(text_in(value) or "")
    if not title:
        raise RecordError("it has no title")
    return title


def _date(raw: Raw, name: str) -> Any:
    """A date that decides what is open: one that cannot be read refuses the record."""
    try:
        return first_open_day(raw.get(name))
    except RecordError as error:
        raise RecordError(f"its {name} is {error}") from None


def _moment(raw: Raw, name: str) -> Any:
    try:
        return instant(raw.get(name))
    except RecordError as error:
        raise RecordError(f"its {name} is {error}") from None


def _year(*days: Any, said: Any = None) -> int:
    """The year that the source says, else that of the first of these days that is known."""
    if re.fullmatch(r"\d{4}", text_of(said) or ""):
        return int(said)
    for known in days:
        if known is not None:
            return int(known.year)
    raise RecordError("it has no date at all, so its year cannot be told")


def _sum(values: Iterator[int | None] | Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
