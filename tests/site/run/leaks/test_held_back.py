"""A record that would show something of a closed one is held back, and no other; what was found is for the operator."""

import stat
from datetime import timedelta

import pytest

from panfair.builders import Artifact
from panfair.ontologies.errors import LeakError
from panfair.site.check.output import check
from panfair.site.run import render as rendering
from panfair.site.run.products import sheets
from support.planted import LATER, all_words, planted, planted_dataset
from support.records import TODAY, a_dataset
from support.site_run import SiteRun, numbered

CLOSED = planted(9, "vorpalembargo", release_date=LATER, publication_date=None)


@pytest.fixture
def site(tmp_path) -> SiteRun:
    site = SiteRun(tmp_path / "site")
    site.path.write_text(site.path.read_text() + "\n[search]\nstatic = false\n")
    return site


def _leak(monkeypatch, key: str, text: str) -> None:
    """From now on, the page of one record says a text more."""
    real = rendering.record_artifacts

    def leaking(released, *rest):
        first, *others = real(released, *rest)
        if released.doi.key == key:
            first = Artifact(first.path, first.body.replace(b"</main>", f"<p>{text}</p></main>".encode()))
        return [first, *others]

    monkeypatch.setattr(rendering, "record_artifacts", leaking)


def _told(site: SiteRun) -> str:
    path = site.config.state / "leaks.txt"
    return path.read_text() if path.exists() else ""


def test_only_the_record_that_would_show_a_closed_name_is_held_back(site, monkeypatch):
    _leak(monkeypatch, "10.99999/example-0", "Vorpalembargotitle of an Experiment")
    site.put(numbered(0), numbered(1), CLOSED)
    report = site.publish()
    assert report.released == 1 and not report.all_well
    assert b"number1" in site.page(numbered(1)) and b"number0" not in site.page(numbered(0))
    everything = all_words(site)
    assert "vorpal" not in everything and "specimen1" in everything and "specimen0" not in everything
    assert list(check(site.config)) == []


def test_what_was_found_is_told_to_the_operator_alone(site, monkeypatch):
    _leak(monkeypatch, "10.99999/example-0", "See vorpalembargotitle of an experiment")
    site.put(numbered(0), CLOSED)
    said = "\n".join(site.publish().lines())
    (line,) = [line for line in said.splitlines() if "would show" in line]
    assert "made-up: inv-0 (10.99999/example-0) would show" in line and "inv-9" not in line and "vorpal" not in said
    told = _told(site)
    for part in (
        "inv-0",
        "value   vorpalembargotitle of an experiment",
        "www/doi/10.99999/example-0/index.html: See vorpalembargotitle of an experiment",
        "made-up: inv-9 (10.99999/example-9), title",
    ):
        assert part in told
    assert stat.S_IMODE((site.config.state / "leaks.txt").stat().st_mode) == 0o600
    monkeypatch.undo()
    assert site.publish(TODAY + timedelta(days=1)).all_well
    assert _told(site) == "" and b"number0" in site.page(numbered(0))


def test_a_clean_page_that_stands_is_kept_with_its_place_in_lists_and_search(site, monkeypatch):
    site.put(numbered(0), numbered(1), CLOSED)
    site.publish()
    before = site.page(numbered(0))
    _leak(monkeypatch, "10.99999/example-0", "vorpalembargotitle")
    site.put(numbered(0, title="Another foam"), numbered(1, title="Quartz"), CLOSED)
    report = site.publish(TODAY + timedelta(days=1))
    assert "what stands of it is kept" in report.held[0]
    assert site.page(numbered(0)) == before and b"Quartz" in site.page(numbered(1))
    everything = all_words(site)
    assert "another foam" not in everything and "number0" in everything and "vorpal" not in everything
    monkeypatch.undo()
    assert site.publish(TODAY + timedelta(days=2)).all_well and b"Another foam" in site.page(numbered(0))


def test_a_page_that_shows_what_is_closed_now_does_not_stay(site, monkeypatch):
    site.put(numbered(0), planted(9, "vorpalonce"))
    _leak(monkeypatch, "10.99999/example-0", "vorpaloncetitle")
    site.publish()
    assert b"vorpalonce" in site.page(numbered(0))
    site.put(numbered(0, title="Another foam"), planted(9, "vorpalonce", release_date=LATER))
    report = site.publish(TODAY + timedelta(days=1), accept_shrink=True)
    assert "a notice stands in its place" in report.held[0]
    assert "vorpal" not in all_words(site)


def test_a_closed_dataset_counts_in_its_own_open_record(site, monkeypatch):
    _leak(monkeypatch, "10.99999/example-0", "vorpallatername")
    site.put(numbered(0, datasets=(a_dataset(id="a"), planted_dataset("vorpallater", release_date=LATER))), numbered(1))
    assert site.publish().released == 1
    assert "vorpal" not in all_words(site) and "datasets.name" in _told(site)


def test_an_alarm_stops_no_withdrawal(site, monkeypatch):
    site.put(numbered(0), planted(8, "vorpalgone"), CLOSED)
    site.publish()
    _leak(monkeypatch, "10.99999/example-0", "vorpalembargotitle")
    site.put(numbered(0, title="Another foam"), planted(8, "vorpalgone", release_date=LATER), CLOSED)
    site.publish(TODAY + timedelta(days=1), accept_shrink=True)
    assert "vorpalgone" not in all_words(site)


def test_what_the_operator_lets_pass_is_no_finding(site, monkeypatch):
    _leak(monkeypatch, "10.99999/example-0", "vorpalembargotitle of an experiment")
    site.path.write_text(site.path.read_text() + '\n[leaks]\nallow = ["vorpalembargotitle of an experiment"]\n')
    site.put(numbered(0), CLOSED)
    assert site.publish().all_well and _told(site) == ""


def test_a_finding_that_no_record_answers_for_stops_the_run(site, monkeypatch):
    site.put(numbered(0), CLOSED)
    site.publish()
    before = site.files("www")
    real = sheets.feed_sheets

    def leaking(*args):
        for sheet in real(*args):
            yield type(sheet)(sheet.path, sheet.key + "x", lambda: b"<title>vorpalembargotitle</title>")

    monkeypatch.setattr(sheets, "feed_sheets", leaking)
    site.put(numbered(0, title="Another foam"), CLOSED)
    with pytest.raises(LeakError, match="feeds/") as caught:
        site.publish(TODAY + timedelta(days=1))
    assert "vorpal" not in str(caught.value) and "vorpalembargotitle" in _told(site)
    assert site.files("www") == before
