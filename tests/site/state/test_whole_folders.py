"""A new folder comes in one step, and brings nothing that is not on the list."""

from pathlib import Path

import pytest

from panfair.builders import Artifact
from panfair.site.state import whole_folders
from panfair.site.state.ledger import Ledger
from panfair.site.state.staging import FOLDER, Staging

RECORD = {f"www/doi/10.99999/a/{name}": name.encode() for name in ("index.html", "datasets/1/index.html", "a.json")}


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger.open(tmp_path / "state" / "ledger.sqlite")
    yield ledger
    ledger.close()


@pytest.fixture
def renamed(monkeypatch) -> list[str]:
    """The folders that are renamed from now on."""
    found: list[str] = []
    real = Path.rename

    def rename(path, target):
        found.append(str(target))
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    return found


def _standing(output: Path) -> set[str]:
    return {str(path.relative_to(output)) for path in (output / "www").rglob("*") if path.is_file()}


def _staged(tmp_path, ledger, files) -> Staging:
    ledger.begin()
    run = Staging(tmp_path / "output", ledger)
    run.replace("a", [Artifact(path, body) for path, body in files.items()])
    return run


def test_the_files_of_a_new_record_come_by_one_rename(tmp_path, ledger, renamed):
    (tmp_path / "output/www/doi/10.99999").mkdir(parents=True)
    _staged(tmp_path, ledger, RECORD).commit()
    assert renamed == [str(tmp_path / "output/www/doi/10.99999/a")]
    assert _standing(tmp_path / "output") == set(RECORD)


def test_what_was_staged_and_is_not_on_the_list_does_not_come_with_its_folder(tmp_path, ledger, renamed):
    run = _staged(tmp_path, ledger, RECORD)
    (tmp_path / "output" / FOLDER / "www/doi/10.99999/a/closed.json").write_bytes(b"taken back")
    run.commit()
    assert _standing(tmp_path / "output") == set(RECORD) and not (tmp_path / "output" / FOLDER).exists()


def test_what_is_to_be_deleted_does_not_come_either(tmp_path, ledger, renamed):
    run = _staged(tmp_path, ledger, RECORD)
    run.drop("www/doi/10.99999/a/a.json")
    run.commit()
    assert _standing(tmp_path / "output") == set(RECORD) - {"www/doi/10.99999/a/a.json"}


def test_a_folder_of_many_files_comes_folder_by_folder(tmp_path, ledger, renamed, monkeypatch):
    monkeypatch.setattr(whole_folders, "_MOST", 4)
    two = RECORD | {path.replace("/a/", "/b/"): body for path, body in RECORD.items()}
    _staged(tmp_path, ledger, two).commit()
    assert sorted(renamed) == [str(tmp_path / f"output/www/doi/10.99999/{name}") for name in "ab"]
    assert _standing(tmp_path / "output") == set(two)


def test_nothing_is_moved_over_a_link_that_stands_where_a_folder_is_to_come(tmp_path, ledger, renamed):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "output").mkdir()
    (tmp_path / "output/www").symlink_to(tmp_path / "elsewhere")
    _staged(tmp_path, ledger, RECORD).commit()
    assert renamed == []
