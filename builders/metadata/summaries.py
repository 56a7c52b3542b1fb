"""What formats say a record is, in one text: the source's own words, or what is known of it where they are too few.

Dataset search engines take a description of SHORTEST to LONGEST characters (Google, "Dataset structured data"), and
most standards demand one. A record without an abstract is told by its title, what it holds, how, where and by whom.
"""

from collections.abc import Sequence

from panfair.builders.metadata.description import Device, Term
from panfair.builders.metadata.terms import DATASET_KIND_WORDS, KIND_WORDS
from panfair.ontologies.record import Dataset, Publication
from panfair.ontologies.text import shortened

SHORTEST, LONGEST = 50, 5000
"""Characters."""
_MOST_NAMED = 5


def summary_of(
    publication: Publication, techniques: Sequence[Term], devices: Sequence[Device], file_count: int | None
) -> str:
    """The abstract, else the methods, lengthened by the title and the facts where it is too short; cut at a word."""
    text = publication.abstract or publication.methods or ""
    if len(text) < SHORTEST:
        text = f"{publication.title}: {text}" if text else ""
    if len(text) < SHORTEST:
        text = text or publication.title
        text = f"{text.rstrip('.')}. {_facts(publication, techniques, devices, file_count)}"
    return shortened(text, LONGEST)


def has_own_summary(publication: Publication) -> bool:
    """Whether the source's own words are enough of a description."""
    return max(len(publication.abstract or ""), len(publication.methods or "")) >= SHORTEST


def part_summary(dataset: Dataset, publication: Publication) -> str:
    """What the source says of a dataset, lengthened by what it is a part of where that is too short; cut at a word."""
    text = dataset.description or ""
    if len(text) < SHORTEST:
        part = f"{DATASET_KIND_WORDS[dataset.kind]} “{dataset.name}” of “{publication.title}”"
        part = f"{part}, published by {publication.publisher.name} in {publication.publication_year}."
        text = f"{text.rstrip('.')}. {part}" if text else part
    return shortened(text, LONGEST)


def _facts(
    publication: Publication, techniques: Sequence[Term], devices: Sequence[Device], file_count: int | None
) -> str:
    """One sentence: what, how many, how, where, when, by whom, under which DOI (which makes it long enough)."""
    counts = [
        f"{count} {word}{'s' if count != 1 else ''}"
        for count, word in ((len(publication.datasets), "dataset"), (file_count or 0, "file"))
        if count
    ]
    said = [KIND_WORDS[publication.kind] + (f" of {' with '.join(counts)}" if counts else "")]
    if techniques:
        said.append(f"measured by {_listed([term.name for term in techniques])}")
    places = [device.name for device in devices]
    if publication.facility:
        places.append(publication.facility.full_name or publication.facility.name)
    if places:
        said.append(f"at {_listed(list(dict.fromkeys(places)), ', ')}")
    year = publication.publication_year
    return f"{' '.join(said)}, published by {publication.publisher.name} in {year} under the DOI {publication.doi}."


def _listed(names: list[str], last: str = " and ") -> str:
    """The names as a sentence has them; of many, the first and how many more."""
    if len(names) > _MOST_NAMED:
        names = [*names[:_MOST_NAMED], f"{len(names) - _MOST_NAMED} more"]
    return last.join(filter(None, (", ".join(names[:-1]), names[-1])))
