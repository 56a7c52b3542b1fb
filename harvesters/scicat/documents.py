"""SciCat's PublishedData of v3 and v4, with what belongs to it, read into the record.

Used by the `scicat` harvester and by `dump`. Field names and shapes: SciCat backend 4.x, `published-data` DTOs of v3
and v4; what SciCat's migration from v3 to v4 moved into `metadata` is read from both places. MongoDB's extended JSON
is undone by `document_of` first.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from panfair.harvesters import Refused, SourceOptions, made
from panfair.harvesters.reading import datacite
from panfair.harvesters.reading.related_works import is_paper_address, related_works
from panfair.harvesters.reading.values import (
    count_of,
    doi_of,
    instant,
    number_of,
    objects,
    or_note,
    text_in,
    text_of,
    texts_of,
    web_address,
)
from panfair.harvesters.scicat.datasets import dataset_of, metadata_in, place
from panfair.harvesters.scicat.dates import open_since, published_on
from panfair.harvesters.scicat.library import Library, Raw, all_texts, is_shown, pids_of
from panfair.harvesters.scicat.metadata import Metadata
from panfair.harvesters.scicat.people import people_of
from panfair.harvesters.scicat.pids import identifier_of
from panfair.harvesters.scicat.values import is_too_long, key_of
from panfair.ontologies.errors import RecordError
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.licences import rights_from
from panfair.ontologies.record import Agent, Dataset, Facility, Keyword, Publication, Related, Rights
from panfair.ontologies.text import clean_line, clean_text, fold

_WORDS = {
    "publication_year": "publicationYear", "abstract": "abstract", "methods": "dataDescription",
    "Dataset.id": "Dataset.pid", "Dataset.name": "Dataset.datasetName", "Agent.name": "creator",
    "File.name": "OrigDatablock.dataFileList.path", "File.checksum": "OrigDatablock.dataFileList.chk",
    "Sample.name": "Sample.sampleId", "Instrument.name": "Instrument.name", "Keyword.term": "Dataset.keywords",
    "Rights.said": "license", "Technique.said": "Dataset.techniques.name", "Affiliation.name": "affiliation",
}  # fmt: skip
"""SciCat's names for fields of the record."""


def publication_or_refusal(raw: Raw, library: Library) -> Publication | Refused:
    """The publication, or why it is none; the reason names fields and no value of them."""
    named = [library.datasets[pid] for pid in pids_of(raw) if pid in library.datasets]
    library.context.raw({"PublishedData": raw, "Dataset": named})
    return made(key_of(raw), lambda: publication_of(raw, library), _WORDS)


def publication_of(raw: Raw, library: Library) -> Publication:
    """One publication. Raises RecordError that says why it cannot be published, in no word of it."""
    options, note = library.options, library.note
    more = raw.get("metadata") if isinstance(raw.get("metadata"), dict) else {}
    assert isinstance(more, dict)
    doi = doi_of(raw.get("doi") or raw.get("_id") or raw.get("pid"), library.context.extra_doi_prefixes)
    title = clean_line(text_of(raw.get("title")) or _first(more, "titles", "title") or "")
    if not title:
        raise RecordError("it has no title")
    if any(is_too_long(pid) for pid in pids_of(raw)):
        raise RecordError("the pid of a dataset is longer than an address can be")
    abstract = (
        text_in(raw.get("abstract")) or text_in(more.get("abstract")) or datacite.description_in(more, "Abstract")
    )
    methods = text_in(raw.get("dataDescription")) or text_in(more.get("dataDescription"))
    methods = methods or datacite.description_in(more, "Methods")
    if methods and fold(clean_text(methods)) in (fold(clean_text(abstract or "")), fold(title)):
        methods = None
    publisher = _publisher(raw, more, options)
    open_datasets = library.open_datasets(raw)
    opened = _open_since(raw, more, open_datasets, library)
    metadata = {pid: metadata_in(library.datasets[pid], library) for pid in pids_of(raw) if pid in library.datasets}
    open_parts = [metadata[pid] for pid in metadata if library.datasets[pid].get("isPublished") is True]
    persons = people_of(raw, more, library, (one for part in open_parts for one in part.people),
                        f"{abstract or ''}\n{methods or ''}")  # fmt: skip
    download = next((found for one in (raw.get("downloadLink"), raw.get("DownloadLink"), more.get("downloadLink"))
                     if (found := web_address(one))), None)  # fmt: skip
    related = _related(raw, more, doi, open_parts, library)
    if download and is_paper_address(download, doi):
        # Some write the paper's address where the data's address belongs.
        related = _once((*related, *related_works([download], doi, note)))
        download = None
    addresses = (download, raw.get("url"), more.get("url"), more.get("landingPage"))
    proposals = {text for dataset in open_datasets for text in all_texts(dataset, "proposalId", "proposalIds")}
    count = raw.get("numberOfFiles") or more.get("numberOfFiles")
    size = raw.get("sizeOfArchive") or more.get("sizeOfArchive")
    own_count, own_size = datacite.extent_in(more)
    return Publication(
        source=options.name,
        source_id=key_of(raw),
        doi=doi,
        title=title,
        abstract=abstract,
        methods=methods,
        language=text_in(more.get("language")),
        version=text_in(more.get("version")),
        creators=persons.creators,
        more_creators=persons.more,
        contributors=persons.contributors,
        publisher=publisher,
        publication_year=_year(raw.get("publicationYear") or more.get("publicationYear"), opened),
        publication_date=opened,
        created=or_note(instant, raw.get("createdAt"), note, "the day an entry was made"),
        modified=or_note(instant, raw.get("updatedAt"), note, "the day an entry last changed"),
        other_dates=tuple(datacite.dates_in(more, note)),
        resource_type=text_in(raw.get("resourceType")) or text_in(more.get("resourceType")),
        rights=_rights(more, raw, library),
        funding=tuple(datacite.funding_in(more)),
        related=related,
        facility=Facility(name=options.facility or _facility(open_datasets, library) or publisher.name),
        keywords=(*(Keyword(term=word) for word in persons.keywords), *datacite.keywords_in(more)),
        proposal=proposals.pop() if len(proposals) == 1 else None,
        datasets=tuple(_datasets(raw, metadata, library)),
        # SciCat writes 0 where nobody told a number.
        file_count=or_note(count_of, count, note, f"the number of files of {doi}") or own_count,
        size_bytes=or_note(count_of, size, note, f"the size of {doi}") or own_size,
        url=next((found for one in addresses if (found := web_address(one))), None),
        catalogue_url=library.catalogue.replace("{doi}", doi) if library.catalogue else None,
        public=is_shown(raw),
        # Published in SciCat, and not yet at DataCite: the DOI leads nowhere, so nobody may cite it.
        registered=not (text_in(raw.get("status")) == "public" and raw.get("registeredTime") is None),
        restriction=datacite.restriction_in(more.get("rightsList"), raw.get("license"), dates=more.get("dates")),
    )


def _datasets(raw: Raw, metadata: dict[str, Metadata], library: Library) -> Iterator[Dataset]:
    """The datasets, described where the harvest holds them, else by their pid alone; each once."""
    for pid in pids_of(raw):
        if pid in metadata:
            yield dataset_of(library.datasets[pid], pid, library, metadata[pid])
        else:
            yield Dataset(id=pid, name=pid.rsplit("/", 1)[-1], identifier=identifier_of(pid))


def _facility(datasets: list[Raw], library: Library) -> str | None:
    """The facility that the open datasets were taken at, when they agree."""
    found = {name for dataset in datasets if (name := place(dataset, library).facility)}
    return found.pop() if len(found) == 1 else None


def _publisher(raw: Raw, more: Raw, options: SourceOptions) -> Agent:
    named = more.get("publisher")
    name = text_in(raw.get("publisher")) or (text_in(named.get("name")) if isinstance(named, dict) else text_in(named))
    name = name or options.publisher or options.facility
    if not name:
        raise RecordError("it has no publisher, and [[source]] names none")
    return Agent(name=name, kind="organisation")


def _related(raw: Raw, more: Raw, doi: Doi, metadata: list[Metadata], library: Library) -> tuple[Related, ...]:
    """The related works; one without a relation type is read as v3's text, which the migration made it from."""
    listed = list(objects(more.get("relatedIdentifiers")))
    typed = [one for one in listed if text_in(one.get("relationType"))]
    texts = texts_of([one.get("relatedIdentifier") for one in listed if not text_in(one.get("relationType"))])
    texts += texts_of(raw.get("relatedPublications"))
    texts += [text for part in metadata for text in part.related_texts]
    return _once(
        (
            *datacite.works_in({**more, "relatedIdentifiers": typed, "identifiers": None}, library.note),
            *related_works(texts, doi, library.note),
            *(work for part in metadata for work in part.related),
        )
    )


def _once(works: tuple[Related, ...]) -> tuple[Related, ...]:
    seen: dict[str, Related] = {}
    for work in works:
        identifier = work.identifier
        seen.setdefault(fold(identifier.value if identifier else work.citation or work.title or ""), work)
    return tuple(seen.values())


def _rights(more: Raw, raw: Raw, library: Library) -> tuple[Rights, ...]:
    """The publication's own rights; else what all its open datasets say; else the operator's word for the source."""
    found = tuple(datacite.rights_in(more))
    if not found and (said := text_in(raw.get("license"))):
        found = (rights_from(said),)
    if not found:
        said_of = [text_in(dataset.get("license")) for dataset in library.open_datasets(raw)]
        if said_of and said_of[0] and len(set(said_of)) == 1:
            found = (rights_from(said_of[0]),)
    if not found and library.options.licence:
        found = (rights_from(library.options.licence),)
    return found


def _open_since(raw: Raw, more: Raw, datasets: list[Raw], library: Library) -> date | None:
    opened = open_since(raw, more, datasets, library.date_from)
    if opened is None and is_shown(raw):
        library.undated.append(published_on(datasets))
    return opened


def _year(said: Any, opened: date | None) -> int:
    number = number_of(said)
    if number is not None and 1900 <= number <= 9999:
        return int(number)
    if opened is None:
        raise RecordError("it has neither a publication year nor a day of registration")
    return opened.year


def _first(more: Raw, names: str, name: str) -> str | None:
    return next((text for one in objects(more.get(names)) if (text := text_of(one.get(name)))), None)
