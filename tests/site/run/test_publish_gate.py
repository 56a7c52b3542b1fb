"""Not one word of closed data gets out: planted in every field, searched for in every byte of output/."""

from datetime import UTC, date, datetime, time, timedelta

import orjson
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import (
    DatasetLink,
    Restriction,
    Withdrawal,
)
from panfair.site.check.output import check
from panfair.site.run.day import Day
from panfair.site.run.progress import Silence
from panfair.site.run.publish import build
from panfair.site.run.report import Report
from support.planted import LATER, all_words, planted, planted_dataset
from support.records import TODAY, a_dataset
from support.site_run import SiteRun, numbered


@pytest.fixture
def site(tmp_path) -> SiteRun:
    return SiteRun(tmp_path / "site")


def test_no_word_of_any_closed_record_is_in_any_byte_of_the_output(site):
    inner = DatasetLink(name="vorpallinkedname", id="vorpalclosedds-closed", public=False)
    opened = numbered(
        2,
        datasets=(
            a_dataset(id="open-ds", name="open_scan_1", inputs=(inner,)),
            planted_dataset("vorpallater", release_date=LATER),
            planted_dataset("vorpalprivate", public=False),
            planted_dataset("vorpalunfinished", complete=False),
        ),
    )
    site.put(
        numbered(0),
        planted(1, "vorpalembargo", release_date=LATER, publication_date=None),
        opened,
        planted(3, "vorpalhidden", public=False),
        planted(4, "vorpalnodate", release_date=None, publication_date=None),
        planted(5, "vorpaldropped", release_date=LATER, withdrawal=Withdrawal(on=TODAY, reason="Never mind")),
        numbered(6, datasets=(a_dataset(id="p", name="open_scan_2", server_path="/data/vorpalserverpath/here"),)),
        numbered(7, abstract="Write to vorpalperson@example.net for more."),
    )
    report = site.publish()
    assert report.released == 4
    everything = all_words(site)
    assert "specimen0" in everything and "open_scan_1" in everything  # the search sees what is there
    at = everything.find("vorpal")
    assert at < 0, everything[max(0, at - 200) : at + 200]
    assert list(check(site.config)) == []


def test_on_its_day_every_planted_word_comes_out(site):
    site.put(planted(1, "vorpalembargo", release_date=LATER, publication_date=None))
    site.publish(LATER - timedelta(days=1))
    assert "vorpal" not in all_words(site)
    site.publish(LATER)
    everything = all_words(site)
    for part in ("title", "abstract", "creator", "keyword", "funder", "citation", "dsname", "dsfile", "dssample"):
        assert f"vorpalembargo{part}" in everything, part
    assert "vorpalembargodspath" not in everything  # server paths stay inside


def test_a_notice_says_when_and_whom_to_ask_and_not_one_word_more(site):
    site.put(planted(1, "vorpalembargo", release_date=date(2027, 3, 1), publication_date=None))
    report = site.publish()
    assert report.notices == {"its day has not come": 1}
    page = site.page(numbered(1)).decode()
    assert "1 March 2027" in page and "data@example.org" in page and "vorpal" not in page.lower()
    folder = "www/doi/10.99999/example-1"
    forms = ("datacite.json", "datacite.xml", "index.html", "linkset.json", "metadata.jsonld", "opens.ics")
    assert sorted(site.files("www/doi")) == [f"{folder}/{name}" for name in forms]
    assert not any(b"vorpal" in body.lower() for body in site.files("www/doi").values())


def test_what_is_embargoed_anew_disappears_from_everywhere(site):
    site.put(numbered(0), planted(1, "vorpalonce"))
    site.publish()
    assert "vorpaloncetitle" in all_words(site)
    site.put(numbered(0), planted(1, "vorpalonce", release_date=LATER))
    site.publish(accept_shrink=True)
    assert "vorpal" not in all_words(site)


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_dataset_that_closes_leaves_no_word_in_the_output_nor_in_any_file_of_the_index(site, engine):
    site.path.write_text(site.path.read_text() + f'\n[search]\nengine = "{engine}"\nstatic = false\n')
    others = [numbered(number) for number in range(12)]
    open_one = a_dataset(id="open-ds", name="open_scan_1")
    site.put(*others, numbered(20, datasets=(open_one, planted_dataset("vorpalonce"))))
    site.publish()
    assert "vorpalonce" in all_words(site, engine)
    for closed in ({"public": False}, {"release_date": LATER}):
        site.put(*others, numbered(20, datasets=(open_one, planted_dataset("vorpalonce", **closed))))
        assert site.publish().released == 13
        everything = all_words(site, engine)
        assert "open_scan_1" in everything and "vorpal" not in everything
        site.put(*others, numbered(20, datasets=(open_one, planted_dataset("vorpalonce"))))
        site.publish()
    site.put(*others)
    site.publish()
    assert "vorpal" not in all_words(site, engine)


def test_a_withdrawn_record_keeps_its_citation_only(site):
    site.put(numbered(0), planted(1, "vorpalgone"))
    site.publish()
    site.put(numbered(0))
    site.publish(accept_shrink=True)
    everything = all_words(site)
    assert "vorpalgonetitle" in everything and "vorpalgonecreator" in everything
    for part in ("abstract", "keyword", "funder", "dsname", "dsfile", "dssample", "affiliation", "proposal"):
        assert f"vorpalgone{part}" not in everything, part


def test_a_leak_by_hand_into_a_published_page_is_found_by_check(site):
    site.put(numbered(0), planted(1, "vorpalembargo", release_date=LATER, publication_date=None))
    site.publish()
    page = site.output / "www/index.html"
    page.write_bytes(page.read_bytes().replace(b"</main>", b"vorpalembargotitle</main>"))
    found = list(check(site.config))
    assert any(line.startswith("leak: www/index.html") for line in found)
    assert not any("vorpal" in line for line in found)


def test_the_state_folder_keeps_no_closed_word_in_the_ledger(site):
    site.put(planted(1, "vorpalembargo", release_date=LATER, publication_date=None))
    site.publish()
    assert b"vorpalembargo" not in (site.folder / ".panfair/ledger.sqlite").read_bytes()


def test_more_closed_wins_when_two_sources_name_one_doi(tmp_path):
    site = SiteRun(tmp_path / "site", sources=("one", "two"))
    site.put(planted(1, "vorpalfirst"), source="one")
    site.put(planted(1, "vorpalsecond", release_date=LATER, publication_date=None), source="two")
    report = site.publish()
    assert len(report.refused) == 1 and "not open there; held back" in report.refused[0]
    assert "vorpal" not in all_words(site)


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_a_record_that_is_kept_back_whole_keeps_back_another_of_its_doi(tmp_path, order):
    site = SiteRun(tmp_path / "site", sources=order)
    site.put(planted(1, "vorpalfirst"), source="one")
    site.put(planted(1, "vorpalsecond", public=False, release_date=None, publication_date=None), source="two")
    for night in range(2):
        report = site.publish(on=TODAY + timedelta(days=night))
        assert len(report.refused) == 1 and report.released == 0
        assert "vorpal" not in all_words(site)


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
@pytest.mark.parametrize("closed", [{"release_date": LATER}, {"public": False, "release_date": None}, {}])
def test_two_records_of_one_doi_are_judged_alike_every_night_and_nothing_is_written_anew(tmp_path, order, closed):
    site = SiteRun(tmp_path / "site", sources=order)
    site.put(numbered(1), numbered(2), source="one")
    site.put(numbered(1, publication_date=None, **closed), source="two")
    first = site.publish()
    before = site.files()
    assert len(first.refused) == bool(closed) and first.released == (1 if closed else 2)
    for night in (1, 2):
        report = site.publish(on=TODAY + timedelta(days=night))
        assert report.refused == first.refused and report.released == first.released
        assert report.written == 0 and site.files() == before


def test_a_dataset_whose_twin_of_the_same_id_is_closed_is_closed_with_all_totals(site):
    twins = a_dataset(id="1", name="vorpaltwin"), a_dataset(id="1", name="vorpalother", public=False)
    site.put(numbered(1, datasets=(*twins, a_dataset(id="2", name="plain")), size_bytes=987654321, file_count=4711))
    site.publish()
    written = all_words(site)
    assert "vorpal" not in written and "987654321" not in written and "4711" not in written


def test_an_open_record_that_two_sources_tell_is_shown_once_as_the_first_tells_it_and_both_are_named(tmp_path):
    site = SiteRun(tmp_path / "site", sources=("one", "two"))
    site.put(numbered(1, title="From the first"), source="one")
    site.put(numbered(1, title="From the second"), source="two")
    report = site.publish()
    doi = numbered(1).doi
    assert f"1 open record is told by one and by two, and shown once, as one tells them: {doi}" in report.notes
    assert report.all_well and report.released == 1
    assert b"From the first" in site.page(numbered(1))
    assert site.publish().written == 0


def test_of_two_open_records_of_one_source_with_one_doi_the_first_counts_and_the_other_is_refused(site):
    site.put(numbered(1, title="The first"), numbered(1, title="The second"))
    report = site.publish()
    assert "already; the first counts" in report.refused[0] and not report.all_well
    assert b"The first" in site.page(numbered(1))


def test_a_source_that_would_lose_more_than_the_limit_stops_and_changes_nothing(site):
    site.put(*(numbered(n) for n in range(10)))
    site.publish()
    before = site.files()
    site.put(*(numbered(n) for n in range(8)))
    report = site.publish()
    (failure,) = report.failed
    assert failure.source == "made-up" and "2 of its 10 open publications would vanish" in failure.reason
    assert "--accept-shrink" in failure.reason and not report.all_well
    assert site.files() == before
    assert site.publish(accept_shrink=True).withdrawn == 2


def test_one_in_ten_may_vanish_unasked(site):
    site.put(*(numbered(n) for n in range(10)))
    site.publish()
    site.put(*(numbered(n) for n in range(9)))
    assert site.publish().withdrawn == 1


def test_an_empty_catalogue_closes_nothing_unasked(site):
    site.put(*(numbered(n) for n in range(3)))
    site.publish()
    (site.folder / "made-up.jsonl").write_bytes(b"")
    assert not site.publish().all_well
    assert site.page(numbered(2))


def test_a_source_that_fails_loses_no_page_and_is_reported(tmp_path):
    site = SiteRun(tmp_path / "site", sources=("one", "two"))
    site.put(numbered(1), source="one")
    site.put(numbered(2), source="two")
    site.publish()
    whole = (site.folder / "two.jsonl").read_bytes()
    (site.folder / "two.jsonl").write_bytes(whole[: len(whole) // 2])
    site.put(numbered(1), numbered(3), source="one")
    report = site.publish()
    assert not report.all_well and "two: two.jsonl: line 1 is not whole JSON" in str(report.failed[0])
    assert site.page(numbered(2)) and site.page(numbered(3))


def test_a_record_without_a_title_is_one_line_and_stops_nothing(site):
    site.put(numbered(1))
    with (site.folder / "made-up.jsonl").open("ab") as file:
        file.write(b'{"source_id": "inv-bad", "doi": "10.99999/bad"}\n')
    report = site.publish()
    assert report.released == 1 and not report.all_well
    assert report.refused[0].startswith("made-up: inv-bad: ")


def test_a_doi_whose_page_would_lie_among_anothers_files_is_refused(site):
    site.put(numbered(1, doi=Doi.parse("10.99999/a")), numbered(2, doi=Doi.parse("10.99999/a/datacite.xml")))
    report = site.publish()
    assert report.released == 1 and "would lie among the files of 10.99999/a" in report.refused[0]


_closings = st.sampled_from(
    [
        {},
        {"release_date": LATER, "publication_date": None},
        {"public": False},
        {"release_date": None, "publication_date": None},
        {"withdrawal": Withdrawal(on=TODAY, reason="Wrong")},
    ]
)


@given(st.lists(st.lists(_closings, min_size=3, max_size=3), min_size=2, max_size=3))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])
def test_whatever_opens_and_closes_only_what_is_open_now_is_there(tmp_path_factory, nights):
    site = SiteRun(tmp_path_factory.mktemp("nights"))
    for night, closings in enumerate(nights):
        site.put(
            *(
                planted(n, f"vorpal{n}n", modified=datetime(2025, 1, 1, tzinfo=UTC), **how)
                for n, how in enumerate(closings)
            )
        )
        on = TODAY + timedelta(days=night)
        site.publish(on, accept_shrink=True)
        everything = all_words(site)
        for number, how in enumerate(closings):
            assert (f"vorpal{number}nabstract" in everything) == (not how), (night, number, how)
            may_cite = not how or "withdrawal" in how
            assert may_cite or f"vorpal{number}n" not in everything, (night, number, how)


def test_a_vanished_notice_no_longer_promises_a_day(site):
    site.put(numbered(0), planted(1, "vorpalembargo", release_date=date(2027, 3, 1), publication_date=None))
    site.publish()
    site.put(numbered(0))
    report = site.publish()
    assert report.withdrawn == 1
    page = site.page(numbered(1)).decode()
    assert "2027" not in page and "vorpal" not in page.lower()


def test_what_a_reader_of_open_records_no_longer_sees_is_not_public_and_never_withdrawn(tmp_path):
    table = '[[source]]\nname = "made-up"\nkind = "records"\npath = "made-up.jsonl"\nvanished = "not public"\n'
    site = SiteRun(tmp_path / "site", tables=table)
    other, record = numbered(0), planted(1, "vorpal", publication_date=None, release_date=date(2020, 1, 1))
    site.put(other, record, source="made-up")
    site.publish()
    open_page = site.page(numbered(1))
    assert b"vorpal" in open_page
    pages = []
    for _night in range(2):  # and the next night it is still so
        site.put(other, source="made-up")
        assert site.publish(accept_shrink=True).withdrawn == 0
        pages.append(site.page(numbered(1)))
    assert pages[0] == pages[1] and b"Not public now" in pages[0]
    assert b"vorpal" not in pages[0].lower() and b"withdrawn" not in pages[0].lower()
    site.put(other, record, source="made-up")
    site.publish()
    assert site.page(numbered(1)) == open_page


def test_the_summary_says_why_each_record_has_a_notice(tmp_path):
    by_operator = '[embargo.restricted]\n"10.99999/example-2" = "Belongs to a partner."'
    run = SiteRun(tmp_path / "site", embargo=f'page = "notice"\n{by_operator}')
    run.put(
        numbered(1, restriction=Restriction(reason="A patent is pending.")),
        numbered(2),
        numbered(3, registered=False),
        numbered(4, release_date=date(2099, 1, 1)),
    )
    assert run.publish().notices == {
        "it is given on request only": 2,
        "its DOI is not registered yet": 1,
        "its day has not come": 1,
    }


def _published_on(site, on, harvested):
    """A run on a day, with every source last read on another."""
    report = Report()
    for source in site.config.sources:
        (site.config.state / "harvest" / f"{source.name}.began").write_bytes(
            orjson.dumps({"began": datetime.combine(harvested, time(12), UTC).timestamp()})
        )
    build(site.config, Day(on, datetime.combine(on, time(), UTC)), report, Silence())
    return report


def test_a_record_whose_day_came_after_the_last_harvest_stays_closed_and_the_report_says_so(site):
    site.put(planted(1, "vorpalembargo", release_date=TODAY, publication_date=None), planted(2, "openword"))
    site.publish(TODAY - timedelta(days=1))
    report = _published_on(site, TODAY, TODAY - timedelta(days=1))
    assert "vorpal" not in all_words(site) and "openwordtitle" in all_words(site)
    assert any("1 of its records fall due and stay closed" in line for line in report.lines())
    report = _published_on(site, TODAY, TODAY)
    assert "vorpalembargotitle" in all_words(site) and not any("fall due" in note for note in report.notes)


def test_the_operator_may_let_records_open_some_days_after_the_last_harvest(tmp_path):
    site = SiteRun(tmp_path / "site", run="[harvest]\ngrace_days = 2")
    site.put(planted(1, "vorpalembargo", release_date=TODAY, publication_date=None))
    site.publish(TODAY - timedelta(days=9))
    _published_on(site, TODAY, TODAY - timedelta(days=3))
    assert "vorpal" not in all_words(site)
    _published_on(site, TODAY, TODAY - timedelta(days=2))
    assert "vorpalembargotitle" in all_words(site)


def test_a_doi_whose_record_stands_closed_under_another_doi_names_nobody_on_its_tombstone(site):
    renamed = Doi.parse("10.99999/RENAMED-1")
    site.put(planted(1, "vorpalrenamed"), *(planted(n, f"openword{n}") for n in range(2, 5)))
    site.publish()
    assert "vorpalrenamedtitle" in all_words(site)
    site.put(
        planted(1, "vorpalrenamed", doi=renamed, release_date=LATER),
        *(planted(n, f"openword{n}") for n in range(2, 5)),
    )
    site.publish(accept_shrink=True)
    assert "vorpal" not in all_words(site)


def test_a_tombstone_loses_its_names_when_its_record_is_closed_under_its_new_doi_later(site):
    renamed = Doi.parse("10.99999/RENAMED-1")
    others = [planted(n, f"openword{n}") for n in range(2, 5)]
    site.put(planted(1, "vorpalrenamed"), *others)
    site.publish()
    site.put(planted(1, "vorpalrenamed", doi=renamed), *others)
    site.publish(accept_shrink=True)
    site.put(planted(1, "vorpalrenamed", doi=renamed, source_id="another", release_date=LATER), *others)
    site.publish(accept_shrink=True)
    assert "vorpal" not in all_words(site)


def test_one_withdrawn_before_its_day_stays_unsaid_when_the_day_comes(site):
    withdrawal = Withdrawal(on=TODAY - timedelta(days=9), reason="vorpalwithdrawnreason")
    site.put(planted(1, "vorpalwithdrawn", release_date=TODAY, withdrawal=withdrawal))
    for on in (TODAY - timedelta(days=1), TODAY, LATER):
        site.publish(on)
        assert "vorpal" not in all_words(site)


def test_the_report_counts_what_was_taken_out(site):
    abstract = "See /data/visitor/x/vorpalpath, /home/vorpalpath/y or ask vorpal@example.org."
    site.put(planted(1, "openword", abstract=abstract))
    report = site.publish()
    assert "vorpal" not in all_words(site)
    assert any("2 server paths, 1 e-mail; from 1 record that this run looked at" in line for line in report.lines())
