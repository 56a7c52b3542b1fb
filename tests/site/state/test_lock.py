"""One run at a time; a dead run holds no lock."""

import os
import subprocess
import sys

import pytest

from panfair.ontologies.errors import LockedError
from panfair.site.state.lock import locked

_HOLD = """
import sys
from pathlib import Path
from panfair.site.state.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_refused_with_the_number_of_the_first(tmp_path):
    with locked(tmp_path), pytest.raises(LockedError, match=f"process {os.getpid()}"), locked(tmp_path):
        pass


def test_the_lock_of_a_killed_run_is_free(tmp_path):
    command = [sys.executable, "-c", _HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"held\n"
        with pytest.raises(LockedError, match=f"process {other.pid}"), locked(tmp_path):
            pass
        other.kill()
        other.wait()
    with locked(tmp_path):
        pass
