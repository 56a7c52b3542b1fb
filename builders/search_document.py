"""What the search index needs of a released publication: its words by field, its facets, and what a result shows.

The answer is plain JSON, so that a run can spool it. Its datasets' words are part of it: a search finds the
publication, whichever of its parts speaks of the thing.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from panfair.builders.card import card_of, shelves_of
from panfair.builders.search_elements import elements_of
from panfair.builders.search_words import VALUE_END
from panfair.ontologies import panet, techniques
from panfair.ontologies.embargo import Released
from panfair.ontologies.mapping import synonyms_of
from panfair.ontologies.quantities import values_of
from panfair.ontologies.record import Agent, Dataset, Parameter, Publication, Sample, Technique
from panfair.ontologies.techniques import found_parameter, keyed

JSON = str | int | float | bool | None | list["JSON"] | dict[str, "JSON"]

_MOST_DETAILS = 20
_LONGEST_FIELD = 400_000  # characters; a thousand datasets with long names still fit

FACETS = ("technique", "instrument", "facility", "element", "detail", "kind", "has")
"""The facets that are lists of labels; the year is a column of its own."""
HAS = ("files", "datasets", "orcid", "licence", "abstract", "funding", "related", "samples")
"""What a record may have; a facet by that name tells which have it."""


def document(released: Released) -> dict[str, JSON]:
    """One publication as the index takes it.

    `key` (the DOI's key), `doi`, `page`, `text` (field name to words), `facets` (facet name to labels), `numbers`
    (quantity to its values in SI), `year`, `day` (ISO 8601, when it opened, or empty), `size_bytes`, `files`,
    `datasets`, and `creators`, `abstract` for showing. The same release gives the same document.
    """
    publication = released.publication
    card = card_of(released, "")
    shelves = shelves_of(released)
    labels = {facet: [shelf.label for shelf in shelves if shelf.kind == facet] for facet in FACETS}
    labels["element"] = _elements(publication)
    labels["kind"] = [publication.kind]
    labels["has"] = _has(publication)
    labels["detail"] = _details(publication)
    return {
        "key": publication.doi.key,
        "doi": str(publication.doi),
        "page": publication.doi.page,
        "title": publication.title,
        "abstract": publication.abstract or "",
        "creators": [creator.name for creator in publication.creators],
        "year": publication.publication_year,
        "day": card.day if _is_day(card.day) else "",
        "size_bytes": card.size_bytes,
        "files": card.files,
        "datasets": card.datasets,
        "superseded": card.superseded,
        "numbers": {key: list(values) for key, values in values_of(publication).items()},
        "facets": {facet: list(dict.fromkeys(found)) for facet, found in labels.items()},
        "text": {field: text for field, text in _text(publication) if text},
    }


def _details(publication: Publication) -> list[str]:
    """What the technique files offer as facets, such as `Space group: P 21 21 21`, each once."""
    found: dict[str, None] = {}
    for dataset in publication.datasets:
        parameters = keyed(dataset.parameters)
        for profile in techniques.load().of_all(dataset.techniques or publication.techniques):
            for label in profile.search.facets:
                parameter = found_parameter(profile.entry(label), parameters)
                if parameter is not None and isinstance(parameter.value, str) and len(found) < _MOST_DETAILS:
                    found[f"{label}: {parameter.value}"] = None
    return list(found)


def _has(publication: Publication) -> list[str]:
    people = (*publication.creators, *publication.contributors)
    told: dict[str, object] = {
        "files": publication.files or any(dataset.files for dataset in publication.datasets),
        "datasets": publication.datasets,
        "orcid": any(person.orcid for person in people),
        "licence": publication.rights,
        "abstract": publication.abstract,
        "funding": publication.funding,
        "related": publication.related,
        "samples": publication.samples or any(dataset.samples for dataset in publication.datasets),
    }
    return [name for name in HAS if told[name]]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _text(publication: Publication) -> Iterator[tuple[str, str]]:
    """Each field's words, value by value, so that no phrase reaches over two of them by chance."""
    people = (*publication.creators, *publication.contributors)
    parts: tuple[Publication | Dataset, ...] = (publication, *publication.datasets)
    facility = publication.facility
    yield "title", publication.title
    yield "abstract", _values([publication.abstract, publication.methods])
    yield "people", _values(name for person in people for name in _names(person))
    yield "affiliation", _values(place.name for person in people for place in person.affiliations)
    yield (
        "facility",
        _values(
            [publication.publisher.name, *((facility.name, facility.full_name) if facility else ())],
        ),
    )
    instruments = [instrument for part in parts for instrument in part.instruments]
    yield (
        "instrument",
        _values(
            name for i in instruments for name in (i.name, i.full_name, i.identifier.value if i.identifier else None)
        ),
    )
    techniques = [technique for part in parts for technique in part.techniques]
    yield "technique", _values(name for t in techniques for name in (t.label, t.said, *_same(t)))
    yield "broader", _values(name for t in techniques for name in _broader(t))
    yield "sample", _values(name for part in parts for sample in part.samples for name in _sample(sample))
    yield "keyword", _values(keyword.term for part in parts for keyword in part.keywords)
    yield "proposal", _values([publication.proposal, publication.session, publication.source_id])
    yield "doi", str(publication.doi)
    yield "parameter", _values(name for part in parts for p in part.parameters for name in _parameter(p))
    yield "dataset", _values(name for dataset in publication.datasets for name in _dataset(dataset))
    yield (
        "funding",
        _values(
            name for grant in publication.funding for name in (grant.funder, grant.award_number, grant.award_title)
        ),
    )


def _names(person: Agent) -> tuple[str | None, ...]:
    return (person.name, person.orcid)


def _same(technique: Technique) -> Iterator[str]:
    """Other words for the same technique: its id (`PaNET01129`), PaNET's synonyms such as `SAXS`, and our table's."""
    if technique.iri:
        yield technique.iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
        term = panet.load().term(technique.iri)
        yield from term.alt_labels if term else ()
        yield from () if technique.broader or term is None else synonyms_of(term)
    # A technique that PaNET has no term for is what its own file calls it: `cryo-ET`, `cryoET`.
    profile = techniques.load().of(technique)
    if profile is not None and profile.technique is None:
        yield from (profile.label, *profile.names)


def _broader(technique: Technique) -> Iterator[str]:
    """The ids, labels and synonyms of the PaNET terms above a technique: who looks for `scattering` means SAXS too."""
    for term in panet.load().ancestors(technique.iri) if technique.iri else ():
        yield term.id
        yield term.label
        yield from term.alt_labels


def _elements(publication: Publication) -> list[str]:
    """The symbols of the chemical elements in all samples' formulae."""
    parts: tuple[Publication | Dataset, ...] = (publication, *publication.datasets)
    formulae = dict.fromkeys(sample.formula for part in parts for sample in part.samples if sample.formula)
    return list(dict.fromkeys(symbol for formula in formulae for symbol in elements_of(formula)))


def _sample(sample: Sample) -> Iterator[str | None]:
    yield from (sample.name, sample.formula, sample.kind, sample.description)
    yield sample.identifier.value if sample.identifier else None
    for parameter in sample.parameters:
        yield from _parameter(parameter)


def _parameter(parameter: Parameter) -> Iterator[str | None]:
    yield parameter.name
    yield parameter.value if isinstance(parameter.value, str) else None
    yield parameter.description


def _dataset(dataset: Dataset) -> Iterator[str | None]:
    yield from (dataset.name, dataset.description)
    yield dataset.identifier.value if dataset.identifier else None
    yield from dataset.software


def _values(values: Iterable[str | None]) -> str:
    """The values, each once, in their order, parted so that no phrase bridges two of them."""
    return VALUE_END.join(dict.fromkeys(value for value in values if value))[:_LONGEST_FIELD]
