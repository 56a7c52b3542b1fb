"""Tantivy as the engine: chosen in the settings, and its files. What both engines promise: test_search_index.py."""

import errno
import os
import tempfile
from random import Random

import pytest

from panfair.builders.search.documents.document import document
from panfair.builders.search.index.writer import form_of
from panfair.builders.search.language.request import SearchRequest
from panfair.ontologies.errors import ConfigError
from panfair.site.config import settings as config_module
from panfair.site.config.settings import read_config
from panfair.site.run.indexes import index_writer
from panfair.site.search.engine import SearchEngine
from panfair.site.search.tantivy_index import TantivyIndex
from support.records import a_publication, released
from support.search.cases import a_document
from support.search.folders import files, found, write
from support.site_run import SiteRun, numbered


@pytest.mark.parametrize(
    "history", ["removed", "put anew, then removed", "emptied, then removed", "removed and put in one run"]
)
def test_what_is_removed_leaves_no_word_in_any_file_and_is_not_what_a_slip_may_mean(tmp_path, history):
    one = document(released(a_publication(abstract="vorpalabstract", title="Vorpaltitle")))
    plain = document(released(a_publication()))
    with index_writer("tantivy", tmp_path) as writer:
        for number in range(40):
            writer.put(a_document(number, Random(number)))
        writer.put(one)
    if history.startswith("put anew"):
        with index_writer("tantivy", tmp_path) as writer:
            writer.put(plain)
    if history.startswith("emptied"):
        with index_writer("tantivy", tmp_path) as writer:
            writer.put_all(one["owner"], [])
    assert any(b"vorpal" in body.lower() for body in files(tmp_path).values())
    assert TantivyIndex(tmp_path).nearest("vorpaltitl", ("title",), 2) == "vorpaltitle"
    before, words = found(tmp_path), found(tmp_path, '"in situ" OR tom*')
    with index_writer("tantivy", tmp_path) as writer:
        writer.remove(one["owner"])
        if history.endswith("one run"):
            writer.put(plain)
    assert not [path for path, body in files(tmp_path).items() if b"vorpal" in body.lower()]
    assert TantivyIndex(tmp_path).nearest("vorpaltitl", ("title",), 2) is None
    gone = set() if history.endswith("one run") or history.startswith("emptied") else {one["doi"].lower()}
    assert before - found(tmp_path) == gone and len(before) == 41 - history.startswith("emptied")
    assert found(tmp_path, '"in situ" OR tom*') == words - gone
    assert TantivyIndex(tmp_path).stored(0)["title"]


def test_files_of_old_segments_do_not_pile_up(tmp_path):
    for number in range(12):
        write(tmp_path, [number % 3], seed=number, engine="tantivy")
    assert len(found(tmp_path)) == 3
    assert len([path for path in tmp_path.iterdir() if path.suffix == ".store"]) <= 8
    assert not list(tmp_path.glob("*.lock"))


def test_another_engine_begins_the_index_anew(tmp_path):
    run = SiteRun(tmp_path / "site")
    run.put(numbered(1), numbered(2))
    run.publish()
    folder = run.output / "search" / "publications"
    assert (form_of(folder) or "").startswith("whoosh")
    run.path.write_text(run.path.read_text() + '\n[search]\nengine = "tantivy"\n')
    run.publish()
    assert (form_of(folder) or "").startswith("tantivy") and not list(folder.glob("*.seg"))
    engine = SearchEngine({"publications": folder, "datasets": folder.parent / "datasets"})
    assert (
        engine.search(SearchRequest("foam")).total == engine.search(SearchRequest("foam", scope="datasets")).total == 2
    )
    engine.close()


def test_an_engine_that_is_not_installed_is_told_with_what_to_do(tmp_path, monkeypatch):
    run = SiteRun(tmp_path / "site")
    run.path.write_text(run.path.read_text() + '\n[search]\nengine = "tantivy"\n')
    monkeypatch.setattr(config_module, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"needs the package tantivy: pip install tantivy$"):
        read_config(run.path)


def test_a_lock_that_is_written_while_the_folder_of_links_goes_is_no_reason_not_to_answer(tmp_path, monkeypatch):
    write(tmp_path, range(3), engine="tantivy")
    remove = os.rmdir

    def busy(path, **options):
        if "panfair-search-" in str(path):
            raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), path)
        remove(path, **options)

    monkeypatch.setattr(os, "rmdir", busy)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path.parent))
    assert len(found(tmp_path)) == 3
