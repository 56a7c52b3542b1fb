"""The record that everything else speaks of: a Publication (what a DOI names) and its Datasets.

Rich enough for what ICAT 6.2, ICAT+ and SciCat v3 and v4 hold for a public record. Facility-defined parameters are
key and value, so a new technique never changes this file. All models are frozen and refuse unknown fields; text is
cleaned on entry (`ontologies.fields`), so no format meets a character that XML forbids. E-mail addresses have no field.
"""

from datetime import datetime
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.fields import Count, Day, Instant, Line, Text, Value
from panfair.ontologies.identifiers import Doi, Identifier, Orcid, Ror

ContributorType = Literal[
    "ContactPerson", "DataCollector", "DataCurator", "DataManager", "Distributor", "Editor", "HostingInstitution",
    "Producer", "ProjectLeader", "ProjectManager", "ProjectMember", "RegistrationAgency", "RegistrationAuthority",
    "RelatedPerson", "Researcher", "ResearchGroup", "RightsHolder", "Sponsor", "Supervisor", "WorkPackageLeader",
    "Other",
]  # fmt: skip
"""DataCite 4.6, appendix 1, contributorType."""

RelationType = Literal[
    "IsCitedBy", "Cites", "IsCollectedBy", "Collects", "IsSupplementTo", "IsSupplementedBy", "IsContinuedBy",
    "Continues", "IsDescribedBy", "Describes", "HasMetadata", "IsMetadataFor", "HasVersion", "IsVersionOf",
    "IsNewVersionOf", "IsPreviousVersionOf", "IsPartOf", "HasPart", "IsPublishedIn", "IsReferencedBy", "References",
    "IsDocumentedBy", "Documents", "IsCompiledBy", "Compiles", "IsVariantFormOf", "IsOriginalFormOf",
    "IsIdenticalTo", "IsReviewedBy", "Reviews", "IsDerivedFrom", "IsSourceOf", "IsRequiredBy", "Requires",
    "IsObsoletedBy", "Obsoletes", "IsTranslationOf", "HasTranslation",
]  # fmt: skip
"""DataCite 4.6, appendix 1, relationType."""

DateType = Literal[
    "Accepted", "Available", "Copyrighted", "Collected", "Created", "Issued", "Submitted", "Updated", "Valid",
    "Withdrawn", "Coverage", "Other",
]  # fmt: skip
"""DataCite 4.6, appendix 1, dateType."""


Span = tuple[datetime | None, datetime | None]
"""When something began and ended, each where it is known."""


class Record(BaseModel):
    """The root of all models: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Affiliation(Record):
    """Where a person worked at the time."""

    name: Line = Field(description="the institution as the source writes it")
    ror: Ror | None = Field(None, description="its ROR id")


class Agent(Record):
    """A person or an organisation that took part."""

    name: Line = Field(description="as people read it: given name first")
    kind: Literal["person", "organisation", "account", "unknown"] = Field(
        "person",
        description="`account`: the source knows a computer account only, whose person cannot be told; "
        "`unknown`: a name of which nobody can tell whether it is a person's",
    )
    given_name: Line | None = Field(None, description="given names or initials, when the source parts them")
    family_name: Line | None = Field(None, description="family name, when the source parts them")
    orcid: Orcid | None = Field(None, description="a person's ORCID iD")
    ror: Ror | None = Field(None, description="an organisation's ROR id")
    affiliations: tuple[Affiliation, ...] = Field((), description="in the order of the source")
    role: Line | None = Field(None, description="the source's own word, such as `Principal Investigator`")
    contributor_type: ContributorType | None = Field(None, description="for contributors: DataCite's nearest word")

    @property
    def has_type(self) -> bool:
        """Whether it is a person or an organisation for certain: of others no format says either."""
        return self.kind in {"person", "organisation"}

    @property
    def inverted(self) -> str:
        """The name as catalogues and citations sort it: `Family, Given` where the parts are known."""
        if self.family_name and self.given_name:
            return f"{self.family_name}, {self.given_name}"
        return self.name


class Rights(Record):
    """One statement of what may be done with the data."""

    said: Line = Field(description="the source's own words, always kept")
    name: Line | None = Field(None, description="the licence's full name, when it is known")
    spdx: Line | None = Field(None, description="its SPDX identifier, when it can be told for certain")
    url: Line | None = Field(None, description="where its text stands")


class Funding(Record):
    """One grant, or one funder without a grant number."""

    funder: Line = Field(description="the funder's name")
    funder_id: Identifier | None = Field(None, description="the funder's identifier: ROR, Crossref Funder, ISNI…")
    award_number: Line | None = Field(None, description="the grant's number as the funder writes it")
    award_title: Line | None = Field(None, description="the grant's title")
    award_url: Line | None = Field(None, description="the grant's page")
    acknowledgement: Text | None = Field(None, description="the sentence that the funder asks for")


class Related(Record):
    """Another work and how this publication relates to it: `this` RELATION `that`."""

    relation: RelationType = Field(description="DataCite's relation type, read from this publication to the other")
    identifier: Identifier | None = Field(None, description="the other work's identifier, when it has one")
    citation: Line | None = Field(None, description="the other work as people cite it")
    title: Line | None = Field(None, description="the other work's title")
    kind: Line | None = Field(None, description="DataCite's resourceTypeGeneral of the other work, when known")


class Keyword(Record):
    """A subject term, free or from a scheme."""

    term: Line = Field(description="the term itself")
    scheme: Line | None = Field(None, description="the scheme's name")
    scheme_url: Line | None = Field(None, description="the scheme's address")
    value_url: Line | None = Field(None, description="the term's own address")
    code: Line | None = Field(None, description="the term's classification code in the scheme")


class Technique(Record):
    """An experimental technique: what the catalogue said and, once mapped, its PaNET term."""

    said: Line = Field(description="the catalogue's own words, always kept")
    iri: Line | None = Field(None, description="the PaNET term's IRI, or that of another vocabulary when unmapped")
    label: Line | None = Field(None, description="the term's preferred label")
    derived: bool = Field(
        False, description="whether a keyword or the title says it, and the source names no such technique"
    )
    broader: bool = Field(False, description="whether the term is wider than what was said: PaNET has nothing nearer")

    @property
    def name(self) -> str:
        return self.label or self.said

    @property
    def shown(self) -> str:
        """As pages say it: where PaNET has only a wider term, the facility's own word with that term beside it."""
        return f"{self.said} ({self.label})" if self.broader and self.label else self.name


class Instrument(Record):
    """The beamline or instrument that measured."""

    name: Line = Field(description="its short name, such as `ID19`")
    full_name: Line | None = Field(None, description="its long name")
    facility: Line | None = Field(None, description="the facility it stands at")
    identifier: Identifier | None = Field(None, description="its persistent identifier")
    description: Text | None = Field(None, description="what it is for")
    url: Line | None = Field(None, description="its own page")


class Facility(Record):
    """The photon or neutron source."""

    name: Line = Field(description="its short name, such as `ESRF`")
    full_name: Line | None = Field(None, description="its long name")
    ror: Ror | None = Field(None, description="its ROR id")
    url: Line | None = Field(None, description="its home page")


class Parameter(Record):
    """One value that was set or measured: key, value, unit, as the source wrote them."""

    name: Line = Field(description="the source's name of it")
    value: Value = Field(description="as written; never converted")
    unit: Line | None = Field(None, description="as written; None where the source has none or says `N/A`")
    error: FiniteFloat | None = Field(None, description="one standard deviation, in the same unit")
    minimum: FiniteFloat | None = Field(None, description="the lower end of its range, in the same unit")
    maximum: FiniteFloat | None = Field(None, description="the upper end of its range, in the same unit")
    description: Line | None = Field(None, description="what the source says it means")
    nexus: Line | None = Field(None, description="the NeXus path it is stored at, when the source says")


class Sample(Record):
    """What was measured."""

    name: Line = Field(description="the source's name of it")
    identifier: Identifier | None = Field(None, description="its persistent identifier, often an IGSN")
    kind: Line | None = Field(None, description="the type of sample: material, organ, protein…")
    formula: Line | None = Field(None, description="chemical formula as written")
    description: Text | None = Field(None, description="how it was made, where it comes from")
    parameters: tuple[Parameter, ...] = Field((), description="what is known of it")


class File(Record):
    """One file of a dataset."""

    name: Line = Field(description="its path inside the dataset, with forward slashes")
    size_bytes: Count | None = Field(None, description="in bytes")
    checksum: Line | None = Field(None, description="hexadecimal digits")
    checksum_algorithm: Line | None = Field(None, description="such as `SHA-256`; None when the source does not say")
    media_type: Line | None = Field(None, description="its media type: `application/x-hdf5` for HDF5 and NeXus")
    format_name: Line | None = Field(None, description="the source's name of the format")
    url: Line | None = Field(None, description="where it can be downloaded")
    modified: Instant | None = Field(None, description="when the file last changed")
    description: Line | None = Field(None, description="what is in it")
    server_path: Line | None = Field(None, description="its path at the facility: withheld unless the operator says so")


class DatasetLink(Record):
    """Another dataset, named from this one."""

    id: Line = Field(description="its id in the source")
    name: Line | None = Field(None, description="its name, when known")
    identifier: Identifier | None = Field(None, description="its persistent identifier")
    public: bool = Field(False, description="whether the reader's identity sees that dataset too; in doubt, no")


class Dataset(Record):
    """Raw or processed data of one measurement or one processing step."""

    id: Line = Field(max_length=1000, description="the source's id of it, unique within the publication")
    name: Line = Field(description="as people read it")
    identifier: Identifier | None = Field(None, description="its persistent identifier, often a handle or a DOI")
    kind: Literal["raw", "processed", "other"] = Field("other", description="what it is to the workflow")
    kind_said: Line | None = Field(None, description="the source's own word for the kind")
    description: Text | None = Field(None, description="what was measured or computed")
    start: Instant | None = Field(None, description="when measuring or processing began")
    end: Instant | None = Field(None, description="when it ended")
    samples: tuple[Sample, ...] = Field((), description="what was measured")
    instruments: tuple[Instrument, ...] = Field((), description="where it was measured")
    techniques: tuple[Technique, ...] = Field((), description="how it was measured")
    parameters: tuple[Parameter, ...] = Field((), description="under which conditions, and with which results")
    keywords: tuple[Keyword, ...] = Field((), description="subject terms")
    files: tuple[File, ...] = Field((), description="in the order of the source; may be fewer than file_count")
    file_count: Count | None = Field(None, description="how many files the source counts")
    size_bytes: Count | None = Field(None, description="of all files together")
    inputs: tuple[DatasetLink, ...] = Field((), description="the datasets that this one was made from")
    software: tuple[Line, ...] = Field((), description="names or addresses of the programs that made it")
    rights: tuple[Rights, ...] = Field((), description="where they differ from the publication's")
    url: Line | None = Field(None, description="where it can be downloaded or asked for")
    server_path: Line | None = Field(None, description="its folder at the facility: withheld unless the operator says")
    availability: Literal["online", "tape"] | None = Field(
        None, description="`tape`: its files must be asked for before they can be fetched; None: the source is silent"
    )
    public: bool = Field(True, description="whether the reader's identity sees it")
    complete: bool = Field(True, description="whether the facility has finished taking it")
    release_date: Day | None = Field(None, description="its own release date; None: the publication's")

    @property
    def measured(self) -> Span:
        """When measuring or processing began and ended; neither where it would have ended before it began."""
        return _forwards(self.start, self.end)

    @property
    def known_bytes(self) -> int | None:
        """Its size where it is known: a catalogue's 0 beside files means that it does not know."""
        return None if self.size_bytes == 0 and (self.file_count or self.files) else self.size_bytes

    @property
    def described(self) -> bool:
        """Whether the source says more of it than its identifier."""
        texts = (
            self.description,
            self.start,
            self.end,
            self.samples,
            self.techniques,
            self.parameters,
            self.files,
            self.inputs,
        )
        return any(texts) or self.size_bytes is not None


class OtherDate(Record):
    """A date that has no field of its own."""

    kind: DateType = Field(description="DataCite's word for it")
    day: Day = Field(description="the day itself")
    note: Line | None = Field(None, description="what the date means, in the source's words")


class Withdrawal(Record):
    """Why a publication is no longer there."""

    on: Day | None = Field(None, description="the day it was withdrawn")
    reason: Line | None = Field(None, description="in the words of who withdrew it")
    by: Line | None = Field(None, description="the office that withdrew it, never a person's account")
    replaced_by: Doi | None = Field(None, description="the DOI to use instead")


class Restriction(Record):
    """Why the data of a publication are given on request only: no day opens them by itself."""

    reason: Line | None = Field(None, description="in the words of who decided it; shown to everyone")
    request_url: Line | None = Field(None, description="where to ask for them, when there is a form for it")


class Publication(Record):
    """What a DOI names: an experiment session, a data collection, or one dataset with its own DOI."""

    source: Line = Field(description="the name of the [[source]] that it came from")
    source_id: Line = Field(max_length=2000, description="its key in that catalogue")
    doi: Doi = Field(description="as registered")
    kind: Literal["session", "collection", "dataset"] = Field("collection", description="what the DOI names")
    title: Line = Field(description="as the source writes it")
    abstract: Text | None = Field(None, description="what was done and why")
    methods: Text | None = Field(None, description="how the data were taken, when it is told apart from the abstract")
    language: Line | None = Field(None, description="of title and abstract, as BCP 47, when the source says")
    version: Line | None = Field(None, description="its version, as the source counts")
    creators: tuple[Agent, ...] = Field((), description="in the order of the citation")
    more_creators: bool = Field(False, description="the source ends its list with `et al.`")
    contributors: tuple[Agent, ...] = Field((), description="who took part but is not cited as a creator")
    publisher: Agent = Field(description="who answers for the publication, usually the facility")
    publication_year: int = Field(ge=1900, le=9999, description="the year of the citation")
    publication_date: Day | None = Field(None, description="the day the DOI was registered or the data published")
    release_date: Day | None = Field(None, description="the day from which it is open; None: closed")
    start: Instant | None = Field(None, description="when the measurements began")
    end: Instant | None = Field(None, description="when they ended")
    created: Instant | None = Field(None, description="when the source's entry was made")
    modified: Instant | None = Field(None, description="when the source's entry, or any part of it, last changed")
    other_dates: tuple[OtherDate, ...] = Field((), description="dates without a field of their own")
    resource_type: Line | None = Field(None, description="the source's own word for what it is")
    rights: tuple[Rights, ...] = Field((), description="what may be done with the data")
    funding: tuple[Funding, ...] = Field((), description="who paid")
    related: tuple[Related, ...] = Field((), description="other works")
    facility: Facility | None = Field(None, description="where the data were taken")
    instruments: tuple[Instrument, ...] = Field((), description="those of the publication as a whole")
    techniques: tuple[Technique, ...] = Field((), description="those of the publication as a whole")
    samples: tuple[Sample, ...] = Field((), description="those that are not named by a dataset")
    parameters: tuple[Parameter, ...] = Field((), description="those that hold for the publication as a whole")
    keywords: tuple[Keyword, ...] = Field((), description="subject terms")
    proposal: Line | None = Field(None, description="the proposal's number")
    session: Line | None = Field(None, description="the visit's or session's number within the proposal")
    catalogue_id: int | None = Field(
        None, description="a session's number in its catalogue, by which other databases know it"
    )
    datasets: tuple[Dataset, ...] = Field((), description="in the order of the source")
    files: tuple[File, ...] = Field((), description="files that are published without their dataset")
    file_count: Count | None = Field(None, description="of all datasets together, as the source counts")
    size_bytes: Count | None = Field(None, description="of all datasets together, as the source counts")
    url: Line | None = Field(None, description="where the data can be downloaded or asked for")
    catalogue_url: Line | None = Field(None, description="its page in the live catalogue")
    public: bool = Field(True, description="whether the reader's identity sees it")
    registered: bool = Field(True, description="whether the DOI is registered; False: a draft that curators look at")
    restriction: Restriction | None = Field(None, description="set when the data are given on request only")
    withdrawal: Withdrawal | None = Field(None, description="set when the source says that it was withdrawn")

    @property
    def measured(self) -> Span:
        """When the measurements began and ended: its own days, else from the first to the last of its datasets'.

        Neither where they would have ended before they began.
        """
        if self.start or self.end:
            return _forwards(self.start, self.end)
        spans = [dataset.measured for dataset in self.datasets]
        first = min((start for start, _ in spans if start), default=None)
        last = max((end for _, end in spans if end), default=None)
        return _forwards(first, last)

    @property
    def superseded_by(self) -> Doi | None:
        """The DOI of the version to use instead of this one, when the source names one."""
        for related in self.other_works:
            newer = related.relation in {"IsPreviousVersionOf", "IsObsoletedBy"}
            if newer and related.identifier and related.identifier.scheme == "DOI":
                return Doi(related.identifier.value)
        return None

    @property
    def other_works(self) -> tuple[Related, ...]:
        """The related works without itself: a relation to its own DOI, bare or as an address, says nothing."""
        return tuple(related for related in self.related if not _names(related.identifier, self.doi))


def _forwards(start: datetime | None, end: datetime | None) -> Span:
    return (None, None) if start and end and end < start else (start, end)


def _names(identifier: Identifier | None, doi: Doi) -> bool:
    if identifier is None or identifier.scheme not in {"DOI", "URL"}:
        return False
    try:
        return Doi.parse(identifier.value).key == doi.key
    except IdentifierError:
        return False


def canonical(record: Record) -> bytes:
    """The record's one JSON form: sorted keys, no defaults, UTF-8; equal records have equal bytes."""
    return orjson.dumps(record.model_dump(mode="json", exclude_defaults=True), option=orjson.OPT_SORT_KEYS)


def publication_from(data: bytes) -> Publication:
    """The publication that `canonical` made these bytes from."""
    return Publication.model_validate_json(data)
