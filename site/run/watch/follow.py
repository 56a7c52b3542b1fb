"""`panfair publish --watch`: publishes what changes, what is withdrawn and what falls due, within a minute of it.

Sources that can tell cheaply that something changed (a harvester's `pulse`) are asked every few seconds, all others
are read again now and then, and just after midnight UTC all are read and judged anew, for a release date is a day. A
source that fails is a line and no end. SIGTERM and Ctrl-C end it between two records of a harvest or after a
publication, never inside one.
"""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from datetime import time as clock_time
from pathlib import Path
from types import FrameType
from typing import TypeVar

from panfair.ontologies.errors import ConfigError, HarvestError, NothingReadError, PanfairError
from panfair.site.config.settings import Config, read_config
from panfair.site.run.day import Day
from panfair.site.run.harvesting import harvest
from panfair.site.run.plugin_faults import unforeseen
from panfair.site.run.progress import Silence
from panfair.site.run.publish import build
from panfair.site.run.report import Report
from panfair.site.run.watch.plan import Plan

Say = Callable[[str], None]
Mirrored = Callable[[Config, Report], Callable[[], None]]
"""What brings an object store up to date after each commit of a run."""
_T = TypeVar("_T")
_CLOCKS_AGREE = clock_time(0, 10)
_AFTER_REFUSAL = 60.0  # seconds: a site that is locked, or would shrink, is not tried again at once


def _now() -> datetime:
    return datetime.now(UTC)


def _unmirrored(config: Config, report: Report) -> Callable[[], None]:
    return lambda: None


def watch_sources(
    path: Path,
    every: float,
    others: float,
    say: Say,
    stop: threading.Event | None = None,
    clock: Callable[[], datetime] = _now,
    mirrored: Mirrored = _unmirrored,
) -> None:
    """Publishes again and again until it is stopped; one line for each publication that changed something.

    `every` are the seconds between two looks, `others` those after which a source is read again that does not tell of
    changes. Raises ConfigError when panfair.toml is wrong; a change of it counts after a new start.
    """
    stop = stop or threading.Event()
    watch = _Watch(read_config(path), others, say, stop, clock, mirrored)
    with _stopped_by_signals(stop):
        while not stop.is_set():
            pause = every
            try:
                watch.look()
            except PanfairError as error:
                watch.tell_once(f"FAILED: {error}")
                pause = max(every, _AFTER_REFUSAL)
            stop.wait(pause)


class _Stoppable(Silence):
    """Ends a harvest between two records when the watch is to end: the next one goes on from its checkpoint."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__()
        self.stop = stop

    def count(
        self, step: str, items: Iterator[_T], expected: int = 0, counts: Callable[[_T], bool] = lambda _: True
    ) -> Iterator[_T]:
        for item in items:
            if self.stop.is_set():
                raise HarvestError(f"{step}: stopped")
            yield item


class _Watch:
    """What is known of the sources and of the day since the watch began."""

    def __init__(
        self,
        config: Config,
        others: float,
        say: Say,
        stop: threading.Event,
        clock: Callable[[], datetime],
        mirrored: Mirrored = _unmirrored,
    ) -> None:
        self.config = config
        self.say = say
        self.stop = stop
        self.clock = clock
        self.mirrored = mirrored
        self.plans = [Plan(source, others) for source in config.sources]
        self.day: tuple[date, bool] | None = None
        self.failures: set[str] = set()

    def look(self) -> None:
        """One look at all sources, and a publication when there is a reason for one."""
        now = self.clock().astimezone(UTC).replace(microsecond=0)
        # A catalogue whose clock is a little late still has yesterday just after midnight: it is read once more.
        day = now.date(), now.time() >= _CLOCKS_AGREE
        new_day = self.day != day
        new_date = self.day is None or self.day[0] != day[0]
        report = Report()
        wanted = []
        for plan in self.plans:
            plan.due = plan.due or new_date or (new_day and not plan.silent)
            try:
                if plan.wants(self.config, time.monotonic()):
                    wanted.append(plan)
            except HarvestError as error:
                plan.failed(time.monotonic())
                report.fail(plan.source.name, str(error))
            except ConfigError:
                raise
            except Exception as error:
                plan.failed(time.monotonic())
                report.fail(plan.source.name, unforeseen(plan.source.name, error))
        if wanted:
            # Read on the clock by which it is judged: what falls due today is confirmed by a look of today.
            harvest(self.config, report, _Stoppable(self.stop), only=[one.source.name for one in wanted], began=now)
            for plan in wanted:
                if report.has_failed(plan.source.name):
                    plan.failed(time.monotonic())
                else:
                    plan.was_read(time.monotonic())
        if self.stop.is_set():
            return
        if wanted or new_day:
            with suppress(NothingReadError):  # why no source could be read is told below
                day_now = Day(now.date(), now, live=True)
                build(self.config, day_now, report, Silence(), mirror=self.mirrored(self.config, report))
            self.day = day
        self._tell(report)

    def tell_once(self, text: str) -> None:
        """A line about what is wrong, unless the last one said the same."""
        if text not in self.failures:
            self.say(f"{self._moment()}  {text}")
        self.failures.add(text)

    def _tell(self, report: Report) -> None:
        """One line, when something was published or something else is wrong than before."""
        failures = set(map(str, report.failed))
        parts = [f"{report.released} open", report.file_words()]
        parts += [f"{report.withdrawn} withdrawn"] if report.withdrawn else []
        parts += [f"FAILED: {failure}" for failure in sorted(failures)]
        if report.written or report.deleted or report.withdrawn or failures - self.failures:
            self.say(f"{self._moment()}  {', '.join(parts)}")
        # A source that rests after a failure has not told it this time.
        self.failures = failures | self.failures if any(plan.failures for plan in self.plans) else failures

    def _moment(self) -> str:
        return self.clock().astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")


@contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """While it lasts SIGTERM and SIGINT end the watch after what is under way; in the main thread only."""

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
