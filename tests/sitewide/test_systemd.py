"""The example units for systemd are whole, and as closed as they say: judged by systemd itself."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.house import ROOT

UNITS = sorted((ROOT / "docs" / "systemd").glob("panfair*.*"))
ANALYZE = shutil.which("systemd-analyze")
pytestmark = pytest.mark.skipif(ANALYZE is None, reason="systemd is not here")


def _ask(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(ANALYZE), *words], capture_output=True, text=True, timeout=60)


@pytest.fixture
def installed(tmp_path) -> Path:
    """The units as if panfair were installed where they say."""
    panfair = Path(sys.executable).with_name("panfair")
    for unit in UNITS:
        text = re.sub(r"^ExecStart=\S+/panfair ", f"ExecStart={panfair} ", unit.read_text("utf-8"), flags=re.M)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", [unit.name for unit in UNITS])
def test_systemd_finds_nothing_wrong_with_a_unit(installed, name):
    answer = _ask("verify", installed / name)
    assert answer.returncode == 0 and name not in answer.stderr, answer.stderr


def test_systemd_would_find_what_is_wrong(installed):
    unit = installed / "panfair-watch.service"
    unit.write_text(unit.read_text("utf-8").replace("ProtectSystem=strict", "ProtectSystme=strict"), "utf-8")
    assert "ProtectSystme" in _ask("verify", unit).stderr


@pytest.mark.parametrize("name", ["panfair-watch.service", "panfair-publish.service", "panfair-serve.service"])
def test_a_unit_exposes_little(installed, name):
    answer = _ask("security", "--offline=true", "--threshold=30", "--no-pager", installed / name)
    assert answer.returncode == 0, answer.stdout[-400:]
    (level,) = re.findall(r"Overall exposure level for \S+: ([\d.]+)", answer.stdout)
    assert float(level) <= 3.0
