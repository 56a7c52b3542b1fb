"""Both engines against an oracle that reads all of ten thousand documents: the same sets, counts, facets and orders."""

from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders.search.language.query import parse
from panfair.builders.search.language.request import SCOPES, SearchRequest
from panfair.site.run.indexes import index_writer
from panfair.site.search.answer import ordered
from panfair.site.search.engine import SearchEngine
from panfair.site.search.evaluate import Narrowed, matching
from support.search.cases import FACET_NAMES, Oracle, a_dataset_document, a_document
from support.search.strategies import asked

ENGINES = ("whoosh", "tantivy")
PUBLICATIONS, DATASETS = 10_000, 1_500


@pytest.fixture(scope="module")
def oracles():
    random = Random(11)
    publications = [a_document(number, random, longest=4) for number in range(PUBLICATIONS)]
    datasets = [a_dataset_document(number, random) for number in range(DATASETS)]
    return {"publications": Oracle(publications), "datasets": Oracle(datasets)}


@pytest.fixture(scope="module")
def engines(tmp_path_factory, oracles):
    """Both engines over both scopes."""
    with ExitStack() as stack:
        made = []
        for name in ENGINES:
            folders = {}
            for scope in SCOPES:
                folders[scope] = tmp_path_factory.mktemp(f"{name}-{scope}")
                with index_writer(name, folders[scope]) as writer:
                    owned: dict[str, list] = {}
                    for document in oracles[scope].documents.values():
                        owned.setdefault(document["owner"], []).append(document)
                    for owner, documents in owned.items():
                        writer.put_all(owner, documents)
            engine = SearchEngine(folders)
            stack.callback(engine.close)
            made.append(engine)
        yield made


def _keys(engine, asked):
    """The keys of all that is found, in order."""
    with engine.index(asked.scope) as index:
        found = Narrowed(index.table, asked, node := parse(asked.query).node, matching(index, node, {}))
        return [index.table.columns.keys[row] for row, _ in ordered(index, found, 10**6)]


@settings(max_examples=25, deadline=None)
@given(asked(st.sampled_from(["publications", "publications", "datasets"])))
def test_both_engines_find_count_and_order_as_reading_everything_does(engines, oracles, asked):
    oracle = oracles[asked.scope]
    expected = oracle.found(asked)
    counted = {
        facet: Counter(label for key in oracle.found(asked, facet) for label in oracle.labels(key, facet))
        for facet in (*FACET_NAMES, "year")
    }
    for engine in engines:
        keys = _keys(engine, asked)
        assert len(keys) == len(expected) and set(keys) == expected
        if asked.sort != "relevance":
            assert keys == oracle.order(expected, asked.sort)
        if not expected and '"' in asked.query:
            continue  # then its words are searched
        answer = engine.search(asked)
        assert answer.total == len(expected) and len(answer.results) == min(asked.limit, len(expected))
        assert list(answer.facets) == [*FACET_NAMES, "year"]
        for facet, times in counted.items():
            counts = answer.facets[facet]
            told = {count.value: count.count for count in counts}
            assert {value: count for value, count in told.items() if count} == times
            assert {count.value for count in counts if count.chosen} == set(asked.chosen(facet)) <= told.keys()
            assert [count.value for count in counts] == sorted(told, key=lambda value: (-told[value], value))


@pytest.mark.parametrize("query", ["foam", "title:silica OR tomography", '"in situ" foam', "tom*", "x-ray -foam"])
def test_the_best_come_first_on_every_page(engines, query):
    for name, engine in zip(ENGINES, engines, strict=True):
        asked = SearchRequest(query, limit=100)
        first = engine.search(asked).results
        places = [(-result.score, -_ordinal(result.day), result.doi.lower()) for result in first]
        assert len(first) == 100 and [place[0] for place in places] == sorted(place[0] for place in places)
        assert name != "whoosh" or places == sorted(places)
        second = engine.search(replace(asked, limit=50, offset=50)).results
        assert [result.doi for result in second] == [result.doi for result in first[50:]]


def _ordinal(day):
    return date.fromisoformat(day).toordinal() if day else 0
