"""Which of ICAT's investigations and data publications have changed since a moment, they or what hangs on them.

Every entity of ICAT has a `modTime`. Each kind is asked by keyset for those that were modified, or that name something
modified (a user, a type of parameter), with the path to the investigation or publication that they belong to. What was
deleted or moved away below a record leaves no such trace: `sums` finds it. Changes of lineage several steps away are
found by a full harvest.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Protocol

from panfair.harvesters.icat.store import Raw
from panfair.harvesters.reading.values import chunks

_ROWS = 500  # of one answer
_IDS = 100  # of one IN list: the query travels in the address
OF_INVESTIGATION = (
    ("Investigation", "", ("", "facility")),
    ("InvestigationUser", "investigation", ("", "user")),
    ("InvestigationInstrument", "investigation", ("", "instrument")),
    ("InvestigationParameter", "investigation", ("", "type")),
    ("InvestigationFunding", "investigation", ("", "funding")),
    ("StudyInvestigation", "investigation", ("", "study")),
    ("Keyword", "investigation", ("",)),
    ("Publication", "investigation", ("",)),
    ("Sample", "investigation", ("", "type")),
    ("SampleParameter", "sample.investigation", ("", "type")),
    ("Dataset", "investigation", ("", "type", "sample")),
    ("DatasetParameter", "dataset.investigation", ("", "type")),
    ("DatasetInstrument", "dataset.investigation", ("", "instrument")),
    ("DatasetTechnique", "dataset.investigation", ("", "technique")),
    ("Datafile", "dataset.investigation", ("", "datafileFormat")),
    ("RelatedDatafile", "destDatafile.dataset.investigation", ("",)),
)
OF_PUBLICATION = (
    ("DataPublication", "", ("", "facility", "type")),
    ("DataPublicationUser", "publication", ("", "user")),
    ("Affiliation", "user.publication", ("",)),
    ("DataPublicationDate", "publication", ("",)),
    ("DataPublicationFunding", "dataPublication", ("", "funding")),
    ("RelatedItem", "publication", ("",)),
    ("Subject", "dataPublication", ("",)),
)
# What is in a data collection: its entity, and the way from it to an investigation.
_MEMBERS = (
    ("DataCollectionDataset", "dataset.investigation"),
    ("DataCollectionDatafile", "datafile.dataset.investigation"),
    ("DataCollectionInvestigation", "investigation"),
)


class Asks(Protocol):
    """What answers queries: `icat_rest.Icat`."""

    max_entities: int

    def ask(self, query: str) -> list[Raw]: ...

    def knows(self, entity: str) -> bool: ...


def changed_investigations(icat: Asks, moment: datetime) -> set[int]:
    """The numbers of the investigations that changed, or of which something changed; new lineage counts as well."""
    numbers = _changed(icat, OF_INVESTIGATION, moment)
    for entity, path in _MEMBERS:
        numbers |= _changed(icat, ((entity, path, ("",)),), moment)
    return numbers


def changed_publications(icat: Asks, moment: datetime) -> set[int]:
    """The numbers of the data publications that changed themselves."""
    return _changed(icat, OF_PUBLICATION, moment)


def changed_collections(icat: Asks, moment: datetime, investigations: Iterable[int]) -> set[int]:
    """The numbers of the data collections that changed, or that hold anything of these investigations."""
    numbers: set[int] = set()
    for entity, path in _MEMBERS:
        if not icat.knows(entity):
            continue
        conditions = [_since("", moment)]
        conditions += [f"a.{path}.id IN ({','.join(map(str, some))})" for some in chunks(sorted(investigations), _IDS)]
        for condition in conditions:
            numbers |= set(_ends(_rows(icat, entity, condition, "dataCollection"), "dataCollection"))
    return numbers


def _changed(icat: Asks, kinds: Iterable[tuple[str, str, tuple[str, ...]]], moment: datetime) -> set[int]:
    """The numbers at the end of a path from entities that were modified, or that name something modified."""
    numbers: set[int] = set()
    for entity, path, named in kinds:
        for name in named if icat.knows(entity) else ():
            numbers |= set(_ends(_rows(icat, entity, _since(name, moment), path), path))
    return numbers


def _since(name: str, moment: datetime) -> str:
    stamp = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S +0000")
    return f"a.{f'{name}.' if name else ''}modTime >= '{stamp}'"


def _rows(icat: Asks, entity: str, where: str, path: str) -> Iterator[Raw]:
    """All entities that meet a condition, with what stands along a path from them."""
    steps = path.split(".") if path else []
    size = max(1, min(_ROWS, icat.max_entities // (1 + len(steps))))
    names = "abcdef"
    include = ", ".join(
        f"{names[number]}.{step}{f' {names[number + 1]}' if number + 1 < len(steps) else ''}"
        for number, step in enumerate(steps)
    )
    after = 0
    while True:
        query = f"SELECT a FROM {entity} a WHERE {where} AND a.id > {after} ORDER BY a.id LIMIT 0,{size}"  # noqa: S608 - numbers, a moment and our own names only
        rows = icat.ask(f"{query} INCLUDE {include}" if include else query)
        yield from rows
        if len(rows) < size:
            return
        after = rows[-1]["id"]


def _ends(rows: Iterable[Raw], path: str) -> Iterator[int]:
    """The numbers of what stands at the end of a path, where the reader may see it."""
    for row in rows:
        end: Any = row
        for step in path.split(".") if path else ():
            end = end.get(step) if isinstance(end, dict) else None
        number = end.get("id") if isinstance(end, dict) else None
        if isinstance(number, int):
            yield number
