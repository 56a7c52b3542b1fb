"""What a few sessions hold, read in a few statements, and held apart: rows of one session never meet another's.

The way from a session is by its groups only, for `DataCollection.sessionId` is no foreign key. A program whose data
come from several sessions, by whatever way it names them, belongs to none of these.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from panfair.harvesters.ispyb.tables import Row, Tables

Id = Any


class Batch:
    """The rows of some sessions."""

    def __init__(self, database: Tables, sessions: Sequence[Row]) -> None:
        self.db = database
        ids = [session["sessionId"] for session in sessions]
        proposals = {session["sessionId"]: session.get("proposalId") for session in sessions}
        self.groups = {
            row["dataCollectionGroupId"]: row for row in database.rows("DataCollectionGroup", "sessionId", ids)
        }
        self.collections = {
            row["dataCollectionId"]: row
            for row in database.rows("DataCollection", "dataCollectionGroupId", self.groups)
        }
        self.session_of = {
            key: self.groups[row["dataCollectionGroupId"]]["sessionId"] for key, row in self.collections.items()
        }
        """By a collection's id, its session's."""
        self._collections_of: dict[Id, list[dict[str, Any]]] = defaultdict(list)
        for key, row in self.collections.items():
            self._collections_of[self.session_of[key]].append(row)
        self.detectors = _by(
            database.rows("Detector", "detectorId", _values(self.collections.values(), "detectorId")), "detectorId"
        )
        self.scans = database.rows("EnergyScan", "sessionId", ids)
        self.spectra = database.rows("XFEFluorescenceSpectrum", "sessionId", ids)
        self._read_programs()
        self._read_screenings()
        self._read_samples(proposals)

    def collections_of(self, session: Id) -> list[dict[str, Any]]:
        """The collections of a session, in the order of their ids."""
        return self._collections_of[session]

    def group_of(self, collection: Row) -> Row:
        """The group of a collection."""
        return self.groups[collection["dataCollectionGroupId"]]

    def _read_programs(self) -> None:
        db, ids = self.db, list(self.collections)
        programs = set(_values(db.rows("AutoProcIntegration", "dataCollectionId", ids), "autoProcProgramId"))
        programs |= {row["autoProcProgramId"] for row in db.rows("AutoProcProgram", "dataCollectionId", ids)}
        jobs = {row["processingJobId"] for row in db.rows("ProcessingJob", "dataCollectionId", ids)}
        jobs |= {row["processingJobId"] for row in db.rows("ProcessingJobImageSweep", "dataCollectionId", ids)}
        programs |= {row["autoProcProgramId"] for row in db.rows("AutoProcProgram", "processingJobId", jobs)}
        self._read_results(programs)
        # What refined or phased a result names that result, and often nothing else.
        runs = db.rows("MXMRRun", "autoProcScalingId", self.scalings)
        further = set(_values(runs, "autoProcProgramId")) - programs
        if further:
            self._read_results(programs | further)
            runs = db.rows("MXMRRun", "autoProcProgramId", further | programs) + runs
        self.runs = list({row["mxMRRunId"]: row for row in runs}.values())
        self.runs_of: dict[Id, list[Row]] = defaultdict(list)
        for run in self.runs:
            self.runs_of[run.get("autoProcProgramId")].append(run)
        self.attachments = _grouped(
            db.rows("AutoProcProgramAttachment", "autoProcProgramId", self.programs), "autoProcProgramId"
        )
        self._trace()

    def _read_results(self, programs: Iterable[Id]) -> None:
        db = self.db
        self.programs = _by(db.rows("AutoProcProgram", "autoProcProgramId", programs), "autoProcProgramId")
        self.integrations = _by(
            db.rows("AutoProcIntegration", "autoProcProgramId", self.programs), "autoProcIntegrationId"
        )
        self.results = db.rows("AutoProc", "autoProcProgramId", self.programs)
        self.results_of = _grouped(self.results, "autoProcProgramId")
        result_ids = [row["autoProcId"] for row in self.results]
        self.scalings = _by(db.rows("AutoProcScaling", "autoProcId", result_ids), "autoProcScalingId")
        self.scalings_of = _grouped(self.scalings.values(), "autoProcId")
        self.shells = _grouped(
            db.rows("AutoProcScalingStatistics", "autoProcScalingId", self.scalings), "autoProcScalingId"
        )
        links = db.rows("AutoProcScaling_has_Int", "autoProcScalingId", self.scalings)
        foreign = set(_values(links, "autoProcIntegrationId")) - set(self.integrations)
        self.integrations |= _by(
            db.rows("AutoProcIntegration", "autoProcIntegrationId", foreign), "autoProcIntegrationId"
        )
        self.integrations_of_program = _grouped(self.integrations.values(), "autoProcProgramId")
        self.integrations_of_scaling: dict[Id, list[Row]] = defaultdict(list)
        self._lost_links: set[Id] = set()
        for link in links:
            if (one := self.integrations.get(link["autoProcIntegrationId"])) is not None:
                self.integrations_of_scaling[link["autoProcScalingId"]].append(one)
            else:
                self._lost_links.add(link["autoProcScalingId"])

    def _trace(self) -> None:
        """Follows every way from a program to collections: what leads out of one session leads nowhere."""
        db = self.db
        sources: dict[Id, set[Id]] = defaultdict(set)
        for one in self.integrations.values():
            sources[one["autoProcProgramId"]].add(one["dataCollectionId"])
        result_of = {row["autoProcId"]: row["autoProcProgramId"] for row in self.results}
        self.program_of_scaling = {key: result_of[row["autoProcId"]] for key, row in self.scalings.items()}
        for key, some in self.integrations_of_scaling.items():
            sources[self.program_of_scaling[key]].update(one["dataCollectionId"] for one in some)
        jobs = [row.get("processingJobId") for row in self.programs.values()]
        of_job = _grouped(
            db.rows("ProcessingJob", "processingJobId", jobs)
            + db.rows("ProcessingJobImageSweep", "processingJobId", jobs),
            "processingJobId",
        )
        for key, row in self.programs.items():
            sources[key].update(one["dataCollectionId"] for one in of_job.get(row.get("processingJobId"), ()))
            sources[key].add(row.get("dataCollectionId"))
            sources[key].discard(None)
        # A run is as good as the result that it began from; one of another session is not among ours.
        for run in self.runs:
            program, scaling = run.get("autoProcProgramId"), run.get("autoProcScalingId")
            if program in self.programs and scaling is not None:
                origin = self.program_of_scaling.get(scaling)
                sources[program].update(sources[origin] if origin is not None else {None})
        self.sources = {key: sorted(found, key=str) for key, found in sources.items() if key in self.programs}
        """By a program's id, the ids of all collections that it took anything from; None: one that is not ours."""
        lost = {self.program_of_scaling[key] for key in self._lost_links}
        self.session_of_program = {key: None if key in lost else self._one_session(key) for key in self.programs}
        """By a program's id, the one session that all its data are of; None: several, or one that is not ours."""
        self.programs_of: dict[Id, list[Id]] = defaultdict(list)
        for key, session in self.session_of_program.items():
            self.programs_of[session].append(key)

    def _one_session(self, program: Id) -> Id | None:
        found = {self.session_of.get(one) for one in self.sources.get(program, ())}
        return found.pop() if len(found) == 1 else None

    def _read_screenings(self) -> None:
        db = self.db
        found = db.rows("Screening", "dataCollectionId", self.collections)
        found += db.rows("Screening", "dataCollectionGroupId", self.groups)
        self.screenings = list(_by(found, "screeningId").values())
        ids = [row["screeningId"] for row in self.screenings]
        outputs = db.rows("ScreeningOutput", "screeningId", ids)
        self.outputs = _grouped(outputs, "screeningId")
        output_ids = [row["screeningOutputId"] for row in outputs]
        self.lattices = _grouped(
            db.rows("ScreeningOutputLattice", "screeningOutputId", output_ids), "screeningOutputId"
        )
        strategies = db.rows("ScreeningStrategy", "screeningOutputId", output_ids)
        self.strategies = _grouped(strategies, "screeningOutputId")
        wedges = db.rows(
            "ScreeningStrategyWedge", "screeningStrategyId", [row["screeningStrategyId"] for row in strategies]
        )
        self.wedges = _grouped(wedges, "screeningStrategyId")
        wedge_ids = [row["screeningStrategyWedgeId"] for row in wedges]
        self.subwedges = _grouped(
            db.rows("ScreeningStrategySubWedge", "screeningStrategyWedgeId", wedge_ids), "screeningStrategyWedgeId"
        )

    def _read_samples(self, proposals: dict[Id, Id]) -> None:
        db = self.db
        ids = {
            row.get("blSampleId")
            for rows in (self.groups.values(), self.collections.values(), self.scans, self.spectra)
            for row in rows
        }
        self.proposals = proposals
        self.samples = _by(db.rows("BLSample", "blSampleId", ids), "blSampleId")
        self.crystals = _by(db.rows("Crystal", "crystalId", _values(self.samples.values(), "crystalId")), "crystalId")
        self.proteins = _by(db.rows("Protein", "proteinId", _values(self.crystals.values(), "proteinId")), "proteinId")
        links = db.rows("Protein_has_PDB", "proteinid", self.proteins)
        codes = _by(db.rows("PDB", "pdbId", _values(links, "pdbid")), "pdbId")
        self.codes: dict[Id, list[Row]] = defaultdict(list)
        for link in links:
            if link["pdbid"] in codes:
                self.codes[link["proteinid"]].append(codes[link["pdbid"]])


def _by(rows: Iterable[dict[str, Any]], key: str) -> dict[Id, dict[str, Any]]:
    return {row[key]: row for row in rows}


def _grouped(rows: Iterable[dict[str, Any]], key: str) -> dict[Id, list[dict[str, Any]]]:
    found: dict[Id, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def _values(rows: Iterable[Row], key: str) -> list[Id]:
    return [row[key] for row in rows if row.get(key) is not None]
