"""What an examination finds, and the worst that it can be."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How grave a finding is."""

    OK = 0
    LOOK = 1
    """It works, but not as well as it could: something that only some hosts can do, a wider account than needed."""
    FAULT = 2
    """Something that a site promises does not hold."""


@dataclass(frozen=True)
class Finding:
    """One line of the examination."""

    part: str
    """What was looked at: `disk`, `source scicat`, `OAI-PMH`."""
    level: Level
    text: str
    """What is so, and, where it is not well, what to do."""

    def line(self) -> str:
        """The finding as the terminal shows it."""
        return f"{self.level.name.lower():<6} {self.part}: {self.text}"


def ok(part: str, text: str) -> Finding:
    """All is well."""
    return Finding(part, Level.OK, text)


def look(part: str, text: str) -> Finding:
    """Worth a look."""
    return Finding(part, Level.LOOK, text)


def fault(part: str, text: str) -> Finding:
    """Must be mended."""
    return Finding(part, Level.FAULT, text)
