"""The words of a record by field, as the search index takes them: each field one text, its values kept apart.

A publication speaks for itself and all its datasets; a dataset for itself, with what it shares with its publication.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from panfair.builders.search.documents.identifiers import dataset_identifiers, publication_identifiers
from panfair.builders.search.documents.words import VALUE_END
from panfair.ontologies import panet
from panfair.ontologies import techniques as profiles
from panfair.ontologies.mapping import synonyms_of
from panfair.ontologies.record import Agent, Dataset, Instrument, Parameter, Publication, Sample, Technique

_LEADS = re.compile(r"(?i)(?:principal|main) (?:investigator|proposer)$|pi$")
_LONGEST_FIELD = 400_000  # characters; a thousand datasets with long names still fit


Paths = Mapping[str, tuple[str, ...]]
"""Where arrays stand in the files of a dataset (`/entry/data/signal`), by the dataset's id."""
NO_PATHS: Paths = {}


def publication_text(publication: Publication, paths: Paths = NO_PATHS) -> dict[str, str]:
    """The fields of a publication that hold something."""
    parts: tuple[Publication | Dataset, ...] = (publication, *publication.datasets)
    return _filled(
        ("title", publication.title),
        ("abstract", values([publication.abstract, publication.methods])),
        *_shared(publication),
        ("affiliation", _affiliations(publication)),
        ("instrument", _instruments(one for part in parts for one in part.instruments)),
        *_techniques([technique for part in parts for technique in part.techniques]),
        ("sample", values(name for part in parts for sample in part.samples for name in _sample(sample))),
        ("keyword", values(keyword.term for part in parts for keyword in part.keywords)),
        (
            "parameter",
            values(
                [
                    *(name for part in parts for p in part.parameters for name in _parameter(p)),
                    *(path for dataset in publication.datasets for path in paths.get(dataset.id, ())),
                ]
            ),
        ),
        ("dataset", values(name for dataset in publication.datasets for name in _dataset(dataset))),
        (
            "funding",
            values(name for one in publication.funding for name in (one.funder, one.award_number, one.award_title)),
        ),
        ("identifier", values(publication_identifiers(publication))),
    )


def dataset_text(dataset: Dataset, publication: Publication, paths: Paths = NO_PATHS) -> dict[str, str]:
    """The fields of a dataset: its own words, and those of its publication that tell people, place and theme."""
    return _filled(
        ("title", values([dataset.name, publication.title])),
        ("abstract", dataset.description or ""),
        *_shared(publication),
        ("instrument", _instruments(dataset.instruments or publication.instruments)),
        *_techniques(list(dataset.techniques or publication.techniques)),
        ("sample", values(name for sample in dataset.samples or publication.samples for name in _sample(sample))),
        ("keyword", values(keyword.term for part in (dataset, publication) for keyword in part.keywords)),
        (
            "parameter",
            values([*(name for p in dataset.parameters for name in _parameter(p)), *paths.get(dataset.id, ())]),
        ),
        ("dataset", values([*_dataset(dataset), dataset.kind_said])),
        ("identifier", values(dataset_identifiers(dataset, publication))),
    )


def values(found: Iterable[str | None]) -> str:
    """The values, each once, in their order, parted so that no phrase bridges two of them."""
    return VALUE_END.join(dict.fromkeys(value for value in found if value))[:_LONGEST_FIELD]


def _filled(*fields: tuple[str, str]) -> dict[str, str]:
    return {field: text for field, text in fields if text}


def _shared(publication: Publication) -> Iterator[tuple[str, str]]:
    """What a publication and its datasets have in common."""
    people = (*publication.creators, *publication.contributors)
    facility = publication.facility
    yield "people", values(name for person in people for name in _names(person))
    yield "lead", values(name for person in publication.creators[:1] for name in _names(person))
    yield (
        "investigator",
        values(name for person in people if _LEADS.match(person.role or "") for name in _names(person)),
    )
    yield (
        "facility",
        values([publication.publisher.name, *((facility.name, facility.full_name) if facility else ())]),
    )
    yield "proposal", values(_proposal(publication))
    yield "doi", str(publication.doi)


def _proposal(publication: Publication) -> Iterator[str | None]:
    """`MA-1234`, `1` and, as people cite a session, `MA-1234-1`."""
    yield from (publication.proposal, publication.session, publication.source_id)
    if publication.proposal and publication.session:
        yield f"{publication.proposal}-{publication.session}"


def _affiliations(publication: Publication) -> str:
    people = (*publication.creators, *publication.contributors)
    return values(place.name for person in people for place in person.affiliations)


def _names(person: Agent) -> tuple[str | None, ...]:
    return (person.name, person.orcid)


def _instruments(instruments: Iterable[Instrument]) -> str:
    return values(
        name
        for i in instruments
        for name in (i.name, i.full_name, i.description, i.identifier.value if i.identifier else None)
    )


def _techniques(techniques: list[Technique]) -> Iterator[tuple[str, str]]:
    yield "technique", values(name for t in techniques for name in (t.label, t.said, *_same(t)))
    yield "broader", values(name for t in techniques for name in _broader(t))


def _same(technique: Technique) -> Iterator[str]:
    """Other words for the same technique: its id (`PaNET01129`), PaNET's synonyms such as `SAXS`, and our table's."""
    if technique.iri:
        yield technique.iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]
        term = panet.load().term(technique.iri)
        yield from term.alt_labels if term else ()
        yield from () if technique.broader or term is None else synonyms_of(term)
    # A technique that PaNET has no term for is what its own file calls it: `cryo-ET`, `cryoET`.
    profile = profiles.load().of(technique)
    if profile is not None and profile.technique is None:
        yield from (profile.label, *profile.names)


def _broader(technique: Technique) -> Iterator[str]:
    """The ids, labels and synonyms of the PaNET terms above a technique: who looks for `scattering` means SAXS too."""
    for term in panet.load().ancestors(technique.iri) if technique.iri else ():
        yield term.id
        yield term.label
        yield from term.alt_labels


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
