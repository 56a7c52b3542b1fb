"""The answers of the PaNOSC search API as models, for its OpenAPI description."""

from typing import Literal

from pydantic import BaseModel, Field


class Person(BaseModel):
    """A person."""

    id: str = Field(description="the ORCID iD, else a name of ours")
    fullName: str
    orcid: str | None = None
    firstName: str | None = None
    lastName: str | None = None
    members: list["Member"] | None = None


class Affiliation(BaseModel):
    """Where a member worked at the time."""

    id: str | None = Field(None, description="its ROR id")
    name: str
    members: list["Member"] | None = None


class Member(BaseModel):
    """Who took part in a document."""

    id: str
    role: str = Field(description="the facility's word, `principal investigator` among them")
    person: Person | None = None
    affiliation: Affiliation | None = None
    document: "Document | None" = None


class Parameter(BaseModel):
    """One value; in the unit that the filter names, else as it was written."""

    name: str
    value: float | str
    unit: str | None = None
    dataset: "Dataset | None" = None
    document: "Document | None" = None


class Technique(BaseModel):
    """How it was measured."""

    pid: str
    name: str
    panetId: str | None = Field(None, description="IRI of the PaNET term")
    datasets: list["Dataset"] | None = None


class Sample(BaseModel):
    """What was measured."""

    pid: str
    name: str
    description: str | None = None
    datasets: list["Dataset"] | None = None


class File(BaseModel):
    """One file of a dataset."""

    id: str = Field(description="for this answer only; it changes when the site is published")
    name: str
    path: str = Field(description="within the dataset")
    size: int | None = Field(None, description="in bytes")
    dataset: "Dataset | None" = None


class Instrument(BaseModel):
    """A beamline or instrument."""

    pid: str
    name: str
    facility: str
    datasets: list["Dataset"] | None = None
    score: float = 0


class Dataset(BaseModel):
    """Data of one measurement or one processing step."""

    pid: str
    title: str
    isPublic: bool
    creationDate: str = Field(description="ISO 8601 with milliseconds, UTC")
    size: int | None = Field(None, description="in bytes")
    documents: list["Document"] | None = None
    techniques: list[Technique] | None = None
    instrument: Instrument | None = None
    files: list[File] | None = None
    parameters: list[Parameter] | None = None
    samples: list[Sample] | None = None
    score: float = 0


class Document(BaseModel):
    """What a DOI names: an experiment session (`proposal`) or a collection of data (`publication`)."""

    pid: str
    isPublic: bool
    type: Literal["proposal", "publication"]
    title: str
    summary: str | None = None
    doi: str
    startDate: str | None = None
    endDate: str | None = None
    releaseDate: str | None = None
    license: str | None = Field(None, description="SPDX identifier where it is known")
    keywords: list[str]
    datasets: list[Dataset] | None = None
    members: list[Member] | None = None
    parameters: list[Parameter] | None = None
    score: float = Field(0, description="0 to 1 where the filter has a `query`")


class Count(BaseModel):
    """How many."""

    count: int


class ScoringItem(BaseModel):
    """One text for the federated scorer."""

    id: str = Field(description="the pid")
    group: Literal["documents", "datasets", "instruments"]
    fields: dict[str, str | list[str]]


class Problem(BaseModel):
    """What was wrong, as LoopBack says it."""

    statusCode: int
    name: str
    message: str
    code: str | None = None


class Failed(BaseModel):
    """An answer that is none."""

    error: Problem
