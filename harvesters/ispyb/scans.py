"""Energy scans and fluorescence spectra, as raw datasets: they belong to a session, and seldom to a sample."""

from collections.abc import Iterator
from typing import Any

from panfair.harvesters.ispyb.batch import Batch
from panfair.harvesters.ispyb.readings import moment, parameters
from panfair.harvesters.ispyb.samples import Samples
from panfair.harvesters.reading.values import text_in
from panfair.ontologies.record import Dataset, Technique

_SCANS = (
    ("EnergyScan", "energyScanId", "energyscan", "energy scan", "XANES"),
    ("XFEFluorescenceSpectrum", "xfeFluorescenceSpectrumId", "spectrum", "fluorescence spectrum", "XRF"),
)


def datasets(batch: Batch, session: Any, samples: Samples) -> Iterator[Dataset]:
    """The scans and spectra of a session."""
    for (table, key, prefix, kind, technique), rows in zip(_SCANS, (batch.scans, batch.spectra), strict=True):
        for row in rows:
            if row["sessionId"] != session:
                continue
            words = (text_in(row.get("element")), text_in(row.get("edgeEnergy")))
            yield Dataset(
                id=f"{prefix}-{row[key]}",
                name=" ".join(filter(None, (kind.capitalize(), *words, str(row[key])))),
                kind="raw",
                kind_said=kind,
                start=moment(row.get("startTime")),
                end=moment(row.get("endTime")),
                samples=samples.of(session, row.get("blSampleId")),
                techniques=(Technique(said=technique),),
                parameters=tuple(parameters(batch.db.columns(table), row)),
            )
