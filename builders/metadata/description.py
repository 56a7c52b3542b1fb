"""What formats share about one publication, as plain frozen data: every address, IRI and word already decided.

`panfair.builders.metadata.crosswalk.describe` makes these; formats only write them down. Everything has an IRI (no
blank nodes): a registered one, or a fragment of the landing page. Links are ASCII http(s) addresses or None.
"""

from dataclasses import dataclass

from panfair.builders.portal import Portal
from panfair.ontologies.record import Agent, Dataset, File, Funding, Instrument, Parameter, Publication, Related, Sample


@dataclass(frozen=True, slots=True)
class Body:
    """An organisation."""

    iri: str
    name: str
    ror: str | None = None
    """Its ROR address."""


@dataclass(frozen=True, slots=True)
class Party:
    """A person, an organisation or an account that took part, with the IRI that stands for it in every format."""

    iri: str
    agent: Agent
    orcid: str | None
    ror: str | None
    bodies: tuple[Body, ...]

    @property
    def is_person(self) -> bool:
        # An account or an unknown name may be a person's, a group's or a robot's: no format says which.
        return self.agent.kind == "person"


@dataclass(frozen=True, slots=True)
class Licence:
    """One statement of rights; `iri` is None for a licence that is not known, and then only the words count."""

    said: str
    name: str
    spdx: str | None
    iri: str | None


@dataclass(frozen=True, slots=True)
class Work:
    """Another work, how it relates, and its IRI where it has one."""

    related: Related
    iri: str | None

    @property
    def words(self) -> str:
        """What a reader sees: its citation, else its title, else its identifier."""
        said = self.related.citation or self.related.title
        return said or (self.related.identifier.value if self.related.identifier else "")


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant, with its funder."""

    iri: str
    funder: Body
    funding: Funding
    url: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """A technique or a keyword: a term of a vocabulary where `iri` is set, else words."""

    name: str
    iri: str | None
    scheme: str | None = None
    scheme_url: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """An instrument."""

    iri: str
    instrument: Instrument
    pid: str | None
    """The address of its persistent identifier."""

    @property
    def name(self) -> str:
        return self.instrument.full_name or self.instrument.name


@dataclass(frozen=True, slots=True)
class Material:
    """A sample."""

    iri: str
    sample: Sample
    pid: str | None


@dataclass(frozen=True, slots=True)
class Copy:
    """One file that can be fetched."""

    iri: str
    file: File
    url: str
    media_type: str | None
    nexus: str | None
    """The NeXus class that it conforms to: the application definition that is said, else `NXroot`; None: no NeXus."""
    algorithm: str | None
    """SPDX's term for the checksum's algorithm, or None when the checksum cannot be used."""

    @property
    def sha256(self) -> str | None:
        return (
            self.file.checksum.lower() if self.algorithm == "checksumAlgorithm_sha256" and self.file.checksum else None
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One dataset of the publication."""

    iri: str
    """Its own page, or a fragment of the landing page when there is nothing to show on a page."""
    dataset: Dataset
    summary: str
    """What the source says of it, fit for search engines; where it says nothing, of what it is a part."""
    folder: str
    pid: str | None
    span: str | None
    copies: tuple[Copy, ...]
    variables: tuple[Parameter, ...]
    techniques: tuple[Term, ...]
    devices: tuple[Device, ...]
    materials: tuple[Material, ...]
    licences: tuple[Licence, ...]
    """Its own, where they differ from the publication's."""
    inputs: tuple[str, ...]
    """The IRIs of the datasets that it was made from, those of this publication or with an identifier."""


@dataclass(frozen=True, slots=True)
class Description:
    """All that formats say of one released publication."""

    publication: Publication
    portal: Portal
    iri: str
    """The DOI as an address at the resolver."""
    landing: str
    """The page's own address, with a slash at the end."""
    summary: str
    """The abstract, or the methods, or what is known of the record, fit for search engines (`summaries`)."""
    creators: tuple[Party, ...]
    contributors: tuple[Party, ...]
    publisher: Party
    facility: Body | None
    """The source that was measured at, where it is not the publisher."""
    issued: str
    """The day on which everyone could read it, ISO 8601."""
    created: str | None
    """The day on which the data came to be, never that of the catalogue's entry."""
    modified: str | None
    span: str | None
    """When was measured, as an ISO 8601 interval; `..` for an end that is not known."""
    licences: tuple[Licence, ...]
    works: tuple[Work, ...]
    grants: tuple[Grant, ...]
    techniques: tuple[Term, ...]
    keywords: tuple[Term, ...]
    devices: tuple[Device, ...]
    materials: tuple[Material, ...]
    variables: tuple[Parameter, ...]
    copies: tuple[Copy, ...]
    """The files that belong to no dataset."""
    parts: tuple[Part, ...]
    size_bytes: int | None
    file_count: int | None
    access_url: str | None
    """Where the data can be asked for, when that is not a file."""

    @property
    def all_copies(self) -> list[Copy]:
        return [*self.copies, *(copy for part in self.parts for copy in part.copies)]

    @property
    def formats(self) -> list[str]:
        """The media types of the files, sorted."""
        return sorted({copy.media_type for copy in self.all_copies if copy.media_type})
