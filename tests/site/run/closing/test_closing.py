"""What is not open any more is taken away first, whatever else is wrong with the run."""

import os
import signal
import time
from contextlib import suppress

import pytest

from panfair.builders.search.index.whoosh import IndexWriter
from panfair.ontologies.errors import PanfairError
from panfair.ontologies.record import Restriction, Withdrawal
from panfair.site.check.output import check
from panfair.site.run import publish as publish_module
from panfair.site.run import render as rendering
from panfair.site.run.closing import commit as closing_commit
from panfair.site.state import staging as staging_module
from panfair.site.state.recovery import finish_interrupted
from support.planted import LATER, all_words, planted, planted_dataset
from support.records import TODAY, a_dataset
from support.site_run import SiteRun, copied, numbered

_KILLS = 5 * int(os.environ.get("PANFAIR_KILLS", "1"))
_HOW = {
    "embargoed again": {"release_date": LATER},
    "hidden": {"public": False},
    "restricted": {"restriction": Restriction(reason="A patent is pending.")},
    "without its date": {"release_date": None, "publication_date": None},
}


@pytest.fixture(scope="module")
def before(tmp_path_factory) -> SiteRun:
    """The site before anything closes."""
    made = SiteRun(tmp_path_factory.mktemp("before") / "site")
    made.put(*(numbered(n) for n in range(5)), planted(9, "vorpalonce"))
    made.publish()
    return made


@pytest.fixture
def site(before, tmp_path) -> SiteRun:
    return copied(before, tmp_path / "site")


def _broken(*_args, **_values):
    raise RuntimeError("vorpalonce cannot be done")


def _no_second_commit(monkeypatch):
    monkeypatch.setattr(publish_module, "_bring_up_to_date", _broken)


def _publish_in_vain(site: SiteRun) -> None:
    with suppress(PanfairError, RuntimeError):
        site.publish()


@pytest.mark.parametrize("how", _HOW)
def test_what_closed_is_gone_with_the_first_commit(site, monkeypatch, how):
    site.put(*(numbered(n) for n in range(5)), planted(9, "vorpalonce", **_HOW[how]))
    _no_second_commit(monkeypatch)
    with pytest.raises(RuntimeError):
        site.publish()
    assert "vorpal" not in all_words(site)
    assert b"specimen1" in site.page(numbered(1))
    assert site.page(numbered(9))  # its notice
    assert list(check(site.config)) == []


@pytest.mark.parametrize("reason", [None, "Wrong sample"])
def test_what_the_catalogue_withdraws_is_gone_with_the_first_commit_but_for_its_citation(site, monkeypatch, reason):
    gone = planted(9, "vorpalonce", withdrawal=Withdrawal(on=TODAY, reason=reason))
    site.put(*(numbered(n) for n in range(5)), gone)
    _no_second_commit(monkeypatch)
    with pytest.raises(RuntimeError):
        site.publish()
    assert "vorpalonceabstract" not in all_words(site) and b"vorpaloncetitle" in site.page(gone)
    assert list(check(site.config)) == []


def test_the_shrink_guard_keeps_what_vanishes_and_not_what_closes(site):
    site.put(numbered(0, title="A new title"), numbered(1), numbered(7), planted(9, "vorpalonce", release_date=LATER))
    for _night in range(2):
        report = site.publish()
        (failure,) = report.failed
        assert "3 of its" in failure.reason and "would vanish" in failure.reason
        assert "vorpal" not in all_words(site)
        assert all(site.page(numbered(n)) for n in range(5))
        assert not (site.output / "www/doi" / numbered(7).doi.path).exists()  # nothing new of a source not believed
    assert site.publish(accept_shrink=True).withdrawn == 3
    assert b"A new title" in site.page(numbered(0)) and site.page(numbered(7))


# Each source first, amid and last; the attack list (tests/sitewide/test_fail_closed.py) goes through all orders.
@pytest.mark.parametrize("order", [("one", "two", "three"), ("two", "three", "one"), ("three", "one", "two")])
def test_a_sick_source_stops_itself_only(tmp_path, order):
    site = SiteRun(tmp_path / "site", sources=order)
    for number, source in enumerate(("one", "two", "three")):
        site.put(planted(10 * number, f"vorpal{source}"), numbered(10 * number + 1), source=source)
    site.publish()
    site.put(planted(0, "vorpalone", release_date=LATER), numbered(1), numbered(2), source="one")
    site.put(source="two")  # its answer is empty
    spooled = site.config.state / "harvest/three.jsonl"
    (site.folder / "three.jsonl").unlink()  # does not answer, and what it said last is damaged
    spooled.write_bytes(spooled.read_bytes().replace(b"vorpalthreetitle", b"vorpalthreetitel"))
    report = site.publish()
    assert {failure.source for failure in report.failed} == {"two", "three"}
    words = all_words(site)
    assert "vorpalone" not in words and "vorpaltwotitle" in words and "vorpalthreetitle" in words
    assert site.page(numbered(2)) and site.page(numbered(11)) and site.page(numbered(21))


def test_a_damaged_source_cannot_open_by_another_what_it_closed(tmp_path):
    site = SiteRun(tmp_path / "site", sources=("one", "two"))
    site.put(numbered(1, release_date=LATER), numbered(3), source="one")
    site.put(planted(1, "vorpaltwin"), numbered(2), source="two")
    site.publish()
    spooled = site.config.state / "harvest/one.jsonl"
    spooled.write_bytes(b"P damaged\n" + spooled.read_bytes())
    (site.folder / "one.jsonl").unlink()
    report = site.publish()
    assert "one" in {failure.source for failure in report.failed}
    assert "vorpal" not in all_words(site) and site.page(numbered(3)) and site.page(numbered(2))


def test_a_leak_alarm_keeps_nothing_open_that_closed(site, monkeypatch):
    real = rendering.record_artifacts

    def leaking(released, *others):
        first, *rest = real(released, *others)
        return [type(first)(first.path, first.body + b"<p>vorpalotherabstract</p>"), *rest]

    monkeypatch.setattr(rendering, "record_artifacts", leaking)
    other = planted(8, "vorpalother", release_date=LATER)
    closed = planted(9, "vorpalonce", release_date=LATER)
    site.put(numbered(0, title="Changed"), *(numbered(n) for n in range(1, 5)), other, closed)
    _publish_in_vain(site)
    assert "vorpal" not in all_words(site)


def test_a_dataset_that_closed_is_gone_with_the_first_commit_and_its_record_stands(site, monkeypatch):
    open_one = a_dataset(id="open-ds", name="open_scan_1")
    site.put(*(numbered(n) for n in range(5)), numbered(9, datasets=(open_one, planted_dataset("vorpalonce"))))
    site.publish()
    assert "vorpal" in all_words(site)
    closed = planted_dataset("vorpalonce", public=False)
    narrowed = numbered(9, title="In new words", datasets=(open_one, closed))
    site.put(*(numbered(n) for n in range(5)), narrowed)
    with monkeypatch.context() as patched:
        _no_second_commit(patched)
        with pytest.raises(RuntimeError):
            site.publish()
    assert "vorpal" not in all_words(site) and b"open_scan_1" in site.page(narrowed)
    assert b"Drainage of foam number9" in site.page(narrowed)  # its old words: the first commit adds none
    assert list(check(site.config)) == []
    site.publish()
    assert "vorpal" not in all_words(site) and b"In new words" in site.page(narrowed)


def test_an_open_record_that_cannot_be_shown_in_part_is_shut_and_comes_back(site, monkeypatch):
    open_one = a_dataset(id="open-ds", name="open_scan_1")
    site.put(*(numbered(n) for n in range(5)), numbered(9, datasets=(open_one, planted_dataset("vorpalonce"))))
    site.publish()
    site.put(*(numbered(n) for n in range(5)), numbered(9, datasets=(open_one,)))
    with monkeypatch.context() as patched:
        patched.setattr(closing_commit, "workshop_of", lambda *_: type("Workshop", (), {"render": _broken})())
        _no_second_commit(patched)
        with pytest.raises(RuntimeError):
            site.publish()
    assert "vorpal" not in all_words(site) and b"open_scan_1" not in site.page(numbered(9))
    site.publish()
    assert "vorpal" not in all_words(site) and b"open_scan_1" in site.page(numbered(9))


@pytest.mark.parametrize("broken", ["index", "sheets", "static search", "notice", "disk", "everything"])
def test_no_product_can_keep_what_closed(site, monkeypatch, broken):
    reference = site.files()
    site.put(*(numbered(n) for n in range(5)), planted(9, "vorpalonce", release_date=LATER))
    with monkeypatch.context() as patched:
        match broken:
            case "index":
                patched.setattr(IndexWriter, "_commit", _broken)
            case "sheets":
                patched.setattr("panfair.site.run.products.sheets.Sheets.fold", _broken)
            case "static search":
                patched.setattr("panfair.site.run.static_search.files.SearchFiles.fold", _broken)
            case "notice":
                patched.setattr(closing_commit, "closed_pages", _broken)
            case "disk":
                patched.setattr(staging_module, "_write", lambda path, body: _refuse(path))
            case "everything":
                patched.setattr(closing_commit, "Context", _broken)
        _no_second_commit(patched)
        with pytest.raises(RuntimeError):
            site.publish()
    assert "vorpal" not in all_words(site)
    site.publish()
    assert "vorpal" not in all_words(site)
    assert site.files().keys() >= {
        path
        for path in reference
        if "example-9" not in path
        and "/data/" not in path
        and "vorpal" not in path
        and not path.startswith(("search/", "oai-records/"))  # named by their bytes
    }
    assert list(check(site.config)) == []


def _refuse(path) -> None:
    raise OSError(28, "No space left on device", str(path))


def test_an_output_put_back_from_a_backup_shows_nothing_that_closed_since(site, monkeypatch, tmp_path):
    backup = site.files()
    site.put(*(numbered(n) for n in range(5)), planted(9, "vorpalonce", release_date=LATER))
    site.publish()
    for path, body in backup.items():
        target = site.output / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
    assert "vorpal" in all_words(site)
    site.put(
        *(numbered(n) for n in range(1, 5)), numbered(0, public=False), planted(9, "vorpalonce", release_date=LATER)
    )
    _no_second_commit(monkeypatch)
    with pytest.raises(RuntimeError):
        site.publish()
    assert "vorpal" not in all_words(site)


def test_killed_at_any_instant_the_site_is_smaller_and_never_wider(site):
    open_ones = [numbered(n) for n in range(5)]
    began = time.monotonic()
    site.put(*open_ones, planted(9, "vorpalonce", release_date=LATER))
    site.publish()
    length = time.monotonic() - began
    for kill in range(_KILLS):
        site.put(*open_ones, planted(9, "vorpalonce"))
        site.publish(accept_shrink=True)
        assert "vorpalonceabstract" in all_words(site)
        site.put(*open_ones, planted(8, "vorpalcoming"), planted(9, "vorpalonce", release_date=LATER))
        child = os.fork()
        if child == 0:
            try:
                site.publish()
            finally:
                os._exit(0)
        time.sleep(length * 1.3 * kill / _KILLS)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        finish_interrupted(site.config)
        words = all_words(site)
        assert not ("vorpalonceabstract" in words and "vorpalcomingabstract" in words), "it grew before it shrank"
        assert [line for line in check(site.config) if not line.startswith("leak")] == []
        site.publish()
        words = all_words(site)
        assert "vorpalonce" not in words and "vorpalcomingabstract" in words
