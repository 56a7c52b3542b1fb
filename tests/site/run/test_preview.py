"""The preview of a day to come: in a folder of its own, marked as what it is, and nothing else is touched."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from panfair.ontologies.errors import PublishError
from panfair.ontologies.record import Withdrawal
from panfair.site.cli.main import main
from panfair.site.run.day import day_of
from panfair.site.run.preview import preview
from panfair.site.run.progress import Silence
from panfair.site.run.report import Report
from support.planted import planted
from support.records import TODAY
from support.site_run import SiteRun, numbered

TODAYS = datetime.now(UTC).date()
OPENS = TODAYS + timedelta(days=200)


@pytest.fixture
def site(tmp_path) -> SiteRun:
    """A site with an open record, one whose day is still to come, and one that was withdrawn."""
    site = SiteRun(tmp_path / "site")
    site.put(numbered(1), numbered(3), planted(2, "vorpalahead", release_date=OPENS, publication_date=None))
    site.publish(TODAYS)
    site.put(
        numbered(1),
        planted(2, "vorpalahead", release_date=OPENS, publication_date=None),
        numbered(3, withdrawal=Withdrawal(on=TODAY, reason="Mislabelled")),
    )
    site.publish(TODAYS)
    return site


def _state(site: SiteRun) -> dict[str, bytes]:
    folder = site.folder / ".panfair"
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _preview(site: SiteRun, folder: Path, on: date) -> Report:
    report = Report()
    preview(site.config, day_of(on), folder, report, Silence())
    return report


def test_a_preview_shows_what_opens_until_then_and_leaves_site_and_state_alone(site, tmp_path):
    before, state = site.files(), _state(site)
    report = _preview(site, tmp_path / "ahead", OPENS)
    assert report.released == 2
    assert site.files() == before and _state(site) == state
    pages = {path: path.read_text() for path in (tmp_path / "ahead/www").rglob("*.html")}
    assert any("vorpalaheadtitle" in page for page in pages.values())
    assert any("Mislabelled" in page for page in pages.values()), "what was withdrawn stays so"
    for path, page in pages.items():
        assert '<meta name="robots" content="noindex, nofollow">' in page and f"Preview for {OPENS}" in page, path
    assert (tmp_path / "ahead/www/robots.txt").read_text() == "User-agent: *\nDisallow: /\n"
    assert "Preview for" not in b"".join(before.values()).decode("utf-8", "replace")


def test_a_day_before_it_opens_the_preview_holds_nothing_of_it(site, tmp_path):
    _preview(site, tmp_path / "ahead", OPENS - timedelta(days=1))
    for path in (tmp_path / "ahead").rglob("*"):
        assert not path.is_file() or b"vorpal" not in path.read_bytes(), path


def test_a_preview_is_made_anew_over_an_old_one_only(site, tmp_path):
    folder = tmp_path / "ahead"
    _preview(site, folder, OPENS)
    first = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    _preview(site, folder, OPENS)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == first
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("mine")
    for wrong in (tmp_path / "mine", site.output, site.folder / ".panfair", site.output / "www", site.folder):
        with pytest.raises(PublishError, match=r"folder"):
            _preview(site, wrong, OPENS)
    assert (tmp_path / "mine/letter.txt").read_text() == "mine"


@pytest.mark.parametrize("command", ["publish", "build"])
def test_the_site_itself_is_never_written_for_a_day_to_come(site, command):
    before, state = site.files(), _state(site)
    refused = CliRunner().invoke(main, [command, "--config", str(site.path), "--on", str(OPENS)])
    assert refused.exit_code == 2 and "--output" in refused.output
    refused = CliRunner().invoke(main, [command, "--config", str(site.path), "--output", str(site.folder / "x")])
    assert refused.exit_code == 2 and "--on" in refused.output
    assert site.files() == before and _state(site) == state


def test_only_the_operators_account_can_read_a_preview_and_a_failed_one_can_be_made_again(site, tmp_path, monkeypatch):
    folder = tmp_path / "ahead"
    folder.mkdir(mode=0o755)
    _preview(site, folder, OPENS)
    assert folder.stat().st_mode & 0o077 == 0
    (site.folder / ".panfair/preview-killed").mkdir()

    def fails(*args, **values):
        (folder / ".panfair-preview").unlink()
        raise PublishError("stopped")

    with monkeypatch.context() as broken:
        broken.setattr("panfair.site.run.preview.build", fails)
        with pytest.raises(PublishError, match="stopped"):
            _preview(site, folder, OPENS)
    assert _preview(site, folder, OPENS).released == 2
    assert list((site.folder / ".panfair").glob("preview-*")) == []
