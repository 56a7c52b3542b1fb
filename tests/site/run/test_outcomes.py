"""The last words of a run: what opened, changed, closed and went, of which source, with its address."""

import re
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from panfair.ontologies.record import Withdrawal
from panfair.site.cli.main import main
from panfair.site.run.day import day_of
from panfair.site.run.dry_run import dry_run
from panfair.site.run.progress import Silence
from panfair.site.run.report import Report
from support.planted import LATER
from support.records import TODAY, a_dataset
from support.site_run import SiteRun, numbered

DATASETS = (a_dataset(id="stays"), a_dataset(id="closes"))


@pytest.fixture
def site(tmp_path) -> SiteRun:
    """A site of two sources, of which much is about to change."""
    site = SiteRun(tmp_path / "site", sources=("one", "two"))
    site.path.write_text(site.path.read_text() + "\n[search]\nstatic = false\n")
    site.put(numbered(1), numbered(2), numbered(3), numbered(4, datasets=DATASETS), source="one")
    site.put(numbered(10), numbered(11), source="two")
    site.publish()
    narrowed = (DATASETS[0], a_dataset(id="closes", public=False))
    site.put(
        numbered(1, title="Changed"),
        numbered(2, release_date=LATER),
        numbered(3, withdrawal=Withdrawal(on=TODAY)),
        numbered(4, datasets=narrowed),
        numbered(5),
        source="one",
    )
    site.put(numbered(10), numbered(11), numbered(12), numbered(13, release_date=LATER), source="two")
    return site


def _counts(report: Report) -> dict[tuple[str, str], int]:
    return dict(report.outcomes.counts)


EXPECTED = {
    ("one", "changed"): 1,
    ("one", "closed"): 1,
    ("one", "withdrawn"): 1,
    ("one", "narrowed"): 1,
    ("one", "opened"): 1,
    ("two", "opened"): 1,
}


def test_each_record_that_changed_is_counted_once_and_named_with_its_page(site):
    report = site.publish(accept_shrink=True)
    assert {key: number for key, number in _counts(report).items() if key[1] != "noticed"} == EXPECTED
    text = "\n".join(report.lines())
    assert re.search(r"closed +1  of one\n +inv-2  https://data\.example\.org/doi/10\.99999/example-2/\n", text)
    assert "Changed" not in text  # a title may be that of a closed record
    assert _counts(site.publish()) == {}


def test_a_dry_run_says_what_the_run_does_and_writes_nothing(site):
    def everything() -> dict[Path, bytes]:
        found = (path for folder in (site.output, site.config.state) for path in folder.rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in found if path.name != "lock"}

    before, told = everything(), Report()
    pages = dry_run(site.config, day_of(TODAY), told, Silence(), accept_shrink=True, with_harvest=True)
    assert everything() == before
    old = site.files("www")
    report = site.publish(accept_shrink=True)
    new = site.files("www")
    assert _counts(told) == _counts(report) and told.lines() == report.lines()
    written = {f"/{path[4:].removesuffix('index.html')}" for path in new if old.get(path) != new[path]}
    assert {line[9:] for line in pages if not line.startswith("deleted")} == {
        path for path in written if path.endswith((".html", "/"))
    }
    assert "changed  /doi/10.99999/example-2/" in pages and "new      /doi/10.99999/example-12/" in pages


def test_the_report_is_a_file_for_monitoring_and_its_form_is_told(site, tmp_path):
    path = tmp_path / "report.json"
    command = ["publish", "--config", str(site.path), "--accept-shrink", "--report", str(path)]
    assert CliRunner().invoke(main, command).exit_code == 0
    told = orjson.loads(path.read_bytes())
    assert told["status"] == 0 and told["error"] is None and told["released"] == 6
    assert told["sources"]["one"]["closed"] == {
        "count": 1,
        "records": [
            {"id": "inv-2", "doi": "10.99999/example-2", "url": "https://data.example.org/doi/10.99999/example-2/"}
        ],
    }
    assert told["sources"]["two"]["held_back"] == {"its day has not come": 1}
    page = (Path(__file__).parents[3] / "docs/operate.md").read_text()
    for key in (*told, *told["sources"]["one"], *told["sources"]["one"]["closed"]["records"][0]):
        assert f"`{key}`" in page, key
    (site.config.state / "ledger.sqlite").write_bytes(b"damaged" * 1000)
    assert CliRunner().invoke(main, command).exit_code == 2
    told = orjson.loads(path.read_bytes())
    assert told["status"] == 2 and "panfair repair" in told["error"]
