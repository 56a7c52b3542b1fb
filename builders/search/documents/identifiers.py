"""Identifiers and file names as the search finds them: each one word, whichever way it is written or copied.

Letters and digits alone are kept, folded: `10.1103/PhysRevB.93.214506`, `arXiv:2001.01234v2` and
`https://hdl.handle.net/20.500.12269/d1` are `101103physrevb93214506`, `200101234` and `2050012269d1`. What a compound
run together makes of a file name is the same word, so that `scan_0001.h5` is found as it is typed.
"""

import re
from collections.abc import Iterable, Iterator

from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Agent, Dataset, File, Publication
from panfair.ontologies.text import fold

RESOLVERS = (
    r"(?:dx\.)?doi\.org/", r"orcid\.org/", r"ror\.org/", r"hdl\.handle\.net/", r"arxiv\.org/(?:abs|pdf)/",
    r"pubmed\.ncbi\.nlm\.nih\.gov/", r"(?:doi\.)?igsn\.org/", r"rcsb\.org/structure/",
    r"ebi\.ac\.uk/(?:emdb|pdbe/entry/pdb)/",
    r"isni\.org/(?:isni/)?", r"n2t\.net/", r"archive\.softwareheritage\.org/",
    r"(?:scicrunch|raid)\.org/(?:resolver/)?", r"identifiers\.org/(?:[a-z.]+[/:])?",
)  # fmt: skip
"""The addresses, behind `https://` and `www.`, at which registries resolve their identifiers."""
PREFIXES = (
    "paper", "file", "identifier", "arxiv", "orcid", "ror", "hdl", "handle", "igsn", "pmid", "pdb", "emdb",
    "isni", "isbn", "rrid", "raid", "cstr", "swhid",
)  # fmt: skip
"""What people write before an identifier, and a colon."""

LEAD = rf"(?:https?://(?:www\.)?(?:{'|'.join(RESOLVERS)})|(?:{'|'.join(PREFIXES)}):(?!//)|https?://(?:www\.)?)+"
"""What stands before an identifier and is not part of it, as an expression that JavaScript reads alike."""
VERSION = r"^([0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[a-z]{2})?/[0-9]{7})v[0-9]+$"
"""An article of arXiv with its version, which people leave out."""
_LEAD = re.compile(rf"(?i){LEAD}")
_VERSION = re.compile(rf"(?i){VERSION}")
_OTHER = re.compile(r"[\W_]+")
_MOST_FILES = 25
"""Of one dataset: as many as its page lists before it folds them."""


def identifier_word(text: str) -> str:
    """The one word that an identifier is found by; empty when it holds neither letter nor digit.

    >>> identifier_word("https://orcid.org/0000-0001-5109-3700"), identifier_word("arXiv:2001.01234v2")
    ('0000000151093700', '200101234')
    """
    found = _LEAD.match(text)
    bare = text[found.end() :] if found else text
    return fold(_OTHER.sub("", _VERSION.sub(r"\1", bare.removesuffix(".pdf"))))


def publication_identifiers(publication: Publication) -> Iterator[str]:
    """The words of all identifiers and file names that a publication's pages show, but its own DOI."""
    yield from _words(_shared(publication))
    yield from _file_words(publication.files)
    for dataset in publication.datasets:
        yield from _words(_of_dataset(dataset))
        yield from _file_words(dataset.files)


def dataset_identifiers(dataset: Dataset, publication: Publication) -> Iterator[str]:
    """The same of one dataset, with those of the people, papers and grants of its publication."""
    yield from _words(_shared(publication))
    yield from _words(_of_dataset(dataset))
    yield from _file_words(dataset.files)


def _words(found: Iterable[str | None]) -> Iterator[str]:
    return (word for text in found if text and (word := identifier_word(text)))


def _shared(publication: Publication) -> Iterator[str | None]:
    people = (*publication.creators, *publication.contributors, publication.publisher)
    for person in people:
        yield from _of_person(person)
    for work in publication.related:
        yield _value(work.identifier)
    for grant in publication.funding:
        yield from (_value(grant.funder_id), grant.award_number, grant.award_url)
    for sample in publication.samples:
        yield _value(sample.identifier)
    for instrument in publication.instruments:
        yield _value(instrument.identifier)
    yield publication.facility.ror if publication.facility else None


def _of_person(person: Agent) -> Iterator[str | None]:
    yield from (person.orcid, person.ror)
    yield from (place.ror for place in person.affiliations)


def _of_dataset(dataset: Dataset) -> Iterator[str | None]:
    yield from (_value(dataset.identifier), dataset.id)
    yield from (_value(sample.identifier) for sample in dataset.samples)
    yield from (_value(instrument.identifier) for instrument in dataset.instruments)
    yield from (_value(link.identifier) for link in dataset.inputs)


def _file_words(files: tuple[File, ...]) -> Iterator[str]:
    for file in files[:_MOST_FILES]:
        yield from _words((file.name.rsplit("/", 1)[-1], file.checksum))


def _value(identifier: Identifier | None) -> str | None:
    return identifier.value if identifier else None
