"""The shapes of the ICAT+ dialect: what goes over the wire, named as ICAT+ 5.7 names it, typos included.

Fields of our own are those that ICAT has and ICAT+'s models leave out (a dataset's `doi`, `description`, `complete`,
a session's `modTime`); ESRF's generated client ignores them. None is left out of the answers.
"""

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Wire(BaseModel):
    """The root: camelCase on the wire."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class Refusal(Wire):
    """An error in ICAT's form."""

    code: str
    message: str


class Said(Wire):
    message: str


class OntologyOut(Wire):
    name: str
    uri: str
    applies_to: list[str] = []


class FacilityOut(Wire):
    name: str
    full_name: str | None = None
    url: str | None = None
    description: str | None = None
    ontologies: list[OntologyOut] = []


class InstrumentOut(Wire):
    id: int
    name: str
    full_name: str | None = None
    description: str | None = None
    url: str | None = None
    pid: str | None = None


class TechniqueOut(Wire):
    id: int
    dataset_id: int | None = None
    pid: str = ""
    name: str
    description: str | None = None


class TypeOut(Wire):
    id: int
    name: str


class NameValue(Wire):
    name: str
    value: str


class ParameterTypeOut(Wire):
    id: str = Field(alias="_id")
    name: str
    value: str = ""
    units: str | None = None
    description: str | None = None


class PageOut(Wire):
    total: int
    total_pages: int
    current_page: int


class Meta(Wire):
    """Paging: it rides on each element, there is no envelope."""

    page: PageOut


class MemberOut(Wire):
    orcid: str | None = None
    name: str | None = None
    surname: str | None = None
    affilation: str | None = None
    role: str | None = None


class InstrumentLink(Wire):
    instrument: InstrumentOut


class InvestigationLight(Wire):
    """A session inside a dataset; only its id when the caller may not see the session."""

    id: int
    name: str | None = None
    title: str | None = None
    visit_id: str | None = None
    summary: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    release_date: str | None = None
    doi: str | None = None
    type: TypeOut | None = None
    parameters: list[NameValue] | None = None
    members: list[MemberOut] | None = None
    investigation_instruments: list[InstrumentLink] | None = None


class UserInner(Wire):
    name: str
    full_name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    orcid_id: str | None = None
    affiliation: str | None = None


class InvestigationUserInner(Wire):
    role: str
    user: UserInner


class FundingOut(Wire):
    """By ICAT's words (FundingReference)."""

    funder_name: str
    funder_identifier: str | None = None
    award_number: str | None = None
    award_title: str | None = None
    acknowledgement: str | None = None


class WorkOut(Wire):
    """By ICAT's words (RelatedItem), and `url`."""

    relation_type: str
    identifier: str | None = None
    url: str | None = None
    title: str | None = None
    full_reference: str | None = None
    related_item_type: str | None = None


class InvestigationOut(Wire):
    id: int
    name: str
    title: str
    visit_id: str
    summary: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    release_date: str | None = None
    doi: str | None = None
    type: TypeOut | None = None
    parameters: dict[str, str] = {}
    instrument: InstrumentOut | None = None
    investigation_instruments: list[InstrumentLink] = []
    investigation_users: list[InvestigationUserInner] = []
    keywords: list[str] = []
    funding_references: list[FundingOut] = []
    related_items: list[WorkOut] = []
    can_access_datasets: bool | None = None
    mod_time: str
    meta: Meta | None = None


class InvestigationUserOut(Wire):
    id: int
    name: str
    full_name: str
    role: str
    investigation_name: str
    investigation_id: int
    family_name: str | None = None
    given_name: str | None = None
    email: str | None = None
    orcid_id: str | None = None
    affiliation: str | None = None


class DatasetParameterOut(Wire):
    id: int
    name: str
    value: str
    units: str = ""
    description: str | None = None
    error: float | None = None
    range_bottom: float | None = None
    range_top: float | None = None
    dataset_id: int | None = None
    sample_id: int | None = None
    sample_name: str | None = None


class DatasetOut(Wire):
    id: int
    name: str
    start_date: str | None = None
    end_date: str | None = None
    location: str | None = None
    type: str
    sample_name: str | None = None
    sample_id: int | None = None
    instrument_name: str | None = None
    investigation: InvestigationLight
    parameters: list[DatasetParameterOut] = []
    techniques: list[TechniqueOut] = []
    output_datasets: list["DatasetOut"] | None = None
    description: str | None = None
    doi: str | None = None
    complete: bool = True
    is_released: bool = False
    mod_time: str
    meta: Meta | None = None


class InvestigationNamed(Wire):
    id: int
    name: str


class DatasetDocument(Wire):
    id: int
    name: str
    start_date: str
    end_date: str
    location: str
    sample_name: str
    parameters: list[NameValue]
    investigation: InvestigationNamed


class DatafileOut(Wire):
    id: int
    name: str
    location: str
    file_size: int | None = None
    checksum: str | None = None
    description: str | None = None
    mod_time: str | None = None
    is_released: bool


class DatafileWrapper(BaseModel):
    Datafile: DatafileOut


class SampleDataset(Wire):
    id: int
    name: str
    start_date: str | None = None
    end_date: str | None = None
    location: str | None = None
    type: str
    parameters: list[DatasetParameterOut] = []


class SampleOut(Wire):
    id: int
    name: str
    mod_time: str
    pid: str | None = None
    type: str | None = None
    formula: str | None = None
    description: str | None = None
    investigation: "SampleInvestigation | None" = None
    datasets: list[SampleDataset] | None = None
    parameters: list[DatasetParameterOut] = []
    meta: Meta | None = None


class SampleInvestigation(Wire):
    id: int
    name: str
    start_date: str
    end_date: str | None = None
    title: str | None = None
    visit_id: str | None = None
    doi: str | None = None
    release_date: str | None = None


class ResourceOut(Wire):
    id: str = Field(alias="_id")
    filename: str
    file_type: str | None = None


class SampleFiles(Wire):
    id: str = Field(alias="_id")
    investigation_id: int
    sample_id: int
    resources: list[ResourceOut]


class TimelineOut(Wire):
    start_date: str | None = None
    end_date: str | None = None
    investigation_id: int | None = None
    investigation_name: str | None = None
    dataset_id: int | None = None
    dataset_name: str | None = None
    sample_id: int | None = None
    sample_name: str | None = None
    dataset_type: str | None = None
    file_count: str | None = Field(None, alias="__fileCount")
    volume: str | None = Field(None, alias="__volume")
    elapsed_time: str | None = Field(None, alias="__elapsedTime")


class StatusOut(Wire):
    """Where a dataset's files are: `ONLINE`, or `ARCHIVED` when the core holds none of them."""

    id: str = Field(alias="_id")
    status: str
