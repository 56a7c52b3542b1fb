"""Records that stand closed under another DOI than the one they had: the old DOI's tombstone may not name them.

Comes in: each record that is closed today. Goes out: which pages of DOIs that are gone would show its title and people.
A record is known again by its key in its source, and where that is the DOI itself, by its title.
"""

from collections.abc import Iterable, Iterator

from panfair.ontologies.embargo import Tombstone, restated
from panfair.ontologies.record import Publication
from panfair.ontologies.text import fold
from panfair.site.run.leaks.words import Digests
from panfair.site.state.ledger import Ledger, Row


class RenamedDois:
    """What is closed today, by source and key and by source and title; keyed digests only."""

    def __init__(self, ledger: Ledger, digests: Digests) -> None:
        self._ledger = ledger
        self._digests = digests
        self._closed: dict[bytes, set[str]] = {}
        """The DOIs' keys by digest."""

    def close(self, publication: Publication) -> None:
        """Notes that this record is closed today."""
        self.close_names(publication.doi.key, self.names_of(publication))

    def close_names(self, key: str, names: Iterable[bytes]) -> None:
        """The same of a record that is known by its DOI's key and `names_of` it."""
        for name in names:
            self._closed.setdefault(name, set()).add(key)

    def stands_closed(self, row: Row, title: str) -> bool:
        """Whether the record of a page, with the title that the page shows, is closed under another DOI."""
        names = self._names(row.source, row.source_id, title)
        return any(self._closed.get(name, set()) - {row.key} for name in names)

    def tombstones(self) -> Iterator[Row]:
        """The tombstones that name a record which stands closed under another DOI."""
        for row in self._ledger.rows("state = 'tombstone'") if self._closed else ():
            shown = restated(row.content)
            if isinstance(shown, Tombstone) and shown.citation and self.stands_closed(row, shown.citation.title):
                yield row

    def names_of(self, publication: Publication) -> tuple[bytes, bytes]:
        """The digests of what names a record: its key in its source, and its title there."""
        return self._names(publication.source, publication.source_id, publication.title)

    def _names(self, source: str, source_id: str, title: str) -> tuple[bytes, bytes]:
        both = ("id", source_id), ("title", fold(title))
        by_id, by_title = (self._digests.of("\0".join((source, *one))) for one in both)
        return by_id, by_title
