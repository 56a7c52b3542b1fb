"""The tantivy index on disk: no live file is touched, nothing half done, any history ends in what it says."""

import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_cases import Oracle, a_document

from panfair.builders.search_document import document
from panfair.builders.search_writer import form_of
from panfair.ontologies.errors import ConfigError
from panfair.site import config as config_module
from panfair.site.config import read_config
from panfair.site.indexes import index_writer
from panfair.site.query import parse
from panfair.site.search import SearchEngine
from panfair.site.search_asked import Asked
from panfair.site.search_tantivy import TantivyIndex
from records import a_publication, released
from site_run import SiteRun, numbered


def _write(folder: Path, numbers, seed: int = 3, removed=(), engine: str = "tantivy") -> None:
    with index_writer(engine, folder) as writer:
        for number in numbers:
            writer.put(a_document(number, Random(seed * 1000 + number)))
        for key in removed:
            writer.remove(key)


def _found(folder: Path, query: str = "") -> set[str]:
    engine = SearchEngine({"publications": folder})
    try:
        return {result.doi.lower() for result in engine.search(Asked(query, limit=1000)).results}
    finally:
        engine.close()


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_staged_copy_of_hard_links_leaves_the_live_index_alone(tmp_path):
    live, staged = tmp_path / "live", tmp_path / "staged"
    _write(live, range(20))
    before = _files(live)
    for path in live.rglob("*"):
        if path.is_file():
            place = staged / path.relative_to(live)
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, place)
    _write(staged, range(15, 30), seed=5, removed=["10.1000/example-0"])
    assert _files(live) == before
    assert len(_found(live)) == 20 and len(_found(staged)) == 29


def test_a_run_without_change_writes_nothing_and_an_exception_drops_all(tmp_path):
    _write(tmp_path, range(10))
    before = _files(tmp_path)
    _write(tmp_path, ())
    with pytest.raises(RuntimeError), index_writer("tantivy", tmp_path) as writer:
        writer.put(a_document(30, Random(1)))
        raise RuntimeError
    assert _files(tmp_path) == before


@settings(max_examples=8, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 25), max_size=12), st.lists(st.integers(0, 25), max_size=5)),
        min_size=1,
        max_size=4,
    )
)
def test_any_history_ends_in_what_it_says(tmp_path_factory, history):
    folder = tmp_path_factory.mktemp("history")
    standing: dict[str, dict] = {}
    for run, (put, removed) in enumerate(history):
        with index_writer("tantivy", folder) as writer:
            for number in put:
                found = a_document(number, Random(run * 100 + number))
                writer.put(found)
                standing[found["key"]] = found
            for number in removed:
                key = f"10.{1000 + number % 3}/example-{number}"
                writer.remove(key)
                standing.pop(key, None)
        assert _found(folder) == standing.keys()
    oracle = Oracle(list(standing.values()))
    for query in ("foam", "title:x-ray OR silica", '"in situ"', "year:2018.. -tomography", "tom*"):
        assert _found(folder, query) == oracle.matches(parse(query).node)


@pytest.mark.parametrize("history", ["removed", "put anew, then removed", "removed and put in one run"])
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
    assert any(b"vorpal" in body.lower() for body in _files(tmp_path).values())
    assert TantivyIndex(tmp_path).nearest("vorpaltitl", ("title",), 2) == "vorpaltitle"
    before, words = _found(tmp_path), _found(tmp_path, '"in situ" OR tom*')
    with index_writer("tantivy", tmp_path) as writer:
        writer.remove(one["owner"])
        if history.endswith("one run"):
            writer.put(plain)
    assert not [path for path, body in _files(tmp_path).items() if b"vorpal" in body.lower()]
    assert TantivyIndex(tmp_path).nearest("vorpaltitl", ("title",), 2) is None
    gone = set() if history.endswith("one run") else {one["doi"].lower()}
    assert before - _found(tmp_path) == gone and len(before) == 41
    assert _found(tmp_path, '"in situ" OR tom*') == words - gone
    assert TantivyIndex(tmp_path).stored(0)["title"]


def test_files_of_old_segments_do_not_pile_up(tmp_path):
    for number in range(12):
        _write(tmp_path, [number % 3], seed=number)
    assert len(_found(tmp_path)) == 3
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
    assert engine.search(Asked("foam")).total == engine.search(Asked("foam", scope="datasets")).total == 2
    engine.close()


def test_an_engine_that_is_not_installed_is_told_with_what_to_do(tmp_path, monkeypatch):
    run = SiteRun(tmp_path / "site")
    run.path.write_text(run.path.read_text() + '\n[search]\nengine = "tantivy"\n')
    monkeypatch.setattr(config_module, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"panfair\[tantivy\]"):
        read_config(run.path)
