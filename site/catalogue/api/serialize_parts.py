"""From rows to the ICAT+ dialect: the small parts that sessions, datasets and samples are told with."""

import math
import zlib
from datetime import datetime

from panfair.site.catalogue.api.schemas import (
    DatasetParameterOut,
    FundingOut,
    InstrumentOut,
    Meta,
    PageOut,
    TechniqueOut,
    TypeOut,
    UserInner,
    WorkOut,
)
from panfair.site.catalogue.store.query import Page
from panfair.site.catalogue.store.rows import Funding, Instrument, Parameter, Person, SessionSample, Technique, Work


def meta_of(total: int, page: Page) -> Meta:
    """Where in the whole list a page stands; pages are counted from 1."""
    size = page.limit if page.limit > 0 else max(total, 1)
    return Meta(
        page=PageOut(total=total, total_pages=math.ceil(total / size), current_page=page.skip // size + 1),
    )


def instrument_out(row: Instrument) -> InstrumentOut:
    return InstrumentOut(
        id=row.id, name=row.name, full_name=row.full_name, description=row.description, url=row.url, pid=row.pid
    )


def technique_out(row: Technique, dataset: int | None = None) -> TechniqueOut:
    return TechniqueOut(id=row.id, dataset_id=dataset, pid=row.pid or "", name=row.name, description=row.description)


def type_out(name: str | None) -> TypeOut | None:
    """A type of session: ICAT numbers them; here a checksum of the name is the number."""
    return None if name is None else TypeOut(id=zlib.crc32(name.encode()), name=name)


def parameter_out(row: Parameter, sample: SessionSample | None = None) -> DatasetParameterOut:
    return DatasetParameterOut(
        id=row.id,
        name=row.name,
        value=row.value,
        units=row.units,
        description=row.description,
        error=row.error,
        range_bottom=row.minimum,
        range_top=row.maximum,
        dataset_id=row.dataset,
        sample_id=sample.id if sample else row.sample,
        sample_name=sample.name if sample else None,
    )


def user_out(one: Person) -> UserInner:
    """A person inside a session."""
    return UserInner(
        name=one.name or called(one),
        full_name=one.full_name,
        given_name=one.given_name,
        family_name=one.family_name,
        email=one.email,
        orcid_id=one.orcid,
        affiliation=one.affiliation,
    )


def called(one: Person) -> str:
    """A person's name; who has none that may be told is called by the row's number."""
    parts = " ".join(part for part in (one.given_name, one.family_name) if part)
    return one.full_name or parts or one.name or f"person {one.user}"


def midnight(day: str | None) -> str | None:
    """A day as the moment that ICAT+ writes for it."""
    return None if day is None else f"{day}T00:00:00.000Z"


def elapsed(start: str | None, end: str | None) -> str | None:
    """Seconds between two moments."""
    if start is None or end is None:
        return None
    return str(round((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()))


def funding_out(one: Funding) -> FundingOut:
    return FundingOut(
        funder_name=one.funder,
        funder_identifier=one.funder_pid,
        award_number=one.award_number,
        award_title=one.award_title,
        acknowledgement=one.acknowledgement,
    )


def work_out(one: Work) -> WorkOut:
    return WorkOut(
        relation_type=one.relation,
        identifier=one.pid,
        url=one.url,
        title=one.title,
        full_reference=one.citation,
        related_item_type=one.kind,
    )
