"""From rows to the ICAT+ dialect: data publications, and what DataCite is told of a DOI."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import orjson

from panfair.site.catalogue.api.schemas_people import (
    CollectionAuthor,
    CollectionDataset,
    CollectionLink,
    Datacollection,
    DateOut,
    JsonDatacite,
    Named,
    RelatedOut,
    SubjectOut,
    TitleOut,
)
from panfair.site.catalogue.api.serialize_parts import funding_out, work_out
from panfair.site.catalogue.settings import CoreSettings
from panfair.site.catalogue.store.query import DatasetQuery
from panfair.site.catalogue.store.read import View
from panfair.site.catalogue.store.rows import DataPublication, Investigation, PublicationVersion


def collection_out(view: View, rows: Sequence[DataPublication]) -> list[Datacollection]:
    """Data publications with authors and datasets."""
    ids = [row.id for row in rows]
    authors, funding, works = (
        view.authors_of(ids),
        view.funding_of("publication", ids),
        view.works_of("publication", ids),
    )
    answer = []
    for row in rows:
        datasets, _ = view.datasets(DatasetQuery(publication=row.id))
        samples = {one.id: one.name for one in view.samples(ids=[d.sample for d in datasets if d.sample])[0]}
        answer.append(
            Datacollection(
                id=row.id,
                mod_time=row.modified,
                doi=row.doi,
                state=row.state,
                title=row.title,
                abstract=row.abstract,
                publication_date=row.publication_date,
                rights=row.rights,
                keywords=orjson.loads(row.keywords),
                related=orjson.loads(row.related),
                funding_references=list(map(funding_out, funding[row.id])),
                related_items=list(map(work_out, works[row.id])),
                authors=[
                    CollectionAuthor(
                        name=one.full_name,
                        surname=one.family_name,
                        given_name=one.given_name,
                        orcid=one.orcid,
                        affiliation=one.affiliation,
                        ror=one.ror,
                        contributor_type=one.contributor_type,
                    )
                    for one in authors[row.id]
                ],
                data_collection_datasets=[
                    CollectionLink(
                        dataset=CollectionDataset(
                            id=one.id,
                            name=one.name,
                            start_date=one.start,
                            end_date=one.end,
                            location=one.location,
                            sample_name=samples.get(one.sample or 0),
                        )
                    )
                    for one in datasets
                ],
            )
        )
    return answer


def datacite_of_publication(view: View, row: DataPublication, settings: CoreSettings, today: date) -> JsonDatacite:
    """A data publication for DataCite."""
    published = row.publication_date or today.isoformat()
    return JsonDatacite(
        doi=row.doi,
        url=_landing(row.doi, settings),
        publication_year=published[:4],
        creators=[Named(name=one.full_name) for one in view.authors_of([row.id])[row.id]],
        titles=TitleOut(title=row.title or row.doi),
        publisher=settings.publisher,
        subjects=[SubjectOut(subject_scheme="Keyword", subject=one) for one in orjson.loads(row.keywords)],
        dates=[DateOut(date=published, date_type="Issued")],
        **_version(view.version_of(row.id)),
    )


def _version(found: PublicationVersion | None) -> dict[str, Any]:
    """Which version it is, and of what."""
    if found is None:
        return {}
    relations = {"IsNewVersionOf": found.previous, "IsVersionOf": found.concept}
    return {
        "version": str(found.number),
        "related_identifiers": [
            RelatedOut(related_identifier=doi, related_identifier_type="DOI", relation_type=relation)
            for relation, doi in relations.items()
            if doi
        ],
    }


def datacite_of_session(view: View, row: Investigation, settings: CoreSettings) -> JsonDatacite:
    """A session for DataCite: its people in their order, its proposal and instruments as subjects."""
    people = view.people([row.id])[row.id]
    names = list(dict.fromkeys(one.full_name for one in people if one.full_name))
    dates = []
    if row.start:
        dates.append(DateOut(date="/".join(part[:10] for part in (row.start, row.end) if part), date_type="Collected"))
    if row.release_date:
        dates.append(DateOut(date=row.release_date, date_type="Available"))
    instruments = view.instruments_of([row.id])[row.id]
    return JsonDatacite(
        doi=row.doi or "",
        url=_landing(row.doi or "", settings),
        publication_year=(row.release_date or row.end or row.start or row.modified)[:4],
        creators=[Named(name=name) for name in names],
        titles=TitleOut(title=row.title),
        publisher=settings.publisher,
        subjects=[
            SubjectOut(subject_scheme="Proposal", subject=row.name),
            *(SubjectOut(subject_scheme="Instrument", subject=one.name) for one in instruments),
        ],
        dates=dates,
    )


def _landing(doi: str, settings: CoreSettings) -> str:
    return settings.landing_url.replace("{doi}", quote(doi, safe="/:;()._-~"))
