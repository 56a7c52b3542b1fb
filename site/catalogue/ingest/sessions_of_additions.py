"""Sessions of a database that has no DOIs (`ontologies.additions`), for the live core and for ICAT: one shape of both.

Everything is sessions, samples, datasets, parameters, files and inputs, whatever the technique. What has no place in
these is told, never passed over.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from panfair.ontologies.additions import Addition
from panfair.ontologies.record import Dataset, Parameter
from panfair.site.catalogue.ingest.documents import (
    CatalogueDocument,
    DatasetDocument,
    InstrumentDocument,
    SessionDocument,
)
from panfair.site.catalogue.store.entries import (
    FacilityEntry,
    FileEntry,
    ParameterEntry,
    SampleEntry,
    TechniqueEntry,
)

_NUMBER = re.compile(r"session (\d+)")
Lost = Callable[[str], None]
"""Takes a line about what had no place."""


def document_of(addition: Addition, facility: str, lost: Lost) -> CatalogueDocument | None:
    """A session with what stands in it; None, and a line, for what is of no single session.

    It has no release date, so it is closed until somebody sets one.
    """
    number = _NUMBER.search(addition.source_id)
    if not addition.proposal or number is None:
        lost(f"{addition.source_id}: {len(addition.datasets)} datasets are of no single session of a proposal")
        return None
    names = _names(addition.datasets)
    session = SessionDocument(
        facility=facility,
        name=addition.proposal,
        visit_id=addition.session or number[1],
        title=addition.title or addition.proposal,
        start=addition.start,
        instruments=(addition.instrument,) if addition.instrument else (),
        samples=tuple(_samples(addition, lost)),
        datasets=tuple(_dataset(one, names, addition, lost) for one in addition.datasets),
    )
    instruments = (InstrumentDocument(facility=facility, name=addition.instrument),) if addition.instrument else ()
    return CatalogueDocument(facilities=(FacilityEntry(name=facility),), instruments=instruments, sessions=(session,))


def _names(datasets: tuple[Dataset, ...]) -> dict[str, str]:
    """A name for each dataset, by its id: in ICAT no two of a session may share one."""
    often = Counter(dataset.name.casefold() for dataset in datasets)
    return {one.id: one.name if often[one.name.casefold()] == 1 else f"{one.name} ({one.id})" for one in datasets}


def _samples(addition: Addition, lost: Lost) -> Iterator[SampleEntry]:
    found: dict[str, SampleEntry] = {}
    for dataset in addition.datasets:
        for sample in dataset.samples:
            entry = SampleEntry(name=sample.name, formula=sample.formula, parameters=_parameters(sample.parameters))
            if found.setdefault(sample.name, entry) != entry:
                lost(f"{addition.source_id}: sample {sample.name}: another sample of this name says otherwise")
    yield from found.values()


def _dataset(dataset: Dataset, names: dict[str, str], addition: Addition, lost: Lost) -> DatasetDocument:
    inputs = [names[link.id] for link in dataset.inputs if link.id in names]
    if len(inputs) < len(dataset.inputs):
        lost(f"{addition.source_id}: {names[dataset.id]}: something that it was made from is not there")
    if len(dataset.samples) > 1:
        lost(f"{addition.source_id}: {names[dataset.id]}: {len(dataset.samples) - 1} more samples; a dataset has one")
    return DatasetDocument(
        name=names[dataset.id],
        type=dataset.kind,
        complete=dataset.complete,
        sample=dataset.samples[0].name if dataset.samples else None,
        instrument=addition.instrument,
        start=dataset.start,
        end=dataset.end,
        techniques=tuple(TechniqueEntry(name=one.said) for one in dataset.techniques),
        parameters=(
            *_parameters(dataset.parameters),
            *(ParameterEntry(name="software", value=one) for one in dataset.software),
        ),
        files=tuple(FileEntry(name=one.name, description=one.description) for one in dataset.files),
        made_from=tuple(inputs),
    )


def _parameters(parameters: tuple[Parameter, ...]) -> tuple[ParameterEntry, ...]:
    return tuple(ParameterEntry(name=one.name, value=str(one.value), units=one.unit) for one in parameters)
