"""SciCat's documents, read into the record: PublishedData of v3 and v4, Datasets and OrigDatablocks beside them.

Used by the `scicat` harvester and by `dump`. Field names and shapes: SciCat backend 4.x, `published-data` and
`datasets` (v3 and v4 DTOs). MongoDB's extended JSON is undone by `plain` first.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from panfair.harvesters import Refused, SourceOptions
from panfair.harvesters.reading import datacite
from panfair.harvesters.reading.people import people
from panfair.harvesters.reading.related_works import is_paper_address, related_works
from panfair.harvesters.reading.values import (
    Note,
    count_of,
    day,
    doi_of,
    instant,
    number_of,
    objects,
    or_note,
    orcid_of,
    text_of,
    texts_of,
    told,
    web_address,
)
from panfair.harvesters.scicat.datasets import Library, Raw, all_texts, dataset_of, identifier_of, plain
from panfair.ontologies.errors import RecordError
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.licences import rights_from
from panfair.ontologies.record import Agent, Dataset, Facility, Keyword, Publication, Related, Rights
from panfair.ontologies.text import clean_line, clean_text, fold

__all__ = ["Library", "Raw", "document_of", "key_of", "publication_of"]

_SHOWN = frozenset({"registered", "public", "amended"})


def key_of(raw: Raw) -> str:
    """What a record is called in reports: its DOI or id."""
    return clean_line(told(raw.get("doi")) or told(raw.get("_id")) or told(raw.get("pid")) or "") or "without an id"


def document_of(item: Any, place: str) -> Raw | Refused:
    """A document without MongoDB's extended JSON, or the refusal of what is none; `place` names what has no DOI."""
    try:
        found = plain(item)
    except RecursionError:
        key = key_of(item) if isinstance(item, dict) and told(item.get("doi")) else place
        return Refused(key, "it is nested too deeply")
    return found if isinstance(found, dict) else Refused(place, "it is no record, but a bare value")


def publication_of(raw: Raw, library: Library) -> Publication:
    """One publication. Raises RecordError that says why it cannot be published, in no word of it."""
    options, note = library.options, library.note
    more = raw.get("metadata") if isinstance(raw.get("metadata"), dict) else {}
    assert isinstance(more, dict)
    doi = doi_of(raw.get("doi") or raw.get("_id") or raw.get("pid"), library.context.extra_doi_prefixes)
    title = clean_line(text_of(raw.get("title")) or _first(more, "titles", "title") or "")
    if not title:
        raise RecordError("it has no title")
    abstract = told(raw.get("abstract")) or datacite.description_in(more, "Abstract")
    methods = told(raw.get("dataDescription")) or datacite.description_in(more, "Methods")
    if methods and fold(clean_text(methods)) in (fold(clean_text(abstract or "")), fold(title)):
        methods = None
    publisher = _publisher(raw, more, options, library)
    registered = _registered(raw)
    year = _year(raw.get("publicationYear") or more.get("publicationYear"), registered)
    creators, extra_keywords, more_creators = _creators(raw, more, library, f"{abstract or ''}\n{methods or ''}")
    download = web_address(raw.get("downloadLink")) or web_address(raw.get("DownloadLink"))
    related = _related(raw, more, doi, note)
    if download and is_paper_address(download, doi):
        # Some write the paper's address where the data's address belongs.
        related = _once((*related, *related_works([download], doi, note)))
        download = None
    datasets = tuple(_datasets(raw, doi, library))
    facility = options.facility or publisher.name
    proposals = {text for dataset in _known(raw, library) for text in all_texts(dataset, "proposalId", "proposalIds")}
    return Publication(
        source=options.name,
        source_id=key_of(raw),
        doi=doi,
        title=title,
        abstract=abstract,
        methods=methods,
        language=told(more.get("language")),
        version=told(more.get("version")),
        creators=creators,
        more_creators=more_creators,
        contributors=tuple(agent for one in objects(more.get("contributors"))
                           if (agent := datacite.agent_in(one, note))),
        publisher=publisher,
        publication_year=year,
        publication_date=registered,
        created=or_note(instant, raw.get("createdAt"), note, "the day an entry was made"),
        modified=or_note(instant, raw.get("updatedAt"), note, "the day an entry last changed"),
        other_dates=tuple(datacite.dates_in(more, note)),
        resource_type=told(raw.get("resourceType")) or told(more.get("resourceType")),
        rights=_rights(more, raw, library),
        funding=tuple(datacite.funding_in(more)),
        related=related,
        facility=Facility(name=facility),
        keywords=(*(Keyword(term=word) for word in extra_keywords), *datacite.keywords_in(more)),
        proposal=proposals.pop() if len(proposals) == 1 else None,
        datasets=datasets,
        file_count=or_note(count_of, raw.get("numberOfFiles"), note, f"the number of files of {doi}"),
        size_bytes=or_note(count_of, raw.get("sizeOfArchive"), note, f"the size of {doi}"),
        url=download or web_address(raw.get("url")) or web_address(more.get("landingPage")),
        catalogue_url=library.catalogue.replace("{doi}", doi) if library.catalogue else None,
        public=told(raw.get("status")) in _SHOWN,
        # Published in SciCat, and not yet at DataCite: the DOI leads nowhere, so nobody may cite it.
        registered=not (told(raw.get("status")) == "public" and registered is None),
        restriction=datacite.restriction_in(more.get("rightsList"), raw.get("license")),
    )  # fmt: skip


def _datasets(raw: Raw, doi: Doi, library: Library) -> Iterator[Dataset]:
    """The datasets, described where the harvest holds them, else by their pid alone; each once."""
    for pid in dict.fromkeys(all_texts(raw, "pidArray", "datasetPids")):
        found = library.datasets.get(pid)
        if found is not None:
            yield dataset_of(found, pid, library)
        else:
            yield Dataset(id=pid, name=pid.rsplit("/", 1)[-1], identifier=identifier_of(pid))


def _known(raw: Raw, library: Library) -> list[Raw]:
    return [library.datasets[pid] for pid in all_texts(raw, "pidArray", "datasetPids") if pid in library.datasets]


def _creators(raw: Raw, more: Raw, library: Library, about: str) -> tuple[tuple[Agent, ...], tuple[str, ...], bool]:
    """The creators, keywords that strayed among them, and whether the source says "et al."."""
    structured = [agent for one in objects(more.get("creators")) if (agent := datacite.agent_in(one, library.note))]
    if structured:
        return tuple(structured), (), False
    texts = texts_of(raw.get("creator")) or texts_of(raw.get("authors"))
    found = people(texts, library.accounts, library.note, text_of(raw.get("createdBy")), about)
    agents = _with_orcids(found.agents, raw, library)
    return agents, found.keywords, found.more


def _with_orcids(agents: tuple[Agent, ...], raw: Raw, library: Library) -> tuple[Agent, ...]:
    """The ORCID iDs of datasets' owners, where an owner is one of the people by name."""
    owners = {}
    for dataset in _known(raw, library):
        name, orcid = told(dataset.get("owner")), told(dataset.get("orcidOfOwner"))
        if name and orcid:
            owners[fold(clean_line(name))] = orcid
    changed = []
    for agent in agents:
        said = owners.get(fold(agent.name))
        orcid = or_note(orcid_of, said, library.note, f"the ORCID iD of {agent.name}") if said else None
        changed.append(agent.model_copy(update={"orcid": orcid}) if orcid and not agent.orcid else agent)
    return tuple(changed)


def _publisher(raw: Raw, more: Raw, options: SourceOptions, library: Library) -> Agent:
    named = more.get("publisher")
    name = told(raw.get("publisher")) or (told(named.get("name")) if isinstance(named, dict) else told(named))
    name = name or options.publisher or options.facility
    if not name:
        raise RecordError("it has no publisher, and [[source]] names none")
    return Agent(name=name, kind="organisation")


def _related(raw: Raw, more: Raw, doi: Doi, note: Note) -> tuple[Related, ...]:
    return _once(
        (*datacite.related_in(more, note), *related_works(texts_of(raw.get("relatedPublications")), doi, note))
    )


def _once(works: tuple[Related, ...]) -> tuple[Related, ...]:
    seen: dict[str, Related] = {}
    for work in works:
        identifier = work.identifier
        seen.setdefault(fold(identifier.value if identifier else work.citation or work.title or ""), work)
    return tuple(seen.values())


def _rights(more: Raw, raw: Raw, library: Library) -> tuple[Rights, ...]:
    """The publication's own rights; else what all its datasets say; else the operator's word for the source."""
    found = tuple(datacite.rights_in(more))
    if not found and (said := told(raw.get("license"))):
        found = (rights_from(said),)
    if not found:
        said_of = [told(dataset.get("license")) for dataset in _known(raw, library)]
        if said_of and said_of[0] and len(set(said_of)) == 1:
            found = (rights_from(said_of[0]),)
    if not found and library.options.licence:
        found = (rights_from(library.options.licence),)
    return found


def _registered(raw: Raw) -> date | None:
    """The day of registration, from which a publication is open; None, and so closed, when there is none."""
    try:
        return day(raw.get("registeredTime"))
    except RecordError as error:
        raise RecordError(f"its registeredTime is {error}") from None


def _year(said: Any, registered: date | None) -> int:
    number = number_of(said)
    if number is not None and 1900 <= number <= 9999:
        return int(number)
    if registered is None:
        raise RecordError("it has neither a publication year nor a day of registration")
    return registered.year


def _first(more: Raw, names: str, name: str) -> str | None:
    return next((text for one in objects(more.get(names)) if (text := text_of(one.get(name)))), None)
