"""What a run loads before it knows whether anything changed: each second here is paid every night and every minute."""

import subprocess
import sys

import pytest

from support.records import TODAY
from support.site_run import SiteRun, numbered

_ONLY_WHERE_NEEDED = {"rdflib", "numpy", "pint", "citeproc", "fastapi", "uvicorn", "tantivy", "h5py"}


def _loaded(script: str, *arguments: str) -> set[str]:
    told = "\nimport sys; print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", script + told, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.rsplit("LOADED", 1)[1].split())


def test_the_command_loads_no_library_that_only_a_change_or_another_command_needs():
    assert not _loaded("import panfair.site.cli.main") & {*_ONLY_WHERE_NEEDED, "whoosh", "lxml"}


@pytest.mark.parametrize("static", ["true", "false"])
def test_a_run_in_which_nothing_changed_loads_none_either(tmp_path, static):
    site = SiteRun(tmp_path, run=f"[search]\nstatic = {static}")
    site.put(numbered(1), numbered(2))
    site.publish()
    script = """
import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from panfair.site.config.settings import read_config
from panfair.site.run.day import Day
from panfair.site.run.progress import Silence
from panfair.site.run.harvesting import harvest
from panfair.site.run.publish import build
from panfair.site.run.report import Report
config, report, on = read_config(Path(sys.argv[1])), Report(), date.fromisoformat(sys.argv[2])
harvest(config, report, Silence())
build(config, Day(on, datetime.combine(on, time(), UTC)), report, Silence())
assert not report.written and not report.failed, report
"""
    assert not _loaded(script, str(site.path), TODAY.isoformat()) & _ONLY_WHERE_NEEDED
