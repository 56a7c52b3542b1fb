"""DOIs over the API: what a DOI names, and reserving and minting one.

Here a DOI gets its record in the core. Registering it at DataCite is `panfair doi sync`'s job, or the facility's, with
`json-datacite`.
"""

import secrets
from typing import Annotated

import orjson
from fastapi import APIRouter, Query
from fastapi import Path as PathPart

from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.accounts.core import Caller, Core, InHeader, InPath
from panfair.site.catalogue.api import parameters as arguments
from panfair.site.catalogue.api.parameters import QueryText
from panfair.site.catalogue.api.schemas import DatasetOut, Said
from panfair.site.catalogue.api.schemas_people import (
    Datacollection,
    JsonDatacite,
    MintIn,
    NewVersionIn,
    ReportOut,
    ReserveIn,
)
from panfair.site.catalogue.api.serialize import datasets_out
from panfair.site.catalogue.api.serialize_dois import collection_out, datacite_of_publication, datacite_of_session
from panfair.site.catalogue.api.serialize_parts import meta_of
from panfair.site.catalogue.errors import AlreadyThere, BadParameter, Invalid, NoSuchRow, NotAllowed
from panfair.site.catalogue.store.access import may_mint
from panfair.site.catalogue.store.entries import AuthorEntry, DataPublicationEntry
from panfair.site.catalogue.store.query import DatasetQuery, InvestigationQuery

router = APIRouter(tags=["DOI"])

Prefix = Annotated[str, PathPart(max_length=100)]
Suffix = Annotated[str, PathPart(max_length=500)]


@router.get("/doi/{sessionId}/reserved-dois", response_model_exclude_none=True)
def reserved_dois(caller: InPath, skip: QueryText = None, limit: QueryText = None) -> list[Datacollection]:
    """The publications of the caller's teams that have a DOI and are not minted."""
    page = arguments.page(limit, skip, caller.core.settings.most_rows)
    with caller.view() as view:
        return collection_out(view, view.publications(state="reserved", page=page)[0])


@router.get("/catalogue/{sessionId}/datacollection", response_model_exclude_none=True, tags=["Catalogue"])
def collections(
    caller: InPath,
    dataset: Annotated[str | None, Query(alias="datasetId", max_length=100)] = None,
    skip: QueryText = None,
    limit: QueryText = None,
) -> list[Datacollection]:
    """The minted data publications that the caller may see, with the datasets of each."""
    page = arguments.page(limit, skip, caller.core.settings.most_rows)
    with caller.view() as view:
        rows, _ = view.publications(dataset=arguments.optional_row(dataset, "datasetId"), state="minted", page=page)
        return collection_out(view, rows)


@router.get(
    "/catalogue/{sessionId}/dataset/id/{datasetId}/datacollection",
    response_model_exclude_none=True,
    tags=["Catalogue"],
)
def collections_of_dataset(
    caller: InPath, dataset: Annotated[str, PathPart(alias="datasetId", max_length=100)]
) -> list[Datacollection]:
    return collections(caller, dataset)


@router.get("/doi/{prefix}/{suffix:path}/datasets", response_model_exclude_none=True)
def datasets(
    caller: InHeader,
    prefix: Prefix,
    suffix: Suffix,
    limit: QueryText = None,
    skip: QueryText = None,
    search: Annotated[str | None, Query(max_length=500)] = None,
    sort_by: Annotated[str | None, Query(alias="sortBy", max_length=100)] = None,
    sort_order: Annotated[str | None, Query(alias="sortOrder", max_length=10)] = None,
) -> list[DatasetOut]:
    """The datasets that a DOI names, as far as the caller may see them."""
    page = arguments.page(limit, skip, caller.core.settings.most_rows, sort_by, sort_order)
    doi = _doi(prefix, suffix)
    with caller.view() as view:
        publications, _ = view.publications(doi=doi)
        sessions, _ = view.investigations(InvestigationQuery(doi=doi))
        if publications:
            query = DatasetQuery(publication=publications[0].id, search=search)
        elif sessions:
            query = DatasetQuery(investigations=[sessions[0].id], search=search)
        else:
            raise NoSuchRow("there is no such DOI here")
        rows, total = view.datasets(query, page)
        return datasets_out(view, rows, meta_of(total, page))


@router.get("/doi/{prefix}/{suffix:path}/json-datacite", response_model_exclude_none=True)
def json_datacite(caller: InHeader, prefix: Prefix, suffix: Suffix) -> JsonDatacite:
    """What DataCite is told of a DOI."""
    doi, core = _doi(prefix, suffix), caller.core
    with caller.view() as view:
        publications, _ = view.publications(doi=doi, state="minted")
        if publications:
            return datacite_of_publication(view, publications[0], core.settings, core.today)
        sessions, _ = view.investigations(InvestigationQuery(doi=doi))
        if sessions:
            return datacite_of_session(view, sessions[0], core.settings)
    raise NoSuchRow("there is no such DOI here")


@router.get("/doi/{prefix}/{suffix:path}/reports", response_model_exclude_none=True)
def reports(caller: InHeader, prefix: Prefix, suffix: Suffix) -> list[ReportOut]:
    """The experiment reports of a DOI: the core keeps none, so each of its proposals has none."""
    with caller.view() as view:
        sessions, _ = view.investigations(InvestigationQuery(doi=_doi(prefix, suffix)))
    return [ReportOut(proposal=row.name, under_embargo=not row.public, nb_reports=0, reports=[]) for row in sessions]


@router.post("/doi/{sessionId}/reserve", response_model_exclude_none=True)
def reserve(caller: InPath, wanted: ReserveIn) -> Said:
    """A DOI for datasets that are not published yet."""
    user = caller.user()
    _all_theirs(caller, wanted.dataset_id_list)
    core = caller.core
    with core.store.writing() as writer:
        doi = new_doi(core, "DC")
        writer.reserve(doi, wanted.dataset_id_list, core.now, user)
    return Said(message=doi)


@router.post("/doi/{sessionId}/mint", response_model_exclude_none=True)
def mint(caller: InPath, wanted: MintIn) -> Said:
    """A DOI with its metadata, public from today on; `dataCollectionId`: the reserved one of that number."""
    user, core = caller.user(), caller.core
    with caller.view() as view:
        reserved = None
        datasets = wanted.dataset_id_list
        if wanted.data_collection_id is not None:
            reserved = view.publication(wanted.data_collection_id)
            if reserved is None or not reserved.mine:
                raise NoSuchRow(f"there is no data collection {wanted.data_collection_id}")
            if reserved.state != "reserved":
                raise AlreadyThere(f"data collection {reserved.id} has been minted; a DOI is for ever")
            datasets = datasets or [row.id for row in view.datasets(DatasetQuery(publication=reserved.id))[0]]
    if not datasets:
        raise BadParameter("datasetIdList or dataCollectionId is wanted")
    _all_theirs(caller, datasets)
    entry = DataPublicationEntry(
        title=wanted.title,
        abstract=wanted.abstract,
        publication_date=core.today,
        rights=wanted.rights,
        keywords=tuple(wanted.keywords),
        related=tuple(filter(None, (wanted.citation_publication_doi, *wanted.reference_urls))),
        authors=tuple(_author(one.name, one.surname, one.create_name, one.orcid) for one in wanted.authors),
        datasets=tuple(datasets),
    )
    with core.store.writing() as writer:
        doi = Doi(reserved.doi) if reserved else new_doi(core, "DC")
        writer.put_data_publication(doi, entry, core.now, user, reserved.id if reserved else None)
    return Said(message=doi)


@router.post("/panfair/new-version", tags=["panfair"])
def new_version(caller: InHeader, wanted: NewVersionIn) -> Said:
    """The next version of a minted data collection, with a DOI of its own, public from today on.

    The first time, a DOI that stands for all versions is made too. What is not given stays as it was.
    """
    user, core = caller.user(), caller.core
    with caller.view() as view:
        older = view.publication(wanted.data_collection_id)
        if older is None or not older.mine:
            raise NoSuchRow(f"there is no data collection {wanted.data_collection_id}")
        datasets = wanted.dataset_id_list or [row.id for row in view.datasets(DatasetQuery(publication=older.id))[0]]
        authors = view.authors_of([older.id])[older.id]
    if not datasets:
        raise BadParameter("datasetIdList is wanted: the version so far has no dataset that can be seen")
    _all_theirs(caller, datasets)
    entry = DataPublicationEntry(
        title=wanted.title or older.title or older.doi,
        abstract=wanted.abstract or older.abstract,
        publication_date=core.today,
        rights=wanted.rights or older.rights,
        keywords=tuple(orjson.loads(older.keywords) if wanted.keywords is None else wanted.keywords),
        related=tuple(orjson.loads(older.related)),
        authors=tuple(
            AuthorEntry.model_validate({name: getattr(one, name) for name in AuthorEntry.model_fields})
            for one in authors
        ),
        datasets=tuple(datasets),
    )
    with core.store.writing() as writer:
        doi = new_doi(core, "DC")
        put = writer.put_data_publication(doi, entry, core.now, user)
        writer.put_version(put.id, older.id, new_doi(core, "DC"), core.now, user)
    return Said(message=doi)


def new_doi(core: Core, kind: str) -> Doi:
    """A DOI that nobody has: `kind` is `ES` for a session, `DC` for a data collection, as ESRF's are."""
    settings = core.settings
    return Doi.parse(f"{settings.doi_prefix}/{settings.doi_lead}-{kind}-{secrets.randbelow(9 * 10**9) + 10**9}")


def _all_theirs(caller: Caller, datasets: list[int]) -> None:
    with caller.view() as view:
        seen = {row.id: row for row in view.datasets(DatasetQuery(ids=datasets))[0]}
    for row in datasets:
        if row not in seen:
            raise NoSuchRow(f"there is no dataset {row}")
    if not may_mint(caller.identity, all(bool(row.mine) for row in seen.values())):
        raise NotAllowed("DOIs are minted by minters, for datasets of their own sessions")
    if any(row.withdrawn_on for row in seen.values()):
        raise Invalid("a withdrawn dataset gets no DOI")


def _author(given: str | None, family: str | None, full: str | None, orcid: str | None) -> AuthorEntry:
    name = " ".join(part for part in (given, family) if part) or full
    if not name:
        raise BadParameter("authors: each needs a name")
    return AuthorEntry(full_name=name, given_name=given, family_name=family, orcid=orcid)


def _doi(prefix: str, suffix: str) -> Doi:
    try:
        return Doi.parse(f"{prefix}/{suffix}")
    except IdentifierError:
        raise NoSuchRow("that is no DOI") from None
