"""Datasets and samples over the API, with their parameters, documents and timelines."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as PathPart

from panfair.site.catalogue.accounts.core import Caller, InHeader, InPath
from panfair.site.catalogue.api import parameters as arguments
from panfair.site.catalogue.api.parameters import QueryText
from panfair.site.catalogue.api.schemas import (
    DatafileWrapper,
    DatasetDocument,
    DatasetOut,
    DatasetParameterOut,
    Meta,
    SampleOut,
    TimelineOut,
)
from panfair.site.catalogue.api.serialize import datasets_out, documents_out, files_out, samples_out, timeline_out
from panfair.site.catalogue.api.serialize_parts import meta_of, parameter_out
from panfair.site.catalogue.errors import NoSuchRow
from panfair.site.catalogue.store.query import DatasetQuery
from panfair.site.catalogue.store.rows import Parameter

router = APIRouter(tags=["Catalogue"])

Investigations = Annotated[str | None, Query(alias="investigationIds", max_length=200_000)]
Investigation = Annotated[str | None, Query(alias="investigationId", max_length=100)]
Datasets = Annotated[str | None, Query(alias="datasetIds", max_length=200_000)]
DatasetsPart = Annotated[str, PathPart(alias="datasetIds", max_length=200_000)]
SampleId = Annotated[str | None, Query(alias="sampleId", max_length=100)]
InstrumentName = Annotated[str | None, Query(alias="instrumentName", max_length=500)]
Search = Annotated[str | None, Query(max_length=500)]
DatasetType = Annotated[str | None, Query(alias="datasetType", max_length=500)]
SortBy = Annotated[str | None, Query(alias="sortBy", max_length=100)]
SortOrder = Annotated[str | None, Query(alias="sortOrder", max_length=10)]
Start = Annotated[str | None, Query(alias="startDate", max_length=100)]
End = Annotated[str | None, Query(alias="endDate", max_length=100)]
Techniques = Annotated[str | None, Query(alias="techniquePids", max_length=20_000)]

# ICAT+ calls raw data an acquisition.
_KINDS = {"acquisition": "raw"}


def _query(
    investigations: str | None = None,
    datasets: str | None = None,
    sample: str | None = None,
    instrument: str | None = None,
    search: str | None = None,
    kind: str | None = None,
    techniques: str | None = None,
    start: str | None = None,
    end: str | None = None,
    parameters: str | None = None,
) -> DatasetQuery:
    one_sample = arguments.optional_row(sample, "sampleId")
    return DatasetQuery(
        ids=arguments.row_numbers(datasets, "datasetIds"),
        investigations=arguments.row_numbers(investigations, "investigationIds"),
        samples=None if one_sample is None else [one_sample],
        instrument=instrument or None,
        kind=_KINDS.get(kind.lower(), kind) if kind else None,
        search=search,
        techniques=arguments.words(techniques),
        starts_from=arguments.day(start, "startDate"),
        starts_until=arguments.day(end, "endDate"),
        conditions=arguments.conditions(parameters),
    )


@router.get("/catalogue/datasets", response_model_exclude_none=True)
def datasets(
    caller: InHeader,
    investigations: Investigations = None,
    dataset_ids: Datasets = None,
    sample: SampleId = None,
    instrument: InstrumentName = None,
    limit: QueryText = None,
    skip: QueryText = None,
    search: Search = None,
    kind: DatasetType = None,
    nested: QueryText = None,
    sort_by: SortBy = None,
    sort_order: SortOrder = None,
    parameters: QueryText = None,
    techniques: Techniques = None,
    start: Start = None,
    end: End = None,
) -> list[DatasetOut]:
    """The datasets that match and that the caller may see."""
    query = _query(investigations, dataset_ids, sample, instrument, search, kind, techniques, start, end, parameters)
    page = arguments.page(limit, skip, caller.core.settings.most_rows, sort_by, sort_order)
    with caller.view() as view:
        rows, total = view.datasets(query, page)
        return datasets_out(view, rows, meta_of(total, page), arguments.flag(nested))


@router.get("/catalogue/{sessionId}/dataset", response_model_exclude_none=True)
def datasets_of_session(
    caller: InPath,
    investigations: Investigations = None,
    dataset_ids: Datasets = None,
    sample: SampleId = None,
    instrument: InstrumentName = None,
    limit: QueryText = None,
    skip: QueryText = None,
    search: Search = None,
    kind: DatasetType = None,
    nested: QueryText = None,
    sort_by: SortBy = None,
    sort_order: SortOrder = None,
    parameters: QueryText = None,
) -> list[DatasetOut]:
    """The same by the older route."""
    return datasets(
        caller,
        investigations,
        dataset_ids,
        sample,
        instrument,
        limit,
        skip,
        search,
        kind,
        nested,
        sort_by,
        sort_order,
        parameters,
    )


@router.get("/catalogue/datasets/documents", response_model_exclude_none=True)
def documents(
    caller: InHeader,
    start: Start = None,
    end: End = None,
    limit: QueryText = None,
    skip: QueryText = None,
    investigations: Investigations = None,
    parameters: QueryText = None,
    techniques: Techniques = None,
) -> list[DatasetDocument]:
    """Datasets as flat documents, as a search engine is fed with them."""
    page = arguments.page(limit, skip, caller.core.settings.most_rows)
    query = _query(investigations, techniques=techniques, start=start, end=end, parameters=parameters)
    with caller.view() as view:
        return documents_out(view, view.datasets(query, page)[0])


@router.get("/catalogue/{sessionId}/dataset/id/{datasetIds}/dataset", response_model_exclude_none=True)
def datasets_by_id(caller: InPath, ids: DatasetsPart) -> list[DatasetOut]:
    return datasets(caller, dataset_ids=ids)


@router.get("/catalogue/{sessionId}/dataset/id/{datasetIds}/dataset_document", response_model_exclude_none=True)
def documents_by_id(caller: InPath, ids: DatasetsPart) -> list[DatasetDocument]:
    with caller.view() as view:
        return documents_out(view, view.datasets(_query(datasets=ids))[0])


@router.get("/catalogue/{sessionId}/dataset/id/{datasetId}/datafile", response_model_exclude_none=True)
def files_of_dataset(
    caller: InPath,
    dataset: Annotated[str, PathPart(alias="datasetId", max_length=100)],
    limit: QueryText = None,
    skip: QueryText = None,
    search: Search = None,
) -> list[DatafileWrapper]:
    return files(caller, dataset=dataset, limit=limit, skip=skip, search=search)


@router.get("/catalogue/{sessionId}/datafile", response_model_exclude_none=True)
def files(
    caller: InPath,
    dataset: Annotated[str | None, Query(alias="datasetId", max_length=100)] = None,
    ids: Annotated[str | None, Query(alias="datafileIds", max_length=200_000)] = None,
    location: Annotated[str | None, Query(max_length=5000)] = None,
    limit: QueryText = None,
    skip: QueryText = None,
    search: Search = None,
) -> list[DatafileWrapper]:
    """The files of a dataset, or those at a path."""
    page = arguments.page(limit, skip, caller.core.settings.most_rows)
    with caller.view() as view:
        found, _ = view.files(
            arguments.optional_row(dataset, "datasetId"),
            arguments.row_numbers(ids, "datafileIds"),
            location,
            search,
            page,
        )
        return files_out(found)


@router.get("/catalogue/{sessionId}/dataset/timeline", response_model_exclude_none=True)
def timeline(caller: InPath, investigation: Investigation = None, sample: SampleId = None) -> list[TimelineOut]:
    """When the datasets of a session or a sample were taken."""
    page = arguments.page(None, None, caller.core.settings.most_rows, "STARTDATE")
    with caller.view() as view:
        return timeline_out(view, view.datasets(_query(investigation or None, sample=sample), page)[0])


@router.get("/catalogue/{sessionId}/datasetparameter", response_model_exclude_none=True)
def parameters_of_datasets(
    caller: InPath,
    investigation: Investigation = None,
    instrument: InstrumentName = None,
    sample: SampleId = None,
    start: Start = None,
    end: End = None,
    name: QueryText = None,
    kind: DatasetType = None,
) -> list[DatasetParameterOut]:
    """The parameters of the datasets that match."""
    query = _query(investigation, sample=sample, instrument=instrument, kind=kind, start=start, end=end)
    return [parameter_out(one) for one in _parameters(caller, query, name)]


@router.get("/catalogue/{sessionId}/datasetparameter/values", response_model_exclude_none=True)
def values_of_parameters(
    caller: InPath,
    investigation: Investigation = None,
    instrument: InstrumentName = None,
    sample: SampleId = None,
    start: Start = None,
    end: End = None,
    name: QueryText = None,
    kind: DatasetType = None,
    parameters: QueryText = None,
) -> list[DatasetParameterOut]:
    """The values that parameters have among the datasets that match, each once."""
    query = _query(
        investigation, sample=sample, instrument=instrument, kind=kind, start=start, end=end, parameters=parameters
    )
    once: dict[tuple[str, str, str], Parameter] = {}
    for one in _parameters(caller, query, name):
        once.setdefault((one.name, one.value, one.units), one)
    return [parameter_out(one) for one in once.values()]


def _parameters(caller: Caller, query: DatasetQuery, name: str | None) -> list[Parameter]:
    wanted = arguments.words(name)
    with caller.view() as view:
        rows, _ = view.datasets(query, arguments.page(None, None, caller.core.settings.most_rows))
        found = view.parameters("dataset", [row.id for row in rows])
    return [one for some in found.values() for one in some if wanted is None or one.name in wanted]


@router.get("/catalogue/{sessionId}/samples", response_model_exclude_none=True)
def samples(
    caller: InPath,
    investigation: Investigation = None,
    ids: Annotated[str | None, Query(alias="sampleIds", max_length=200_000)] = None,
    limit: QueryText = None,
    skip: QueryText = None,
    search: Search = None,
    include: Annotated[str | None, Query(alias="includeDatasets", max_length=10)] = None,
    parameters: QueryText = None,
) -> list[SampleOut]:
    """The samples that match and that the caller may see."""
    page = arguments.page(limit, skip, caller.core.settings.most_rows)
    with caller.view() as view:
        rows, total = view.samples(
            arguments.optional_row(investigation, "investigationId"),
            arguments.row_numbers(ids, "sampleIds"),
            arguments.conditions(parameters),
            search,
            page,
        )
        return samples_out(view, rows, meta_of(total, page), arguments.flag(include))


@router.get("/catalogue/{sessionId}/samples/{sampleId}/page", response_model_exclude_none=True)
def page_of_sample(
    caller: InPath,
    number: Annotated[str, PathPart(alias="sampleId", max_length=100)],
    investigation: Investigation = None,
    limit: QueryText = None,
) -> Meta:
    """On which page of the list of samples one stands."""
    wanted = arguments.row_number(number, "sampleId")
    page = arguments.page(limit, None, caller.core.settings.most_rows)
    with caller.view() as view:
        rows, total = view.samples(arguments.optional_row(investigation, "investigationId"))
    place = next((place for place, row in enumerate(rows) if row.id == wanted), None)
    if place is None:
        raise NoSuchRow(f"there is no sample {wanted}")
    size = max(page.limit, 1)
    return meta_of(total, arguments.page(str(size), str(place // size * size), caller.core.settings.most_rows))
