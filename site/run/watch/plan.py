"""When a watched source is to be read: what it last told of changes, and how long it is left alone after a failure."""

from dataclasses import dataclass

from panfair.harvesters import Context, SourceOptions, harvester
from panfair.site.config.settings import Config

_FIRST_REST = 15.0  # seconds after a failure; each next one is twice as long
_LONGEST_REST = 300.0


@dataclass
class Plan:
    """What is known of one source since the watch began. Moments are seconds of a clock that never goes back."""

    source: SourceOptions
    others: float
    """Seconds after which it is read again, if it does not tell of changes."""
    due: bool = True
    """Whether it has to be read whatever it tells: at the beginning, and when a new day has begun."""
    pulse: str | None = None
    """What it told when it was last read to its end."""
    silent: bool = False
    """Whether it cannot tell of changes: then it is not asked every few seconds."""
    read_at: float = float("-inf")
    rests_until: float = float("-inf")
    failures: int = 0
    _answer: str | None = None

    def wants(self, config: Config, now: float) -> bool:
        """Whether it is to be read now. Raises HarvestError when it was asked for changes and did not answer."""
        if now < self.rests_until:
            return False
        if not self.silent:
            self._answer = self._ask(config)
            self.silent = self._answer is None
        if self.due:
            return True
        return now - self.read_at >= self.others if self.silent else self._answer != self.pulse

    def was_read(self, now: float) -> None:
        """It was read to its end."""
        self.due, self.failures, self.read_at, self.pulse = False, 0, now, self._answer

    def failed(self, now: float) -> None:
        """It did not answer: it is left alone for a while, and then read whatever it tells."""
        self.rests_until = now + min(_LONGEST_REST, _FIRST_REST * 2**self.failures)
        self.failures = min(self.failures + 1, 10)
        self.due = True

    def _ask(self, config: Config) -> str | None:
        ask = getattr(harvester(self.source.kind), "pulse", None)
        if ask is None:
            return None
        found: str | None = ask(self.source, Context(config.root, config.site.contact))
        return found
