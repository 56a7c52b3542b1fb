"""A source that adds to another: shown with the record of the same session, closed with it, and never by itself."""

from contextlib import closing
from datetime import timedelta

import pytest

from panfair.ontologies.errors import ConfigError, PublishError
from panfair.site.config.settings import read_config
from panfair.site.run import publish as run
from panfair.site.run.harvesting import harvest
from panfair.site.run.leaks.tables import LeakTables
from panfair.site.run.progress import Silence
from panfair.site.run.report import Report
from panfair.site.state.layout import LEDGER
from panfair.site.state.ledger import Ledger
from panfair.site.state.secret import site_key
from support.ispyb.adding import a_site, an_added_dataset, an_addition, put
from support.planted import LATER, all_words, planted_dataset
from support.records import TODAY
from support.site_run import SiteRun, numbered


@pytest.fixture
def site(tmp_path) -> SiteRun:
    return a_site(tmp_path / "site")


def _vorpal(**changes):
    return an_addition(title="vorpaltitle of a proposal", datasets=(planted_dataset("vorpal"),), **changes)


def test_what_a_second_source_knows_stands_on_the_page_and_nothing_is_rendered_again_until_one_says_otherwise(site):
    site.put(numbered(1, session="2"))
    put(site, an_addition(), _vorpal(source_id="other", session="7"))
    assert site.publish().all_well
    assert b"added_sweep_1" in site.page(numbered(1))
    again = site.publish()
    assert (again.unchanged, again.written) == (1, 0)
    put(site, an_addition(datasets=(an_added_dataset(name="another_sweep"),)))
    assert site.publish().unchanged == 0
    assert b"another_sweep" in site.page(numbered(1))


def test_no_word_of_an_addition_to_nothing_released_gets_out(tmp_path):
    site = a_site(tmp_path / "site", static=True)
    closed = [{"release_date": LATER}, {"public": False}, {"registered": False}, {"kind": "collection"}]
    records = [numbered(9, session="9"), numbered(8, session="EX-1234-9")]  # either may be visit 9
    records += [numbered(one, session=str(one), **changes) for one, changes in enumerate(closed, 1)]
    early = planted_dataset("vorpalearly", release_date=TODAY - timedelta(days=1))
    site.put(numbered(0), *records)
    additions = [_vorpal(source_id=str(one), session=str(one)) for one in (1, 2, 3, 4, 7, 9)]
    put(site, *additions, an_addition(source_id="early", session="1", datasets=(early,)))
    report = site.publish()
    everything = all_words(site)
    assert "specimen0" in everything and "vorpal" not in everything
    assert report.released == 4  # 0, both that may be visit 9, and the collection
    assert any("two records" in note for note in report.notes)


def _found_by_the_scan(site: SiteRun, text: bytes) -> bool:
    """Whether the leak scan knows that a text is closed."""
    with closing(Ledger.open(site.config.state / LEDGER)) as ledger:
        ledger.begin()
        found = list(LeakTables(ledger.connection, site_key(site.config)).scanner().findings("www/x.html", text))
        ledger.rollback()
    return bool(found)


def test_the_leak_scan_hears_every_word_of_an_addition_to_nothing_released(site):
    site.put(numbered(0), numbered(1, session="2", release_date=LATER))
    other = an_addition(source_id="other", session="7", title="fruminous title", datasets=(planted_dataset("jubjub"),))
    put(site, _vorpal(), other)
    words = (b"vorpalname", b"vorpalsample", b"vorpalvalue", b"jubjubname", b"jubjubsample", b"fruminous title")
    for _again in range(2):  # unchanged in the second run
        site.publish()
        for word in words:
            assert _found_by_the_scan(site, b"<p>" + word + b"</p>"), word


def test_an_addition_closes_in_the_first_commit_with_the_record_that_it_was_added_to(site, monkeypatch):
    def records(*closed: dict) -> list:
        return [numbered(one, session=str(one), **changes) for one, changes in enumerate(closed, 1)]

    site.put(numbered(0), *records({}, {}, {}))
    put(site, *(_vorpal(source_id=str(one), session=str(one)) for one in (1, 2, 3)))
    site.publish(accept_shrink=True)
    assert "vorpalname" in all_words(site)
    site.put(numbered(0), *records({"release_date": LATER}, {"public": False}, {"proposal": "EX-99"}))

    def stopped(*_: object) -> None:
        raise PublishError("stopped before the second commit")

    monkeypatch.setattr(run, "_open_and_change", stopped)
    with pytest.raises(PublishError, match="before the second"):
        site.publish(accept_shrink=True)
    everything = all_words(site)
    assert "specimen0" in everything and "vorpal" not in everything


def test_an_addition_whose_own_source_takes_it_back_is_gone_in_the_first_commit(site, monkeypatch):
    site.put(numbered(1, session="2"))
    put(site, an_addition(), _vorpal(source_id="two"))
    site.publish()
    put(site, an_addition(), _vorpal(source_id="two", closed=True))
    monkeypatch.setattr(run, "_open_and_change", lambda *_: None)
    site.publish()
    everything = all_words(site)
    assert "added_sweep_1" in everything and "vorpal" not in everything


def test_a_match_of_an_old_harvest_counts_no_more_when_the_other_source_says_otherwise(site):
    """The two sources are read at different times: what was matched then is held against what the record says now."""
    site.put(numbered(1, session="2"))
    put(site, _vorpal())
    site.publish()
    site.put(numbered(1, session="5"))
    report = Report()
    harvest(site.config, report, Silence(), only=["made-up"])
    site.build(report)
    assert "vorpal" not in all_words(site)
    assert _found_by_the_scan(site, b"<p>vorpalname</p>")


def test_additions_of_a_damaged_harvest_are_told_and_nothing_new_is_published(site):
    site.put(numbered(1, session="2"))
    put(site, an_addition())
    site.publish()
    path = site.folder / ".panfair/harvest/second.jsonl"
    path.write_bytes(path.read_bytes().replace(b"added_sweep_1", b"added_sweep_2"))
    report = Report()
    site.build(report)
    assert [failure.source for failure in report.failed] == ["second"]
    assert b"added_sweep_2" not in site.page(numbered(1))


@pytest.mark.parametrize("other", ["second", "nowhere", "later"])
def test_a_source_can_add_to_a_source_above_it_only(site, other):
    text = site.path.read_text().replace('adds_to = "made-up"', f'adds_to = "{other}"')
    site.path.write_text(text + '[[source]]\nname = "later"\nkind = "records"\npath = "later.jsonl"\n')
    with pytest.raises(ConfigError, match="adds_to"):
        read_config(site.path)
