"""Staging and replay: whatever is interrupted, output/ is the old site or becomes the new one."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders import Artifact, Sheet
from panfair.ontologies.errors import PublishError
from panfair.site.state import staging as staging_module
from panfair.site.state.ledger import Ledger
from panfair.site.state.staging import FOLDER, MANIFEST, Staging, disowned, replay, stage, take_away_what_is_not_ours


def _ledger(folder: Path) -> Ledger:
    return Ledger.open(folder / "state" / "ledger.sqlite")


def _publish(folder: Path, ledger: Ledger, files: dict[str, bytes]) -> Staging:
    ledger.begin()
    run = Staging(folder / "output", ledger)
    run.replace("record", [Artifact(path, body) for path, body in files.items()])
    run.commit()
    return run


def _standing(folder: Path) -> dict[str, bytes]:
    output = folder / "output"
    found = {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*") if path.is_file()}
    found.pop(MANIFEST, None)
    return found


_names = st.sampled_from(["a", "b", "a/x", "a/x/y", "c/d/e", "b/f"])
_sites = st.dictionaries(_names, st.binary(max_size=5), max_size=5)


def _possible(files: dict[str, bytes]) -> bool:
    """Whether the names fit on a disk together: none is a folder of another."""
    return not any(other.startswith(f"{name}/") for name in files for other in files)


@given(st.lists(_sites.filter(_possible), min_size=1, max_size=5), st.data())
@settings(max_examples=50, deadline=None)
def test_after_any_sequence_of_runs_the_folder_is_the_last_site(tmp_path_factory, sites, data):
    folder = tmp_path_factory.mktemp("site")
    ledger = _ledger(folder)
    for files in sites:
        _publish(folder, ledger, files)
        assert _standing(folder) == files
        assert not disowned(folder / "output", ledger)
    ledger.close()


class _Stop(BaseException):
    pass


@given(_sites.filter(_possible), _sites.filter(_possible), st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_a_replay_that_stops_after_any_move_is_finished_by_the_next(tmp_path_factory, old, new, stop_after):
    folder = tmp_path_factory.mktemp("site")
    ledger = _ledger(folder)
    _publish(folder, ledger, old)
    moves = 0
    real_replace, real_remove = Path.replace, staging_module._remove

    def count() -> None:
        nonlocal moves
        moves += 1
        if moves > stop_after:
            raise _Stop

    def replace(self: Path, target: Path) -> Path:
        count()
        return real_replace(self, target)

    def remove(path: Path, output: Path) -> None:
        count()
        real_remove(path, output)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        patch.setattr(staging_module, "_remove", remove)
        try:
            _publish(folder, ledger, new)
        except _Stop:
            ledger.close()
            ledger = _ledger(folder)
    replay(folder / "output", ledger)
    assert _standing(folder) == new
    assert not disowned(folder / "output", ledger)
    ledger.close()


def test_equal_bytes_are_not_written_again(tmp_path):
    ledger = _ledger(tmp_path)
    _publish(tmp_path, ledger, {"www/a": b"1", "www/b": b"2"})
    before = (tmp_path / "output/www/a").stat().st_mtime_ns
    second = _publish(tmp_path, ledger, {"www/a": b"1", "www/b": b"3"})
    assert (second.written, second.deleted) == (1, 0)
    assert (tmp_path / "output/www/a").stat().st_mtime_ns == before
    ledger.close()


def test_a_run_that_changes_nothing_touches_nothing(tmp_path):
    ledger = _ledger(tmp_path)
    _publish(tmp_path, ledger, {"www/a": b"1"})
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "output").rglob("*") if path.is_file()}
    assert not _publish(tmp_path, ledger, {"www/a": b"1"}).changed
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "output").rglob("*") if path.is_file()} == before
    ledger.close()


def test_a_sheet_is_rendered_only_when_its_key_changes(tmp_path):
    ledger = _ledger(tmp_path)
    rendered = []

    def sheet(key: str) -> Sheet:
        return Sheet("www/list", key, lambda: rendered.append(key) or key.encode())

    for key in ("1", "1", "2"):
        ledger.begin()
        run = Staging(tmp_path / "output", ledger)
        run.sheet("sheets", sheet(key))
        run.finish_sheets("sheets")
        run.commit()
    assert rendered == ["1", "2"]
    assert (tmp_path / "output/www/list").read_bytes() == b"2"
    ledger.close()


def test_folders_left_empty_go_with_their_last_file(tmp_path):
    ledger = _ledger(tmp_path)
    _publish(tmp_path, ledger, {"www/doi/10.1/a/index.html": b"1", "www/x": b"2"})
    _publish(tmp_path, ledger, {"www/x": b"2"})
    assert not (tmp_path / "output/www/doi").exists()
    ledger.close()


def test_an_output_that_was_meddled_with_is_disowned_and_written_anew(tmp_path):
    ledger = _ledger(tmp_path)
    _publish(tmp_path, ledger, {"www/a": b"1", "www/b": b"2", "www/c": b"3"})
    (tmp_path / "output" / MANIFEST).unlink()
    (tmp_path / "output/www/b").write_bytes(b"edited")
    (tmp_path / "output/www/c").unlink()
    (tmp_path / "output/www/stranger.html").write_bytes(b"?")
    assert disowned(tmp_path / "output", ledger)
    ledger.begin()
    run = Staging(tmp_path / "output", ledger)
    assert take_away_what_is_not_ours(run) == {"", "record"}
    assert run.standing("record").keys() == {"www/a"}
    run.replace("record", [Artifact("www/a", b"1"), Artifact("www/b", b"2")])
    run.commit()
    assert _standing(tmp_path) == {"www/a": b"1", "www/b": b"2"}
    ledger.close()


def test_a_file_that_is_dropped_and_staged_again_outlives_a_replay_that_is_done_twice(tmp_path):
    ledger = _ledger(tmp_path)
    _publish(tmp_path, ledger, {"www/a": b"1"})
    ledger.begin()
    run = Staging(tmp_path / "output", ledger)
    run.drop("www/a")
    run.replace("record", [Artifact("www/a", b"2")])
    plan = ledger.connection.execute("SELECT staged, target FROM redo").fetchall()
    run.commit()
    ledger.connection.executemany("INSERT INTO redo (staged, target) VALUES (?, ?)", plan)  # killed before it was clear
    replay(tmp_path / "output", ledger)
    assert _standing(tmp_path) == {"www/a": b"2"}
    ledger.close()


def test_a_full_disk_is_said_in_words_and_the_old_site_stands(tmp_path, monkeypatch):
    ledger = _ledger(tmp_path)
    _publish(tmp_path, ledger, {"www/a": b"1"})

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(PublishError, match="No space left on device; the site stands as it was"):
        stage(tmp_path / "output", [Artifact("www/a", b"2")], {})
    assert _standing(tmp_path) == {"www/a": b"1"}
    assert not (tmp_path / "output" / FOLDER / "www").exists() or not list((tmp_path / "output" / FOLDER).rglob("a"))
    ledger.close()
