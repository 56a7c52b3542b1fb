"""What a run did to records, source by source: which opened, changed, closed and went, each with its address.

Counts are of all; of each source and outcome the first thousand records are named. No title is told: what closed may be
named to its operator by its key and its DOI, and by nothing else.
"""

import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Literal, get_args

from panfair.builders.portal import Portal
from panfair.ontologies.identifiers import Doi

Outcome = Literal["opened", "changed", "narrowed", "closed", "withdrawn", "noticed"]
"""`narrowed`: open as before, but a dataset of it closed; `noticed`: closed as before, with a new notice, or another
one."""
_OF_KIND: dict[str, Outcome] = {
    "new": "opened",
    "due": "opened",
    "changed": "changed",
    "narrowed": "narrowed",
    "closed": "closed",
    "gone": "withdrawn",
}
_NAMED = 1000
_IN_THE_SUMMARY = 5


@dataclass(frozen=True, slots=True)
class Concerned:
    """One record, as an operator finds it."""

    source_id: str
    doi: str
    url: str


@dataclass
class Outcomes:
    """Those of one run, of both commits; what the first one did to a record is what counts."""

    counts: Counter[tuple[str, Outcome]] = field(default_factory=Counter)
    """By source and outcome."""
    records: dict[tuple[str, Outcome], list[Concerned]] = field(default_factory=lambda: defaultdict(list))
    taken_away: set[str] = field(default_factory=set)
    """The keys that the first commit told of."""

    def tell(self, connection: sqlite3.Connection, portal: Portal, first_commit: bool = False) -> None:
        """Takes in the change set of a commit that is about to be."""
        found = connection.execute(
            "SELECT change.key, change.kind, record.source, record.source_id, before.key IS NOT NULL FROM temp.change"
            " JOIN record ON record.key = change.key LEFT JOIN temp.before ON before.key = change.key"
            " ORDER BY change.key"
        )
        for key, kind, source, source_id, was_open in found:
            if key in self.taken_away:
                continue
            outcome = "noticed" if kind == "closed" and not was_open else _OF_KIND[kind]
            if first_commit:
                self.taken_away.add(key)
            elif outcome == "narrowed":
                outcome = "changed"  # by another gate: nothing of it closed
            self.counts[source, outcome] += 1
            named = self.records[source, outcome]
            if len(named) < _NAMED:
                named.append(Concerned(source_id, key, portal.url(Doi.parse(key).page)))

    def lines(self) -> list[str]:
        """A line for each outcome of each source, with the addresses of the first records."""
        lines = []
        for outcome in get_args(Outcome):
            for source in sorted(source for source, one in self.counts if one == outcome):
                number = self.counts[source, outcome]
                lines.append(f"{outcome:<12}{number:>8}  of {source}")
                named = self.records[source, outcome]
                lines += [f"              {one.source_id}  {one.url}" for one in named[:_IN_THE_SUMMARY]]
                if number > _IN_THE_SUMMARY:
                    lines.append(f"              … and {number - _IN_THE_SUMMARY} more")
        return lines

    def as_json(self, source: str) -> dict[str, object]:
        """Those of one source: for each outcome its number, and the records that are named."""
        return {
            outcome: {
                "count": self.counts[source, outcome],
                "records": [
                    {"id": one.source_id, "doi": one.doi, "url": one.url}
                    for one in self.records.get((source, outcome), ())
                ],
            }
            for outcome in get_args(Outcome)
        }
