"""What sources add to the records of others, as one run joins it: before anything is judged, and in one place only.

A record with additions counts as another one than without: its digest has theirs behind its own, here and in the
ledger. So whatever the other source or this one says anew has the record judged again.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from panfair.harvesters import AddingOptions
from panfair.ontologies.additions import joined
from panfair.ontologies.record import canonical, publication_from
from panfair.site.config.settings import Config
from panfair.site.run.leaks.closings import all_texts
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.run.report import Report
from panfair.site.state.harvest_file import Added, Spooled, addition_in

INPUT = (
    "(line.digest || coalesce((SELECT added.digest FROM temp.added"
    " WHERE added.source = line.source AND added.key = line.key), ''))"
)
"""SQL: what the ledger calls the input of a record of `spool.line`."""

NOT_RELEASED = "the source that they add to tells no such session"
"""Why an addition is not shown."""


class _Place(NamedTuple):
    source: str
    place: int


class Additions:
    """The additions in the last harvests, by the record that they belong to."""

    def __init__(self, config: Config, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._places: dict[tuple[str, str], list[_Place]] = defaultdict(list)
        self.adding = {one.name: one.adds_to for one in config.sources if isinstance(one, AddingOptions)}
        """By the name of a source that adds, that of the other source."""
        digests: dict[tuple[str, str], str] = defaultdict(str)
        for source, other in self.adding.items():
            for place, key, digest in connection.execute(
                "SELECT place, key, digest FROM spool.line"
                " WHERE source = ? AND kind = 'A' AND key != '' ORDER BY place",
                (source,),
            ):
                self._places[other, key].append(_Place(source, place))
                digests[other, key] += digest
        connection.execute("DROP TABLE IF EXISTS temp.added")
        connection.execute(
            "CREATE TEMP TABLE added (source TEXT, key TEXT, digest TEXT, PRIMARY KEY (source, key)) WITHOUT ROWID"
        )
        rows = ((source, key, digest) for (source, key), digest in digests.items())
        connection.executemany("INSERT INTO temp.added VALUES (?, ?, ?)", rows)

    def joined(self, source: str, item: Spooled, read: Callable[[str, int], Added]) -> Spooled:
        """The record of a source with all that is added to it; `read` gives the addition at a place of a source."""
        places = self._places.get((source, item.key))
        if not places:
            return item
        found = [read(one.source, one.place) for one in places]
        whole = joined(publication_from(item.body), map(addition_in, found))
        return Spooled(item.key, item.digest + "".join(one.digest for one in found), canonical(whole))

    def belongs_to_nothing(self, source: str, key: str) -> bool:
        """Whether an addition of a source has no record that it is joined to."""
        if not key:
            return True
        found = self._db.execute(
            "SELECT 1 FROM spool.line WHERE kind = 'P' AND key = ? AND source = ?", (key, self.adding.get(source, ""))
        )
        return found.fetchone() is None


def hold(source: str, item: Added, field: str, report: Report, leaks: LeakTables) -> None:
    """Closes all words of an addition that no record has: nobody has released what it is about.

    `field` is what would release it.
    """
    addition = addition_in(item)
    report.hold(report.withheld, source, NOT_RELEASED, field)
    # Its name there is made of proposal and visit, which an open record may tell, each by itself.
    texts = [(name, text) for name, text in all_texts(addition) if name != "source_id"]
    leaks.close(f"{source}: {addition.source_id}", texts)
