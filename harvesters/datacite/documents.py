"""One DOI's metadata as DataCite has it (attributes of the REST API, or made of its XML), read into the record.

DataCite Metadata Schema 4.6. Subjects of the schemes Instrument, Proposal, Technique and PaNET are what they say, as
photon and neutron facilities register them. A record is open by the latest of its dates; one without a day opens when
its year has passed, or when its provider showed it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from panfair.harvesters import Context, Refused, SourceOptions, made
from panfair.harvesters.reading import datacite
from panfair.harvesters.reading.json_text import check_sound
from panfair.harvesters.reading.values import (
    Note,
    day,
    doi_of,
    instant,
    number_of,
    objects,
    or_note,
    technique_of,
    text_in,
    text_of,
    texts_of,
    web_address,
)
from panfair.ontologies.errors import RecordError
from panfair.ontologies.licences import rights_from
from panfair.ontologies.record import (
    Agent,
    Facility,
    File,
    Instrument,
    Keyword,
    Publication,
    Rights,
    Technique,
    Withdrawal,
)
from panfair.ontologies.text import clean_line, fold, shortened

Raw = dict[str, Any]

_WORDS = {
    "publication_year": "publicationYear", "title": "titles", "Agent.name": "creators.name",
    "Rights.said": "rightsList.rights", "Keyword.term": "subjects.subject", "Affiliation.name": "affiliation",
    "File.name": "contentUrl", "Instrument.name": "subjects.subject",
}  # fmt: skip
"""DataCite's names for fields of the record."""
_SESSION = re.compile(r"(?i)session|investigation|experiment|beam\s*time|visit")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_COLLECTION = re.compile(r"(?i)collection")
_METHODS = ("Methods", "TechnicalInfo")
_NO_PROSE = frozenset({*_METHODS, "Abstract", "TableOfContents", "SeriesInformation"})


@dataclass
class Reader:
    """What is known of the source while its documents are read."""

    options: SourceOptions
    context: Context
    note: Note
    catalogue: str | None = None
    """The address of a DOI's page in the live catalogue, with {doi}; None: where the DOI leads."""
    kinds: tuple[str, ...] = ()
    """The resourceTypeGeneral that is published; empty: all."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Records of other kinds, by kind."""
    without_field: Counter[str] = field(default_factory=Counter)
    """Records that say what no field of ours holds, by DataCite's name of it."""

    def wants(self, document: Any, client_id: str | None = None, prefix: str | None = None) -> bool:
        """Whether a document is of the repository, the prefix and the kinds that are asked for; an odd one is."""
        attributes = _attributes(document)
        if attributes is None:
            return True
        owner = _client(document)
        if client_id and owner and owner.casefold() != client_id.casefold():
            return False
        doi = (text_in(attributes.get("doi")) or "").casefold()
        if prefix and doi and not doi.startswith(f"{prefix.casefold()}/"):
            return False
        general = _general(attributes)
        if not self.kinds or general in self.kinds:
            return True
        self.left_out[general or "no kind"] += 1
        return False

    def tell(self) -> None:
        """The remarks that only the whole list can make."""
        for kind, number in sorted(self.left_out.items()):
            self.note(f"{number} records of the kind {kind} were left out, as `resource_types` says")
        for name, number in sorted(self.without_field.items()):
            self.note(f"panfair could not read {name} of {number} records: it has no field for them")


def publication_or_refusal(
    document: Any, reader: Reader, place: str, source_id: str | None = None, seen: date | None = None
) -> Publication | Refused:
    """The publication, or why it is none. `seen`: a day on which its provider showed it to everyone."""
    attributes = _attributes(document)
    if attributes is None:
        return Refused(place, "it is no DataCite record")
    try:
        check_sound(attributes)
    except RecordError as error:
        return Refused(place, str(error))
    reader.context.raw(document)
    key = source_id or shortened(clean_line(text_in(attributes.get("doi")) or ""), 200) or place
    return made(key, lambda: publication_of(attributes, reader, key, seen), _WORDS)


def publication_of(raw: Raw, reader: Reader, key: str, seen: date | None = None) -> Publication:
    """One publication. Raises RecordError that says why it cannot be published, in no word of it."""
    options, note = reader.options, reader.note
    doi = doi_of(raw.get("doi"), reader.context.extra_doi_prefixes)
    publisher = _publisher(raw, options, note)
    year, published = _published(raw, seen)
    state = text_in(raw.get("state"))
    subjects = list(objects(raw.get("subjects")))
    hosts = [one for one in objects(raw.get("contributors")) if one.get("contributorType") == "HostingInstitution"]
    hosting = text_of(hosts[0].get("name")) if hosts else None
    reason = text_in(raw.get("reason"))
    files, url = _files(raw)
    start, end = _collected(raw, note)
    count, size = datacite.extent_in(raw)
    if raw.get("geoLocations"):
        reader.without_field["geoLocations"] += 1
    return Publication(
        source=options.name,
        source_id=key,
        doi=doi,
        kind=_kind(raw),
        title=_title(raw),
        abstract=_abstract(raw),
        methods=_prose(raw, _METHODS),
        language=text_in(raw.get("language")),
        version=text_in(raw.get("version")),
        creators=tuple(_agents(raw.get("creators"), note)),
        contributors=tuple(_agents(raw.get("contributors"), note)),
        publisher=publisher,
        publication_year=year,
        publication_date=published,
        start=start,
        end=end,
        created=or_note(instant, raw.get("created"), note, "the day an entry was made"),
        modified=or_note(instant, raw.get("updated"), note, "the day an entry last changed"),
        other_dates=tuple(datacite.dates_in(raw, note, published)),
        resource_type=_resource_type(raw),
        rights=_rights(raw, options),
        funding=tuple(datacite.funding_in(raw)),
        related=tuple(datacite.works_in(raw, note)),
        facility=Facility(name=options.facility or hosting or publisher.name),
        instruments=tuple(_instruments(raw, subjects)),
        techniques=tuple(_techniques(subjects)),
        keywords=tuple(_keywords(raw)),
        proposal=_proposal(subjects),
        files=files,
        file_count=count,
        size_bytes=size,
        url=url,
        catalogue_url=_catalogue_url(raw, doi, reader),
        public=state in (None, "findable", "draft") and raw.get("isActive") is not False,
        registered=state != "draft",
        restriction=datacite.restriction_in(raw.get("rightsList"), dates=raw.get("dates")),
        withdrawal=Withdrawal(reason=reason) if state == "registered" and reason else None,
    )


def _attributes(document: Any) -> Raw | None:
    """The attributes of a JSON:API document, or what is attributes already; None for what is neither."""
    if not isinstance(document, dict):
        return None
    inner = document.get("attributes")
    found = inner if isinstance(inner, dict) else document
    if isinstance(inner, dict) and not text_in(found.get("doi")):
        found = {**found, "doi": document.get("id")}
    return found if found.keys() & {"doi", "titles", "creators"} else None


def _client(document: Raw) -> str | None:
    value: Any = document
    for name in ("relationships", "client", "data", "id"):
        value = value.get(name) if isinstance(value, dict) else None
    return text_of(value)


def _types(raw: Raw) -> Raw:
    types = raw.get("types")
    return types if isinstance(types, dict) else {}


def _general(raw: Raw) -> str | None:
    return text_in(_types(raw).get("resourceTypeGeneral"))


def _resource_type(raw: Raw) -> str | None:
    return text_in(_types(raw).get("resourceType")) or _general(raw)


def _kind(raw: Raw) -> Literal["session", "collection", "dataset"]:
    said = text_in(_types(raw).get("resourceType")) or ""
    if _SESSION.search(said):
        return "session"
    return "collection" if _general(raw) == "Collection" or _COLLECTION.search(said) else "dataset"


def _title(raw: Raw) -> str:
    titles = [one for one in objects(raw.get("titles")) if text_in(one.get("title"))]
    found = next((one for one in titles if not text_in(one.get("titleType"))), titles[0] if titles else None)
    if found is None:
        raise RecordError("it has no title")
    return str(text_of(found.get("title")))


def _abstract(raw: Raw) -> str | None:
    """The abstract, and what other prose there is behind it."""
    others = [kind for one in objects(raw.get("descriptions")) if (kind := text_in(one.get("descriptionType")))]
    rest = tuple(dict.fromkeys(kind for kind in others if kind not in _NO_PROSE))
    return _prose(raw, ("Abstract", *rest))


def _prose(raw: Raw, kinds: tuple[str, ...]) -> str | None:
    found = [
        text
        for kind in kinds
        for one in objects(raw.get("descriptions"))
        if one.get("descriptionType") == kind and (text := text_in(one.get("description")))
    ]
    return "\n\n".join(dict.fromkeys(found)) or None


def _publisher(raw: Raw, options: SourceOptions, note: Note) -> Agent:
    said = raw.get("publisher")
    said = said if isinstance(said, dict) else {"name": said}
    name = text_in(said.get("name"))
    if name is None or name.strip().startswith(":"):  # DataCite's `:unav`, `:none`
        name, said = options.publisher or options.facility, {}
    if not name:
        raise RecordError("it has no publisher, and [[source]] names none")
    known = [{"nameIdentifier": said.get("publisherIdentifier"),
              "nameIdentifierScheme": said.get("publisherIdentifierScheme")}]  # fmt: skip
    agent = datacite.agent_in({"name": name, "nameType": "Organizational", "nameIdentifiers": known}, note)
    assert agent is not None
    return agent


def _agents(value: Any, note: Note) -> Iterator[Agent]:
    for one in objects(value):
        if agent := datacite.agent_in(one, note):
            yield agent


def _published(raw: Raw, seen: date | None) -> tuple[int, date]:
    """The year of the citation, and the day on which it was published.

    Raises RecordError where there is neither a year nor a day, and for a day of registration that cannot be read.
    """
    try:
        registered = day(raw.get("registered"))
    except RecordError as error:
        raise RecordError(f"its registered is {error}") from None
    said = number_of(raw.get("publicationYear"))
    year = int(said) if said is not None and 1900 <= said <= 9999 else None
    dates = datacite.dates_in(raw, lambda text: None, registered or seen)
    issued = max((one.day for one in dates if one.kind == "Issued"), default=None)
    if year is None:
        known = issued or registered or seen
        if known is None:
            raise RecordError("it has neither a publicationYear nor a day of publication")
        year = known.year
    end = date(year, 12, 31)
    return year, registered or issued or (min(end, seen) if seen and seen.year >= year else end)


def _collected(raw: Raw, note: Note) -> tuple[datetime | None, datetime | None]:
    """When the data were taken: the days of the dates `Collected`, of which one may be a range."""
    said = [text_in(one.get("date")) or "" for one in objects(raw.get("dates")) if one.get("dateType") == "Collected"]
    texts = [part for text in said for part in text.split("/") if _DAY.match(part.strip())]
    found = [moment for text in texts if (moment := or_note(instant, text, note, "a date of the kind Collected"))]
    return min(found, default=None), max(found, default=None)


def _rights(raw: Raw, options: SourceOptions) -> tuple[Rights, ...]:
    found = tuple(datacite.rights_in(raw))
    return found or ((rights_from(options.licence),) if options.licence else ())


def _scheme(subject: Raw) -> str:
    return fold(clean_line(text_in(subject.get("subjectScheme")) or ""))


def _is_technique(subject: Raw) -> bool:
    addresses = f"{subject.get('valueUri')} {subject.get('classificationCode')}"
    return _scheme(subject) in ("technique", "techniques", "panet") or bool(re.search(r"(?i)panet\d{5}", addresses))


def _keywords(raw: Raw) -> Iterator[Keyword]:
    other = {"instrument", "beamline", "proposal"}
    for one in objects(raw.get("subjects")):
        if _scheme(one) not in other and not _is_technique(one):
            yield from datacite.keywords_in({"subjects": [one]})


def _techniques(subjects: list[Raw]) -> Iterator[Technique]:
    for one in filter(_is_technique, subjects):
        if found := technique_of(one.get("subject"), one.get("valueUri") or one.get("classificationCode")):
            yield found


def _instruments(raw: Raw, subjects: list[Raw]) -> Iterator[Instrument]:
    """The instruments that subjects or related items name, each once."""
    names: dict[str, Instrument] = {}
    for one in subjects:
        if _scheme(one) in ("instrument", "beamline") and (name := text_in(one.get("subject"))):
            names.setdefault(fold(name), Instrument(name=name))
    for one in objects(raw.get("relatedItems")):
        title = next((text for item in objects(one.get("titles")) if (text := text_in(item.get("title")))), None)
        if one.get("relatedItemType") == "Instrument" and title:
            names[fold(title)] = Instrument(name=title, identifier=datacite.item_identifier(one))
    yield from names.values()


def _proposal(subjects: list[Raw]) -> str | None:
    found = {text for one in subjects if _scheme(one) == "proposal" and (text := text_in(one.get("subject")))}
    return found.pop() if len(found) == 1 else None


def _files(raw: Raw) -> tuple[tuple[File, ...], str | None]:
    """The files that are named by their addresses, and the address of all: of one alone, that is it."""
    addresses = [found for text in texts_of(raw.get("contentUrl")) if (found := web_address(text))]
    if len(addresses) < 2:
        return (), next(iter(addresses), None)
    return tuple(File(name=one.rstrip("/").rsplit("/", 1)[-1], url=one) for one in dict.fromkeys(addresses)), None


def _catalogue_url(raw: Raw, doi: str, reader: Reader) -> str | None:
    """Its page in the live catalogue: never one of this site, where a DOI that has moved leads."""
    if reader.catalogue:
        return reader.catalogue.replace("{doi}", doi)
    found = web_address(raw.get("url"))
    here = reader.context.site
    return None if found and here and found.startswith(f"{here}/") else found
