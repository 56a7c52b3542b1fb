"""Time and memory of reading ISPyB: `python tests/bench/bench_ispyb.py [collections]`, on a MariaDB of its own.

Each session has 25 collections, each collection a result with its three shells. Told are the CPU seconds and the peak
of the reading process at a tenth of the collections and at all of them.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from support.ispyb.mariadb import connected, create, mariadb

_PER_SESSION = 25
_READ = """
import resource, sys
from pathlib import Path
from panfair.harvesters import Context, ispyb
options = ispyb.Options(name="i", kind="ispyb", adds_to="o", username="root", database="bench", unix_socket=sys.argv[1])
count = sum(len(one.datasets) for one in ispyb.harvest(options, Context(root=Path("/"), contact="a@example.org")))
used = resource.getrusage(resource.RUSAGE_SELF)
print(count, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024)
"""


def main(collections: int) -> None:
    with tempfile.TemporaryDirectory() as folder, mariadb(Path(folder)) as socket:
        create(socket, "bench", {}, "ESRF")
        before = 0
        for upto in (collections // 10, collections):
            _fill(socket, before, upto)
            before = upto
            command = [sys.executable, "-c", _READ, str(socket)]
            datasets, seconds, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            print(f"{upto:>7} collections: {datasets} datasets, {float(seconds):.1f} CPU s, peak {peak} MB")


def _fill(socket: Path, begin: int, end: int) -> None:
    numbers = range(begin + 1, end + 1)
    sessions = range(begin // _PER_SESSION + 1, end // _PER_SESSION + 1)
    shells = ("overall", "innerShell", "outerShell")
    tables: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
        "Proposal": ("proposalId, proposalCode, proposalNumber", [(1, "MX", "1")] if begin == 0 else []),
        "BLSession": ("sessionId, proposalId, beamLineName, startDate",
                      [(one, 1, "ID30X", "2024-03-05 09:30:00") for one in sessions]),
        "DataCollectionGroup": ("dataCollectionGroupId, sessionId, experimentType",
                                [(one, (one - 1) // _PER_SESSION + 1, "OSC") for one in numbers]),
        "DataCollection": ("dataCollectionId, dataCollectionGroupId, imagePrefix, wavelength, resolution, flux",
                           [(one, one, f"x{one}", 0.9677, 1.8, 1e12) for one in numbers]),
        "AutoProcProgram": ("autoProcProgramId, processingPrograms, processingStatus",
                            [(one, "XIA2_DIALS", "SUCCESS") for one in numbers]),
        "AutoProcIntegration": ("autoProcIntegrationId, dataCollectionId, autoProcProgramId",
                                [(one, one, one) for one in numbers]),
        "AutoProc": ("autoProcId, autoProcProgramId, spaceGroup, refinedCell_a",
                     [(one, one, "P 43 21 2", 78.2) for one in numbers]),
        "AutoProcScaling": ("autoProcScalingId, autoProcId", [(one, one) for one in numbers]),
        "AutoProcScaling_has_Int": ("autoProcScalingId, autoProcIntegrationId", [(one, one) for one in numbers]),
        "AutoProcScalingStatistics": ("autoProcScalingId, scalingStatisticsType, rMerge, ccHalf, completeness",
                                      [(one, shell, 0.1, 0.99, 99.0) for one in numbers for shell in shells]),
    }  # fmt: skip
    with connected(socket, database="bench") as connection, connection.cursor() as cursor:
        cursor.execute("BEGIN")
        for table, (names, rows) in tables.items():
            if rows:
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f"INSERT INTO `{table}` ({names}) VALUES ({marks})", rows)
        cursor.execute("COMMIT")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
