"""What a run passes by: it ends as one that judges every record again, and reads no line that says nothing new."""

import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.ontologies.record import Publication, Restriction
from panfair.site.run.changes import ChangeSet
from panfair.site.run.closing.judging import Closing
from panfair.site.run.day import day_of
from panfair.site.run.harvesting import harvest
from panfair.site.run.judge import Judging
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.run.progress import Silence
from panfair.site.run.report import Report
from panfair.site.run.verdicts import harvests
from panfair.site.run.verdicts.harvests import Harvests
from panfair.site.state import harvest_file
from panfair.site.state.ledger import Ledger
from panfair.site.state.secret import site_key
from support.records import TODAY
from support.site_run import SiteRun, numbered

_SOURCES = ("one", "two")


def _night(site: SiteRun, on: date, lasting: bool = True) -> tuple[Report, dict[str, str]]:
    """What both judgings of a run tell of a day, and which records change in either; nothing is rendered."""
    report, config, day = Report(), site.config, day_of(on)
    harvest(config, report, Silence())
    ledger = Ledger.open(config.state / "ledger.sqlite")
    changed = {}
    for judged in (Closing, Judging):
        ledger.begin()
        leaks, changes = LeakTables(ledger.connection, site_key(config)), ChangeSet(ledger.connection)
        judging = judged(config, ledger, day, Report() if judged is Closing else report, leaks, changes)
        if isinstance(judging, Closing):
            judging.close_all(True, lambda name, items: items)
        else:
            judging.judge_all(lambda name, items: items)
        changed.update({key: str(changes.kind_of(key)) for key in changes.keys()})  # noqa: SIM118
        (ledger.commit if lasting else ledger.rollback)()
    ledger.close()
    return report, changed


def _stands(site: SiteRun) -> dict[str, object]:
    """All that the ledger holds of records but when they were judged, and of whom something is closed."""
    ledger = Ledger.open(site.config.state / "ledger.sqlite")
    rows = {row.key: replace(row, judged_on="", judged_until="") for row in ledger.rows()}
    owners = ledger.connection.execute("SELECT owner, made_from FROM leak_owner ORDER BY owner").fetchall()
    ledger.close()
    return {"rows": rows, "closed": owners}


def _told(report: Report) -> tuple[object, ...]:
    return (report.read, report.released, report.unchanged, report.notices, report.withheld, sorted(report.refused),
            report.releasing, report.failed, sorted(report.notes))  # fmt: skip


@pytest.fixture
def read_lines(monkeypatch):
    """The keys of the lines that a run reads."""
    found: list[str] = []

    def read(line: bytes) -> object:
        item = harvest_file.read_line(line)
        found.append(item.key)
        return item

    monkeypatch.setattr(harvests, "read_line", read)
    return found


def test_a_night_in_which_nothing_changed_reads_no_line(tmp_path, read_lines):
    site = SiteRun(tmp_path)
    site.put(*_publications({0: "as it was", 1: "closed", 2: "hidden", 3: "dataset"}))
    _night(site, TODAY)
    read_lines.clear()
    report, changed = _night(site, TODAY)
    assert (report.read, report.released, report.notices.total(), report.withheld.total()) == (4, 2, 1, 1)
    assert changed == {}
    # A record with a closed dataset is judged each night: what its page lacks may open on any.
    assert set(read_lines) == {numbered(3).doi.key}


def test_one_that_changed_is_the_only_one_that_is_read(tmp_path, read_lines):
    site = SiteRun(tmp_path)
    site.put(*_publications(dict.fromkeys(range(5), "as it was")))
    _night(site, TODAY)
    read_lines.clear()
    site.put(*_publications({0: "as it was", 1: "title", 2: "as it was", 3: "as it was", 4: "as it was"}))
    report, changed = _night(site, TODAY)
    assert changed == {numbered(1).doi.key: "changed"} and set(read_lines) == {numbered(1).doi.key}
    assert (report.released, report.unchanged) == (5, 4)


def test_a_closed_record_is_read_again_when_its_day_has_come(tmp_path, read_lines):
    site = SiteRun(tmp_path)
    opening = TODAY + timedelta(days=2)
    site.put(numbered(1, release_date=opening), numbered(2))
    _night(site, TODAY)
    read_lines.clear()
    assert _night(site, TODAY + timedelta(days=1))[1] == {} and not read_lines
    assert _night(site, opening)[1] == {numbered(1).doi.key: "due"}


def test_an_index_that_does_not_agree_with_the_harvest_stops_the_source_once(tmp_path):
    site = SiteRun(tmp_path)
    site.put(numbered(1), numbered(2))
    _night(site, TODAY)
    db = harvest_file.spool_folder(site.config) / "index.sqlite"
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE line SET digest = 'x' WHERE key = ?", (numbered(2).doi.key,))
    connection.close()
    before = _stands(site)
    report, changed = _night(site, TODAY)
    assert len(report.failed) == 1 and changed == {} and _stands(site) == before
    assert _night(site, TODAY)[0].failed == []


@pytest.mark.parametrize("harm", [b"", b"no database at all", None])
def test_an_index_that_is_lost_or_damaged_is_made_anew(tmp_path, harm):
    site = SiteRun(tmp_path)
    site.put(numbered(1), numbered(2))
    _night(site, TODAY)
    db = harvest_file.spool_folder(site.config) / "index.sqlite"
    db.unlink()
    if harm is not None:
        db.write_bytes(harm)
    report, changed = _night(site, TODAY)
    assert not report.failed and changed == {} and (report.released, report.unchanged) == (2, 2)


_STATES = ("as it was", "title", "closed", "hidden", "restricted", "dataset", "soon", "gone", "copied")


def _publications(states: dict[int, str], source: str = "one") -> list[Publication]:
    found = []
    for number, state in states.items():
        record = numbered(number)
        if state == "title":
            record = numbered(number, title=f"Another title of {number}")
        elif state == "closed":
            record = numbered(number, release_date=date(2200, 1, 1))
        elif state == "hidden":
            record = record.model_copy(update={"public": False, "release_date": None, "publication_date": None})
        elif state == "restricted":
            record = record.model_copy(update={"restriction": Restriction()})
        elif state == "soon":
            record = numbered(number, release_date=TODAY + timedelta(days=1 + number % 3))
        elif state == "dataset":
            (dataset,) = record.datasets
            datasets = (dataset, dataset.model_copy(update={"id": "shut", "name": f"shut{number}", "public": False}))
            record = record.model_copy(update={"datasets": datasets})
        if state != "gone" and (source == "one" or state in ("copied", "closed")):
            found.append(record)
    return found


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    nights=st.lists(
        st.tuples(st.dictionaries(st.integers(0, 5), st.sampled_from(_STATES), max_size=4), st.integers(0, 2)),
        min_size=2,
        max_size=4,
    )
)
def test_a_run_ends_as_one_that_judges_all_again(tmp_path_factory, nights):
    folder: Path = tmp_path_factory.mktemp("sites")
    sites = [SiteRun(folder / name, _SOURCES) for name in ("passing", "judging")]
    states = dict.fromkeys(range(6), "as it was")
    on = TODAY
    for changes, days in nights:
        states.update(changes)
        on += timedelta(days=days)
        told = []
        for site in sites:
            for source in _SOURCES:
                site.put(*_publications(states, source), source=source)
            (site.config.state / "secret").parent.mkdir(parents=True, exist_ok=True)
            (site.config.state / "secret").write_bytes(b"made-up key for both of the two.")
            with pytest.MonkeyPatch.context() as patch:
                if site is sites[1]:
                    patch.setattr(Harvests, "pass_by", lambda self, source, confirmed: (0, Counter(), Counter()))
                report, changed = _night(site, on)
            told.append((_told(report), changed, _stands(site)))
        assert told[0] == told[1]
