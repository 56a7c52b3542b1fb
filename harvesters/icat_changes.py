"""Which of ICAT's investigations and data publications have changed since a moment, they or what hangs on them.

Every entity of ICAT has a `modTime`. Each kind is asked by keyset for those that were modified, with the path to the
investigation or publication that they belong to. What was deleted leaves no trace: a full harvest finds that.
"""

from datetime import UTC, datetime
from typing import Any, Protocol

from panfair.harvesters.icat_store import Raw

_ROWS = 500
_PATHS: dict[str, tuple[tuple[str, str], ...]] = {
    "Investigation": (
        ("Investigation", ""),
        ("InvestigationUser", "investigation"),
        ("InvestigationInstrument", "investigation"),
        ("InvestigationParameter", "investigation"),
        ("InvestigationFunding", "investigation"),
        ("Keyword", "investigation"),
        ("Publication", "investigation"),
        ("Sample", "investigation"),
        ("SampleParameter", "sample.investigation"),
        ("Dataset", "investigation"),
        ("DatasetParameter", "dataset.investigation"),
        ("DatasetInstrument", "dataset.investigation"),
        ("DatasetTechnique", "dataset.investigation"),
        ("Datafile", "dataset.investigation"),
    ),
    "DataPublication": (
        ("DataPublication", ""),
        ("DataPublicationUser", "publication"),
        ("DataPublicationDate", "publication"),
        ("DataPublicationFunding", "dataPublication"),
        ("RelatedItem", "publication"),
        ("Subject", "publication"),
    ),
}


class Asks(Protocol):
    """What answers queries: `icat_rest.Icat`."""

    max_entities: int

    def ask(self, query: str) -> list[Raw]: ...

    def knows(self, entity: str) -> bool: ...


def changed_since(icat: Asks, moment: datetime) -> dict[str, frozenset[int]]:
    """The numbers of the investigations and of the data publications that changed, by kind.

    When anything of an investigation changed, data publications count as changed too if they hold data collections:
    what they show of datasets may be what changed; so all of them are read again.
    """
    found: dict[str, frozenset[int]] = {}
    for kind, paths in _PATHS.items():
        numbers: set[int] = set()
        for entity, path in paths:
            if icat.knows(entity):
                numbers |= _changed(icat, entity, path, moment)
        found[kind] = frozenset(numbers)
    if found["Investigation"] and icat.knows("DataPublication"):
        found["DataPublication"] = _Every()
    return found


class _Every(frozenset[int]):
    """All numbers."""

    def __contains__(self, number: object) -> bool:
        return True


def _changed(icat: Asks, entity: str, path: str, moment: datetime) -> set[int]:
    stamp = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S +0000")
    include = tuple(".".join(path.split(".")[: step + 1]) for step in range(len(path.split(".")))) if path else ()
    size = max(1, min(_ROWS, icat.max_entities // (1 + len(include))))
    numbers: set[int] = set()
    after = 0
    while True:
        rows = icat.ask(_query(entity, stamp, after, size, include))
        for row in rows:
            owner: Any = row
            for step in path.split(".") if path else ():
                owner = owner.get(step) if isinstance(owner, dict) else None
            number = owner.get("id") if isinstance(owner, dict) else None
            if isinstance(number, int):
                numbers.add(number)
        if len(rows) < size:
            return numbers
        after = rows[-1]["id"]


def _query(entity: str, stamp: str, after: int, size: int, include: tuple[str, ...]) -> str:
    where = f"a.modTime >= '{stamp}' AND a.id > {after}"
    query = f"SELECT a FROM {entity} a WHERE {where} ORDER BY a.id LIMIT 0,{size}"  # noqa: S608 - our own names only
    if not include:
        return query
    names = "abcdef"
    steps = [
        f"{names[number]}.{step.rpartition('.')[2]}{f' {names[number + 1]}' if number + 1 < len(include) else ''}"
        for number, step in enumerate(include)
    ]
    return f"{query} INCLUDE {', '.join(steps)}"
