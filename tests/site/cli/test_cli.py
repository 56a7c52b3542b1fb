"""The command line as an operator meets it: what it prints, and its exit status."""

import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from panfair.site.cli.main import main
from support.serving import a_free_port, ask
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


def test_publish_ends_with_1_when_a_source_would_lose_too_much_and_keeps_what_stands(site):
    _run("publish", "--config", site.path)
    pages = sorted((site.output / "www/doi").rglob("index.html"))
    (site.folder / "made-up.jsonl").write_bytes(b"")
    done = _run("publish", "--config", site.path)
    assert done.exit_code == 1
    assert "--accept-shrink" in done.output and "Traceback" not in done.output
    assert pages and sorted((site.output / "www/doi").rglob("index.html")) == pages
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


def test_build_before_any_harvest_says_what_to_do_and_writes_nothing(site):
    done = _run("build", "--config", site.path)
    assert done.exit_code == 2 and "`panfair harvest`" in done.stderr
    assert not site.output.exists()


def test_a_first_publication_of_which_no_source_can_be_read_publishes_nothing(site):
    (site.folder / "made-up.jsonl").unlink()
    done = _run("publish", "--config", site.path)
    assert done.exit_code == 2
    assert "FAILED: made-up: made-up.jsonl: No such file" in done.stderr and "nothing is published" in done.stderr
    assert not site.output.exists()


def test_a_source_that_fails_later_leaves_the_published_site(site):
    _run("publish", "--config", site.path)
    (site.folder / "made-up.jsonl").unlink()
    assert _run("publish", "--config", site.path).exit_code == 1
    assert site.page(numbered(1))


@contextmanager
def _serve(site: SiteRun, port: int) -> Iterator[subprocess.Popen[str]]:
    arguments = ["serve", "--config", str(site.path), "--port", str(port)]
    command = [sys.executable, "-c", f"from panfair.site.cli.main import main; main({arguments!r})"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield running
    finally:
        running.terminate()
        running.communicate(timeout=20)


def test_serve_tells_its_address_once_it_answers_there(site):
    _run("publish", "--config", site.path)
    port = a_free_port()
    with _serve(site, port) as running:
        assert f"http://127.0.0.1:{port} " in running.stdout.readline()
        assert ask(f"http://127.0.0.1:{port}", "/healthz").status == 200  # at the first try


def test_serve_tells_no_address_that_another_program_has(site):
    _run("publish", "--config", site.path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = _run("serve", "--config", site.path, "--port", taken.getsockname()[1])
    assert done.exit_code == 2 and "cannot listen" in done.stderr and "serving" not in done.stdout


def test_serve_before_publish_says_so_and_serves_what_is_published_later(site):
    port = a_free_port()
    with _serve(site, port) as running:
        assert "nothing is published" in running.stderr.readline()
        running.stdout.readline()
        assert ask(f"http://127.0.0.1:{port}", "/").status == 404
        _run("publish", "--config", site.path)
        assert ask(f"http://127.0.0.1:{port}", "/").status == 200


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


def test_what_init_writes_is_refused_as_it_is(tmp_path):
    _run("init", tmp_path)
    done = _run("publish", "--config", tmp_path / "panfair.toml")
    assert done.exit_code == 2 and "`site.title` still says what `panfair init` wrote" in done.stderr
    assert not (tmp_path / "output").exists()


def test_a_missing_configuration_is_one_line_and_no_traceback(tmp_path):
    done = _run("publish", "--config", tmp_path / "none.toml")
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1 and "panfair init" in done.stderr


def test_a_day_that_is_none_is_refused(site):
    assert _run("publish", "--config", site.path, "--on", "24.11.2026").exit_code == 2


def test_a_report_that_cannot_be_written_does_not_hide_why_the_run_stopped(site):
    (site.folder / "made-up.jsonl").unlink()
    done = _run("publish", "--config", site.path, "--report", site.folder / "nowhere" / "report.json")
    assert done.exit_code == 2
    assert "its report cannot be written" in done.stderr and "no source was ever read to its end" in done.stderr
