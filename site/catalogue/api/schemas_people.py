"""The shapes of the ICAT+ dialect that are about people and DOIs: sign-in, publications, logbook; and our own few."""

from datetime import date
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from panfair.ontologies.fields import Line, Text
from panfair.site.catalogue.api.schemas import FundingOut, Wire, WorkOut

MAX_ROW = 2**63 - 1
RowNumber = Annotated[int, Field(ge=1, le=MAX_ROW)]


class Credentials(Wire):
    username: str = Field("", max_length=500)
    password: str = Field("", max_length=5000, repr=False)
    plugin: str = Field("db", max_length=100)
    username_suffix: str | None = Field(None, max_length=100)


class SessionOut(Wire):
    session_id: str
    username: str
    name: str
    full_name: str | None = None
    life_time_minutes: float
    expiration_time: str
    is_administrator: bool
    is_instrument_scientist: bool
    is_minter: bool
    is_beta_tester: bool = False
    users_by_prefix: list[Any] = Field([])


class SessionStatus(Wire):
    remaining_minutes: float
    user_name: str
    affiliation: str | None = None
    email: str | None = None
    full_name: str | None = None
    user: SessionOut | None = None


class AuthorIn(Wire):
    name: Line | None = None
    surname: Line | None = None
    create_name: Line | None = None
    orcid: Line | None = None
    id: str | None = None


class MintIn(Wire):
    title: Line
    abstract: Text
    dataset_id_list: list[RowNumber] = Field([], max_length=10_000)
    data_collection_id: RowNumber | None = Field(None, description="the reserved publication that is minted now")
    keywords: list[Line] = Field([], max_length=1000)
    citation_publication_doi: Line | None = Field(None, alias="citationPublicationDOI")
    reference_urls: list[Line] = Field([], alias="referenceURLs", max_length=1000)
    rights: Line | None = None
    authors: list[AuthorIn] = Field([], max_length=10_000)


class NewVersionIn(Wire):
    data_collection_id: RowNumber = Field(description="the newest version so far")
    title: Line | None = Field(None, description="this and what follows: of the version so far, where not given")
    abstract: Text | None = None
    dataset_id_list: list[RowNumber] = Field([], max_length=10_000)
    keywords: list[Line] | None = Field(None, max_length=1000)
    rights: Line | None = None


class ReserveIn(Wire):
    dataset_id_list: list[RowNumber] = Field(min_length=1, max_length=10_000)


class ReleaseDateIn(Wire):
    release_date: date
    message: Text | None = None


class WithdrawIn(Wire):
    entity: Annotated[str, Field(pattern="^(investigation|dataset|data_publication)$")]
    id: RowNumber
    reason: Line
    replaced_by: Line | None = Field(None, description="the DOI to use instead")


class InvestigationDoiIn(Wire):
    state: Annotated[str, Field(pattern="^(reserved|minted)$")]


class CollectionDataset(Wire):
    id: int
    name: str
    start_date: str | None = None
    end_date: str | None = None
    location: str | None = None
    sample_name: str | None = None


class CollectionLink(Wire):
    dataset: CollectionDataset


class CollectionAuthor(Wire):
    name: str
    surname: str | None = None
    given_name: str | None = None
    orcid: str | None = None
    affiliation: str | None = None
    ror: str | None = None
    contributor_type: str


class Datacollection(Wire):
    """A data publication, with our fields beside ICAT+'s: `doi`, `title` and so on."""

    id: int
    create_time: str | None = None
    mod_time: str
    doi: str
    state: str
    title: str | None = None
    abstract: str | None = None
    publication_date: str | None = None
    rights: str | None = None
    keywords: list[str] = Field([])
    related: list[str] = Field([])
    funding_references: list[FundingOut] = Field([])
    related_items: list[WorkOut] = Field([])
    authors: list[CollectionAuthor] = Field([])
    data_collection_datasets: list[CollectionLink] = Field([])


class Named(Wire):
    name: str


class TitleOut(Wire):
    title: str


class SubjectOut(Wire):
    subject_scheme: str
    subject: str | None = None


class DateOut(Wire):
    date: str
    date_type: str


class RelatedOut(Wire):
    related_identifier: str
    related_identifier_type: str
    relation_type: str


class JsonDatacite(Wire):
    doi: str
    url: str
    publication_year: str
    creators: list[Named]
    titles: TitleOut
    publisher: str
    subjects: list[SubjectOut]
    dates: list[DateOut]
    version: str | None = None
    related_identifiers: list[RelatedOut] | None = None


class ReportOut(Wire):
    proposal: str
    under_embargo: bool
    nb_reports: int
    reports: list[str]


class ContentOut(Wire):
    format: str
    text: str


class TagName(Wire):
    name: str


class EventOut(Wire):
    id: str = Field(alias="_id")
    investigation_id: int
    investigation_name: str
    dataset_id: int | None = None
    type: str
    category: str
    tag: list[TagName]
    title: str | None = None
    content: list[ContentOut]
    creation_date: str
    username: str | None = None
    full_name: str | None = None
    software: str | None = None
    machine: str | None = None
    source: str | None = None
    previous_version_event: dict[str, str] | None = None


class ContentIn(Wire):
    format: Line = "plainText"
    text: Text


class TagIn(Wire):
    model_config = ConfigDict(extra="ignore")
    name: Line


class EventIn(Wire):
    type: Annotated[Line, Field(max_length=100)] = "annotation"
    category: Annotated[Line, Field(max_length=100)] = "comment"
    title: Line | None = None
    content: list[ContentIn] = Field(min_length=1, max_length=100)
    tag: list[TagIn] = Field([], max_length=100)
    dataset_id: RowNumber | None = None
    software: Line | None = None
    machine: Line | None = None
    source: Line | None = None
    previous_version_event: RowNumber | None = None


class ChangeOut(Wire):
    number: int
    entity: str
    id: int
    kind: str
    at: str
    investigation_id: int | None = None


class ChangesOut(Wire):
    """`last` grows with every change, of closed rows too: that something happened, and no more."""

    last: int
    changes: list[ChangeOut]


class NoticeOut(Wire):
    doi: str
    kind: str
    opens: str | None = None
    withdrawn_on: str | None = None
    replaced_by: str | None = None
    reason: str | None = None
