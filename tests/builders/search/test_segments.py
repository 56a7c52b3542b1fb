"""Segments of the Whoosh index are bounded: what closes makes one of them be written anew, whatever the index holds."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.index import FileIndex, open_dir

from panfair.builders.search.documents.document import document
from panfair.builders.search.index import whoosh
from panfair.builders.search.index.whoosh import INDEX_NAME, IndexWriter, most_in_a_segment
from support.records import a_publication, released
from support.search.cases import a_document
from support.search.folders import files, found, write


@pytest.fixture
def eight(monkeypatch) -> int:
    monkeypatch.setattr(whoosh, "_A_SEGMENT", 8)
    return 8


def _index(folder) -> FileIndex:
    return open_dir(str(folder), INDEX_NAME, schema=whoosh._schema())  # never read from the file: it is a pickle


def _segments(folder) -> dict[str, int]:
    return {one.segment_id(): one.doc_count_all() for one in _index(folder)._segments()}


def test_a_first_run_makes_full_segments_and_a_closing_rewrites_the_one_that_holds_the_record(tmp_path, eight):
    secret = document(released(a_publication(abstract="vorpalabstract", title="Vorpaltitle")))
    with IndexWriter(tmp_path) as writer:
        for number in range(40):
            writer.put(a_document(number, Random(number)))
        writer.put(secret)
    before = _segments(tmp_path)
    assert len(before) == 6 and max(before.values()) == eight
    with IndexWriter(tmp_path) as writer:
        writer.remove(secret["key"])
    after = _segments(tmp_path)
    assert len(before.keys() - after.keys()) <= 2 and max(after.values()) <= eight
    assert not [path for path, body in files(tmp_path).items() if b"vorpal" in body.lower()]
    assert len(found(tmp_path)) == 40


_RUNS = st.lists(
    st.tuples(st.lists(st.integers(0, 40), max_size=30), st.lists(st.integers(0, 40), max_size=20)), max_size=5
)


@settings(max_examples=25, deadline=None)
@given(_RUNS)
def test_no_history_makes_a_segment_larger_or_leaves_a_removed_document_in_one(tmp_path_factory, runs):
    folder = tmp_path_factory.mktemp("index")
    whoosh._A_SEGMENT, bound = 4, whoosh._A_SEGMENT
    try:
        standing: set[str] = set()
        for turn, (put, removed) in enumerate(runs):
            gone = [a_document(number, Random(0))["key"] for number in removed]
            write(folder, put, seed=turn, removed=gone)
            standing |= {a_document(number, Random(0))["key"] for number in put}
            standing -= set(gone)
            assert found(folder) == standing
            assert all(count <= 4 for count in _segments(folder).values())
            reader = _index(folder).reader()
            assert not [key for key in gone if ("owner", key) in reader]
            reader.close()
    finally:
        whoosh._A_SEGMENT = bound


def test_an_index_of_any_size_has_some_tens_of_full_segments():
    assert most_in_a_segment(10) == most_in_a_segment(19_000) == 600
    assert [most_in_a_segment(10**number) for number in (5, 6)] == [3125, 31250]
