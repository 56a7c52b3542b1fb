"""Characterisations: what a program found in a few images, and the strategy that it proposed, as processed datasets.

Several programs look at one collection, and each is one dataset. One that names a collection of another group than
its own is left out: nobody can tell whose it is.
"""

from collections.abc import Iterator
from typing import Any

from panfair.harvesters.ispyb import sweeps
from panfair.harvesters.ispyb.batch import Batch
from panfair.harvesters.ispyb.readings import parameters, program_of
from panfair.harvesters.ispyb.samples import Samples
from panfair.harvesters.ispyb.tables import Row
from panfair.harvesters.reading.values import Note
from panfair.ontologies.record import Dataset, DatasetLink, Parameter


def datasets(batch: Batch, session: Any, samples: Samples, note: Note) -> Iterator[Dataset]:
    """The characterisations of a session."""
    for row in batch.screenings:
        collections = _collections(batch, row)
        if collections is None:
            note("a characterisation was left out: its collection and its group are not of one session")
        elif {batch.session_of[one] for one in collections} == {session}:
            yield _dataset(batch, row, collections)


def _collections(batch: Batch, row: Row) -> list[Any] | None:
    """The collections that a characterisation is of; None where it names some of which that is in doubt."""
    collection, group = row.get("dataCollectionId"), row.get("dataCollectionGroupId")
    if collection is None:
        return [one for one, found in batch.collections.items() if found["dataCollectionGroupId"] == group]
    known = batch.collections.get(collection)
    if known is None or (group is not None and known["dataCollectionGroupId"] != group):
        return None
    return [collection]


def _dataset(batch: Batch, row: Row, collections: list[Any]) -> Dataset:
    short, long = program_of(row.get("programVersion"))
    return Dataset(
        id=f"screening-{row['screeningId']}",
        name=f"{short or 'Characterisation'} strategy",
        kind="processed",
        kind_said="characterisation",
        techniques=sweeps.techniques(batch.group_of(batch.collections[collections[0]])),
        parameters=tuple(_parameters(batch, row)),
        inputs=tuple(DatasetLink(id=sweeps.id_of(one)) for one in collections),
        software=(long,) if long else (),
    )


def _parameters(batch: Batch, row: Row) -> list[Parameter]:
    found = [Parameter(name="MX_characterisation_id", value=str(row["screeningId"]))]
    for output in batch.outputs.get(row["screeningId"], ()):
        found += parameters(batch.db.columns("ScreeningOutput"), output)
        for lattice in batch.lattices.get(output["screeningOutputId"], ()):
            found += parameters(batch.db.columns("ScreeningOutputLattice"), lattice)
        for strategy in batch.strategies.get(output["screeningOutputId"], ()):
            found += parameters(batch.db.columns("ScreeningStrategy"), strategy)
            for wedge in batch.wedges.get(strategy["screeningStrategyId"], ()):
                found += parameters(batch.db.columns("ScreeningStrategyWedge"), wedge)
                for part in batch.subwedges.get(wedge["screeningStrategyWedgeId"], ()):
                    found += parameters(batch.db.columns("ScreeningStrategySubWedge"), part)
    first: dict[str, Parameter] = {}
    for one in found:  # of a strategy of several wedges the first, where the beam goes first
        first.setdefault(one.name, one)
    return list(first.values())
