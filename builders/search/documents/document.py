"""What the search indexes need of a released publication: one document for it, and one for each of its datasets.

A document is plain JSON, so that a run can spool it: its words by field, its facets, its numbers, and what a result
shows. The publication's document holds its datasets' words: a search finds the publication, whichever of its parts
speaks of the thing. A dataset's document holds its publication's people, place and title beside its own words.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from panfair.builders.addresses import dataset_folders
from panfair.builders.card import Card, card_of
from panfair.builders.html.list_kind import shelves_of
from panfair.builders.search.documents.facets import (
    can_be_shown,
    detail_labels,
    element_labels,
    format_labels,
    has_labels,
    instrument_labels,
    licence_labels,
    people_labels,
    sample_labels,
    technique_labels,
)
from panfair.builders.search.documents.text import NO_PATHS, Paths, dataset_text, publication_text
from panfair.builders.techniques.summary import blocks
from panfair.ontologies import techniques
from panfair.ontologies.embargo import Released
from panfair.ontologies.quantities import values_of
from panfair.ontologies.record import Dataset, Publication, Technique

JSON = str | int | float | bool | None | list["JSON"] | dict[str, "JSON"]

_MOST_CREATORS = 60
_MOST_NUMBERS = 3
_MOST_DAYS = 500
_LONGEST_NUMBER = 60  # characters


@dataclass(frozen=True, slots=True)
class Documents:
    """What the indexes take of one publication."""

    publication: dict[str, JSON]
    datasets: list[dict[str, JSON]]


def documents(released: Released, paths: Paths = NO_PATHS) -> Documents:
    """All documents of a publication; `paths` are those of arrays in the files of each dataset, by the dataset's id."""
    return Documents(document(released, paths), list(dataset_documents(released, paths)))


def document(released: Released, paths: Paths = NO_PATHS) -> dict[str, JSON]:
    """One publication as the index takes it.

    `key` (the DOI's key), `owner` (the same), `doi`, `page`, `text` (field name to words), `facets` (facet name to
    labels), `numbers` (quantity to its values in SI; `files` and `measured`), `year`, `day` (ISO 8601, when it opened,
    or empty), `size_bytes`, `files`, `datasets`, and `title`, `creators` (the first), `creator_count` (of all),
    `abstract`, `instruments`, `techniques`, `facility`, `told` (what a technique's reader looks for: label and words)
    for showing. The same release, the same document.
    """
    publication = released.publication
    card = card_of(released, "", shelves_of(released))
    parts: tuple[Publication | Dataset, ...] = (publication, *publication.datasets)
    used = [technique for part in parts for technique in part.techniques]
    instruments = instrument_labels(instrument for part in parts for instrument in part.instruments)
    samples = [sample for part in parts for sample in part.samples]
    rights = [one for part in parts for one in part.rights]
    return {
        **_common(publication, card),
        "key": publication.doi.key,
        "page": publication.doi.page,
        "title": publication.title,
        "abstract": publication.abstract or "",
        "instruments": list(instruments),
        "techniques": _names(used),
        "told": _summary_lines(used, parts),
        "size_bytes": card.size_bytes,
        "files": card.files,
        "datasets": card.datasets,
        "numbers": {**_numbers(publication, parts), **_counted(card.files, parts)},
        "facets": {
            "technique": list(technique_labels(used)),
            "instrument": list(instruments),
            "facility": [card.facility] if card.facility else [],
            "element": list(element_labels(samples)),
            "kind": [publication.kind],
            "has": list(has_labels(publication, publication.datasets)),
            "format": list(format_labels(file for part in parts for file in part.files)),
            "licence": list(licence_labels(rights)),
            "detail": list(
                detail_labels((one, one.techniques or publication.techniques) for one in publication.datasets)
            ),
            "people": list(people_labels((*publication.creators, *publication.contributors))),
            "sample": list(sample_labels(samples)),
        },
        "text": {**publication_text(publication, paths)},
    }


def dataset_documents(released: Released, paths: Paths = NO_PATHS) -> Iterator[dict[str, JSON]]:
    """The datasets of a publication, in its order: the same keys as `document`, and `publication`, its title.

    `key` is the DOI's key, `#`, and the folder of the dataset; `owner` the DOI's key; `page` the dataset's page, or
    the publication's where the dataset has none.
    """
    publication = released.publication
    common = _common(publication, card_of(released, "", shelves_of(released)))
    for dataset, folder in zip(publication.datasets, dataset_folders(publication), strict=True):
        used = dataset.techniques or publication.techniques
        instruments = instrument_labels(dataset.instruments or publication.instruments, publication.instruments)
        samples = dataset.samples or publication.samples
        size = dataset.size_bytes or sum(file.size_bytes or 0 for file in dataset.files)
        files = dataset.file_count or len(dataset.files)
        present: dict[str, object] = {
            "files": files,
            "preview": can_be_shown(dataset.files),
            "orcid": any(person.orcid for person in publication.creators),
            "licence": dataset.rights or publication.rights,
            "abstract": dataset.description,
            "samples": samples,
        }
        yield {
            **common,
            "key": f"{publication.doi.key}#{folder}",
            "page": f"{publication.doi.page}datasets/{folder}/" if dataset.described else publication.doi.page,
            "title": dataset.name,
            "publication": publication.title,
            "abstract": dataset.description or "",
            "instruments": list(instruments),
            "techniques": _names(used),
            "told": _summary_lines(used, (dataset,)),
            "size_bytes": size,
            "files": files,
            "datasets": 1,
            "numbers": {**_numbers(publication, (dataset,)), **_counted(files, (dataset,))},
            "facets": {
                "technique": list(technique_labels(used)),
                "instrument": list(instruments),
                "facility": [common["facility"]] if common["facility"] else [],
                "element": list(element_labels(samples)),
                "kind": [dataset.kind],
                "has": [name for name, found in present.items() if found],
                "format": list(format_labels(dataset.files)),
                "licence": list(licence_labels(dataset.rights or publication.rights)),
                "detail": list(detail_labels([(dataset, used)])),
            },
            "text": {**dataset_text(dataset, publication, paths)},
        }


def _common(publication: Publication, card: Card) -> dict[str, JSON]:
    """What a publication's document shares with those of its datasets."""
    return {
        "owner": publication.doi.key,
        "doi": str(publication.doi),
        "creators": [creator.name for creator in publication.creators[:_MOST_CREATORS]],
        "creator_count": len(publication.creators),
        "year": publication.publication_year,
        "day": card.day if _is_day(card.day) else "",
        "facility": card.facility,
        "superseded": card.superseded,
    }


def _names(found: tuple[Technique, ...] | list[Technique]) -> list[JSON]:
    return list(dict.fromkeys(technique.name for technique in found))


def _numbers(publication: Publication, parts: tuple[Publication | Dataset, ...]) -> dict[str, JSON]:
    return {key: list(found) for key, found in values_of(publication, parts).items()}


def _counted(files: int, parts: Iterable[Publication | Dataset]) -> dict[str, JSON]:
    """How many files there are, and the days on which measuring began or ended, as `documents.fields.COUNTED` says."""
    days = {moment.date().toordinal() for part in parts for moment in (part.start, part.end) if moment}
    return {"files": [files] if files else [], "measured": [*sorted(days)[:_MOST_DAYS]]}


def _summary_lines(
    used: tuple[Technique, ...] | list[Technique], parts: tuple[Publication | Dataset, ...]
) -> list[JSON]:
    """The first lines of the techniques' summaries, such as `Energy` and `12.4 keV (1 Å)`."""
    profiles = techniques.load().of_all(dict.fromkeys(used))
    lines = [line for block in blocks(profiles, parts) for line in block.lines]
    short = [(label, cell.words) for label, cell in lines if len(cell.words) <= _LONGEST_NUMBER]
    return [[label, words] for label, words in short[:_MOST_NUMBERS]]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
