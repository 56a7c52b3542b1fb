"""`panfair publish --watch`: what changes is published at once, what falls due on its day; it ends cleanly."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from panfair.harvesters import http as rest_sender
from panfair.ontologies.errors import HarvestError
from panfair.site.catalogue.store.entries import DatasetEntry
from panfair.site.run.watch import follow as watch
from panfair.site.run.watch import plan as watch_plan
from panfair.site.run.watch.follow import watch_sources
from panfair.site.state.harvest_file import read_harvest
from support.catalogue.facility import TODAY
from support.core_and_site import CoreAndSite, core_and_site
from support.serving import a_free_port

PAGE = "doi/10.5072/open-1/index.html"
CLOSED = "doi/10.5072/closed-2/index.html"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch):
    monkeypatch.setattr(rest_sender, "_FIRST_PAUSE", 0.0)
    monkeypatch.setattr(watch_plan, "_FIRST_REST", 0.3)
    monkeypatch.setattr(watch, "_AFTER_REFUSAL", 0.3)


@contextmanager
def _watched(world: CoreAndSite) -> Iterator[list[str]]:
    """What the watch says while it runs, on the core's clock."""
    stop, said = threading.Event(), []
    arguments = (world.path, 0.1, 3600.0, said.append, stop, world.clock)
    running = threading.Thread(target=watch_sources, args=arguments, daemon=True)
    running.start()
    try:
        yield said
    finally:
        stop.set()
        running.join(30)
        assert not running.is_alive()


def _until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "half a minute is over"
        time.sleep(0.05)


def test_a_release_a_correction_and_a_withdrawal_are_published_at_once(tmp_path):
    with core_and_site(tmp_path, TODAY) as world, _watched(world) as said:
        page, rows, store = world.www / PAGE, world.facility.rows, world.facility.core.store
        _until(page.is_file)
        with store.writing() as writer:
            writer.put_dataset(rows.open, DatasetEntry(name="scan 77"), world.clock.now)
        _until(lambda: b"scan 77" in page.read_bytes())
        assert not (world.www / CLOSED).is_file() or b"Drainage" not in (world.www / CLOSED).read_bytes()
        with store.writing() as writer:
            writer.set_release_date(rows.closed, TODAY.date(), world.clock.now)
        _until(lambda: (world.www / CLOSED).is_file() and b"Drainage" in (world.www / CLOSED).read_bytes())
        with store.writing() as writer:
            writer.withdraw("investigation", rows.open, "a made-up reason", world.clock.now)
        _until(lambda: b"a made-up reason" in page.read_bytes())
        _until(lambda: len(said) >= 4)
        assert "1 withdrawn" in said[-1] and not any("FAILED" in line for line in said)


def test_what_falls_due_is_published_just_after_midnight(tmp_path):
    with core_and_site(tmp_path, datetime(2026, 12, 31, 23, 59, 58, tzinfo=UTC)) as world, _watched(world) as said:
        _until(lambda: said)
        assert b"Drainage of foam, MA-2" not in world.words()
        world.clock.wait(seconds=4)
        _until(lambda: len(said) > 1)
        assert b"Drainage of foam, MA-2" in (world.www / CLOSED).read_bytes()
        assert said[1].startswith("2027-01-01 00:00:02Z")


def test_a_core_whose_clock_is_late_is_read_once_more(tmp_path):
    with core_and_site(tmp_path, datetime(2026, 12, 31, 23, 59, 50, tzinfo=UTC)) as world:
        stop, said = threading.Event(), []
        moment = [datetime(2027, 1, 1, 0, 0, 1, tzinfo=UTC)]
        look = watch._Watch(world.config, 3600.0, said.append, stop, lambda: moment[0]).look
        look()
        assert b"Drainage of foam, MA-2" not in world.words()
        world.clock.wait(minutes=10)
        look()
        assert b"Drainage of foam, MA-2" not in world.words()
        moment[0] = datetime(2027, 1, 1, 0, 10, 1, tzinfo=UTC)
        look()
        assert b"Drainage of foam, MA-2" in world.words()


def _looks(world: CoreAndSite) -> Callable[[], None]:
    return watch._Watch(world.config, 3600.0, lambda line: None, threading.Event(), world.clock).look


def test_what_falls_due_stays_closed_until_its_source_has_answered_that_day(tmp_path, monkeypatch):
    with core_and_site(tmp_path, datetime(2026, 12, 31, 23, 59, 50, tzinfo=UTC)) as world:
        look = _looks(world)
        look()
        world.clock.wait(minutes=20)

        def down(plan, config):
            raise HarvestError("core: is down")

        with monkeypatch.context() as patch:
            patch.setattr(watch_plan.Plan, "_ask", down)
            look()
        assert b"Drainage of foam, MA-2" not in world.words()
        time.sleep(0.4)  # it is left alone for a while after a failure
        look()
        assert b"Drainage of foam, MA-2" in world.words()


def test_a_source_that_tells_no_changes_is_read_at_the_first_look_of_a_day_however_late(tmp_path, monkeypatch):
    monkeypatch.setattr(watch_plan.Plan, "_ask", lambda plan, config: None)
    with core_and_site(tmp_path, datetime(2026, 12, 31, 23, 59, 50, tzinfo=UTC)) as world:
        look = _looks(world)
        look()
        world.clock.wait(minutes=20)
        look()
        assert b"Drainage of foam, MA-2" in world.words()


def test_nothing_is_said_or_done_while_nothing_changes(tmp_path):
    with core_and_site(tmp_path, TODAY) as world, _watched(world) as said:
        _until(lambda: said)
        spool = tmp_path / ".panfair" / "harvest" / "core.jsonl"
        before = spool.stat().st_ino
        time.sleep(0.8)
        assert len(said) == 1 and spool.stat().st_ino == before


def test_a_source_that_is_down_is_one_line_and_no_end(tmp_path):
    with core_and_site(tmp_path, TODAY) as world:
        text = world.path.read_text(encoding="utf-8")
        dead = f'[[source]]\nname = "dead"\nkind = "icatplus"\nurl = "http://127.0.0.1:{a_free_port()}"\n'
        world.path.write_text(f"{text}\n{dead}", encoding="utf-8")
        with _watched(world) as said:
            _until((world.www / PAGE).is_file)
            time.sleep(1.5)  # it is asked again meanwhile
            assert sum("dead: the catalogue failed" in line for line in said) == 1
            with world.facility.core.store.writing() as writer:
                writer.put_dataset(world.facility.rows.open, DatasetEntry(name="scan 78"), world.clock.now)
            _until(lambda: b"scan 78" in (world.www / PAGE).read_bytes())


def test_a_mistake_in_the_program_that_tells_of_changes_is_one_line_and_no_end(tmp_path, monkeypatch):
    with core_and_site(tmp_path, TODAY) as world:

        def mistaken(*_arguments):
            raise ZeroDivisionError("division by zero")

        monkeypatch.setattr(watch_plan.Plan, "_ask", mistaken)
        with _watched(world) as said:
            _until(lambda: any("ZeroDivisionError" in line for line in said))
            time.sleep(1)
        assert not world.www.exists(), "a first publication of which no source could be read publishes nothing"
        assert sum("FAILED" in line for line in said) == 1 and "division by zero" not in str(said)


def test_a_source_that_comes_back_is_read(tmp_path, monkeypatch):
    with core_and_site(tmp_path, TODAY) as world:
        asked = watch_plan.Plan._ask
        down = [True]

        def ask(plan, config):
            if down[0]:
                raise HarvestError("core: is down")
            return asked(plan, config)

        monkeypatch.setattr(watch_plan.Plan, "_ask", ask)
        with _watched(world) as said:
            _until(lambda: any("is down" in line for line in said))
            assert not (world.www / PAGE).is_file()
            down[0] = False
            _until((world.www / PAGE).is_file)


def test_a_site_that_would_shrink_is_one_line_until_it_is_mended(tmp_path):
    with core_and_site(tmp_path, TODAY) as world:
        world.path.write_text(world.path.read_text().replace("shrink_limit = 1.0", "shrink_limit = 0.0"))
        with _watched(world) as said:
            _until((world.www / PAGE).is_file)
            before = (world.www / PAGE).read_bytes()
            with world.facility.core.store.writing() as writer:
                writer.set_release_date(world.facility.rows.open, date(2031, 1, 1), world.clock.now)
            _until(lambda: any("FAILED" in line for line in said))
            time.sleep(1)
            assert sum("FAILED" in line for line in said) == 1 and (world.www / PAGE).read_bytes() == before
            with world.facility.core.store.writing() as writer:
                writer.set_release_date(world.facility.rows.open, date(2026, 1, 1), world.clock.now)
            time.sleep(1)
        assert (world.www / PAGE).read_bytes() == before


def test_a_withdrawal_that_the_catalogue_tells_of_is_no_shrinking(tmp_path):
    with core_and_site(tmp_path, TODAY) as world:
        world.path.write_text(world.path.read_text().replace("shrink_limit = 1.0", "shrink_limit = 0.0"))
        world.publish()
        with world.facility.core.store.writing() as writer:
            writer.withdraw("investigation", world.facility.rows.open, "a made-up reason", world.clock.now)
        report = world.publish()
        assert report.withdrawn == 1 and b"a made-up reason" in (world.www / PAGE).read_bytes()


def _command(path: Path) -> subprocess.Popen[str]:
    panfair = str(Path(sys.executable).with_name("panfair"))
    command = [panfair, "publish", "--watch", "--every", "1", "--config", str(path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_command_with_status_0_and_a_whole_site(tmp_path, how):
    with core_and_site(tmp_path, datetime.now(UTC)) as world:
        command = _command(world.path)
        try:
            line = command.stdout.readline()
            assert " open, " in line
            command.send_signal(how)
            out, err = command.communicate(timeout=30)
        finally:
            command.kill()
        assert command.returncode == 0 and out == "" and "Traceback" not in err
        assert (world.www / PAGE).is_file()
        assert world.publish().written == 0


def test_a_signal_during_a_harvest_ends_it_at_a_record_and_publishes_nothing_of_it(tmp_path, monkeypatch):
    with core_and_site(tmp_path, TODAY) as world:
        world.publish()
        before = {item.key for item in read_harvest(world.config, "core")}
        stop = threading.Event()
        with world.facility.core.store.writing() as writer:
            writer.put_dataset(world.facility.rows.open, DatasetEntry(name="scan 79"), world.clock.now)
        look = watch._Watch(world.config, 3600.0, lambda line: None, stop, world.clock)
        monkeypatch.setattr(watch_plan.Plan, "_ask", lambda plan, config: stop.set() or "99")
        look.look()
        assert {item.key for item in read_harvest(world.config, "core")} == before
        assert b"scan 79" not in world.words()
