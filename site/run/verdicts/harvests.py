"""The last harvests as one run judges them: only the lines are read that may be judged otherwise than they were.

A record is passed by where its source says the same as last time, in the same code's eyes, and no day concerns it. Open
ones stand in the ledger with all that this takes; of those that are not open and never were, the ledger keeps here what
a run has to know of them without reading them: why they are closed, and two keyed digests of what names them.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from panfair.harvesters import Refused, Withdrawn
from panfair.site.config.settings import Config
from panfair.site.run.day import Day, latest_stamp
from panfair.site.run.verdicts.additions import INPUT, Additions
from panfair.site.state.harvest_file import (
    DAMAGED,
    END,
    HEADER,
    RECORDS,
    Added,
    Line,
    Spooled,
    read_line,
    refused,
    spool_folder,
)
from panfair.site.state.spool_index import attach, distrust

_OPEN = (
    "INSERT OR IGNORE INTO temp.same SELECT line.key, 1 FROM spool.line CROSS JOIN record"
    " ON record.state = 'open' AND record.key = line.key"
    f" WHERE line.source = :source AND line.kind = 'P' AND record.source = :source AND record.input = {INPUT}"
    " AND record.gate = :gate AND record.judged_on <= :on AND :on < record.judged_until AND record.datestamp <= :latest"
    " AND line.key NOT IN (SELECT key FROM temp.duplicate)"
)
_CLOSED = (
    "INSERT OR IGNORE INTO temp.same SELECT line.key, 0 FROM spool.line CROSS JOIN closed_verdict AS closed USING (key)"
    " LEFT JOIN record ON record.state = 'notice' AND record.key = line.key"
    f" WHERE line.source = :source AND line.kind = 'P' AND closed.source = :source AND closed.input = {INPUT}"
    " AND closed.gate = :gate AND closed.judged_on <= :confirmed AND :on < closed.judged_until"
    " AND line.key NOT IN (SELECT key FROM temp.duplicate)"
    f" AND iif(closed.noticed, record.source = :source AND record.input = {INPUT} AND record.gate = :gate"
    " AND record.datestamp <= :latest, NOT EXISTS (SELECT 1 FROM record WHERE record.key = line.key))"
)


@dataclass(frozen=True, slots=True)
class Closed:
    """What is kept of a record that is closed, and of which nothing is shown but perhaps a notice."""

    source_id: str
    until: date
    """The first day on which the gate may judge it otherwise."""
    noticed: bool
    reason: str
    names: tuple[bytes, bytes]
    """Digests of its key in its source and of its title: see `renamed_dois`."""


class Harvests:
    """The harvests of one run, in the ledger's open connection."""

    def __init__(self, config: Config, connection: sqlite3.Connection, day: Day, gate: str) -> None:
        self._config = config
        self._db = connection
        self._day = day
        self._gate = gate
        attach(connection, spool_folder(config), (source.name for source in config.sources))
        self._additions = Additions(config, connection)
        for table in ("same", "duplicate", "seen"):
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")
        connection.execute("CREATE TEMP TABLE same (key TEXT PRIMARY KEY, open INTEGER NOT NULL) WITHOUT ROWID")
        connection.execute("CREATE TEMP TABLE duplicate (key TEXT PRIMARY KEY) WITHOUT ROWID")
        connection.execute("CREATE TEMP TABLE seen (key TEXT PRIMARY KEY) WITHOUT ROWID")

    def duplicates(self, sources: Iterable[str]) -> set[str]:
        """The DOI keys that more than one record of these sources names; none of them is passed by."""
        names = list(sources)
        self._db.execute("DELETE FROM temp.duplicate")
        self._db.execute(
            "INSERT INTO temp.duplicate SELECT key FROM spool.line WHERE kind = 'P'"
            f" AND source IN ({', '.join('?' for _ in names)}) GROUP BY key HAVING count(*) > 1",
            names,
        )
        return {key for (key,) in self._db.execute("SELECT key FROM temp.duplicate")}

    def pass_by(self, source: str, confirmed: date) -> tuple[int, Counter[str], Counter[str]]:
        """Finds the records of a source that need no judging: how many are open, how many have a notice, by the reason,
        and how many have none. `confirmed` is the last day that its harvest speaks for.
        """
        values = {
            "source": source,
            "gate": self._gate,
            "on": self._day.on.isoformat(),
            "confirmed": confirmed.isoformat(),
            "latest": latest_stamp(self._day),
        }
        self._db.execute(_OPEN, values)
        self._db.execute(_CLOSED, values)
        self._db.execute("INSERT OR IGNORE INTO temp.seen SELECT key FROM temp.same")
        return self._count_open(source), *self._count_closed(source)

    def see(self, key: str) -> None:
        """Notes that a source names a record; those that none names are not in `temp.seen`."""
        self._db.execute("INSERT OR IGNORE INTO temp.seen VALUES (?)", (key,))

    def _count_open(self, source: str) -> int:
        """How many open records of a source were passed by."""
        found = self._db.execute(
            "SELECT count(*) FROM temp.same JOIN record USING (key) WHERE open AND state = 'open' AND source = ?",
            (source,),
        )
        return int(found.fetchone()[0])

    def _count_closed(self, source: str) -> tuple[Counter[str], Counter[str]]:
        """How many closed records of a source were passed by, by reason: those with a notice, and those without."""
        counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        for noticed, reason, number in self._db.execute(
            "SELECT noticed, reason, count(*) FROM closed_verdict JOIN temp.same USING (key)"
            " WHERE source = ? AND NOT open GROUP BY noticed, reason",
            (source,),
        ):
            counts[not noticed][reason] += number
        return counts

    def names(self) -> Iterator[tuple[str, str, str]]:
        """Source, key there and DOI's key of every record of which no line said anything new."""
        yield from self._db.execute(
            "SELECT source, source_id, key FROM temp.same JOIN record USING (key) WHERE state = 'open' AND open"
            " UNION ALL SELECT source, source_id, key FROM temp.same JOIN closed_verdict USING (key) WHERE NOT open"
            " UNION ALL SELECT source, source_id, key FROM record"
            " WHERE state = 'tombstone' OR key NOT IN (SELECT key FROM temp.seen)"
        )

    def closed_names(self, source: str) -> Iterator[tuple[str, tuple[bytes, bytes]]]:
        """The DOI's keys of closed records that were passed by, with the digests of what names them."""
        for key, *names in self._db.execute(
            "SELECT key, by_id, by_title FROM temp.same JOIN closed_verdict USING (key) WHERE source = ? AND NOT open",
            (source,),
        ):
            yield key, (names[0], names[1])

    def others(self, source: str) -> Iterator[tuple[int, Spooled | Added | Refused | Withdrawn]]:
        """All else that a source says, each with its place; of additions those that are joined to no record.

        Raises DamagedHarvestError.
        """
        found = self._db.execute(
            "SELECT place, kind, key, digest, start, length FROM spool.line WHERE source = ?"
            " AND kind NOT IN (?, ?) AND NOT (kind = 'P' AND key IN (SELECT key FROM temp.same)) ORDER BY place",
            (source, HEADER, END),
        )
        lines = found.fetchall()
        yield from self._read(
            source, (one for one in lines if one[1] != "A" or self._additions.belongs_to_nothing(source, one[2]))
        )

    def of_key(self, source: str, key: str) -> Iterator[tuple[int, Spooled]]:
        """The records of a source that name a DOI, each with its place. Raises DamagedHarvestError."""
        found = self._db.execute(
            "SELECT place, kind, key, digest, start, length FROM spool.line WHERE kind = 'P' AND key = ? AND source = ?"
            " ORDER BY place",
            (key, source),
        )
        for place, item in self._read(source, found.fetchall()):
            assert isinstance(item, Spooled)
            yield place, item

    def remember(self, source: str, item: Spooled, judged_on: date, closed: Closed) -> None:
        """Keeps what the next runs have to know of a closed record in order to pass it by."""
        self._db.execute(
            "INSERT OR REPLACE INTO closed_verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (item.key, source, closed.source_id, item.digest, self._gate, judged_on.isoformat(),
             closed.until.isoformat(), closed.noticed, closed.reason, *closed.names),
        )  # fmt: skip

    def forget(self, key: str) -> None:
        """Forgets a closed record: it is open."""
        self._db.execute("DELETE FROM closed_verdict WHERE key = ?", (key,))

    def forget_others(self) -> None:
        """Forgets the closed records that no harvest names any more."""
        self._db.execute(
            "DELETE FROM closed_verdict WHERE NOT EXISTS"
            " (SELECT 1 FROM spool.line WHERE line.key = closed_verdict.key AND line.kind = 'P')"
        )

    def _read(
        self, source: str, lines: Iterable[tuple[int, str, str, str, int, int]]
    ) -> Iterator[tuple[int, Spooled | Added | Refused | Withdrawn]]:
        with (spool_folder(self._config) / f"{source}.jsonl").open("rb") as file:
            for place, kind, key, digest, start, length in lines:
                line = Line(kind, key, digest, start, length)
                item = _read_at(file, line) if kind in RECORDS else None
                if item is None:
                    if kind in RECORDS:
                        distrust(spool_folder(self._config))
                        line = line._replace(kind=DAMAGED)
                    raise refused(line, source, place)
                yield place, self._additions.joined(source, item, self._addition) if isinstance(item, Spooled) else item

    def _addition(self, source: str, place: int) -> Added:
        """The addition at a place of a source. Raises DamagedHarvestError."""
        found = self._db.execute(
            "SELECT place, kind, key, digest, start, length FROM spool.line WHERE source = ? AND place = ?",
            (source, place),
        )
        ((_place, item),) = self._read(source, found.fetchall())
        assert isinstance(item, Added)
        return item


def _read_at(file: BinaryIO, line: Line) -> Spooled | Added | Refused | Withdrawn | None:
    """What stands there; None when it is not what the index says."""
    file.seek(line.start)
    try:
        item = read_line(file.read(line.length))
    except (ValueError, KeyError, TypeError):  # pydantic's and orjson's errors are ValueErrors
        return None
    if isinstance(item, Spooled | Added) and (item.key, item.digest) != (line.key, line.digest):
        return None
    return item
