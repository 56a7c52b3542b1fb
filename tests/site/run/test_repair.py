"""Nothing breaks for good: what is damaged is told with the step that helps, and that step makes it whole."""

import os
import random
import shutil
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from panfair.builders.oai.store import moments_in
from panfair.ontologies.errors import PublishError
from panfair.ontologies.record import Withdrawal
from panfair.site.check.output import check
from panfair.site.cli.main import main
from panfair.site.run.day import day_of
from panfair.site.run.progress import Silence
from panfair.site.run.repair import repair
from panfair.site.run.report import Report
from support.planted import LATER, all_words, planted
from support.records import TODAY
from support.site_run import SiteRun, numbered

TIMES = int(os.environ.get("PANFAIR_DAMAGES", "1"))
"""How often each file is damaged in each way, each time elsewhere."""
KINDS = ("flipped", "cut", "deleted", "emptied")
CLOSED = planted(9, "vorpalclosed", release_date=LATER)


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> SiteRun:
    """A site with open records, one closed, and one that was withdrawn and is in no catalogue any more."""
    site = SiteRun(tmp_path_factory.mktemp("sound") / "site")
    site.put(*(numbered(n) for n in range(4)), planted(8, "vorpalgone"), CLOSED)
    site.publish()
    gone = planted(8, "vorpalgone", withdrawal=Withdrawal(on=TODAY, reason="Wrong sample"))
    site.put(*(numbered(n) for n in range(4)), gone, CLOSED)
    site.publish()
    site.put(*(numbered(n) for n in range(4)), CLOSED)
    site.publish()
    return site


def _copy(sound: SiteRun, folder) -> SiteRun:
    site = SiteRun(folder / "site")
    shutil.rmtree(site.folder)
    shutil.copytree(sound.folder, site.folder)
    return site


def _harm(path, kind: str, dice: random.Random) -> None:
    body = bytearray(path.read_bytes())
    match kind:
        case "deleted":
            path.unlink()
            return
        case "emptied":
            body.clear()
        case "cut":
            del body[dice.randrange(1, len(body)) :]
        case "flipped":
            for _ in range(20):
                body[dice.randrange(len(body))] ^= 1 << dice.randrange(8)
    path.write_bytes(body)


def _mended(site: SiteRun) -> list[str]:
    report = Report()
    done = repair(site.config, day_of(TODAY), report, Silence())
    site.build(report)
    assert report.all_well, report.lines()
    return done


@pytest.mark.parametrize("time", range(TIMES))
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_ledger_names_the_step_that_makes_it_whole(sound, tmp_path, kind, time):
    site, dice = _copy(sound, tmp_path), random.Random(f"{kind} {time}")
    before, stamps = site.files(), dict(moments_in(site.output / "oai.sqlite"))
    _harm(site.config.state / "ledger.sqlite", kind, dice)
    told = list(check(site.config))
    try:
        site.build(Report())
    except PublishError as error:
        assert "panfair repair" in str(error)
    else:
        assert kind == "flipped", "a bit that nothing reads"
    assert "vorpalclosed" not in all_words(site)
    if done := _mended(site):
        assert any("panfair repair" in line for line in told)
        assert done[0].startswith("ledger.sqlite: ") and (site.config.state / "ledger.damaged").exists()
    assert list(check(site.config)) == [] and "vorpalclosed" not in all_words(site)
    after = site.files()
    stone = f"www/doi/{numbered(8).doi.path}/"
    rest = {path for path in before if path.startswith("www/doi/") and not path.startswith(stone)}
    assert {path: after[path] for path in rest} == {path: before[path] for path in rest}
    assert b"Wrong sample" in after[f"{stone}index.html"]
    now = dict(moments_in(site.output / "oai.sqlite"))
    assert now.keys() == stamps.keys() and all(now[key] >= stamp for key, stamp in stamps.items()), "goes out once more"
    assert now[numbered(8).doi.key] == stamps[numbered(8).doi.key]


def test_a_record_changed_by_hand_in_the_ledger_is_not_published(sound, tmp_path):
    site = _copy(sound, tmp_path)
    with closing(sqlite3.connect(site.config.state / "ledger.sqlite")) as db:
        db.execute(
            "UPDATE record SET content = replace(CAST(content AS TEXT), 'specimen1', 'specimen8'), rendered = ''"
        )
        db.commit()
    with pytest.raises(PublishError, match=r"is not what was put down.*panfair repair"):
        site.build(Report())
    assert "specimen8" not in all_words(site)
    assert _mended(site) and "specimen1" in all_words(site) and "specimen8" not in all_words(site)


@pytest.mark.parametrize("time", range(TIMES))
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_harvest_stops_its_source_and_is_read_anew(sound, tmp_path, kind, time):
    site, dice = _copy(sound, tmp_path), random.Random(f"{kind} {time}")
    before = site.files()
    _harm(site.config.state / "harvest/made-up.jsonl", kind, dice)
    report = Report()
    site.build(report)
    assert report.failed and site.files().keys() == before.keys()
    assert kind == "deleted" or "panfair repair" in report.failed[0].reason
    assert _mended(site) == ["made-up: its last harvest was damaged; read anew"]
    assert site.files() == before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("time", range(TIMES))
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "name", ["segment", "toc", "oai.sqlite", "volume", "panosc.sqlite", "manifest.json", "entries"]
)
def test_what_is_derived_is_made_anew_by_the_next_run(sound, tmp_path, name, kind, time):
    site, dice = _copy(sound, tmp_path), random.Random(f"{name} {kind} {time}")
    before, stamps = site.files("www"), dict(moments_in(site.output / "oai.sqlite"))
    found = {
        "segment": "output/search/publications/*.seg",
        "toc": "output/search/publications/*.toc",
        "volume": "output/oai-records/*",
        "entries": ".panfair/search-entries.sqlite",
    }
    path = next(site.folder.glob(found.get(name, f"output/{name}")))
    _harm(path, kind, dice)
    told = list(check(site.config))
    assert told or name == "entries"  # nothing of the site
    report = site.publish()
    assert list(check(site.config)) == [] and site.files("www") == before
    assert dict(moments_in(site.output / "oai.sqlite")) == stamps
    if name not in ("manifest.json", "entries"):
        assert any(line.endswith("made anew") for line in report.notes)


def test_damaged_entries_are_never_published(sound, tmp_path):
    site = _copy(sound, tmp_path)
    site.put(*(numbered(n) for n in range(5)), CLOSED)
    whole = _copy(site, tmp_path / "whole")
    whole.publish()
    entries = site.config.state / "search-entries.sqlite"
    entries.write_bytes(entries.read_bytes().replace(b"specimen1", b"specimen8"))
    _harm(entries, "flipped", random.Random(3))
    assert any(line.startswith("search-entries.sqlite: ") for line in site.publish().notes)
    assert site.files("www") == whole.files("www")


def test_the_command_says_that_all_is_sound_or_what_it_did(sound, tmp_path):
    site = _copy(sound, tmp_path)
    told = CliRunner().invoke(main, ["repair", "--config", str(site.path)])
    assert told.exit_code == 0 and "ledger and harvests are sound" in told.output
    (site.config.state / "ledger.sqlite").unlink()
    told = CliRunner().invoke(main, ["publish", "--config", str(site.path)])
    assert told.exit_code == 2 and "panfair repair" in told.output
    told = CliRunner().invoke(main, ["repair", "--config", str(site.path)])
    assert told.exit_code == 0 and told.output.startswith("ledger.sqlite: it is ")
