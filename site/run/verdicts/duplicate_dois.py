"""Which record counts where several name one DOI, in one source or in two: the first that is not open, else the first.

Known before anything is judged, so that the ledger never holds the other for a moment, nor a new date every night.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from panfair.ontologies.record import Publication, publication_from
from panfair.site.run.verdicts.harvests import Harvests


@dataclass(frozen=True, slots=True)
class Counting:
    """The record that counts for a DOI."""

    source: str
    place: int
    """Its place in the harvest of its source, from 0."""
    source_id: str
    is_open: bool


class DuplicateRecords:
    """The open records that a second source tells, too: each is shown once, as the first source tells it."""

    def __init__(self) -> None:
        self._dois: dict[tuple[str, str], list[str]] = {}

    def add(self, first: str, second: str, doi: str) -> None:
        """Notes a record of two sources."""
        self._dois.setdefault((first, second), []).append(doi)

    def tell(self, note: Callable[[str], None]) -> None:
        """A line for the report for each pair of sources."""
        for (first, second), dois in sorted(self._dois.items()):
            named = ", ".join(dois[:3]) + (", …" if len(dois) > 3 else "")
            what = f"{len(dois)} open record{'s are' if len(dois) > 1 else ' is'}"
            note(f"{what} told by {first} and by {second}, and shown once, as {first} tells them: {named}")


def counting(harvests: Harvests, sources: Iterable[str], is_open: Callable[[Publication], bool]) -> dict[str, Counting]:
    """The record that counts, by the DOI's key, of those DOIs only that more than one record names."""
    sources = tuple(sources)
    found: dict[str, Counting] = {}
    for key in harvests.duplicates(sources):
        for source, place, item in ((one, *read) for one in sources for read in harvests.of_key(one, key)):
            known = found.get(key)
            if known is not None and not known.is_open:
                break
            try:
                publication = publication_from(item.body)
                source_id, opened = publication.source_id, is_open(publication)
            except ValueError:  # nobody can tell what it says, so not that it is open
                source_id, opened = "", False
            if known is None or not opened:
                found[key] = Counting(source, place, source_id, opened)
    return found
