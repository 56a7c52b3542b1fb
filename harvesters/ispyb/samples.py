"""Samples with their crystal and protein; one whose protein is of another proposal than the session is not shown.

A sample that belongs to nobody's proposal (no crystal, or no protein) is of the session that measured it.
"""

from typing import Any

from panfair.harvesters.ispyb.batch import Batch
from panfair.harvesters.ispyb.readings import parameters
from panfair.harvesters.reading.values import Note, text_in
from panfair.ontologies.record import Parameter, Sample


class Samples:
    """The samples of a batch."""

    def __init__(self, batch: Batch, note: Note) -> None:
        self._batch = batch
        self._note = note

    def of(self, session: Any, sample: Any) -> tuple[Sample, ...]:
        """The sample of this number as a session may show it; nothing where there is none."""
        batch = self._batch
        row = batch.samples.get(sample)
        name = text_in(row.get("name")) if row else None
        if row is None or name is None:
            return ()
        crystal = batch.crystals.get(row.get("crystalId"), {})
        protein = batch.proteins.get(crystal.get("proteinId"), {})
        unknown = (row.get("crystalId") and not crystal) or (crystal.get("proteinId") and not protein)
        if unknown or (protein and protein.get("proposalId") != batch.proposals.get(session)):
            self._note("a sample was left out: its protein is of another proposal than the session")
            return ()
        found = [
            *parameters(batch.db.columns("BLSample"), row),
            *parameters(batch.db.columns("Protein"), protein),
            *parameters(batch.db.columns("Crystal"), crystal),
        ]
        for code in batch.codes.get(protein.get("proteinId"), ()):
            found += parameters(batch.db.columns("PDB"), code)
        return (Sample(name=name, parameters=_each_once(found)),)


def _each_once(found: list[Parameter]) -> tuple[Parameter, ...]:
    return tuple({(one.name, one.value): one for one in found}.values())
