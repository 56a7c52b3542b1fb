"""`panfair doctor` reads a few records of each source, and says when an account sees more than a reader needs."""

from datetime import timedelta

from panfair.site.doctor.finding import Level
from panfair.site.doctor.sources import SAMPLE, examine_sources
from support.records import TODAY
from support.site_run import SiteRun, numbered

SECRET = "Quokkasalt"

HARVESTER = f'''
from panfair.harvesters.http import RemoteOptions
from panfair.testing.site_run import numbered
from datetime import date, timedelta

Options = RemoteOptions

def harvest(options, context):
    for number in range(100000):
        assert number < {SAMPLE}, "read further than needed"
        later = date.fromisoformat("2999-01-01") if number % 10 == 0 else context.on - timedelta(days=9)
        yield numbered(number, title="{SECRET}", release_date=later)
'''


def found(run):
    return list(examine_sources(run.config, TODAY))


def test_an_account_that_sees_data_under_embargo_is_told_of_without_their_words(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own/wide.py").write_text(HARVESTER)
    run = SiteRun(tmp_path, tables='[[source]]\nname = "wide"\nkind = "wide"\n', site='harvesters = "own"\n')
    findings = found(run)
    assert [one.level for one in findings] == [Level.OK, Level.LOOK]
    assert findings[0].text == f"of the first {SAMPLE} records {SAMPLE * 9 // 10} are open"
    assert f"{SAMPLE // 10} because its day has not come" in findings[1].text
    assert SECRET not in str(findings)


def test_a_file_with_closed_records_is_no_account(tmp_path):
    run = SiteRun(tmp_path)
    run.put(numbered(1), numbered(2, release_date=TODAY + timedelta(days=9)))
    assert [one.level for one in found(run)] == [Level.OK]


def test_a_source_without_any_record_or_file_is_a_fault_and_the_next_is_looked_at(tmp_path):
    run = SiteRun(tmp_path, ["empty", "missing", "well"])
    (tmp_path / "empty.jsonl").write_bytes(b"")
    run.put(numbered(1), source="well")
    findings = found(run)
    assert [(one.part, one.level) for one in findings] == [
        ("source empty", Level.FAULT),
        ("source missing", Level.FAULT),
        ("source well", Level.OK),
    ]


def test_a_source_of_which_nothing_is_open_says_how_to_find_out_why(tmp_path):
    run = SiteRun(tmp_path)
    run.put(numbered(1, release_date=TODAY + timedelta(days=9)))
    (only,) = found(run)
    assert only.level is Level.LOOK and "panfair harvest --show 3 --source made-up" in only.text
