"""What stands of a harvest is copied, or not even that: the file is that of a harvest which reads everything."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.site.run.report import Report
from panfair.site.state.harvest_file import lines_of
from panfair.site.state.spool import harvest_source
from panfair.site.state.spool_index import NAME, SpoolIndex
from support.site_run import SiteRun, numbered


@pytest.fixture
def site(tmp_path):
    return SiteRun(tmp_path)


def _harvest(site: SiteRun, full: bool = False):
    done = harvest_source(site.config, site.config.sources[0], iter, full)
    path = site.config.state / "harvest/made-up.jsonl"
    return done, path


def test_a_harvest_in_which_all_stands_writes_nothing(site):
    site.put(numbered(1), numbered(2))
    _, path = _harvest(site)
    before = path.stat()
    (site.folder / "made-up.jsonl").touch()
    done, _ = _harvest(site)
    assert (done.records, done.kept) == (2, 2)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert not path.with_suffix(".part").exists()


def test_a_line_that_is_refused_is_told_each_time(site):
    site.put(numbered(1))
    with (site.folder / "made-up.jsonl").open("ab") as file:
        file.write(b'{"source_id": "odd"}\n')
    assert [(done.records, done.refused) for done in (_harvest(site)[0], _harvest(site)[0])] == [(1, 1)] * 2


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    nights=st.lists(
        st.tuples(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 2)), max_size=6), st.booleans()), max_size=4
    )
)
def test_any_harvests_end_in_the_file_of_one_that_reads_everything(tmp_path_factory, nights):
    site, whole = SiteRun(tmp_path_factory.mktemp("a")), SiteRun(tmp_path_factory.mktemp("b"))
    for records, lost in nights:
        found = [numbered(number, title=f"Edition {edition} of {number}") for number, edition in records]
        for one in (site, whole):
            one.put(*found)
        if lost:
            (site.config.state / "harvest" / NAME).unlink(missing_ok=True)
        path, other = _harvest(site)[1], _harvest(whole, full=True)[1]
        assert path.read_bytes() == other.read_bytes()
        with SpoolIndex(path.parent) as index, path.open("rb") as file:
            index.bring_up_to_date("made-up")
            assert [line[:5] for line in index.lines("made-up")] == [line[:5] for line in lines_of(file)]


def test_the_index_of_closed_records_is_for_the_operator_only(site):
    site.put(numbered(1))
    _harvest(site)
    assert (site.config.state / "harvest" / NAME).stat().st_mode & 0o077 == 0


def test_a_disk_that_takes_no_index_stops_no_run(site):
    site.put(numbered(1))
    site.publish()
    place = site.config.state / "harvest" / NAME
    place.unlink()
    place.mkdir()  # whoever runs the tests may write anywhere, but not there
    report = Report()
    site.build(report)
    assert report.all_well and (report.released, report.unchanged) == (1, 1)
