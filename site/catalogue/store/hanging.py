"""What hangs on a session or a publication and is replaced whole: who paid for it, and other works."""

from collections.abc import Iterable
from typing import Literal

from panfair.site.catalogue.store.entries import FundingEntry, WorkEntry
from panfair.site.catalogue.store.row_writer import Rows


class Hanging(Rows):
    """The part of `Writer` that puts them."""

    def put_funding(
        self, owner: Literal["investigation", "publication"], row: int, entries: Iterable[FundingEntry]
    ) -> None:
        """These in the place of those that were there, in their order, each once."""
        self._db.execute(f"DELETE FROM funding WHERE {owner} = ?", (row,))
        for one in dict.fromkeys(entries):
            self._insert("funding", {owner: row} | one.model_dump())

    def put_works(self, owner: Literal["investigation", "publication"], row: int, entries: Iterable[WorkEntry]) -> None:
        """The same of related works."""
        self._db.execute(f"DELETE FROM related_work WHERE {owner} = ?", (row,))
        for one in dict.fromkeys(entries):
            self._insert("related_work", {owner: row} | one.model_dump())
