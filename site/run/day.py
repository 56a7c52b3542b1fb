"""When a run takes place, and the datestamps of OAI-PMH that follow from it: none is later than its run."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from panfair.site.state.ledger import Row

_AHEAD = timedelta(minutes=5)  # what two runs of one second, or a clock that was set back a little, may be ahead


@dataclass(frozen=True)
class Day:
    """When the run takes place: the day that the gate asks for, and the moment that OAI-PMH tells."""

    on: date
    instant: datetime
    live: bool = False
    """Whether the moment is now: then what changed is stamped when the run ends, and not when it began."""
    ahead: bool = False
    """Whether the day is still to come: a preview, which takes every harvest as confirmed."""


def day_of(on: date | None) -> Day:
    """The day of a run: a given one begins at midnight UTC, so that it gives the same bytes whenever it is run."""
    if on is not None:
        return Day(on, datetime.combine(on, time(), UTC), ahead=on > datetime.now(UTC).date())
    now = datetime.now(UTC).replace(microsecond=0)
    return Day(now.date(), now, live=True)


def stamp_of(day: Day, row: Row | None, known: datetime) -> datetime:
    """The datestamp of a record that came or changed; `row` is what stood of it, `known` the source's date of it.

    A first run takes the source's dates, so that two fresh sites are alike; later, a harvester that was here yesterday
    must find what came or changed today, so the moment of the run counts (OAI-PMH 2.0, section 2.5). A source's clock,
    or a slip of the pen, may be years ahead: then the moment of the run counts too.
    """
    stamp = min(known, day.instant)
    if row is not None and not is_ahead(row, day):
        stamp = max(day.instant, datetime.fromisoformat(row.datestamp) + timedelta(seconds=1))
    return stamp.astimezone(UTC).replace(microsecond=0)


def latest_stamp(day: Day) -> str:
    """The latest datestamp that is not `is_ahead` on a day."""
    return (day.instant + _AHEAD).isoformat() if day.live else "9999"


def is_ahead(row: Row, day: Day) -> bool:
    """Whether a row's datestamp is one that only a wrong date of its source can have given it; it is given anew."""
    return row.datestamp > latest_stamp(day)
