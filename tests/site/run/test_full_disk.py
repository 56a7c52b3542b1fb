"""A disk that takes no more: whatever file cannot grow, the run says so in a line, and the old site stands."""

import os
import resource

import pytest
from click.testing import CliRunner

from panfair.ontologies.errors import UnfinishedError
from panfair.site.check.output import check
from panfair.site.cli.main import main
from panfair.site.state import staging
from panfair.site.state.recovery import finish_interrupted
from support.site_run import SiteRun, numbered


def _publish_with_files_of_at_most(site: SiteRun, size_bytes: int) -> tuple[int, str]:
    """What `panfair publish` says in a child whose files cannot grow beyond a size; its exit status."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, size_bytes))
            done = CliRunner().invoke(main, ["publish", "--config", str(site.path), "--on", "2026-11-24"])
            os.write(writing, done.output.encode()[:60_000])
            os._exit(done.exit_code if done.exception is None or isinstance(done.exception, SystemExit) else 99)
        except BaseException:
            os._exit(98)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), told


@pytest.mark.parametrize("size_bytes", [2_000, 150_000])  # the spool, the ledger
def test_whatever_file_cannot_grow_the_run_says_so_and_the_old_site_stands(tmp_path, size_bytes):
    site = SiteRun(tmp_path / "site")
    site.put(*(numbered(n) for n in range(2)))
    site.publish()
    before = site.files("www")
    site.put(*(numbered(n) for n in range(20)))
    status, told = _publish_with_files_of_at_most(site, size_bytes)
    assert status in {1, 2} and "Traceback" not in told, told
    assert "File too large" in told or "disk I/O error; the site stands as it was" in told, told
    assert site.files("www") == before
    assert site.publish().released == 20
    assert list(check(site.config)) == []


def test_what_cannot_be_moved_into_its_place_is_moved_by_the_next_run(tmp_path, monkeypatch):
    site = SiteRun(tmp_path / "site")
    site.put(numbered(0))
    site.publish()
    site.put(*(numbered(n) for n in range(3)))

    def full(path, *_):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(staging, "_make_way", full)
    monkeypatch.setattr(staging, "moved_whole", full)
    with pytest.raises(UnfinishedError, match="No space left on device; the new site is not all in its place yet"):
        site.publish()
    monkeypatch.undo()
    finish_interrupted(site.config)
    assert list(check(site.config)) == []
    assert site.page(numbered(2))
