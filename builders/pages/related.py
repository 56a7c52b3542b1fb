"""Related works as pages show them: grouped by relation in words, cited as people cite, each with a link."""

import re
from dataclasses import dataclass

from panfair.builders.html.language import tr
from panfair.builders.html.words import RELATION_WORDS
from panfair.builders.pages.tables import identifier_address, identifier_words
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Publication, Related

_VERSIONS = frozenset(
    {"IsNewVersionOf", "IsPreviousVersionOf", "HasVersion", "IsVersionOf", "IsObsoletedBy", "Obsoletes"}
)


@dataclass(frozen=True, slots=True)
class RelatedWork:
    """One work: text, link, text; the link's words are part of the citation where the citation names the address."""

    before: str
    link: str
    address: str
    after: str


@dataclass(frozen=True, slots=True)
class RelatedGroup:
    """The works of one relation."""

    relation: str
    works: tuple[RelatedWork, ...]


def related_groups(publication: Publication) -> tuple[RelatedGroup, ...]:
    """All related works but other versions of this one, in the order of `RELATION_WORDS`."""
    return _groups([related for related in publication.other_works if related.relation not in _VERSIONS])


def version_groups(publication: Publication, known: frozenset[str] = frozenset()) -> tuple[RelatedGroup, ...]:
    """The other versions of this publication, but for DOIs (their keys) that are shown already."""
    return _groups(
        [
            related
            for related in publication.other_works
            if related.relation in _VERSIONS
            and not (
                related.identifier and related.identifier.scheme == "DOI" and Doi(related.identifier.value).key in known
            )
        ]
    )


def _groups(relations: list[Related]) -> tuple[RelatedGroup, ...]:
    found: dict[str, list[RelatedWork]] = {}
    for related in relations:
        work = related_work(related)
        works = found.setdefault(related.relation, [])
        if work is not None and work not in works:
            works.append(work)
    order = list(RELATION_WORDS)
    return tuple(
        RelatedGroup(tr(RELATION_WORDS[relation]), tuple(works))
        for relation, works in sorted(found.items(), key=lambda item: order.index(item[0]))
        if works
    )


def related_work(related: Related) -> RelatedWork | None:
    """How one work is shown; None when the source says nothing of it but the relation."""
    address, words = identifier_address(related.identifier), identifier_words(related.identifier)
    citation = related.citation or ""
    if related.title and related.title not in citation:
        citation = f"{related.title}. {citation}" if citation else related.title
    if not citation:
        return RelatedWork("", words, address, "") if words else None
    if not address or related.identifier is None:
        return RelatedWork(citation + (f" ({words})" if words else ""), "", "", "")
    lead = r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?" if related.identifier.scheme == "DOI" else ""
    named = re.search(lead + re.escape(related.identifier.value), citation, re.IGNORECASE)
    if named:
        return RelatedWork(citation[: named.start()], named[0], address, citation[named.end() :])
    return RelatedWork(citation + " ", words, address, "")
