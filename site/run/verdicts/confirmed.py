"""The last day that each source's harvest speaks for: what falls due later may be under embargo again by now.

A record whose day came after its source was last read stays closed until a harvest has confirmed it; the report says
how many do, and since when the source was not read.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from panfair.site.config.settings import Config
from panfair.site.state.harvest_file import harvested_on


class Confirmed:
    """The days, and what waits for them."""

    def __init__(self, config: Config, on: date, ahead: bool) -> None:
        """`ahead`: the run is a preview of a day to come, and takes every harvest as confirmed."""
        names = [source.name for source in config.sources]
        self._on = on
        self._read = {name: harvested_on(config, name) or on for name in names if not ahead}
        self._grace = timedelta(days=config.harvest.grace_days)
        self._waiting: Counter[str] = Counter()

    def day(self, source: str) -> date:
        """The day on which the gate judges the records of a source: today, or the last that its harvest speaks for."""
        return min(self._on, self._read.get(source, self._on) + self._grace)

    def waits(self, source: str) -> None:
        """Notes that a record of the source would be open, had its source been read since its day."""
        self._waiting[source] += 1

    def tell(self, note: Callable[[str], None]) -> None:
        """A line for the report for each source with such records."""
        for source, count in sorted(self._waiting.items()):
            note(
                f"{source}: {count} of its records fall due and stay closed: it was last read on {self._read[source]}, "
                "before their day; run `panfair harvest`"
            )
