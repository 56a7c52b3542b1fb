"""Records that stand closed under another DOI than the one they had: the old DOI's tombstone may not name them.

Comes in: each record that is closed today. Goes out: which pages of DOIs that are gone would show its title and people.
A record is known again by its key in its source, and where that is the DOI itself, by its title.
"""

import hashlib
from collections.abc import Iterator

from panfair.ontologies.embargo import Tombstone, restated
from panfair.ontologies.record import Publication
from panfair.ontologies.text import fold
from panfair.site.state.ledger import Ledger, Row


class RenamedDois:
    """What is closed today, by source and key and by source and title; digests only."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._closed: dict[bytes, set[str]] = {}
        """The DOIs' keys by digest."""

    def close(self, publication: Publication) -> None:
        """Notes that this record is closed today."""
        for name in _names(publication.source, publication.source_id, publication.title):
            self._closed.setdefault(name, set()).add(publication.doi.key)

    def stands_closed(self, row: Row, title: str) -> bool:
        """Whether the record of a page, with the title that the page shows, is closed under another DOI."""
        names = _names(row.source, row.source_id, title)
        return any(self._closed.get(name, set()) - {row.key} for name in names)

    def tombstones(self) -> Iterator[Row]:
        """The tombstones that name a record which stands closed under another DOI."""
        for row in self._ledger.rows("state = 'tombstone'") if self._closed else ():
            shown = restated(row.content)
            if isinstance(shown, Tombstone) and shown.citation and self.stands_closed(row, shown.citation.title):
                yield row


def _names(source: str, source_id: str, title: str) -> tuple[bytes, bytes]:
    return _digest(source, "id", source_id), _digest(source, "title", fold(title))


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()
