"""`panfair publish --watch`: publishes what changes, what is withdrawn and what falls due, within a minute of it.

Sources that can tell cheaply that something changed (a harvester's `pulse`) are asked every few seconds, all others
are read again now and then, and just after midnight UTC everything is judged anew, for a release date is a day. A
source that fails is a line and no end. SIGTERM and Ctrl-C end it between two publications, never inside one.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import FrameType

from panfair.harvesters import Context, SourceOptions, harvester
from panfair.ontologies.errors import HarvestError, PanfairError
from panfair.site.config import Config, read_config
from panfair.site.judging import day_of
from panfair.site.progress import Silence
from panfair.site.publish import build, harvest
from panfair.site.report import Report

log = logging.getLogger(__name__)

Say = Callable[[str], None]


def watch_sources(path: Path, every: float, others: float, say: Say, stop: threading.Event | None = None) -> None:
    """Publishes again and again until it is stopped; one line for each publication that changed something.

    Raises ConfigError when panfair.toml is wrong at the beginning; later the settings as they were stay in force.
    """
    stop = stop or threading.Event()
    watch = _Watch(read_config(path), others, say)
    with _stopped_by_signals(stop):
        while not stop.is_set():
            try:
                watch.look()
            except PanfairError as error:
                say(f"{_now()}  FAILED: {error}")
            stop.wait(every)


class _Watch:
    """What is known of the sources since the last look."""

    def __init__(self, config: Config, others: float, say: Say) -> None:
        self.config = config
        self.others = others
        self.say = say
        self.pulses: dict[str, str] = {}
        self.read: dict[str, float] = {}
        self.day: date | None = None

    def look(self) -> None:
        """One look at all sources, and a publication when there is a reason for one."""
        today = datetime.now(UTC).date()
        due = self.day != today
        wanted = {source.name: pulse for source in self.config.sources for pulse in self._wanted(source)}
        if not wanted and not due:
            return
        report = Report()
        harvest(self.config, report, Silence(), only=wanted)
        build(self.config, day_of(None), report, Silence())
        failed = {failure.split(":", 1)[0] for failure in report.failed}
        for name, pulse in wanted.items():
            self.read[name] = time.monotonic()
            if name not in failed and pulse:
                self.pulses[name] = pulse
        self.day = today
        if report.written or report.deleted or report.failed or report.withdrawn:
            told = [f"{report.released} open", f"{report.written} files written", f"{report.deleted} deleted"]
            told += [f"{report.withdrawn} withdrawn"] if report.withdrawn else []
            told += [f"FAILED: {failure}" for failure in report.failed]
            self.say(f"{_now()}  {', '.join(told)}")

    def _wanted(self, source: SourceOptions) -> Iterator[str]:
        """The source's pulse when it has to be read, an empty one when it is time; nothing when it stands."""
        pulse = self._pulse(source)
        if pulse:
            if pulse != self.pulses.get(source.name):
                yield pulse
        elif time.monotonic() - self.read.get(source.name, float("-inf")) >= self.others:
            yield ""

    def _pulse(self, source: SourceOptions) -> str | None:
        ask = getattr(harvester(source.kind), "pulse", None)
        if ask is None:
            return None
        context = Context(self.config.root, self.config.site.contact, self.config.site.extra_doi_prefixes)
        try:
            found: str | None = ask(source, context)
        except HarvestError as error:
            log.warning("%s", error)
            return self.pulses.get(source.name)  # it is asked again at the next look
        return found


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


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
