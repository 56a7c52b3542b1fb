"""What DataCite will be told of a session, shown to a curator before it is minted; nothing of it is sent from here.

The session goes the way that the public site takes it: the words of the API, the harvester, the gate on the day when it
opens, and the builder of DataCite's form. What the site's own settings add (licence, place) is not known here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from panfair.builders.formats.datacite import datacite_values
from panfair.builders.html.language import marked
from panfair.builders.portal import Portal
from panfair.harvesters import SourceOptions
from panfair.harvesters.icatplus.documents import Parts, Reader, session_of
from panfair.ontologies.embargo import GatePolicy, Released, judge
from panfair.ontologies.errors import RecordError
from panfair.ontologies.identifiers import Doi
from panfair.site.catalogue.api.serialize import datasets_out, investigations_out
from panfair.site.catalogue.settings import CoreSettings
from panfair.site.catalogue.store.query import DatasetQuery
from panfair.site.catalogue.store.read import View
from panfair.site.catalogue.store.rows import Investigation
from panfair.site.registrar.rules import attributes_of, cannot_be_made, problems

_NAMING = ("name", "title", "subject", "date", "description", "relatedIdentifier", "rights", "funderName")
_HIDDEN = frozenset({"doi", "schemaVersion", "schemeUri", "valueUri", "subjectScheme", "nameType", "lang"})
_BLANK = "10.5072/not-given-yet"


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be registered, property by property, and what is missing."""

    rows: tuple[tuple[str, tuple[str, ...]], ...]
    missing: tuple[str, ...]


def preview(view: View, row: Investigation, settings: CoreSettings, today: date) -> Preview:
    """Of a session as a curator sees it."""
    doi = Doi(row.doi or _BLANK)
    portal = Portal(title="", base_url=settings.portal_url or "", contact="", publisher=settings.publisher)
    missing = [] if row.release_date else [marked("it has no release date, so it never becomes public")]
    try:
        released = _released(view, row, doi, settings, today)
    except RecordError as error:
        return Preview((), (str(error), *missing))
    if not isinstance(released, Released):
        return Preview((), (marked("the gate would not let it out"), *missing))
    values = datacite_values(released, portal)
    missing += problems(attributes_of(values, portal.landing(doi) if settings.portal_url else "https://doi.org/"))
    if row.doi and (reason := cannot_be_made(doi)):
        missing.append(reason)
    shown = {"identifier": row.doi, **values} if row.doi else values
    return Preview(tuple(_rows(shown if settings.portal_url else shown | {"url": None})), tuple(missing))


def _released(view: View, row: Investigation, doi: Doi, settings: CoreSettings, today: date) -> object:
    """What the gate says of it on the day when it opens."""
    (told,) = investigations_out(view, [row], None)
    raw = told.model_dump(mode="json", by_alias=True, exclude_none=True)
    opens = max(date.fromisoformat(row.release_date), today) if row.release_date else today
    raw |= {"doi": str(doi), "releaseDate": row.release_date or today.isoformat()}
    datasets, _ = view.datasets(DatasetQuery(investigations=[row.id]))
    whole = [one for one in datasets if one.complete and not one.withdrawn_on]
    parts = Parts(
        datasets=[
            one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in datasets_out(view, whole, None)
        ]
    )
    options = SourceOptions(name="core", kind="icatplus", publisher=settings.publisher)
    publication = session_of(raw, parts, Reader(options, (doi.prefix,), lambda _note: None), public=True)
    return judge(publication, opens, GatePolicy())


def _rows(values: dict[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, value in values.items():
        texts = tuple(_texts(value))
        if texts and name not in _HIDDEN:
            yield name, texts


def _texts(value: Any) -> Iterator[str]:
    """A value in words: one for each element of a list."""
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, dict):
        first = next((value[name] for name in _NAMING if name in value), None)
        rest = list(_words(other for name, other in value.items() if name not in _HIDDEN and other != first))
        yield " ".join(filter(None, (str(first or ""), f"({', '.join(rest)})" if rest else "")))
    elif value not in (None, ""):
        yield str(value)


def _words(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        yield from _texts(value)
