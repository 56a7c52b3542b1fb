"""Several serving processes on one address: they answer together, stand in for each other, and end together."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from support.serving import a_free_port, ask
from support.site_run import SiteRun, numbered

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="children are counted in /proc")


def _children(process: subprocess.Popen) -> set[int]:
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (
                f"PPid:\t{process.pid}\n" in (folder / "status").read_text()
                and "zombie" not in (folder / "status").read_text()
            ):
                found.add(int(folder.name))
    return found


def _until(holds, seconds: float = 30.0):
    """What holds at last."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < end, "it does not come to hold"
        time.sleep(0.05)
    return found


@pytest.fixture
def served(tmp_path):
    """A site served by two processes, and their parent."""
    site = SiteRun(tmp_path / "site")
    site.put(numbered(1))
    site.publish()
    port = a_free_port()
    program = str(Path(sys.executable).with_name("panfair"))
    command = [program, "serve", "--config", str(site.path), "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and "serving" in process.stdout.readline()
    yield f"http://127.0.0.1:{port}", process, site
    process.kill()
    process.communicate(timeout=15)


def test_two_processes_answer_each_is_begun_again_and_all_end_together(served):
    base, process, site = served
    first = _until(lambda: len(found := _children(process)) == 2 and found)
    assert all(ask(base, "/api/search?q=foam").status == 200 for _ in range(20))
    killed = min(first)
    os.kill(killed, signal.SIGKILL)
    second = _until(lambda: len(found := _children(process)) == 2 and killed not in found and found)
    assert first & second and all(ask(base, "/doi/10.99999/example-1/").status == 200 for _ in range(20))
    site.put(numbered(1), numbered(2))
    site.publish()
    _until(lambda: all("number2" in ask(base, "/api/search?q=number2").text for _ in range(10)))
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=15) == 0
    assert not any(Path(f"/proc/{one}").exists() for one in second)


def test_children_end_with_a_parent_that_is_killed(served):
    _, process, _ = served
    children = _until(lambda: len(found := _children(process)) == 2 and found)
    process.kill()
    process.wait(timeout=15)
    _until(lambda: not any(Path(f"/proc/{one}").exists() for one in children))
