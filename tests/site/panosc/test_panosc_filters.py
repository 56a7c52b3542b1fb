"""Filters of the PaNOSC search API against an oracle that looks at every record, and against rubbish."""

import sqlite3

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.ontologies import panet
from panfair.site.panosc.brackets import bracketed
from panfair.site.panosc.filter import Filter, FilterError, filter_of, read_filter, where_of
from panfair.site.panosc.find import count, find
from panfair.site.panosc.models import DATASET, DOCUMENT, INSTRUMENT, MODELS
from panfair.site.panosc.store import PanoscStore, TooMuch
from panfair.site.panosc.techniques import terms_meant
from panfair.site.panosc.where import Names, filter_sql
from support.panosc_cases import Oracle, conditions, entries, filters, write

_MANY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module", params=[1, 2])
def world(request, tmp_path_factory):
    told = entries(request.param)
    store = PanoscStore(write(tmp_path_factory.mktemp("panosc") / "panosc.sqlite", told), seconds=20)
    yield store, Oracle(told)
    store.close()


def _comparable(things):
    """Answers without what is the store's own; numbers to nine digits."""
    if isinstance(things, list):
        return [_comparable(thing) for thing in things]
    if isinstance(things, dict):
        own = {"score"} | ({"id"} if "path" in things or "role" in things else set())
        return {name: _comparable(value) for name, value in things.items() if name not in own}
    return float(f"{things:.9g}") if isinstance(things, int | float) and not isinstance(things, bool) else things


@pytest.mark.parametrize("model", ["Document", "Dataset", "Instrument"])
def test_every_filter_finds_and_shows_what_a_look_at_every_record_finds(world, model):
    store, oracle = world

    @_MANY
    @given(filters(model))
    def agrees(asked):
        with store.reading() as db:
            found = find(db, MODELS[model], filter_of(asked, MODELS[model]))
            assert _comparable(found) == _comparable(oracle.find(model, asked))
            number = count(db, MODELS[model], filter_of({**asked, "limit": 0, "skip": 0}, MODELS[model]))
            assert number == len([one for one in oracle.all(model) if oracle.fits(one, model, asked)])

    agrees()


@pytest.mark.parametrize("relation", ["techniques", "parameters", "samples", "files", "instrument"])
def test_every_condition_on_what_is_included_keeps_the_datasets_that_have_it(world, relation):
    store, oracle = world
    child = MODELS[DATASET.relation(relation).model].name

    @settings(max_examples=60, deadline=None)
    @given(conditions(child))
    def agrees(where):
        asked = {"include": [{"relation": relation, "scope": {"where": where}}]}
        with store.reading() as db:
            found = find(db, DATASET, filter_of(asked, DATASET))
        assert _comparable(found) == _comparable(oracle.find("Dataset", asked))

    agrees()


def test_a_filter_in_brackets_says_what_its_json_says(world):
    store, _ = world
    pairs = [
        ("filter[where][and][0][title][like]", "oam"),
        ("filter[where][and][1][size][gte]", "10"),
        ("filter[include][0][relation]", "parameters"),
        ("filter[include][0][scope][where][value]", "7"),
        ("filter[limit]", "5"),
        ("other", "1"),
    ]
    asked = bracketed(pairs, "filter")
    told = {
        "where": {"and": [{"title": {"like": "oam"}}, {"size": {"gte": 10}}]},
        "include": [{"relation": "parameters", "scope": {"where": {"value": "7"}}}],
        "limit": 5,
    }
    with store.reading() as db:
        assert find(db, DATASET, filter_of(asked, DATASET)) == find(db, DATASET, filter_of(told, DATASET))
    assert bracketed([("filter[include]", "datasets"), ("filter[include]", "members")], "filter") == {
        "include": ["datasets", "members"]
    }
    assert bracketed([("q", "x")], "filter") is None
    assert bracketed([("filter[where][²]", "x")], "filter") == {"where": {"²": "x"}}  # a digit, but no number


@pytest.mark.parametrize(
    "asked",
    [
        "{", "[]", "null", '"x"', "7", '{"where": 3}',
        '{"where": {"nonsense": 1}}', '{"where": {"title": {"is": 1}}}',
        '{"where": {"size": "big"}}', '{"where": {"size": {"like": "1"}}}', '{"where": {"creationDate": "soon"}}',
        '{"where": {"title": {"between": [1]}}}', '{"where": {"title": {"inq": "x"}}}', '{"where": {"or": []}}',
        '{"where": {"title": {"regexp": "("}}}', '{"where": {"title": {"regexp": "(?=x)x"}}}', '{"limit": -1}',
        '{"where": {"title": {"regexp": "((a{1,100}){1,100}){1,100}"}}}', '{"limit": 1.5}', '{"skip": NaN}',
        '{"where": {"title": {"gt": null}}}', '{"where": {"title": {"eq": {}}}}', '{"order": "title"}', '{"query": 3}',
        '{"include": "nothing"}', '{"include": [{"relation": "files", "scope": {"include": "datasets"}}]}',
        '{"include": [{"relation": 7}]}', '{"where": {"isPublic": "perhaps"}}', '{"where": {"text": ["x"]}}',
        '{"where": {"title": {"like": "' + "%a" * 40 + '"}}}', '{"where": ' + '{"and":[' * 40 + "{}" + "]}" * 40 + "}",
        '{"where": {"and": [' + ",".join(['{"title":"x"}'] * 200) + "]}}", '{"where": {"text": "' + "x" * 9000 + '"}}',
        '{"include": ' + '[{"relation":"documents","scope":{"include":[{"relation":"datasets","scope":{"include":' * 4
        + "[]" + "}}]}}]" * 4 + "}", '{"where": {"title": {"regexp": "' + "a" * 600 + '"}}}',
        '{"where": {"title": {"eq": ' + "[" * 900 + "]" * 900 + "}}}",
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_refused_with_a_reason(asked):
    with pytest.raises(FilterError) as told:
        filter_sql(read_filter(asked, DATASET), DATASET, "t1", Names())
    assert 5 < len(str(told.value)) < 400


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8)
        | st.sampled_from(["title", "datasets", "parameters", "%", "eV"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
            st.sampled_from(["where", "include", "relation", "scope", "and", "or", "title", "name", "value", "unit",
                             "limit",
                             "eq", "gt", "between", "inq", "like", "regexp", "text", "skip", "keywords", "startDate"])
            | st.text(max_size=4), inner, max_size=3),
        max_leaves=20,
    )
)  # fmt: skip
def test_rubbish_is_answered_or_refused_and_nothing_else(world_of_one, asked):
    with world_of_one.reading() as db:
        for model in (DOCUMENT, DATASET, INSTRUMENT):
            try:
                assert isinstance(find(db, model, filter_of(asked, model)), list)
            except (FilterError, TooMuch):
                pass


@pytest.fixture(scope="module")
def world_of_one(tmp_path_factory):
    store = PanoscStore(write(tmp_path_factory.mktemp("panosc") / "panosc.sqlite", entries(3, 5)), seconds=20)
    yield store
    store.close()


def test_values_never_become_sql(world_of_one):
    for hostile in ("'; DROP TABLE document; --", '" OR 1=1 --', "x' UNION SELECT 1", "?1", "{c}", "{where}"):
        for where in (
            {"title": hostile},
            {"title": {"like": hostile}},
            {"keywords": {"inq": [hostile]}},
            {"text": hostile},
        ):
            with world_of_one.reading() as db:
                assert find(db, DOCUMENT, filter_of({"where": where}, DOCUMENT)) == []


def test_a_filter_that_takes_too_long_is_stopped(tmp_path):
    path = write(tmp_path / "panosc.sqlite", entries(1, 30))
    store = PanoscStore(path, seconds=0.05)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    with pytest.raises(TooMuch), store.reading() as db:
        db.execute(endless).fetchone()
    with store.reading() as db:  # the next one is not
        assert db.execute("SELECT 1").fetchone() == (1,)
    store.close()
    late = PanoscStore(path, seconds=-1)
    for where in ({"title": {"regexp": "(a|a)*$"}}, {"title": {"ilike": "é"}}):
        with pytest.raises(TooMuch), late.reading() as db:
            find(db, DATASET, filter_of({"where": where}, DATASET))
    late.close()


def test_a_technique_means_all_terms_below_it_in_the_table_itself():
    graph = sqlite3.connect(":memory:")  # an own closure, by another engine
    graph.execute("CREATE TABLE below (term, parent)")
    terms = panet.load().terms
    graph.executemany(
        "INSERT INTO below VALUES (?, ?)", [(term.iri, parent) for term in terms.values() for parent in term.broader]
    )
    for label in ("small angle scattering", "x-ray probe", "magnetism technique", "XES"):
        tops = [term.iri for term in terms.values() if label in (term.label, *term.alt_labels)]
        closure = set()
        for top in tops:
            rows = graph.execute(
                "WITH RECURSIVE found(term) AS (SELECT ? UNION SELECT below.term FROM below JOIN found"
                " ON parent = found.term) SELECT term FROM found",
                (top,),
            )
            closure |= {row[0] for row in rows}
        meant = {iri for iri in terms_meant("name", "eq", label) if iri in terms}
        assert closure and closure <= meant <= closure.union(*(terms[iri].equals for iri in closure))
        assert {iri for iri in terms_meant("pid", "inq", tuple(tops)) if iri in terms} == meant
    graph.close()


def test_an_empty_filter_asks_for_everything():
    assert read_filter(None, DOCUMENT) == read_filter("{}", DOCUMENT) == Filter()
    assert filter_of({"limit": 0}, DOCUMENT) == Filter(limit=0)  # which asks for as much as one answer may hold
    assert where_of(None, DOCUMENT) == where_of("", DOCUMENT) == Filter().where
    assert orjson.dumps({}) == b"{}"
