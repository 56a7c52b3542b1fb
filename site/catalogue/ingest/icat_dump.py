"""python-icat's dumps (YAML and XML, schema 4.4 to 6.2) for the live core: sessions with all that hangs on them.

Groups and rules are not taken over: in the core, who is of a session's team sees it, and a session without a release
date stays closed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from panfair.harvesters.dump.files import read_dump
from panfair.harvesters.icat.store import Raw, Store
from panfair.harvesters.reading.values import count_of, day, first_open_day, instant, text_of
from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.errors import Invalid
from panfair.site.catalogue.ingest.documents import (
    CatalogueDocument,
    Content,
    DatasetDocument,
    InstrumentDocument,
    PublicationDocument,
    SessionDocument,
)
from panfair.site.catalogue.ingest.left_out import left_out_of
from panfair.site.catalogue.store.entries import (
    AuthorEntry,
    FacilityEntry,
    FileEntry,
    FundingEntry,
    MemberEntry,
    ParameterEntry,
    SampleEntry,
    TechniqueEntry,
    UserEntry,
    WorkEntry,
)

_NO_UNIT = frozenset({"", "n/a", "na", "none"})
_ENDS = ("inputDataCollection", "outputDataCollection")
_VALUES = ("numericValue", "stringValue", "dateTimeValue")


def document_of_dump(file: Path) -> tuple[CatalogueDocument, Counter[str]]:
    """What a dump says, and how much of it the core does not keep, by what it is.

    Raises HarvestError for a file that is none, Invalid for one without a facility.
    """
    entities = read_dump(file, "ingest")
    if isinstance(entities, list):
        raise Invalid("JSON that is not the core's own form; see the help on `panfair catalogue ingest`")
    dump = _Dump(entities)
    return dump.document(), left_out_of(entities) + dump.unread


class _Dump:
    """One dump, read entity by entity."""

    def __init__(self, entities: dict[str, dict[str, Raw]]) -> None:
        self.store = Store(entities)
        self.samples = self._by_owner("sample", "investigation")
        self.datasets = self._by_owner("dataset", "investigation")
        self.files = self._by_owner("datafile", "dataset")
        self.made_from = self._lineage()
        self.unread: Counter[str] = Counter()
        """What is kept elsewhere, and here says nothing that can be."""

    def _by_owner(self, entity: str, owner: str) -> dict[str, list[Raw]]:
        found: dict[str, list[Raw]] = defaultdict(list)
        for raw in self.store.all(entity):
            found[str(raw.get(owner))].append(raw)
        return found

    def _lineage(self) -> dict[str, list[str]]:
        """For each dataset by its key the names of those of the same session that a job made it from."""
        found: dict[str, list[str]] = defaultdict(list)
        for job in self.store.all("job"):
            ends = [self.store.find("dataCollection", job.get(name)) for name in _ENDS]
            sources, targets = (
                [str(link.get("dataset")) for link in _list(end, "dataCollectionDatasets")] for end in ends
            )
            for target in targets:
                made = self.store.find("dataset", target)
                for source in sources:
                    raw = self.store.find("dataset", source)
                    if raw and raw.get("investigation") == made.get("investigation") and source != target:
                        found[target].append(_name(raw))
        return found

    def document(self) -> CatalogueDocument:
        store = self.store
        facilities = tuple(
            FacilityEntry(
                name=_name(raw),
                full_name=text_of(raw.get("fullName")),
                description=text_of(raw.get("description")),
                url=text_of(raw.get("url")),
                days_until_release=count_of(raw.get("daysUntilRelease")),
            )
            for raw in store.all("facility")
        )
        if not facilities:
            raise Invalid("it holds no facility; dump the whole catalogue")
        instruments = tuple(
            InstrumentDocument(
                facility=_name(store.find("facility", raw.get("facility"))),
                name=_name(raw),
                full_name=text_of(raw.get("fullName")),
                description=text_of(raw.get("description")),
                url=text_of(raw.get("url")),
                pid=text_of(raw.get("pid")),
                scientists=tuple(
                    _name(store.find("user", link.get("user"))) for link in _list(raw, "instrumentScientists")
                ),
            )
            for raw in store.all("instrument")
        )
        return CatalogueDocument(
            facilities=facilities,
            instruments=instruments,
            users=tuple(map(_user, store.all("user"))),
            sessions=tuple(self._session(key, raw) for key, raw in store.items("investigation")),
            publications=tuple(self._publication(raw) for raw in store.all("dataPublication")),
        )

    def _session(self, key: str, raw: Raw) -> SessionDocument:
        store = self.store
        return SessionDocument(
            facility=_name(store.find("facility", raw.get("facility"))),
            name=_name(raw),
            visit_id=text_of(raw.get("visitId")) or "1",
            title=text_of(raw.get("title")) or _name(raw),
            type=text_of(store.find("investigationType", raw.get("type")).get("name")),
            summary=text_of(raw.get("summary")),
            start=instant(raw.get("startDate")),
            end=instant(raw.get("endDate")),
            release_date=first_open_day(raw.get("releaseDate")),
            doi=_doi(raw.get("doi")),
            instruments=tuple(
                _name(store.find("instrument", link.get("instrument")))
                for link in _list(raw, "investigationInstruments")
            ),
            members=tuple(
                MemberEntry(
                    user=_name(store.find("user", link.get("user"))), role=text_of(link.get("role")) or "Participant"
                )
                for link in _list(raw, "investigationUsers")
            ),
            parameters=self._parameters(raw),
            keywords=tuple(filter(None, (text_of(one.get("name")) for one in _list(raw, "keywords")))),
            funding=self._funding(raw),
            works=tuple(_papers(raw)),
            samples=tuple(map(self._sample, self.samples[key])),
            datasets=tuple(self._dataset(own, one) for own, one in self._owned(key)),
        )

    def _owned(self, investigation: str) -> Iterable[tuple[str, Raw]]:
        return (
            (key, raw) for key, raw in self.store.items("dataset") if str(raw.get("investigation")) == investigation
        )

    def _sample(self, raw: Raw) -> SampleEntry:
        kind = self.store.find("sampleType", raw.get("type"))
        return SampleEntry(
            name=_name(raw),
            type=text_of(kind.get("name")),
            formula=text_of(kind.get("molecularFormula")),
            pid=text_of(raw.get("pid")),
            parameters=self._parameters(raw),
        )

    def _dataset(self, key: str, raw: Raw) -> DatasetDocument:
        store = self.store
        instruments = [store.find("instrument", link.get("instrument")) for link in _list(raw, "datasetInstruments")]
        techniques = [store.find("technique", link.get("technique")) for link in _list(raw, "datasetTechniques")]
        sample = store.find("sample", raw.get("sample"))
        return DatasetDocument(
            name=_name(raw),
            type=text_of(store.find("datasetType", raw.get("type")).get("name")) or "raw",
            complete=raw.get("complete") is True,
            sample=text_of(sample.get("name")),
            instrument=_name(instruments[0]) if instruments else None,
            description=text_of(raw.get("description")),
            location=text_of(raw.get("location")),
            pid=text_of(raw.get("doi")),
            start=instant(raw.get("startDate")),
            end=instant(raw.get("endDate")),
            file_count=count_of(raw.get("fileCount")),
            volume=count_of(raw.get("fileSize")),
            techniques=tuple(
                TechniqueEntry(
                    name=_name(one), pid=text_of(one.get("pid")), description=text_of(one.get("description"))
                )
                for one in techniques
            ),
            parameters=self._parameters(raw),
            files=tuple(
                _file(one, self.store.find("datafileFormat", one.get("datafileFormat"))) for one in self.files[key]
            ),
            made_from=tuple(dict.fromkeys(self.made_from[key])),
        )

    def _publication(self, raw: Raw) -> PublicationDocument:
        store = self.store
        content = store.find("dataCollection", raw.get("content"))
        datasets = [store.find("dataset", link.get("dataset")) for link in _list(content, "dataCollectionDatasets")]
        datasets += [
            store.find("dataset", store.find("datafile", link.get("datafile")).get("dataset"))
            for link in _list(content, "dataCollectionDatafiles")
        ]
        doi = _doi(raw.get("pid"))
        if doi is None:
            raise Invalid("a data publication has no DOI")
        authors = [
            user
            for user in store.all("dataPublicationUser")
            if store.find("dataPublication", user.get("publication")) is raw
        ]
        return PublicationDocument(
            doi=doi,
            title=text_of(raw.get("title")) or str(doi),
            abstract=text_of(raw.get("description")),
            publication_date=day(raw.get("publicationDate")),
            keywords=tuple(_name(one) for one in _list(raw, "subjects")),
            funding=self._funding(raw),
            works=tuple(self._works(raw)),
            authors=tuple(map(_author, sorted(authors, key=lambda one: str(one.get("orderKey") or "")))),
            contents=tuple(dict.fromkeys(self._content(one) for one in datasets if one)),
        )

    def _content(self, dataset: Raw) -> Content:
        session = self.store.find("investigation", dataset.get("investigation"))
        return Content(name=_name(session), visit_id=text_of(session.get("visitId")) or "1", dataset=_name(dataset))

    def _funding(self, raw: Raw) -> tuple[FundingEntry, ...]:
        links = _list(raw, "fundingReferences")
        found = [self.store.find("fundingReference", link.get("funding")) for link in links]
        named = [(one, funder) for one in found if (funder := text_of(one.get("funderName")))]
        self.unread += Counter({"fundingReferences without a funder": len(links) - len(named)})
        return tuple(
            FundingEntry(
                funder=funder,
                funder_pid=text_of(one.get("funderIdentifier")),
                award_number=text_of(one.get("awardNumber")),
                award_title=text_of(one.get("awardTitle")),
                acknowledgement=text_of(one.get("acknowledgement")),
            )
            for one, funder in named
        )

    def _works(self, raw: Raw) -> Iterator[WorkEntry]:
        for one in _list(raw, "relatedItems"):
            try:
                yield _work(one)
            except ValidationError:
                self.unread["relatedItems with no relation that DataCite knows, or nothing to find them by"] += 1

    def _parameters(self, raw: Raw) -> tuple[ParameterEntry, ...]:
        found = []
        for one in _list(raw, "parameters"):
            kind = self.store.find("parameterType", one.get("type"))
            value = next((text_of(one.get(key)) for key in _VALUES if one.get(key) is not None), None)
            if text_of(kind.get("name")) and value:
                units = text_of(kind.get("units"))
                found.append(
                    ParameterEntry(
                        name=_name(kind),
                        value=value,
                        units=None if units is None or units.casefold() in _NO_UNIT else units,
                        description=text_of(kind.get("description")),
                        error=_number(one, "error"),
                        minimum=_number(one, "rangeBottom"),
                        maximum=_number(one, "rangeTop"),
                    )
                )
        return tuple(found)


def _papers(raw: Raw) -> Iterator[WorkEntry]:
    """A session's papers: the data are what they build on."""
    for one in _list(raw, "publications"):
        pid, url, citation = (text_of(one.get(name)) for name in ("doi", "url", "fullReference"))
        if pid or url or citation:
            yield WorkEntry(relation="IsSupplementTo", pid=pid, url=url, citation=citation)


def _work(raw: Raw) -> WorkEntry:
    return WorkEntry.model_validate(
        {
            "relation": text_of(raw.get("relationType")),
            "pid": text_of(raw.get("identifier")),
            "title": text_of(raw.get("title")),
            "citation": text_of(raw.get("fullReference")),
            "kind": text_of(raw.get("relatedItemType")),
        }
    )


def _number(raw: Raw, name: str) -> float | None:
    value = raw.get(name)
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        raise Invalid(f"a parameter's {name} is no number") from None


def _user(raw: Raw) -> UserEntry:
    return UserEntry(
        name=_name(raw),
        full_name=text_of(raw.get("fullName")),
        given_name=text_of(raw.get("givenName")),
        family_name=text_of(raw.get("familyName")),
        email=text_of(raw.get("email")),
        orcid=text_of(raw.get("orcidId")),
        affiliation=text_of(raw.get("affiliation")),
    )


def _author(raw: Raw) -> AuthorEntry:
    places = [text_of(one.get("fullReference") or one.get("name")) for one in _list(raw, "affiliations")]
    return AuthorEntry(
        full_name=text_of(raw.get("fullName")) or _name(raw),
        contributor_type=text_of(raw.get("contributorType")) or "Creator",
        given_name=text_of(raw.get("givenName")),
        family_name=text_of(raw.get("familyName")),
        affiliation=next((place for place in places if place), None),
        ror=next((text_of(one.get("pid")) for one in _list(raw, "affiliations")), None),
    )


def _file(raw: Raw, form: Raw) -> FileEntry:
    return FileEntry(
        name=_name(raw),
        media_type=text_of(form.get("type")),
        size=count_of(raw.get("fileSize")),
        checksum=text_of(raw.get("checksum")),
        description=text_of(raw.get("description")),
        modified=instant(raw.get("datafileModTime")),
    )


def _doi(value: Any) -> Doi | None:
    text = text_of(value)
    if not text:
        return None
    try:
        return Doi.parse(text)
    except IdentifierError as error:
        raise Invalid(str(error)) from None


def _name(raw: Raw) -> str:
    name = text_of(raw.get("name"))
    if not name:
        raise Invalid("an entity that others refer to has no name, or is not in the dump")
    return name


def _list(raw: Raw, key: str) -> list[Raw]:
    value = raw.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
