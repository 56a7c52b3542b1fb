"""A store that can be lost is begun anew when it cannot be read, and kept when it can."""

import sqlite3
import stat

import pytest

from panfair.site.state.lost_store import opened


def _prepare(db: sqlite3.Connection, new: bool) -> None:
    if new:
        db.executescript("CREATE TABLE word (text TEXT); PRAGMA user_version = 3;")
    db.execute("SELECT text FROM word").fetchall()


def _put(path, word):
    db = opened(path, 3, _prepare)
    with db:
        db.execute("INSERT INTO word VALUES (?)", (word,))
    found = [text for (text,) in db.execute("SELECT text FROM word")]
    db.close()
    return found


def test_a_whole_store_is_kept_and_read_by_its_owner_only(tmp_path):
    path = tmp_path / "store.sqlite"
    _put(path, "one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert _put(path, "two") == ["one", "two"]


@pytest.mark.parametrize("damage", ["garbage", "other version", "lost table"])
def test_a_store_that_cannot_be_read_is_begun_anew(tmp_path, damage):
    path = tmp_path / "store.sqlite"
    _put(path, "one")
    if damage == "garbage":
        path.write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    else:
        db = sqlite3.connect(path)
        db.executescript("PRAGMA user_version = 2" if damage == "other version" else "DROP TABLE word")
        db.close()
    assert _put(path, "two") == ["two"]
