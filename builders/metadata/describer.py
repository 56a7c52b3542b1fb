"""From a released publication to its Description: IRIs given out, dates chosen, people told apart, files counted.

Documents stay bounded: all datasets are listed, but of files and parameters the first MOST_FILES and MOST_VARIABLES
of a publication only; the linkset names every file.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from zoneinfo import ZoneInfo

from panfair.builders.addresses import dataset_folders, identifier_address, web_address
from panfair.builders.metadata.description import (
    Body,
    Copy,
    Description,
    Device,
    Grant,
    Licence,
    Material,
    Part,
    Party,
    Term,
    Work,
)
from panfair.builders.metadata.summaries import part_summary, summary_of
from panfair.builders.metadata.terms import CHECKSUMS, PANET_SET, SPDX_SET, is_nexus, media_type_of
from panfair.builders.portal import Portal
from panfair.ontologies.checksums import algorithm_named, can_be
from panfair.ontologies.embargo import Released, opening_day
from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import Ror
from panfair.ontologies.nexus import ROOT_CLASS, definition_said
from panfair.ontologies.record import (
    Agent,
    Dataset,
    File,
    Funding,
    Instrument,
    Keyword,
    Parameter,
    Publication,
    Rights,
    Sample,
    Technique,
)

MOST_FILES = 500
MOST_VARIABLES = 500


def moment(instant: datetime) -> str:
    """A moment in UTC as ISO 8601 to the second: `2024-05-02T08:00:00Z`."""
    return f"{instant.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def interval(start: datetime | None, end: datetime | None) -> str | None:
    """A span of time as ISO 8601-2: `start/end`, `start/..`, `../end`; None when neither end is known."""
    if start is None and end is None:
        return None
    return f"{moment(start) if start else '..'}/{moment(end) if end else '..'}"


class Describer:
    """Describes one publication; what it guards are the IRIs that are given out, each for one thing."""

    def __init__(self, released: Released, portal: Portal) -> None:
        self.publication = released.publication
        self.portal = portal
        self.iri = released.doi.url
        self.landing = portal.landing(released.doi)
        self._owners: dict[str, tuple[str, str]] = {self.iri: ("publication", ""), self.landing: ("page", "")}
        self._given: dict[tuple[str, str], str] = {}
        self._counts: Counter[str] = Counter()
        self._namesakes: dict[str, list[dict[str, object]]] = {}
        self._files_left = MOST_FILES
        self._variables_left = MOST_VARIABLES

    def describe(self) -> Description:
        publication = self.publication
        folders = dataset_folders(publication)
        addresses = {
            dataset.id: f"{self.landing}datasets/{folder}/" if dataset.described else f"{self.landing}#dataset-{folder}"
            for dataset, folder in zip(publication.datasets, folders, strict=True)
        }
        for address in addresses.values():
            self._owners[address] = ("dataset", address)
        # These first: where an affiliation has the same ROR id, the facility's own name is the better one.
        publisher = self._publisher()
        facility = self._facility(publisher)
        creators = tuple(self._party(agent, "creator") for agent in publication.creators)
        contributors = tuple(self._party(agent, "contributor") for agent in publication.contributors)
        grants = tuple(self._grant(funding) for funding in publication.funding)
        devices = self._devices(chain(publication.instruments, *(d.instruments for d in publication.datasets)))
        materials = self._materials(chain(publication.samples, *(d.samples for d in publication.datasets)))
        variables = self._variables(publication.parameters)
        copies = self._copies(publication.files, publication.parameters)
        parts = tuple(
            self._part(dataset, folder, addresses)
            for dataset, folder in zip(publication.datasets, folders, strict=True)
        )
        techniques = _techniques(chain(publication.techniques, *(d.techniques for d in publication.datasets)))
        size_bytes, file_count = _size_of(publication), _files_in(publication)
        return Description(
            publication=publication,
            portal=self.portal,
            iri=self.iri,
            landing=self.landing,
            summary=summary_of(publication, techniques, devices, file_count),
            creators=creators,
            contributors=contributors,
            publisher=publisher,
            facility=facility,
            issued=str(opening_day(publication) or publication.publication_year),
            created=_created(publication, ZoneInfo(self.portal.timezone)),
            modified=str(publication.modified.date()) if publication.modified else None,
            span=interval(*publication.measured),
            licences=_licences(publication.rights),
            works=tuple(Work(related, identifier_address(related.identifier)) for related in publication.other_works),
            grants=grants,
            techniques=techniques,
            keywords=_keywords(chain(publication.keywords, *(d.keywords for d in publication.datasets))),
            devices=devices,
            materials=materials,
            variables=variables,
            copies=copies,
            parts=parts,
            size_bytes=size_bytes,
            file_count=file_count,
            access_url=web_address(publication.url),
        )

    def _claim(self, kind: str, name: str, iri: str | None) -> str:
        """The IRI of a thing: its own, unless another thing has it in this record, else a fragment, the same each time.

        Two creators with one ORCID iD are a mistake in the source; they must not become one person with two names.
        """
        owner = (kind, name)
        if iri and self._owners.setdefault(iri, owner) == owner:
            return iri
        known = (kind, f"{name}\n{iri or ''}")
        if known not in self._given:
            self._counts[kind] += 1
            self._given[known] = f"{self.landing}#{kind}-{self._counts[kind]}"
        return self._given[known]

    def _body(self, name: str, ror: str | None) -> Body:
        # One ROR id under two names is one organisation: institutes are spelled in many ways. The first name stays.
        if ror and (owner := self._owners.get(ror)) and owner[0] == "organisation":
            return Body(ror, owner[1], ror)
        iri = self._claim("organisation", name, ror)
        return Body(iri, name, ror)

    def _party(self, agent: Agent, kind: str) -> Party:
        bodies = tuple(self._body(each.name, each.ror.url if each.ror else None) for each in agent.affiliations)
        if agent.kind == "organisation":
            ror = agent.ror.url if agent.ror else None
            return Party(self._claim("organisation", agent.name, ror), agent, None, ror, bodies)
        orcid = agent.orcid.url if agent.orcid else None
        # Without an identifier two people of one name are two people.
        if orcid:
            iri = self._claim("person", agent.name, orcid)
        else:
            self._counts[kind] += 1
            iri = f"{self.landing}#{kind}-{self._counts[kind]}"
        return Party(iri, agent, orcid, None, bodies)

    def _publisher(self) -> Party:
        agent = self.publication.publisher
        if not agent.ror and self.portal.publisher_ror and agent.name == self.portal.publisher:
            try:
                agent = agent.model_copy(update={"ror": Ror.parse(self.portal.publisher_ror)})
            except IdentifierError:
                pass
        return self._party(agent, "publisher")

    def _facility(self, publisher: Party) -> Body | None:
        facility = self.publication.facility
        if facility is None:
            return None
        name, ror = facility.full_name or facility.name, facility.ror.url if facility.ror else None
        same = publisher.agent.name in {facility.name, facility.full_name} or (ror and ror == publisher.ror)
        return None if same else self._body(name, ror)

    def _grant(self, funding: Funding) -> Grant:
        address = identifier_address(funding.funder_id)
        ror = address if address and funding.funder_id and funding.funder_id.scheme == "ROR" else None
        body = (
            self._body(funding.funder, ror)
            if ror
            else Body(self._claim("organisation", funding.funder, address), funding.funder)
        )
        self._counts["grant"] += 1
        return Grant(f"{self.landing}#grant-{self._counts['grant']}", body, funding, web_address(funding.award_url))

    def _devices(self, instruments: Iterable[Instrument]) -> tuple[Device, ...]:
        devices: dict[str, Device] = {}
        for instrument in instruments:
            pid = identifier_address(instrument.identifier)
            iri = self._claim("instrument", instrument.name, pid)
            devices.setdefault(iri, Device(iri, instrument, pid))
        return tuple(devices.values())

    def _materials(self, samples: Iterable[Sample]) -> tuple[Material, ...]:
        materials: dict[str, Material] = {}
        for sample in samples:
            pid = identifier_address(sample.identifier)
            iri = self._claim("sample", sample.name if pid else self._namesake(sample), pid)
            materials.setdefault(iri, Material(iri, sample, pid))
        return tuple(materials.values())

    def _namesake(self, sample: Sample) -> str:
        """The sample's name, with a number from the second on of those that share it and are said to be different.

        What one dataset says and another does not tells no two samples apart.
        """
        properties: dict[str, object] = {
            "identifier": sample.identifier,
            "kind": sample.kind,
            "formula": sample.formula,
            "description": sample.description,
        }
        said = {name: value for name, value in properties.items() if value is not None}
        namesakes = self._namesakes.setdefault(sample.name, [])
        for n, known in enumerate(namesakes):
            if all(known.get(name, value) == value for name, value in said.items()):
                known |= said
                return f"{sample.name}\n{n}" if n else sample.name
        namesakes.append(said)
        return f"{sample.name}\n{len(namesakes) - 1}" if len(namesakes) > 1 else sample.name

    def _variables(self, parameters: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
        kept = parameters[: self._variables_left]
        self._variables_left -= len(kept)
        return kept

    def _copies(self, files: tuple[File, ...], parameters: tuple[Parameter, ...]) -> tuple[Copy, ...]:
        copies, nx_class = [], definition_said((one.nexus or one.name, one.value) for one in parameters) or ROOT_CLASS
        for file in files:
            url = web_address(file.url) if self._files_left else None
            if url is None:
                continue
            self._files_left -= 1
            self._counts["file"] += 1
            copies.append(
                Copy(
                    iri=f"{self.landing}#file-{self._counts['file']}",
                    file=file,
                    url=url,
                    media_type=media_type_of(file.name, file.media_type),
                    nexus=nx_class if is_nexus(file.name, file.format_name) else None,
                    algorithm=_algorithm(file),
                )
            )
        return tuple(copies)

    def _part(self, dataset: Dataset, folder: str, addresses: dict[str, str]) -> Part:
        inputs = (addresses.get(link.id) or identifier_address(link.identifier) for link in dataset.inputs)
        return Part(
            iri=addresses[dataset.id],
            dataset=dataset,
            summary=part_summary(dataset, self.publication),
            folder=folder,
            pid=identifier_address(dataset.identifier),
            span=interval(*dataset.measured),
            copies=self._copies(dataset.files, dataset.parameters or self.publication.parameters),
            variables=self._variables(dataset.parameters),
            techniques=_techniques(dataset.techniques),
            devices=self._devices(dataset.instruments),
            materials=self._materials(dataset.samples),
            licences=_licences(dataset.rights),
            inputs=tuple(dict.fromkeys(address for address in inputs if address)),
        )


def _licences(rights: tuple[Rights, ...]) -> tuple[Licence, ...]:
    licences = []
    for right in rights:
        iri = web_address(right.url) or (web_address(f"{SPDX_SET}{right.spdx}") if right.spdx else None)
        licences.append(Licence(right.said, right.name or right.said, right.spdx, iri))
    return tuple(dict.fromkeys(licences))


def _techniques(techniques: Iterable[Technique]) -> tuple[Term, ...]:
    terms: dict[str, Term] = {}
    for technique in techniques:
        iri = web_address(technique.iri)
        panet = bool(iri and "/PaNET/" in iri)
        term = Term(technique.name, iri, "PaNET" if panet else None, PANET_SET if panet else None)
        terms.setdefault(iri or technique.name, term)
    return tuple(terms.values())


def _keywords(keywords: Iterable[Keyword]) -> tuple[Term, ...]:
    terms = (
        Term(word.term, web_address(word.value_url), word.scheme, web_address(word.scheme_url), word.code)
        for word in keywords
    )
    return tuple(dict.fromkeys(terms))


def _algorithm(file: File) -> str | None:
    algorithm = algorithm_named(file.checksum_algorithm)
    return CHECKSUMS[algorithm] if algorithm and can_be(file.checksum, algorithm) else None


def _created(publication: Publication, zone: ZoneInfo) -> str | None:
    """The day at the facility on which the data came to be: when measuring ended, else what the source calls Created.

    Never the day of the catalogue's entry: that one is of the entry.
    """
    start, end = publication.measured
    if day := end or start:
        return str(day.astimezone(zone).date())
    return next((str(other.day) for other in publication.other_dates if other.kind == "Created"), None)


def _size_of(publication: Publication) -> int | None:
    """All bytes, where they are known and any."""
    parts = [one.known_bytes for one in publication.datasets] + [file.size_bytes for file in publication.files]
    return publication.size_bytes or _sum(parts)


def _files_in(publication: Publication) -> int | None:
    # A catalogue's 0 beside files means that nobody counted them.
    counts = [len(one.files) if one.file_count == 0 else one.file_count for one in publication.datasets]
    return publication.file_count or _sum([*counts, *([1] * len(publication.files))])


def _sum(parts: list[int | None]) -> int | None:
    known = [part for part in parts if part is not None]
    # A sum with a gap in it would be taken for the whole, and nothing at all says nothing.
    return sum(known) or None if len(known) == len(parts) else None
