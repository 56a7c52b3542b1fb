"""`panfair doctor` looks at disks, folders and packages of the machine."""

import pytest
from click.testing import CliRunner

from panfair.site.cli.main import main
from panfair.site.doctor import machine
from panfair.site.doctor.doctor import examine
from panfair.site.doctor.finding import Level
from support.records import TODAY
from support.site_run import SiteRun


@pytest.fixture
def run(tmp_path):
    return SiteRun(tmp_path)


def grave(run):
    return [one.line() for one in machine.examine_machine(run.config) if one.level is Level.FAULT]


def test_a_fresh_folder_is_well_and_nothing_is_written(run):
    before = sorted(run.folder.rglob("*"))
    assert grave(run) == []
    assert sorted(run.folder.rglob("*")) == before


def test_a_full_disk_is_a_fault(run, monkeypatch):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 5}))
    assert len(grave(run)) == 2 and "0.0 GiB free, 1.0 are needed" in grave(run)[0]


def test_a_state_folder_that_others_can_read_is_a_fault(run):
    run.config.state.mkdir(mode=0o750)
    run.config.state.chmod(0o750)
    (line,) = grave(run)
    assert line.startswith("fault  privacy:") and "(750): chmod 700" in line


def test_an_output_that_is_a_file_is_a_fault(run):
    run.output.write_text("")
    assert any("is no folder" in line for line in grave(run))


def test_an_examination_that_fails_costs_itself(run, monkeypatch):
    def refuse(config):
        raise PermissionError(13, "Permission denied")
        yield

    monkeypatch.setattr("panfair.site.doctor.doctor.examine_machine", refuse)
    (finding,) = examine(run.config, TODAY, "http://127.0.0.1:9", network=False)
    assert finding.line() == "fault  machine: could not be examined: Permission denied"


def test_the_command_ends_with_1_for_a_fault_and_with_0_without(run):
    well = CliRunner().invoke(main, ["doctor", "--offline", "--config", str(run.path)])
    assert well.exit_code == 0 and well.output.endswith("0 faults, 0 to look at, 3 well\n")
    run.output.write_text("")
    ill = CliRunner().invoke(main, ["doctor", "--offline", "--config", str(run.path)])
    assert ill.exit_code == 1 and "1 faults" in ill.output
