"""What can be put into the live core: one model for each entity, checked and cleaned at the door.

The words are ICAT 6.2's. Text is cleaned as in the record (`ontologies.record`), so that what comes out of the core
can be published. Days of release and withdrawals are no part of an update: they have functions of their own.
"""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from panfair.ontologies.fields import Instant, Line, Text
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Record, RelationType


def _inside(value: str) -> str:
    path = value.replace("\\", "/")
    if path.startswith("/") or "\0" in path or any(part in {"", ".", ".."} for part in path.split("/")):
        raise ValueError("must be a path below its folder, without .. and empty parts")
    return path


RelativePath = Annotated[str, AfterValidator(_inside)]
"""A path with forward slashes that stays below the folder it starts from."""


class FacilityEntry(Record):
    """The photon or neutron source."""

    name: Line
    full_name: Line | None = None
    description: Text | None = None
    url: Line | None = None
    ror: Line | None = None
    days_until_release: int | None = Field(None, ge=0, description="the embargo when a session brings no date")


class InstrumentEntry(Record):
    """A beamline or instrument of a facility."""

    facility: Line
    name: Line
    full_name: Line | None = None
    description: Text | None = None
    url: Line | None = None
    pid: Line | None = None


class TechniqueEntry(Record):
    """An experimental technique: a name and, where there is one, a term's identifier."""

    name: Line
    pid: Line | None = Field(None, description="such as `PaNET:PaNET01217` or an IRI")
    description: Text | None = None


class UserEntry(Record):
    """A person with an account, or a person of a session without one."""

    name: Line = Field(description="the account's name, unique")
    full_name: Line | None = None
    given_name: Line | None = None
    family_name: Line | None = None
    email: Line | None = None
    orcid: Line | None = None
    affiliation: Line | None = None
    affiliation_ror: Line | None = None


class MemberEntry(Record):
    """A user's part in a session."""

    user: Line = Field(description="the account's name; it must be there")
    role: Line = "Participant"


class ParameterEntry(Record):
    """Key, value and unit, as the facility writes them."""

    name: Line
    value: Line = Field(description="as written")
    units: Line | None = None
    description: Line | None = None
    error: float | None = Field(None, allow_inf_nan=False)
    minimum: float | None = Field(None, allow_inf_nan=False)
    maximum: float | None = Field(None, allow_inf_nan=False)


class FundingEntry(Record):
    """Who paid for a session or a publication: one grant, or one funder without a grant number."""

    funder: Line
    funder_pid: Line | None = Field(None, description="its ROR id, Crossref Funder id or another identifier")
    award_number: Line | None = None
    award_title: Line | None = None
    acknowledgement: Text | None = Field(None, description="the sentence that the funder asks for")


class WorkEntry(Record):
    """Another work, such as a paper, and how the session or publication relates to it."""

    relation: RelationType = Field(description="DataCite's word, read from the session or publication to the work")
    pid: Line | None = Field(None, description="the work's DOI or another identifier")
    url: Line | None = None
    title: Line | None = None
    citation: Line | None = Field(None, description="the work as people cite it")
    kind: Line | None = Field(None, description="DataCite's resourceTypeGeneral of the work")

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if not (self.pid or self.url or self.title or self.citation):
            raise ValueError("a related work needs a pid, a url, a title or a citation")
        return self


class InvestigationEntry(Record):
    """A session: one visit of a proposal."""

    facility: Line
    name: Line = Field(description="the proposal")
    visit_id: Line
    title: Line
    type: Line | None = None
    summary: Text | None = None
    start: Instant | None = None
    end: Instant | None = None
    release_date: date | None = Field(None, description="taken when the session is new; later `set_release_date` rules")
    doi: Doi | None = Field(None, description="a DOI that is registered already")
    instruments: tuple[Line, ...] = Field((), description="names; they must be there")
    members: tuple[MemberEntry, ...] = ()
    parameters: tuple[ParameterEntry, ...] = ()
    keywords: tuple[Line, ...] = ()
    funding: tuple[FundingEntry, ...] = ()
    works: tuple[WorkEntry, ...] = Field((), description="papers and other works")


class SampleEntry(Record):
    """What was measured in a session."""

    name: Line
    type: Line | None = None
    formula: Line | None = None
    pid: Line | None = None
    description: Text | None = None
    parameters: tuple[ParameterEntry, ...] = ()


class FileEntry(Record):
    """One file of a dataset."""

    name: RelativePath = Field(description="its path inside the dataset")
    location: RelativePath | None = Field(None, description="its path below the folder of files; None: not held here")
    size: int | None = Field(None, ge=0, le=2**63 - 1)
    checksum: Line | None = None
    checksum_algorithm: Line | None = None
    media_type: Line | None = None
    description: Line | None = None
    modified: Instant | None = None
    resource: bool = Field(False, description="a picture or document of the gallery")


class DatasetEntry(Record):
    """Raw or processed data of one measurement or one processing step."""

    name: Line
    type: Line = Field("raw", description="`raw`, `processed` or the facility's own word")
    complete: bool = True
    sample: Line | None = Field(None, description="the name of a sample of the session; it must be there")
    instrument: Line | None = Field(None, description="its name; it must be there")
    description: Text | None = None
    location: Line | None = None
    pid: Line | None = None
    start: Instant | None = None
    end: Instant | None = None
    file_count: int | None = Field(None, ge=0, le=2**63 - 1, description="None: counted from the files")
    volume: int | None = Field(None, ge=0, le=2**63 - 1, description="in bytes; None: summed over the files")
    techniques: tuple[TechniqueEntry, ...] = ()
    parameters: tuple[ParameterEntry, ...] = ()
    files: tuple[FileEntry, ...] = ()
    inputs: tuple[int, ...] = Field((), description="rows of the datasets that it was made from")


class AuthorEntry(Record):
    """A person of a data publication, as the publication names them."""

    full_name: Line
    contributor_type: Line = "Creator"
    given_name: Line | None = None
    family_name: Line | None = None
    orcid: Line | None = None
    affiliation: Line | None = None
    ror: Line | None = None


class DataPublicationEntry(Record):
    """What a DOI of its own says of some datasets."""

    title: Line
    abstract: Text | None = None
    publication_date: date | None = Field(None, description="from when on it is public; None: not yet")
    rights: Line | None = None
    keywords: tuple[Line, ...] = ()
    related: tuple[Line, ...] = Field((), description="identifiers or addresses of works, without a relation")
    funding: tuple[FundingEntry, ...] = ()
    works: tuple[WorkEntry, ...] = Field((), description="papers and other works, each with its relation")
    authors: tuple[AuthorEntry, ...] = ()
    datasets: tuple[int, ...] = Field(min_length=1, description="rows of datasets")


class LogbookEntry(Record):
    """One note of a session's logbook."""

    type: Line = "annotation"
    category: Line = "comment"
    title: Line | None = None
    content: tuple[tuple[Line, Text], ...] = Field((), description="format and text, such as `plainText`")
    tags: tuple[Line, ...] = ()
    dataset: int | None = None
    software: Line | None = None
    machine: Line | None = None
    source: Line | None = None
    created: datetime | None = None
    previous: int | None = Field(None, description="the row of the version that this one replaces")
