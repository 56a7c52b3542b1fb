"""Which objects must be written and deleted so that a store holds the site, and in which order.

What closed goes first, then content, then what names it (lists, indexes, the home page), and what nothing names any
more last. Killed in between, a reader finds old pages or new ones, no link that leads nowhere, and nothing closed.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from enum import IntEnum

Files = Mapping[str, str]
"""The sha256 of each file by its path below www/."""


class Phase(IntEnum):
    """Steps of one phase may be taken in any order; a phase begins when the one before it has ended."""

    TAKE_AWAY = 0
    CONTENT = 1
    NAMES = 2
    LEFTOVERS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One object to write or to delete."""

    phase: Phase
    path: str
    delete: bool = False


def plan(standing: Files, wanted: Files, uncertain: Set[str] = frozenset()) -> Iterator[Step]:
    """The steps from what stands to what is wanted, phase by phase.

    `uncertain` are paths of which an upload that was killed may have written or deleted any: they are written anew or
    deleted whatever is said of them.
    """
    steps: list[list[Step]] = [[] for _ in Phase]
    gone = {path for path in {*standing, *uncertain} if path not in wanted}
    shrunk = {_record_of(path) for path in gone} - {""}
    for path in sorted(gone):
        phase = Phase.TAKE_AWAY if _record_of(path) else Phase.LEFTOVERS
        steps[phase].append(Step(phase, path, delete=True))
    for path in sorted(wanted):
        if standing.get(path) == wanted[path] and path not in uncertain:
            continue
        phase = _phase(path, known=path in standing, shrunk=_record_of(path) in shrunk)
        steps[phase].append(Step(phase, path))
    for phase in Phase:
        # Within the first phase a page is overwritten before what stood beside it goes.
        yield from sorted(steps[phase], key=lambda step: (step.delete, step.path))


def _record_of(path: str) -> str:
    """The folder of the DOI that a file belongs to; empty for all other files.

    >>> _record_of("doi/10.5072/abc/datasets/scan1/index.html"), _record_of("years/2020/index.html")
    ('doi/10.5072/abc', '')
    """
    parts = path.split("/")
    return "/".join(parts[:3]) if parts[0] == "doi" and len(parts) > 3 else ""


def _phase(path: str, known: bool, shrunk: bool) -> Phase:
    if shrunk:
        return Phase.TAKE_AWAY
    if path.startswith(("doi/", "_panfair/")) or not known:
        return Phase.CONTENT if not path.endswith(_LEADING) else Phase.NAMES
    return Phase.NAMES


_LEADING = ("search/data/manifest.json", "sitemap.xml", ".well-known/resourcesync")
"""What leads to all else, new or not."""
