"""What a record says against itself: machines take it at its word, or leave it out, and only its curator can mend it.

Each rule answers how many of how many things are so; of a record that says nothing of the kind, none of none.
"""

import re
from collections import Counter
from collections.abc import Iterator

from panfair.ontologies.identifiers import Identifier
from panfair.ontologies.record import Agent, Dataset, Publication

Counted = tuple[int, int]
"""How many are wrong, of how many."""

_HANDLE = re.compile(r"\d+(?:\.\d+)*/\S+")
_ONCE = frozenset({"Available", "Issued", "Created", "Updated", "Submitted", "Accepted", "Withdrawn"})


def ends_before_it_begins(publication: Publication) -> Counted:
    """Of the intervals with both ends, those that run backwards; formats leave them out."""
    parts: tuple[Publication | Dataset, ...] = (publication, *publication.datasets)
    both = [part for part in parts if part.start and part.end]
    return sum(part.measured == (None, None) for part in both), len(both)


def dated_twice(publication: Publication) -> Counted:
    """Of the kinds of dates of which there is one by nature, those with several days."""
    days = Counter(kind for kind, _ in {(other.kind, other.day) for other in publication.other_dates})
    known = {kind: count for kind, count in days.items() if kind in _ONCE}
    return sum(1 for count in known.values() if count > 1), len(known)


def contributors_are_creators(publication: Publication) -> Counted:
    """Of the contributors, those who are creators: what they contributed besides is nothing."""
    creators = {_name(agent) for agent in publication.creators}
    # A role of its own, such as whom to ask, is something besides.
    plain = [agent for agent in publication.contributors if agent.contributor_type in {None, "Other", "Researcher"}]
    return sum(1 for agent in plain if _name(agent) in creators), len(plain)


def no_handles(publication: Publication) -> Counted:
    """Of the identifiers that are called Handles, those that no resolver can know: a prefix, a slash, a suffix."""
    handles = [one for one in _identifiers(publication) if one.scheme == "Handle"]
    return sum(1 for one in handles if not _HANDLE.fullmatch(one.value)), len(handles)


def sized_zero(publication: Publication) -> Counted:
    """Of the datasets with files that give a size, those that give 0 bytes."""
    sized = [one for one in publication.datasets if one.size_bytes is not None and (one.file_count or one.files)]
    return sum(1 for one in sized if one.size_bytes == 0), len(sized)


def _name(agent: Agent) -> str:
    return str(agent.orcid or agent.name.casefold())


def _identifiers(publication: Publication) -> Iterator[Identifier]:
    parts: tuple[Publication | Dataset, ...] = (publication, *publication.datasets)
    found = [related.identifier for related in publication.related]
    found += [dataset.identifier for dataset in publication.datasets]
    for part in parts:
        found += [instrument.identifier for instrument in part.instruments]
        found += [sample.identifier for sample in part.samples]
    yield from (one for one in found if one is not None)
