"""Cryo-electron microscopy: a collection has thousands of movies, so what was made of them is told by means and counts.

Motion correction, contrast transfer and particle picking are one processed dataset each.
"""

from collections.abc import Iterator
from typing import Any

from panfair.harvesters.ispyb import sweeps
from panfair.harvesters.ispyb.batch import Batch
from panfair.harvesters.ispyb.readings import parameters
from panfair.ontologies.record import Dataset, DatasetLink, Parameter

_FROM = "FROM {Movie} m JOIN {MotionCorrection} c ON c.movieId = m.movieId"
_STEPS = (
    ("MotionCorrection", "motion-correction", "EMMotionCorrection_total_mrc_number", "", ("Movie.movieId",)),
    ("CTF", "ctf", "EMCTF_total_ctf_number", " JOIN {CTF} t ON t.motionCorrectionId = c.motionCorrectionId", ()),
    (
        "ParticlePicker", "particle-picking", "EMParticlePicking_micrographs",
        " JOIN {ParticlePicker} t ON t.firstMotionCorrectionId = c.motionCorrectionId", (),
    ),
)  # fmt: skip
"""Table, id, the parameter that counts, how it is joined, and what else that takes."""
_SAID = {
    "motion-correction": "motion correction",
    "ctf": "CTF estimation",
    "particle-picking": "particle picking",
}


def datasets(batch: Batch, session: Any) -> Iterator[Dataset]:
    """What was made of the movies of a session's collections."""
    db = batch.db
    if not db.has("Movie.movieId", "Movie.dataCollectionId", "MotionCorrection.movieId"):
        return
    collections = {row["dataCollectionId"]: row for row in batch.collections_of(session)}
    wanted = [
        key
        for key, row in collections.items()
        if any(one.said == "cryo-EM" for one in sweeps.techniques(batch.group_of(row)))
    ]
    for table, name, count, join, _also in _STEPS:
        columns = [column for column in db.columns(table) if column.reading in ("mean", "sum")]
        if not columns:
            continue
        alias = "t" if join else "c"
        means = ", ".join(
            f"{'SUM' if column.reading == 'sum' else 'AVG'}({alias}.`{column.column}`) AS `{column.column}`"
            for column in columns
        )
        for key in wanted:
            statement = f"SELECT COUNT(*) AS number, {means} {_FROM}{join} WHERE m.dataCollectionId = %s"
            (row,) = db.select(statement, [key])
            if row["number"]:
                yield Dataset(
                    id=f"{name}-{key}",
                    name=_SAID[name].capitalize() if name != "ctf" else _SAID[name],
                    kind="processed",
                    kind_said=_SAID[name],
                    techniques=sweeps.techniques(batch.group_of(collections[key])),
                    parameters=(Parameter(name=count, value=row["number"]), *parameters(columns, _rounded(row))),
                    inputs=(DatasetLink(id=sweeps.id_of(key)),),
                )


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value is None else float(f"{float(value):.6g}") for name, value in row.items()}
