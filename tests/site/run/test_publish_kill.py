"""A run killed at any instant leaves the old site, the old one less what closed, or the new one; whole, none leaked."""

import multiprocessing
import os
import random
import re
import signal
import threading
import time
from datetime import date, timedelta
from multiprocessing import resource_tracker, spawn

import pytest

from panfair.builders.oai.store import texts_in
from panfair.builders.search.index.whoosh import open_index
from panfair.ontologies.errors import LockedError, PublishError
from panfair.ontologies.record import Agent, Publication
from panfair.site.run.report import Report
from panfair.site.state.lock import locked
from panfair.site.state.recovery import finish_interrupted
from panfair.site.state.staging import digest_of
from support.records import TODAY, a_publication
from support.site_run import SiteRun, numbered

_KILLS = 60 * int(os.environ.get("PANFAIR_KILLS", "1"))
_SECRET = "qzsecretword"
_GENERATION = re.compile(rb"generation(\d+)x")


def _here(generation: int) -> set[int]:
    """The numbers of the four records that a generation has."""
    return {n for n in range(5) if n != generation % 5}


def _catalogue(site: SiteRun, generation: int, *others: Publication) -> None:
    """Four records that name their generation; which of them are there changes, and one is closed."""
    _put(site, _here(generation), generation, *others)


def _put(site: SiteRun, numbers: set[int], generation: int, *others: Publication) -> None:
    records = [numbered(n, title=f"Foam {n} generation{generation}x", datasets=()) for n in sorted(numbers)]
    closed = numbered(7, title=_SECRET, release_date=TODAY + timedelta(days=999), publication_date=None)
    site.put(*records, closed, *others)


def _in_child(site: SiteRun) -> int:
    """Starts the run in a child process that shares our loaded modules; its number."""
    child = os.fork()
    if child == 0:
        try:
            site.publish(accept_shrink=True)
            os._exit(0)
        except BaseException:
            os._exit(3)
    return child


def _generations(site: SiteRun) -> set[int]:
    """Which generations any page, list, index document or OAI-PMH payload of an open record speaks of."""
    bodies = [body for path, body in site.files("www").items() if b"withdrawn" not in body.lower()]
    with open_index(site.output / "search/publications").reader() as reader:
        bodies += [repr(fields).encode() for _number, fields in reader.iter_docs()]
    return {int(number) for body in bodies for number in _GENERATION.findall(body)}


def _open_pages(site: SiteRun, generation: int) -> set[int]:
    """The numbers of the records whose open page speaks of a generation."""
    word, pages = f"generation{generation}x".encode(), site.files("www")
    bodies = {n: pages.get(f"www/doi/{numbered(n).doi.path}/index.html", b"") for n in range(5)}
    return {n for n, body in bodies.items() if word in body and b"withdrawn" not in body.lower()}


def _assert_whole(site: SiteRun) -> None:
    manifest = site.manifest()
    standing = {path for path in site.files() if path != "manifest.json"}
    assert standing == set(manifest)
    for path, entry in manifest.items():
        assert digest_of(site.output / path) == (entry["sha256"], entry["size"]), path
    assert not (site.output / ".staging").exists()


def test_killed_at_any_of_many_random_instants_the_site_is_always_one_whole_generation(tmp_path):
    dice = random.Random(20261124)
    site = SiteRun(tmp_path / "site")
    _catalogue(site, 0)
    site.publish()
    _catalogue(site, 1)
    began = time.monotonic()
    assert os.waitpid(_in_child(site), 0)[1] == 0
    length = time.monotonic() - began
    current, killed, moved_on = 1, 0, 0
    staying = _here(current)
    for generation in range(2, 2 + _KILLS):
        _catalogue(site, generation)
        child = _in_child(site)
        time.sleep(dice.uniform(0, length * 1.3))
        os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status)
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        # A machine that has become faster or slower since the first run: kills shall fall before and after the end.
        length *= 1.03 if os.WIFSIGNALED(status) else 0.9
        for body in (path.read_bytes() for path in site.output.rglob("*") if path.is_file()):
            assert _SECRET.encode() not in body
        finish_interrupted(site.config)
        _assert_whole(site)
        found = _generations(site)
        assert len(found) <= 1 and found <= {current, generation}, (current, generation, found)
        # A first commit takes away what its generation has not; runs that are all killed before their second commit
        # bring nothing in its place, so that in the end no record may be left. No other record goes.
        staying &= _here(generation)
        if found == {generation}:
            current, staying, moved_on = generation, _here(generation), moved_on + 1
            assert _open_pages(site, current) == staying
        else:
            standing = _open_pages(site, current)
            assert staying <= standing <= _here(current), (current, generation, staying, standing)
            assert bool(found) == bool(standing), (
                "a list speaks of records whose pages are gone, or no list of those there"
            )
    assert killed > _KILLS // 2, "the kills came too late to prove anything"
    assert moved_on, "no kill came after a commit"
    site.publish(accept_shrink=True)
    payloads = b"".join(body for _name, body in texts_in(site.output / "oai.sqlite"))
    assert f"generation{1 + _KILLS}x".encode() in payloads


def test_what_an_interrupted_run_has_committed_is_finished_by_the_next_run(tmp_path, monkeypatch):
    site = SiteRun(tmp_path / "site")
    _catalogue(site, 1)
    site.publish()
    _catalogue(site, 2)
    monkeypatch.setattr("panfair.site.state.staging.replay", lambda output, ledger: 0)  # as if killed after the commit
    site.publish(accept_shrink=True)
    monkeypatch.undo()
    assert _generations(site) == {1}
    finish_interrupted(site.config)
    assert _generations(site) == {2}
    _assert_whole(site)


def _publish_to_a_full_disk(site: SiteRun, monkeypatch) -> dict[str, bytes]:
    """The files that stand after a run that could write none."""

    def full(path, body):
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patched:
        patched.setattr("panfair.site.state.staging._write", full)
        with pytest.raises(PublishError, match="No space left on device; the site stands as it was"):
            site.publish(accept_shrink=True)
    return {path: body for path, body in site.files().items() if not path.startswith(".staging")}


def test_a_full_disk_stops_the_run_with_the_old_site_standing(tmp_path, monkeypatch):
    site = SiteRun(tmp_path / "site")
    _catalogue(site, 1)
    site.publish()
    before = site.files()
    _put(site, set(range(5)), 2)  # all change, one comes, none closes
    assert _publish_to_a_full_disk(site, monkeypatch) == before
    site.publish()
    assert _generations(site) == {2}


def test_a_full_disk_keeps_nothing_that_closed_and_takes_no_page_but_those_that_name_it(tmp_path, monkeypatch):
    site = SiteRun(tmp_path / "site")
    nothing = {"techniques": (), "samples": (), "instruments": (), "datasets": (), "keywords": (), "related": ()}
    alone = a_publication(doi="10.99999/alone", source_id="alone", title="Zyx", abstract=None, **nothing)
    alone = alone.model_copy(update={"creators": (Agent(name="Made-Up, Nobody"),)})
    _catalogue(site, 1, alone)
    site.publish()
    before = site.files()
    gone = numbered(2).doi.path.encode()
    naming = {n for n in _here(1) if gone in site.page(numbered(n))}
    assert 2 in naming and gone not in site.page(alone)
    _catalogue(site, 2, alone)
    after = _publish_to_a_full_disk(site, monkeypatch)
    assert after.items() <= before.items()  # no new byte
    assert _open_pages(site, 1) == _here(1) - naming
    assert site.page(alone)
    assert not [path for path, body in after.items() if gone in path.encode() or gone in body]
    site.publish(accept_shrink=True)
    assert _generations(site) == {2}
    _assert_whole(site)


def test_a_second_run_at_the_same_time_does_nothing(tmp_path):
    site = SiteRun(tmp_path / "site")
    _catalogue(site, 1)
    with locked(site.config.state), pytest.raises(LockedError, match="another run"):
        site.publish()
    assert not site.output.exists() or not site.files()


def test_the_server_starts_while_a_run_is_at_work_and_leaves_it_alone(tmp_path):
    site = SiteRun(tmp_path / "site")
    _catalogue(site, 1)
    site.publish()
    with locked(site.config.state):
        finish_interrupted(site.config)
    site.build(Report(), on=date(2026, 11, 25))
    _assert_whole(site)


def test_a_rendering_process_that_is_killed_stops_the_run_with_the_old_site_standing(tmp_path):
    site = SiteRun(tmp_path / "site", processes=2)
    site.put(*(numbered(n) for n in range(3)))
    site.publish()
    before = site.files()
    site.put(*(numbered(n) for n in range(200)))

    def kill_one() -> None:
        while not (workers := multiprocessing.active_children()):
            time.sleep(0.01)
        time.sleep(0.3)
        workers[0].kill()

    killer = threading.Thread(target=kill_one)
    killer.start()
    with pytest.raises(PublishError, match="the site stands as it was"):
        site.publish()
    killer.join()
    assert {path: body for path, body in site.files().items() if not path.startswith(".staging")} == before
    assert site.publish().released == 200


def test_rendering_processes_that_die_as_they_start_stop_the_run_too(tmp_path):
    site = SiteRun(tmp_path / "site", processes=2)
    closed = [
        numbered(n, public=False, abstract=f"{_SECRET} " + " ".join(f"w{i}x{n}" for i in range(3000)))
        for n in (1, 2, 3)
    ]
    site.put(*closed, *(numbered(n) for n in range(10, 80)))
    told: list[str] = []

    def publish() -> None:
        try:
            site.publish()
        except PublishError as error:
            told.append(str(error))

    resource_tracker.ensure_running()  # a process of the library's own, made by the same executable
    executable = spawn.get_executable()
    try:
        multiprocessing.set_executable("/bin/false")
        run = threading.Thread(target=publish, daemon=True)
        run.start()
        run.join(60)
    finally:
        multiprocessing.set_executable(executable)
    assert not run.is_alive() and "was killed from outside" in told[0]
    assert not (site.folder / ".panfair/workers.pickle").exists()
    assert site.publish().released == 70
