"""ICAT's entities, read into the record: investigations and data publications with all that belongs to them.

Entities, attributes and relations: ICAT schema 4.4 to 6.2. Used by `dump` (entities under python-icat's dump keys) and
by `icat` (entities under their numbers). ICAT's rules of who may read what are not interpreted: what is open is told
by release and publication dates, and a dataset is complete only when ICAT says so.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from panfair.harvesters import Context, Refused, SourceOptions, made
from panfair.harvesters.icat.datasets import Datasets
from panfair.harvesters.icat.people import cited, session_people
from panfair.harvesters.icat.store import Raw, Store
from panfair.harvesters.reading.values import (
    Note,
    count_of,
    day,
    doi_of,
    first_open_day,
    instant,
    objects,
    or_note,
    text_in,
    text_of,
    web_address,
)
from panfair.ontologies.errors import IdentifierError, RecordError
from panfair.ontologies.identifiers import Identifier, parse_identifier
from panfair.ontologies.licences import rights_from
from panfair.ontologies.record import (
    Agent,
    Dataset,
    Facility,
    Funding,
    Keyword,
    OtherDate,
    Publication,
    Related,
    Rights,
)
from panfair.ontologies.text import clean_line, fold, shortened

_WORDS = {
    "source_id": "name", "doi": "doi", "title": "title", "publication_year": "publicationDate",
    "release_date": "releaseDate", "Dataset.id": "Dataset.name", "File.name": "Datafile.name",
    "File.size_bytes": "Datafile.fileSize", "Agent.name": "User.fullName", "Parameter.name": "ParameterType.name",
    "Parameter.value": "Parameter.stringValue",
}  # fmt: skip
"""ICAT's names for fields of the record."""
_SCHEME = re.compile(r"^(?:URL|Crossref Funder ID)\s*:\s*(?=\S)", re.IGNORECASE)


def publications_of(
    entities: dict[str, dict[str, Raw]], options: SourceOptions, context: Context, note: Note
) -> Iterator[Publication | Refused]:
    """Every investigation and every data publication of a catalogue, as a publication or with why it is none."""
    catalogue = _Catalogue(Store(entities), options, context, note)
    for key, raw in entities.get("investigation", {}).items():
        yield catalogue.publication(key, raw, catalogue.session)
    for key, raw in entities.get("dataPublication", {}).items():
        yield catalogue.publication(key, raw, catalogue.collection)


class _Catalogue:
    """The entities of one dump or one harvest, with what they say of each other."""

    def __init__(self, store: Store, options: SourceOptions, context: Context, note: Note) -> None:
        self.store = store
        self.options = options
        self.context = context
        self.note = note
        self.datasets = Datasets(store, options, note, context.on)
        self.studies: dict[str, list[Raw]] = defaultdict(list)
        for study in store.all("study"):
            for link in objects(study.get("studyInvestigations")):
                self.studies[str(link.get("investigation"))].append(study)

    def publication(self, key: str, raw: Raw, make: Any) -> Publication | Refused:
        """The publication, or its refusal under the name that the catalogue's people know it by."""
        name = clean_line(text_in(raw.get("doi") or raw.get("pid")) or "")
        if not name:
            parts = (text_in(raw.get("name")), text_in(raw.get("visitId")))
            name = " ".join(clean_line(part) for part in parts if part) or key
        self.context.raw({"entity": raw, "dataset": self.store.naming("dataset", "investigation", key)})
        return made(shortened(name, 200), lambda: make(key, raw, name), _WORDS)

    def session(self, key: str, raw: Raw, name: str) -> Publication:
        """An investigation: a session of an experiment."""
        doi = doi_of(raw.get("doi"), self.context.extra_doi_prefixes)
        opens = _read(first_open_day, raw, "releaseDate")
        start, end = _read(instant, raw, "startDate"), _read(instant, raw, "endDate")
        datasets = self.datasets.of_investigation(key)
        facility = self._facility(raw)
        creators, contributors = session_people(raw, self.store, self.options, self.note)
        return Publication(
            source=self.options.name,
            source_id=name,
            doi=doi,
            kind="session",
            title=_title(raw),
            abstract=text_in(raw.get("summary")),
            creators=creators,
            contributors=contributors,
            publisher=self._publisher(facility),
            publication_year=_year(opens, end, start),
            release_date=opens,
            start=start,
            end=end,
            created=or_note(instant, raw.get("createTime"), self.note, "the day an entry was made"),
            modified=or_note(instant, raw.get("modTime"), self.note, "the day an entry last changed"),
            rights=self._rights(),
            funding=tuple(self._funding(raw)),
            related=(*self._papers(raw), *self._studies(key)),
            facility=facility,
            instruments=tuple(self.datasets.instruments(raw.get("investigationInstruments"))),
            samples=tuple(self.datasets.unused_samples(key, datasets)),
            parameters=tuple(self.datasets.parameters(raw.get("parameters"))),
            keywords=tuple(
                Keyword(term=term) for item in objects(raw.get("keywords")) if (term := text_in(item.get("name")))
            ),
            proposal=text_in(raw.get("name")),
            session=text_in(raw.get("visitId")),
            catalogue_id=raw["id"] if isinstance(raw.get("id"), int) else None,
            datasets=datasets,
            # ICAT says 0 of what nobody has counted.
            file_count=or_note(count_of, raw.get("fileCount"), self.note, f"the number of files of {doi}") or None,
            size_bytes=or_note(count_of, raw.get("fileSize"), self.note, f"the size of {doi}") or None,
        )

    def collection(self, key: str, raw: Raw, name: str) -> Publication:
        """A data publication: datasets, files and sessions that were published together."""
        doi = doi_of(raw.get("pid"), self.context.extra_doi_prefixes)
        published = _read(first_open_day, raw, "publicationDate")
        dates = tuple(self._dates(raw))
        facility = self._facility(raw)
        datasets, files = self.datasets.of_collection(self.store.find("dataCollection", raw.get("content")))
        creators, contributors = cited(key, raw, self.store, self.note)
        kind = self.store.find("dataPublicationType", raw.get("type"))
        return Publication(
            source=self.options.name,
            source_id=name,
            doi=doi,
            kind="collection",
            title=_title(raw),
            abstract=text_in(raw.get("description")),
            creators=creators,
            contributors=contributors,
            publisher=self._publisher(facility),
            publication_year=_year(published, *(date.day for date in dates), *_span(datasets)),
            publication_date=published,
            created=or_note(instant, raw.get("createTime"), self.note, "the day an entry was made"),
            modified=or_note(instant, raw.get("modTime"), self.note, "the day an entry last changed"),
            other_dates=dates,
            resource_type=text_in(kind.get("name")),
            rights=self._rights(),
            funding=tuple(self._funding(raw)),
            related=tuple(self._related(raw)),
            facility=facility,
            keywords=_subjects(raw),
            datasets=datasets,
            files=files,
        )

    def _facility(self, raw: Raw) -> Facility | None:
        found = self.store.find("facility", raw.get("facility"))
        name = self.options.facility or text_in(found.get("name"))
        if not name:
            return None
        return Facility(name=name, full_name=text_in(found.get("fullName")), url=web_address(found.get("url")))

    def _publisher(self, facility: Facility | None) -> Agent:
        name = self.options.publisher or (facility and (facility.full_name or facility.name))
        if not name:
            raise RecordError("it has no publisher, and [[source]] names none")
        return Agent(name=name, kind="organisation")

    def _rights(self) -> tuple[Rights, ...]:
        return (rights_from(self.options.licence),) if self.options.licence else ()

    def _funding(self, raw: Raw) -> Iterator[Funding]:
        for link in objects(raw.get("fundingReferences")):
            found = self.store.find("fundingReference", link.get("funding"))
            if funder := text_in(found.get("funderName")):
                yield Funding(
                    funder=funder,
                    funder_id=identifier_written(found.get("funderIdentifier")),
                    award_number=text_in(found.get("awardNumber")),
                    award_title=text_in(found.get("awardTitle")),
                    acknowledgement=text_in(found.get("acknowledgement")),
                )

    def _papers(self, raw: Raw) -> Iterator[Related]:
        for paper in objects(raw.get("publications")):
            found = identifier_written(paper.get("doi")) or identifier_written(paper.get("url"))
            citation = text_in(paper.get("fullReference"))
            if found or citation:
                yield Related(relation="IsSupplementTo", identifier=found, citation=citation)

    def _studies(self, key: str) -> Iterator[Related]:
        for study in self.studies.get(key, ()):
            if found := identifier_written(study.get("pid")):
                yield Related(relation="IsPartOf", identifier=found, title=text_in(study.get("name")))

    def _related(self, raw: Raw) -> Iterator[Related]:
        for item in objects(raw.get("relatedItems")):
            try:
                yield Related.model_validate(
                    {
                        "relation": text_of(item.get("relationType")),
                        "identifier": identifier_written(item.get("identifier")),
                        "citation": text_in(item.get("fullReference")),
                        "title": text_in(item.get("title")),
                        "kind": text_in(item.get("relatedItemType")),
                    }
                )
            except ValidationError:
                self.note("a related item was dropped: its relation is none that DataCite knows")

    def _dates(self, raw: Raw) -> Iterator[OtherDate]:
        for item in objects(raw.get("dates")):
            kind = clean_line(text_of(item.get("dateType")) or "")
            if kind in {"Available", "Issued", "Withdrawn"}:
                found = _read(first_open_day, item, "date")  # it decides what is open
            else:
                found = or_note(day, item.get("date"), self.note, "a date of a data publication")
            if found:
                try:
                    yield OtherDate.model_validate({"kind": kind, "day": found})
                except ValidationError:
                    self.note("a date of a data publication was dropped: its kind is none that DataCite knows")


def _title(raw: Raw) -> str:
    title = clean_line(text_in(raw.get("title")) or "")
    if not title:
        raise RecordError("it has no title")
    return title


def _read(read: Any, raw: Raw, name: str) -> Any:
    """A date that decides what is open, or when: one that cannot be read refuses the record."""
    try:
        return read(raw.get(name))
    except RecordError as error:
        raise RecordError(f"its {name} is {error}") from None


def _year(*days: Any) -> int:
    """The year of the first of these days that is known. Raises RecordError when none is."""
    for known in days:
        if known is not None:
            return int(known.year)
    raise RecordError("it has no date at all, so its year cannot be told")


def _keywords(raw: Raw) -> Iterator[str]:
    return filter(None, (text_in(item.get("name")) for item in objects(raw.get("keywords"))))


def _span(datasets: tuple[Dataset, ...]) -> list[Any]:
    return [moment for dataset in datasets for moment in (dataset.end, dataset.start) if moment]


def identifier_written(value: Any) -> Identifier | None:
    """An identifier as ICAT's users write them: `DOI:…`, `URL:…`, `Crossref Funder ID:…`."""
    text = _SCHEME.sub("", clean_line(text_in(value) or ""))
    try:
        return parse_identifier(text) if text else None
    except IdentifierError:
        return Identifier(scheme="local", value=text)


def _subjects(raw: Raw) -> tuple[Keyword, ...]:
    """The subjects of a data publication (since ICAT 6.2), with the words of the older text field."""
    found: dict[str, Keyword] = {}
    for item in objects(raw.get("subjects")):
        if term := text_in(item.get("name")):
            found.setdefault(
                fold(clean_line(term)),
                Keyword(
                    term=term,
                    scheme=text_in(item.get("subjectScheme")),
                    scheme_url=web_address(item.get("schemeURI")),
                    value_url=web_address(item.get("valueURI")),
                    code=text_in(item.get("classificationCode")),
                ),
            )
    for word in (text_in(raw.get("subject")) or "").split(";"):
        if clean_line(word):
            found.setdefault(fold(clean_line(word)), Keyword(term=word))
    return tuple(found.values())
