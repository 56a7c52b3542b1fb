"""What a run did, counted and explained: the summary at the end and the exit status come from here."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be read, or whose answer could not be believed: it stops, and no other."""

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


@dataclass
class Report:
    """The numbers and lines of one run."""

    read: int = 0
    released: int = 0
    unchanged: int = 0
    notices: Counter[str] = field(default_factory=Counter)
    """Records whose DOI has a notice, by the reason why they are closed."""
    written: int = 0
    deleted: int = 0
    withdrawn: int = 0
    withheld: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def all_well(self) -> bool:
        """Whether every source was read and every record could be published or rightly held back."""
        return not self.refused and not self.failed

    def fail(self, source: str, reason: str) -> None:
        """Puts down that a source failed; a reason that begins with its name says it once."""
        self.failed.append(Failure(source, reason.removeprefix(f"{source}: ")))

    def has_failed(self, source: str) -> bool:
        """Whether something was wrong with this source."""
        return any(failure.source == source for failure in self.failed)

    def lines(self) -> list[str]:
        """The summary, a line a fact, in an operator's words."""
        noticed = self.notices.total()
        held = noticed + self.withheld.total()
        lines = [
            f"read        {self.read:>8}",
            f"released    {self.released:>8}  ({self.unchanged} unchanged)",
            f"held back   {held:>8}" + (f"  ({noticed} with a notice under their DOI)" if noticed else ""),
        ]
        reasons = sorted((self.notices + self.withheld).items())
        lines += [f"              {number} because {reason}" for reason, number in reasons]
        lines.append(f"refused     {len(self.refused):>8}")
        lines += [f"              {line}" for line in self.refused[:50]]
        if len(self.refused) > 50:
            lines.append(f"              … and {len(self.refused) - 50} more")
        lines += [
            f"withdrawn   {self.withdrawn:>8}",
            f"written     {self.written:>8}  files ({self.deleted} deleted)",
        ]
        lines += [f"note: {note}" for note in self.notes[:20]]
        if len(self.notes) > 20:
            lines.append(f"note: … and {len(self.notes) - 20} more")
        lines += [f"FAILED: {failure}" for failure in self.failed]
        return lines
