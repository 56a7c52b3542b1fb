"""Which of ICAT's investigations and data publications have changed since a moment, they or what hangs on them.

Every entity of ICAT has a `modTime`. Records are asked for under the condition that they, or something that hangs on
them, or something that this names (a user, a type of parameter), were modified: a condition needs no right to read what
it is about, so that a public account hears of changes of what it sees along INCLUDE only. What was deleted or moved
away below a record leaves no such trace: `sums` finds it. Changes of lineage several steps away are found by a full
harvest.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Protocol

from panfair.harvesters.reading.values import chunks

_ROWS = 500  # of one answer
_IDS = 100  # of one IN list: the query travels in the address
Kind = tuple[str, str, tuple[str, ...]]
"""An entity, the way to it from the record, and the references of which a change counts as one of it."""
OF_INVESTIGATION: tuple[Kind, ...] = (
    ("Investigation", "", ("", "facility")),
    ("InvestigationUser", "investigationUsers", ("", "user")),
    ("InvestigationInstrument", "investigationInstruments", ("", "instrument")),
    ("InvestigationParameter", "parameters", ("", "type")),
    ("InvestigationFunding", "fundingReferences", ("", "funding")),
    ("StudyInvestigation", "studyInvestigations", ("", "study")),
    ("Keyword", "keywords", ("",)),
    ("Publication", "publications", ("",)),
    ("Sample", "samples", ("", "type")),
    ("SampleParameter", "samples.parameters", ("", "type")),
    ("Dataset", "datasets", ("", "type", "sample")),
    ("DatasetParameter", "datasets.parameters", ("", "type")),
    ("DatasetInstrument", "datasets.datasetInstruments", ("", "instrument")),
    ("DatasetTechnique", "datasets.datasetTechniques", ("", "technique")),
    ("Datafile", "datasets.datafiles", ("", "datafileFormat")),
    ("RelatedDatafile", "datasets.datafiles.sourceDatafiles", ("",)),
    ("RelatedDatafile", "datasets.datafiles.destDatafiles", ("",)),
)
OF_PUBLICATION: tuple[Kind, ...] = (
    ("DataPublication", "", ("", "facility", "type")),
    ("DataPublicationUser", "users", ("", "user")),
    ("Affiliation", "users.affiliations", ("",)),
    ("DataPublicationDate", "dates", ("",)),
    ("DataPublicationFunding", "fundingReferences", ("", "funding")),
    ("RelatedItem", "relatedItems", ("",)),
    ("Subject", "subjects", ("",)),
)
# Being in a data collection makes lineage; what a session has in one: the link, and the way to it.
_LINKS: tuple[Kind, ...] = (
    ("DataCollectionDataset", "datasets.dataCollectionDatasets", ("",)),
    ("DataCollectionDatafile", "datasets.datafiles.dataCollectionDatafiles", ("",)),
    ("DataCollectionInvestigation", "dataCollectionInvestigations", ("",)),
)
# What a publication's data collection holds: the link, the way to it, and the way on to a session.
_MEMBERS = (
    ("DataCollectionDataset", "content.dataCollectionDatasets", "dataset.investigation"),
    ("DataCollectionDatafile", "content.dataCollectionDatafiles", "datafile.dataset.investigation"),
    ("DataCollectionInvestigation", "content.dataCollectionInvestigations", "investigation"),
)
_HELD = "content.dataCollectionDatasets.dataset"
_OF_SESSION = "content.dataCollectionInvestigations.investigation.datasets"
# Datasets that a publication holds may be of sessions that the account does not see.
_CONTENTS: tuple[Kind, ...] = (
    *(
        (entity, f"{held}{way.removeprefix('datasets')}", named)
        for held in (_HELD, _OF_SESSION)
        for entity, way, named in OF_INVESTIGATION
        if way.startswith("datasets")
    ),
    ("Datafile", "content.dataCollectionDatafiles.datafile", ("", "dataset", "datafileFormat")),
)


class Asks(Protocol):
    """What answers queries: `icat.rest.Icat`."""

    def ids(self, query: str) -> list[int]:
        """The numbers that a query finds, ascending. Raises RefusedKindError where the server refuses it."""

    def knows(self, entity: str) -> bool: ...


def changed_investigations(icat: Asks, moment: datetime) -> set[int]:
    """The numbers of the investigations that changed, or of which something changed; new lineage counts as well."""
    return _changed(icat, "Investigation", (*OF_INVESTIGATION, *_LINKS), moment)


def changed_publications(icat: Asks, moment: datetime) -> set[int]:
    """The numbers of the data publications that changed themselves."""
    return _changed(icat, "DataPublication", OF_PUBLICATION, moment)


def with_changed_contents(icat: Asks, moment: datetime, investigations: Iterable[int]) -> set[int]:
    """The numbers of the data publications whose content changed, or that hold anything of these investigations."""
    numbers = _changed(icat, "DataPublication", _CONTENTS, moment)
    for entity, way, on in _MEMBERS:
        if not icat.knows(entity):
            continue
        conditions = [_since("a", moment)]
        conditions += [f"a.{on}.id IN ({','.join(map(str, some))})" for some in chunks(sorted(investigations), _IDS)]
        for condition in conditions:
            numbers.update(_ids(icat, "DataPublication", way, condition))
    return numbers


def joined(record: str, way: str) -> str:
    """A record `i`, and `a` at the end of a way of lists from it, as a FROM clause.

    >>> joined("Investigation", "datasets.parameters")
    'Investigation i JOIN i.datasets s1 JOIN s1.parameters a'
    """
    steps = way.split(".")
    names = ["i", *(f"s{place}" for place in range(1, len(steps))), "a"]
    return f"{record} i " + " ".join(
        f"JOIN {here}.{step} {there}" for here, step, there in zip(names, steps, names[1:], strict=False)
    )


def _changed(icat: Asks, record: str, kinds: Iterable[Kind], moment: datetime) -> set[int]:
    numbers: set[int] = set()
    for entity, way, named in kinds:
        for name in named if icat.knows(entity) else ():
            variable = f"{'a' if way else 'i'}{f'.{name}' if name else ''}"
            numbers.update(_ids(icat, record, way, _since(variable, moment)))
    return numbers


def _since(variable: str, moment: datetime) -> str:
    stamp = moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S +0000")
    return f"{variable}.modTime >= '{stamp}'"


def _ids(icat: Asks, record: str, way: str, where: str) -> Iterator[int]:
    """The numbers of all records that meet a condition about what stands at the end of a way from them."""
    clause, after = joined(record, way) if way else f"{record} i", 0
    while True:
        found = icat.ids(
            f"SELECT DISTINCT i.id FROM {clause} WHERE {where} AND i.id > {after} ORDER BY i.id LIMIT 0,{_ROWS}"  # noqa: S608 - numbers, a moment and our own names only
        )
        yield from found
        if len(found) < _ROWS:
            return
        after = found[-1]
