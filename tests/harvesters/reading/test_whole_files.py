"""A file that is as it was: by what the system says of it, else by its digest; never by its size and date alone."""

import os

from panfair.harvesters.reading import whole_files
from panfair.harvesters.reading.whole_files import whole_file


def _told(path, before=None):
    with path.open("rb") as file:
        return whole_file(file, before)


def test_a_file_that_was_written_anew_with_the_same_bytes_is_as_it_was(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_bytes(b"one\n")
    first, same = _told(path)
    assert not same and not _told(path, "another")[1]
    path.write_bytes(b"one\n")
    assert _told(path, first)[1]


def test_another_text_of_the_same_length_and_date_is_another_file(tmp_path, monkeypatch):
    monkeypatch.setattr(whole_files, "_AT_ONCE", -1.0)  # trusted at once
    path = tmp_path / "records.jsonl"
    path.write_bytes(b"open\n")
    stat = path.stat()
    first, _ = _told(path)
    path.write_bytes(b"shut\n")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert not _told(path, first)[1]


def test_a_file_that_nobody_touched_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(whole_files, "_AT_ONCE", -1.0)
    path = tmp_path / "records.jsonl"
    path.write_bytes(b"one\n")
    first, _ = _told(path)
    monkeypatch.setattr(whole_files.hashlib, "file_digest", lambda *_: 1 / 0)
    assert _told(path, first) == (first, True)


def test_what_was_written_a_moment_ago_is_not_trusted_by_its_date(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_bytes(b"one\n")
    told, _ = _told(path)
    assert told.partition(" ")[2] == ""
