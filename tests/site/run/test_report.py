"""The summary and the progress: what an operator reads in a terminal and in a log."""

import io

from panfair.site.run.progress import Progress
from panfair.site.run.report import Report


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_gets_one_plain_line_a_step():
    log = io.StringIO()
    progress = Progress(log)
    assert list(progress.count("harvest psi", iter(range(3)))) == [0, 1, 2]
    assert list(progress.bar("render", iter(range(2)), 2)) == [0, 1]
    assert log.getvalue() == "harvest psi: 3\nrender: 2\n"


def test_a_log_hears_of_a_long_step_once_a_minute_with_the_time_left():
    log, seconds = io.StringIO(), iter(range(0, 4000, 20))
    progress = Progress(log, clock=lambda: float(next(seconds)))
    list(progress.bar("render", iter(range(8)), 8))
    assert log.getvalue() == "render: 4 of 8, about 1 min left\nrender: 8 of 8, less than a minute left\nrender: 8\n"


def test_a_log_hears_how_much_of_a_harvest_is_left_by_what_the_last_one_had():
    log, seconds = io.StringIO(), iter(range(0, 4000, 40))
    progress = Progress(log, clock=lambda: float(next(seconds)))
    list(progress.count("harvest psi", iter(range(7)), expected=5))
    assert log.getvalue() == (
        "harvest psi: 2 of about 5, about 2 min left\nharvest psi: 4 of about 5, less than a minute left\n"
        "harvest psi: 6 so far\nharvest psi: 7\n"
    )


def test_a_terminal_gets_a_counter_and_a_bar():
    terminal = _Terminal()
    progress = Progress(terminal)
    assert list(progress.count("harvest psi", iter(range(3)))) == [0, 1, 2]
    assert list(progress.bar("render", iter(range(2)), 2)) == [0, 1]
    assert "\r" in terminal.getvalue() and terminal.getvalue().endswith("\n")


def test_the_summary_names_every_count_and_every_reason():
    report = Report(read=9, released=4, unchanged=1, withdrawn=1)
    report.moved([("a", f"www/doi/{number}/index.html") for number in range(12)] + [(None, "www/doi/x/index.html")])
    report.notices["its day has not come"] = 2
    report.withheld["it has no date"] = 2
    report.refused.append("psi: inv-3: no title")
    report.fail("ess", "ess: it answers 502")
    text = "\n".join(report.lines())
    for part in ("read", "9", "released", "(1 unchanged)", "held back", "(2 with a notice under their DOI)"):
        assert part in text
    for part in ("2 because its day has not come", "2 because it has no date"):
        assert part in text
    for part in ("psi: inv-3: no title", "FAILED: ess: it answers 502", "12 pages, 1 page deleted"):
        assert part in text
    assert not report.all_well


def test_a_long_list_of_refusals_is_cut_and_counted():
    report = Report(refused=[f"psi: {number}" for number in range(70)])
    assert any("and 20 more" in line for line in report.lines())


def test_records_held_back_are_no_fault():
    report = Report()
    report.notices["its day has not come"] = 3
    report.withheld["it has no date"] = 2
    assert report.all_well


def test_files_are_counted_by_what_they_are_and_a_replaced_search_file_once():
    report = Report()
    pages = [("s", f"www/years/{year}/index.html") for year in range(2000, 2012)]
    search = [("s", f"www/search/data/{number}.json") for number in range(657)]
    old_search = [(None, f"www/search/data/old-{number}.json") for number in range(650)]
    report.moved([*pages, *search, *old_search, ("s", "oai.sqlite")])
    assert report.file_words() == "12 pages, 1 other file, 657 search files replaced"
    assert (report.written, report.deleted) == (670, 650)


def test_a_run_that_moves_nothing_says_so():
    assert "nothing" in Report().file_words()


def test_search_files_that_only_go_are_told_as_deleted():
    report = Report()
    report.moved([(None, "www/search/data/a.json"), (None, "www/doi/x/index.html")])
    assert report.file_words() == "1 page deleted, 1 search file deleted"
