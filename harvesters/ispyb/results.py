"""What programs made of collections: integration and scaling by shell, refinement, phasing, as processed datasets.

One dataset a result, however many sweeps it was integrated from; a program that ended without a result is one, too.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from panfair.harvesters.ispyb import sweeps
from panfair.harvesters.ispyb.batch import Batch
from panfair.harvesters.ispyb.readings import (
    as_fractions,
    correlations_are_percent,
    file_name,
    moment,
    number,
    parameters,
    program_of,
    status_of,
)
from panfair.harvesters.ispyb.samples import Samples
from panfair.harvesters.ispyb.tables import Row
from panfair.ontologies.record import Dataset, DatasetLink, File, Parameter

_SHELLS = {"overall": "overall", "innershell": "inner", "outershell": "outer"}
_FILES = frozenset({"result", "graph"})


def datasets(batch: Batch, programs: Iterable[Any], samples: Samples) -> Iterator[Dataset]:
    """The results of some programs, those first that others were made from."""
    later = []
    for program in programs:
        found = batch.results_of[program]
        scalings = [(row, one["autoProcScalingId"]) for row in found for one in batch.scalings_of[row["autoProcId"]]]
        if not scalings and not found:
            later.append(program)
            continue
        for number_of_it, (row, scaling) in enumerate(scalings or [(one, None) for one in found]):
            yield _scaled(batch, program, row, scaling, samples, with_files=number_of_it == 0)
    for program in later:
        yield _unscaled(batch, program, samples)
    known = set(programs)
    for run in batch.runs_of[None]:
        if batch.program_of_scaling.get(run["autoProcScalingId"]) in known:
            yield _nameless(batch, run)


def _scaled(batch: Batch, program: Any, result: Row, scaling: Any, samples: Samples, with_files: bool) -> Dataset:
    integrations = batch.integrations_of_scaling.get(scaling) or batch.integrations_of_program[program]
    found = parameters(batch.db.columns("AutoProc"), result)
    names = {one.name for one in found}
    if len(integrations) == 1:  # of several sweeps none is the result's
        found += [
            one for one in parameters(batch.db.columns("AutoProcIntegration"), integrations[0]) if one.name not in names
        ]
    found += parameters(batch.db.columns("AutoProcScaling"), batch.scalings.get(scaling, {}))
    shells = batch.shells.get(scaling, [])
    if correlations_are_percent(shells):
        shells = [as_fractions(row) for row in shells]
    for row in shells:
        if shell := _SHELLS.get(str(row["scalingStatisticsType"]).casefold()):
            found += parameters(batch.db.columns("AutoProcScalingStatistics"), row, shell)
    sources = sorted({one["dataCollectionId"] for one in integrations}) or batch.sources[program]
    return _dataset(batch, program, _id(program, scaling), sources, found, samples, with_files, "integration")


def _unscaled(batch: Batch, program: Any, samples: Samples) -> Dataset:
    """A program without an integration: what refined or phased a result, or one that gave none."""
    runs = batch.runs_of[program]
    found = [one for run in runs for one in parameters(batch.db.columns("MXMRRun"), run)]
    whole = _dataset(
        batch, program, _id(program, None), batch.sources[program], found, samples, True,
        "molecular replacement and refinement" if runs else "processing",
    )  # fmt: skip
    if runs:
        scalings = dict.fromkeys(run["autoProcScalingId"] for run in runs if run.get("autoProcScalingId"))
        links = (_link_to(batch, one) for one in scalings)
        return whole.model_copy(update={"inputs": tuple(links)})
    return whole


def _nameless(batch: Batch, run: Row) -> Dataset:
    """A refinement of which no program is known (ESRF)."""
    return Dataset(
        id=f"refinement-{run['mxMRRunId']}",
        name="Refinement",
        kind="processed",
        kind_said="molecular replacement and refinement",
        parameters=tuple(_each_once(parameters(batch.db.columns("MXMRRun"), run))),
        inputs=(_link_to(batch, run["autoProcScalingId"]),),
    )


def _dataset(
    batch: Batch, program: Any, name: str, sources: list[Any], found: list[Parameter], samples: Samples,
    with_files: bool, kind: str,
) -> Dataset:  # fmt: skip
    row = batch.programs[program]
    short, long = program_of(row.get("processingPrograms"))
    status = status_of(row.get("processingStatus"))
    started, ended = moment(row.get("processingStartTime")), moment(row.get("processingEndTime"))
    groups = [batch.group_of(batch.collections[one]) for one in sources if one in batch.collections]
    return Dataset(
        id=name,
        name=short or "Processing",
        kind="processed",
        kind_said=kind,
        start=started,
        end=ended,
        techniques=sweeps.techniques(groups[0]) if groups else (),
        parameters=tuple(_each_once([*parameters(batch.db.columns("AutoProcProgram"), row), *found])),
        files=tuple(_files(batch, program)) if with_files else (),
        inputs=tuple(_collection(batch, one) for one in sources),
        software=(long,) if long else (),
        # What still runs has no result; an old row that says nothing and has one is done.
        complete=status in ("success", "failed") or (status is None and bool(found)),
    )


def _files(batch: Batch, program: Any) -> Iterator[File]:
    for row in batch.attachments.get(program, ()):
        kind = str(row["fileType"] or "").casefold()
        if kind in _FILES and not number(row.get("deleted")) and (name := file_name(row.get("fileName"))):
            yield File(name=name, description=kind)


def _id(program: Any, scaling: Any) -> str:
    return f"program-{program}" if scaling is None else f"result-{scaling}"


def _collection(batch: Batch, key: Any) -> DatasetLink:
    return DatasetLink(id=sweeps.id_of(key))


def _link_to(batch: Batch, scaling: Any) -> DatasetLink:
    """The result of a scaling, which stands before what was made from it."""
    return DatasetLink(id=_id(batch.program_of_scaling.get(scaling), scaling))


def _each_once(found: list[Parameter]) -> list[Parameter]:
    return list({one.name: one for one in found}.values())
