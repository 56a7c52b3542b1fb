"""Data collections as raw datasets: the sweep, the beam, the detector, and the sample."""

from collections.abc import Iterator
from typing import Any

from panfair.harvesters.ispyb.batch import Batch
from panfair.harvesters.ispyb.readings import moment, number, parameters
from panfair.harvesters.ispyb.samples import Samples
from panfair.harvesters.ispyb.tables import Row
from panfair.harvesters.reading.values import text_in
from panfair.ontologies.additions import COLLECTION
from panfair.ontologies.record import Dataset, Parameter, Technique

_CRYO_EM = frozenset({"em", "single particle", "tomography"})


def datasets(batch: Batch, session: Any, samples: Samples) -> Iterator[Dataset]:
    """The collections of a session."""
    for row in batch.collections_of(session):
        group = batch.group_of(row)
        detector = batch.detectors.get(row.get("detectorId"), {})
        found = [
            Parameter(name=COLLECTION, value=str(row["dataCollectionId"])),
            *parameters(batch.db.columns("DataCollectionGroup"), group),
            *parameters(batch.db.columns("DataCollection"), row),
            *parameters(batch.db.columns("Detector"), detector),
        ]
        yield Dataset(
            id=id_of(row["dataCollectionId"]),
            name=_name(row),
            kind="raw",
            kind_said="data collection",
            start=moment(row.get("startTime")),
            end=moment(row.get("endTime")),
            samples=samples.of(session, row.get("blSampleId") or group.get("blSampleId")),
            techniques=techniques(group),
            parameters=tuple(found),
        )


def id_of(collection: Any) -> str:
    """The id of a collection's dataset."""
    return f"collection-{collection}"


def techniques(group: Row) -> tuple[Technique, ...]:
    """The technique that the kind of a group's experiment tells: crystallography unless it is cryo-EM."""
    kind = (text_in(group.get("experimentType")) or "").casefold()
    if not kind:
        return ()
    return (Technique(said="cryo-EM" if kind in _CRYO_EM else "MX"),)


def _name(row: Row) -> str:
    """What the files of a collection are called, without the number of the image."""
    prefix, run = text_in(row.get("imagePrefix")), number(row.get("dataCollectionNumber"))
    if not prefix:
        return id_of(row["dataCollectionId"])
    return prefix if run is None else f"{prefix}_{run}"
