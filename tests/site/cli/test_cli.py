"""The command line as an operator meets it: what it prints, and its exit status."""

import re
import tomllib

import pytest
from click.testing import CliRunner

from panfair.site.cli.main import main
from support.site_run import SiteRun, numbered


@pytest.fixture
def site(tmp_path) -> SiteRun:
    made = SiteRun(tmp_path / "site")
    made.put(*(numbered(n) for n in range(3)))
    return made


def _run(*arguments: str):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_publish_ends_with_0_and_a_summary_when_all_is_well(site):
    done = _run("publish", "--config", site.path, "--on", "2026-11-24")
    assert done.exit_code == 0, done.output
    for word in ("read", "released", "held back", "refused", "unchanged", "written", "withdrawn"):
        assert word in done.stdout
    assert re.search(r"released +3 ", done.stdout)


def test_publish_ends_with_1_when_a_record_was_refused(site):
    with (site.folder / "made-up.jsonl").open("ab") as file:
        file.write(b'{"source_id": "inv-bad"}\n')
    done = _run("publish", "--config", site.path)
    assert done.exit_code == 1
    assert "inv-bad" in done.stdout


def test_publish_ends_with_2_when_nothing_was_done(site):
    _run("publish", "--config", site.path)
    (site.folder / "made-up.jsonl").write_bytes(b"")
    done = _run("publish", "--config", site.path)
    assert done.exit_code == 2
    assert "--accept-shrink" in done.stderr and "Traceback" not in done.output
    assert _run("publish", "--config", site.path, "--accept-shrink").exit_code == 0


def test_a_place_that_the_system_refuses_is_one_line_and_not_a_traceback(site):
    done = _run("init", site.path / "below-a-file")
    assert done.exit_code == 2 and "Not a directory" in done.stderr and done.stderr.count("\n") == 1
    site.output.write_text("no folder")
    done = _run("publish", "--config", site.path)
    assert done.exit_code == 2 and f"{site.output}: File exists; the site stands as it was" in done.stderr


def test_without_a_terminal_each_step_is_one_plain_line(site):
    done = _run("publish", "--config", site.path)
    assert "\r" not in done.stderr
    assert "harvest made-up: 3" in done.stderr.splitlines()


def test_harvest_then_build_is_publish(site, tmp_path):
    assert _run("harvest", "--config", site.path).exit_code == 0
    assert not site.output.exists()
    assert _run("build", "--config", site.path, "--on", "2026-11-24").exit_code == 0
    other = SiteRun(tmp_path / "other")
    other.put(*(numbered(n) for n in range(3)))
    assert _run("publish", "--config", other.path, "--on", "2026-11-24").exit_code == 0
    assert site.files("www") == other.files("www")


def test_build_before_any_harvest_says_what_to_do(site):
    done = _run("build", "--config", site.path)
    assert done.exit_code == 1
    assert "never harvested; run `panfair harvest`" in done.stdout


def test_check_tells_good_from_bad_by_its_exit_status(site):
    _run("publish", "--config", site.path)
    assert _run("check", "--config", site.path).exit_code == 0
    (site.output / "www/index.html").unlink()
    done = _run("check", "--config", site.path)
    assert done.exit_code == 1 and "www/index.html is missing" in done.stdout


def test_init_writes_a_file_that_reads_as_it_is_and_never_overwrites(tmp_path):
    assert _run("init", tmp_path / "new").exit_code == 0
    path = tmp_path / "new/panfair.toml"
    assert tomllib.loads(path.read_text())["site"]["contact"]
    path.write_text("mine")
    assert _run("init", tmp_path / "new").exit_code == 2
    assert path.read_text() == "mine"


def test_what_init_writes_is_a_configuration_that_works(tmp_path):
    from panfair.site.config.settings import read_config

    _run("init", tmp_path)
    config = read_config(tmp_path / "panfair.toml")
    assert config.sources[0].kind == "scicat" and config.run.shrink_limit == 0.1


def test_a_missing_configuration_is_one_line_and_no_traceback(tmp_path):
    done = _run("publish", "--config", tmp_path / "none.toml")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1 and "panfair init" in done.stderr


def test_a_day_that_is_none_is_refused(site):
    assert _run("publish", "--config", site.path, "--on", "24.11.2026").exit_code == 2
