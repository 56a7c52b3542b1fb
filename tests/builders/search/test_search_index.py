"""The index on disk: same input, same bytes; no live file is touched; nothing half done; small runs stay small."""

import os
import pickle
import re
import subprocess
import sys
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.builders.search.documents.document import document, documents
from panfair.builders.search.documents.facets import FACETS
from panfair.builders.search.documents.scoring import length_code
from panfair.builders.search.documents.words import words
from panfair.builders.search.index.columns import columns_of, joined, read_columns, write_columns
from panfair.builders.search.index.whoosh import IndexWriter
from panfair.builders.search.language.query import parse
from panfair.builders.search.language.request import SearchRequest
from panfair.builders.search.language.tree import DoiIs
from panfair.ontologies.embargo import GatePolicy, Released, judge
from panfair.ontologies.record import Parameter, Technique
from panfair.ontologies.text import clean_line
from panfair.site.run.indexes import index_writer
from panfair.site.search.engine import SearchEngine
from panfair.site.search.evaluate import matching
from panfair.site.search.whoosh_index import WhooshIndex
from support.house import ROOT
from support.records import TODAY, a_dataset, a_publication, released
from support.search.cases import FIELDS, Oracle, a_document
from support.search.folders import ENGINES, files, found, write
from support.strategies import publications


@pytest.mark.parametrize("history", ["removed", "put anew, then removed", "removed and put in one run"])
def test_what_is_removed_from_a_large_index_leaves_no_word_in_any_file(tmp_path, history):
    one = document(released(a_publication(abstract="vorpalabstract", title="Vorpaltitle")))
    plain = document(released(a_publication()))
    with IndexWriter(tmp_path) as writer:
        for number in range(40):
            writer.put(a_document(number, Random(number)))
        writer.put(one)
    if history.startswith("put anew"):
        with IndexWriter(tmp_path) as writer:
            writer.put(plain)
        assert any(b"vorpal" in body.lower() for body in files(tmp_path).values())  # marked as deleted
    with IndexWriter(tmp_path) as writer:
        writer.remove(one["key"])
        if history.endswith("one run"):
            writer.put(plain)
    assert not [path for path, body in files(tmp_path).items() if b"vorpal" in body.lower()]
    assert len(found(tmp_path)) == 40 + history.endswith("one run")


def test_the_same_input_gives_the_same_bytes_in_any_order_and_any_process(tmp_path):
    write(tmp_path / "a", range(30))
    write(tmp_path / "b", reversed(range(30)))
    assert files(tmp_path / "a") == files(tmp_path / "b")
    program = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path; from support.search.folders import write\n"
        "write(Path(sys.argv[1]), range(30))"
    )
    tests = str(ROOT / "tests")
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "c"), tests], check=True, env=environment)
    assert files(tmp_path / "a") == files(tmp_path / "c")


def test_the_same_history_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write(tmp_path / name, range(20))
        write(tmp_path / name, range(18, 25), seed=4, removed=["10.1001/example-1"])
        write(tmp_path / name, (), removed=["10.1000/example-3"])
    assert files(tmp_path / "a") == files(tmp_path / "b")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_without_change_writes_nothing(tmp_path, engine):
    write(tmp_path, range(10), engine=engine)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    write(tmp_path, (), engine=engine)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("engine", ENGINES)
def test_a_staged_copy_of_hard_links_leaves_the_live_index_alone(tmp_path, engine):
    live, staged = tmp_path / "live", tmp_path / "staged"
    write(live, range(20), engine=engine)
    before = files(live)
    for path in live.rglob("*"):
        if path.is_file():
            place = staged / path.relative_to(live)
            place.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, place)
    write(staged, range(15, 30), seed=5, removed=["10.1000/example-0"], engine=engine)
    assert files(live) == before
    assert len(found(live)) == 20 and len(found(staged)) == 29


@pytest.mark.parametrize("engine", ENGINES)
def test_an_exception_drops_all_of_it(tmp_path, engine):
    write(tmp_path, range(5), engine=engine)
    before = files(tmp_path)
    with pytest.raises(RuntimeError, match="in the middle"), index_writer(engine, tmp_path) as writer:
        writer.put(a_document(7, Random(1)))
        writer.remove("10.1000/example-0")
        raise RuntimeError("in the middle")
    assert files(tmp_path) == before


def test_the_last_word_on_a_key_counts(tmp_path):
    one = a_document(1, Random(1))
    with IndexWriter(tmp_path) as writer:
        writer.put({**one, "title": "First"})
        writer.remove(one["key"])
        writer.put({**one, "title": "Second"})
        writer.put(a_document(2, Random(2)))
        writer.remove("10.1002/example-2")
        writer.remove("10.9999/never-there")
    engine = SearchEngine({"publications": tmp_path})
    assert [result.title for result in engine.search(SearchRequest("")).results] == ["Second"]
    engine.close()


def test_an_index_of_another_format_is_begun_anew(tmp_path):
    write(tmp_path, range(5))
    (tmp_path / "FORMAT").write_text("whoosh 0\n")
    write(tmp_path, [9])
    assert found(tmp_path) == {"10.1000/example-9"}


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 25), max_size=12), st.lists(st.integers(0, 25), max_size=5)),
        min_size=1,
        max_size=5,
    )
)
def test_any_history_ends_in_what_it_says(tmp_path_factory, engine, history):
    folder = tmp_path_factory.mktemp("history")
    standing: dict[str, dict] = {}
    for run, (put, removed) in enumerate(history):
        with index_writer(engine, folder) as writer:
            for number in put:
                one = a_document(number, Random(run * 100 + number))
                writer.put(one)
                standing[one["key"]] = one
            for number in removed:
                key = f"10.{1000 + number % 3}/example-{number}"
                writer.remove(key)
                standing.pop(key, None)
        assert found(folder) == standing.keys()
    oracle = Oracle(list(standing.values()))
    for query in ("foam", "title:x-ray OR silica", '"in situ" OR "situ in"', "year:2018.. -tomography", "tom*"):
        assert found(folder, query) == oracle.matches(parse(query).node), query


def test_many_small_runs_leave_few_segments(tmp_path):
    for number in range(24):
        write(tmp_path, [number])
    segments = list(tmp_path.glob("*.seg"))
    assert len(segments) <= 6
    assert len(list((tmp_path / "columns").iterdir())) == len(segments)
    assert len(found(tmp_path)) == 24


def test_whoosh_itself_can_read_the_index_without_a_class_of_ours(tmp_path):
    write(tmp_path, range(60))
    asked = (
        "import sys; from whoosh.index import open_dir; searcher = open_dir(sys.argv[1], indexname='main').searcher();"
        "assert searcher.doc_count() == 60; assert searcher.reader().doc_frequency('title', 'foam') > 0;"
        "assert not [name for name in sys.modules if name.startswith('panfair')]"
    )
    subprocess.run([sys.executable, "-c", asked, str(tmp_path)], check=True)


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_nothing_in_the_files_of_an_index_runs_as_code(tmp_path):
    folder, planted = tmp_path / "index", tmp_path / "planted"
    write(folder, range(20))
    attack = pickle.dumps(Runs(str(planted)), 2)
    pickle.loads(attack)
    assert planted.exists(), "the attack itself must work"
    planted.unlink()
    reached = 0
    for path in sorted([*folder.glob("_main_*.toc"), *folder.glob("*.seg")]):
        whole = path.read_bytes()
        for place in pickles_in(whole):
            for behind in (place, place + len(attack)):
                path.write_bytes(whole[:place] + attack + whole[behind:])
                try:
                    index = WhooshIndex(folder)
                    index.having(parse("foam").node, {})
                    index.close()
                except Exception as error:
                    reached += "no business" in str(error)
                assert not planted.exists(), (path.name, place)
        path.write_bytes(whole)
    assert reached > 1, "no plant was where Whoosh looks"


class Runs:
    """Unpickled, it makes a file."""

    def __init__(self, place):
        self.place = place

    def __reduce__(self):
        return open, (self.place, "w")


def pickles_in(body):
    """Where pickles begin: at each mark of a protocol."""
    return [found.start() for found in re.finditer(rb"\x80[\x02-\x05]", body)][:15]


def test_columns_come_back_as_they_were(tmp_path):
    rows = [
        {"key": "a", "year": 2020, "day": "2020-02-29", "size_bytes": 2**62, "facets": {"technique": ["x", "y"]},
         "lengths": {"title": 4}, "numbers": {"energy": [1.5e-15, 2e-15]}},
        {"key": "b", "year": -5, "day": "", "size_bytes": 0, "facets": {}, "lengths": {}},
        {"key": "ü", "year": 2021, "day": "0001-01-01", "size_bytes": 7, "facets": {"technique": ["y"]},
         "lengths": {"title": 1}},
    ]  # fmt: skip
    columns = columns_of(rows, FACETS, FIELDS)
    path = tmp_path / "a.col"
    write_columns(columns, path)
    again = read_columns(path)
    assert again.keys == ("a", "b", "ü")
    for name in ("year", "day", "size"):
        assert getattr(again, name).tolist() == getattr(columns, name).tolist()
    technique = again.facets["technique"]
    labels = [
        [technique.labels[i] for i in technique.ids[technique.starts[d] : technique.starts[d + 1]]] for d in range(3)
    ]
    assert labels == [["x", "y"], [], ["y"]]
    assert again.lengths["title"].tolist() == [length_code(4), 0, length_code(1)]
    both = joined([columns, again], FACETS, FIELDS)
    assert len(both) == 6 and np.array_equal(both.year[3:], columns.year)
    assert both.facets["technique"].labels == ("x", "y")
    energy = both.numbers["energy"]
    assert energy.starts.tolist() == [0, 2, 2, 2, 4, 4, 4] and energy.values.tolist() == [1.5e-15, 2e-15] * 2
    first = path.read_bytes()
    write_columns(again, path)
    assert path.read_bytes() == first


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"PFCOL2\n", b"PFCOL2\n\xff\xff\x00\x00{}"])
def test_a_broken_column_file_leaves_the_old_state_answering(tmp_path, damage, caplog):
    write(tmp_path, range(10))
    engine = SearchEngine({"publications": tmp_path})
    assert engine.count() == 10
    write(tmp_path, range(10, 40))
    for path in (tmp_path / "columns").iterdir():
        path.write_bytes(damage)
    assert engine.search(SearchRequest("", limit=50)).total == 10
    assert "the one before it answers" in caplog.text
    engine.close()


def test_a_document_is_made_the_same_every_time():
    assert document(released()) == document(released())
    plain = document(released(a_publication(techniques=(), instruments=(), datasets=(), abstract=None)))
    assert {name: plain["facets"][name] for name in FACETS} == {
        name: plain["facets"][name] if name in {"facility", "kind", "has", "licence"} else [] for name in FACETS
    }
    assert "technique" not in plain["text"]


def test_datasets_have_an_index_of_their_own_with_what_they_share(tmp_path):
    one, two = a_dataset(id="1", name="alpha"), a_dataset(id="2", name="beta", samples=(), files=())
    with IndexWriter(tmp_path) as writer:
        for number in range(3):
            made = documents(released(a_publication(doi=f"10.99999/{number}", datasets=(one, two))))
            writer.put_all(f"10.99999/{number}", made.datasets)
    engine = SearchEngine({"datasets": tmp_path})
    asked = SearchRequest("foam", scope="datasets")
    found = engine.search(asked).results
    assert len(found) == 6 and {result.publication for result in found} == {"Drainage of a silica foam, tomograms"}
    assert {result.url for result in found} > {"/doi/10.99999/0/datasets/alpha/", "/doi/10.99999/2/datasets/beta/"}
    assert engine.search(replace(asked, query="alpha 10.99999/1")).total == 1
    assert engine.search(replace(asked, choices=(("element", ("Si",)),))).total == 3
    with IndexWriter(tmp_path) as writer:
        writer.put_all("10.99999/1", documents(released(a_publication(doi="10.99999/1", datasets=(two,)))).datasets)
        writer.remove("10.99999/2")
    assert engine.search(asked).total == 3 and engine.count("datasets") == 3
    engine.close()


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(publications)
def test_any_publication_can_be_indexed_and_is_found_by_its_doi(tmp_path_factory, publication):
    verdict = judge(publication, TODAY, GatePolicy())
    if not isinstance(verdict, Released):
        return
    folder = tmp_path_factory.mktemp("any")
    with IndexWriter(folder) as writer:
        writer.put(document(verdict))
    index = WhooshIndex(folder)
    mask = matching(index, DoiIs(publication.doi.key), {})  # the language reads `;` and `”` at a DOI's end otherwise
    assert [index.stored(row)["doi"] for row in np.flatnonzero(mask).tolist()] == [str(publication.doi)]
    index.close()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_words_lie_in_their_text_and_go_forward(text):
    text = clean_line(text)
    position = -1
    for word in words(text):
        assert 0 <= word.start < word.end <= len(text)
        assert word.position == position if word.whole else word.position > position
        position = word.position
        assert word.text and word.text == word.text.lower()


def test_what_a_technique_file_offers_as_a_facet_is_one():
    technique = Technique(said="x", iri="http://purl.org/pan-science/PaNET/PaNET01164")
    dataset = a_dataset(techniques=(technique,), parameters=(Parameter(name="space_group", value="P 43 21 2"),))
    made = document(released(a_publication(datasets=(dataset,))))
    assert made["facets"]["detail"] == ["Space group: P 43 21 2"]
