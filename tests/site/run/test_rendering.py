"""Processes that render: they end with the run, however it ends."""

import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

_KILLED_RUN = """
import os, signal
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from panfair.site.run.render import end_with_the_run
pool = ProcessPoolExecutor(1, get_context("spawn"), end_with_the_run)
print(pool.submit(os.getpid).result(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def _runs(process: int) -> bool:
    """Whether it is there and more than a name in the table of processes."""
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def test_no_process_outlives_a_run_that_is_killed():
    told = subprocess.run([sys.executable, "-c", _KILLED_RUN], capture_output=True, text=True, check=False, timeout=60)
    worker, until = int(told.stdout), monotonic() + 20
    while _runs(worker) and monotonic() < until:
        sleep(0.05)
    assert not _runs(worker)
