"""Scores of several facilities can be merged: the federated scorer's published arithmetic, and ours over the index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.builders.search.language.request import SCOPES
from panfair.ontologies.identifiers import Doi
from panfair.site.panosc.scores import scores_from
from panfair.site.panosc.scoring import scores_of, term_weight
from panfair.site.search.engine import SearchEngine
from panfair.site.state.layout import INDEX
from support.records import a_publication
from support.site_run import SiteRun

# The weights that panosc-search-scoring publishes for its six items, and the scores that it computes of them.
_PUBLISHED = {
    "item 1": {"inform": 0.11, "retriev": 0.31},
    "item 2": {"inform": 0.12, "metadata": 0.21, "retriev": 0.32},
    "item 3": {"inform": 0.13},
    "item 5": {"inform": 0.15},
    "item 6": {},
}


def test_the_published_weights_give_the_published_scores():
    found = scores_of(_PUBLISHED, ("retriev", "inform"))
    assert {item: round(score, 3) for item, score in found.items()} == {
        "item 1": 0.903, "item 2": 0.910, "item 3": 0.707, "item 5": 0.707,
    }  # fmt: skip


def test_one_term_is_scored_by_its_weight_the_largest_as_nine_tenths():
    found = scores_of(_PUBLISHED, ("retriev",))
    assert found == {"item 1": pytest.approx(0.9 * 0.31 / 0.32), "item 2": pytest.approx(0.9)}


def test_a_term_weighs_by_count_and_rarity_as_published():
    assert term_weight(3, 30, 4, 4) == pytest.approx(0.1 * 0.30103, rel=1e-4)


_TERMS = ("foam", "silica", "dry", "wet")


_ITEM = st.dictionaries(st.sampled_from(_TERMS), st.floats(0.001, 9))


@given(st.dictionaries(st.text("ab", min_size=1), _ITEM, max_size=9))
def test_every_score_is_above_zero_and_at_most_one(items):
    for terms in (_TERMS, _TERMS[:1]):
        found = scores_of(items, terms)
        assert set(found) == {item for item, told in items.items() if told.keys() & set(terms)}
        assert all(0 < score <= 1 + 1e-12 for score in found.values())


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    run = SiteRun(tmp_path_factory.mktemp("scores"))
    texts = ("Drainage of a foam", "Foam of foams, a silica foam", "Silica", "Glass and copper")
    bare = dict.fromkeys(("datasets", "techniques", "instruments", "keywords", "related", "funding"), ())
    run.put(
        *(
            a_publication(source_id=str(n), doi=Doi.parse(f"10.99999/s-{n}"), title=text, abstract=None, **bare)
            for n, text in enumerate(texts)
        )
    )
    run.publish()
    found = SearchEngine({scope: run.config.output / INDEX / scope for scope in SCOPES})
    yield found
    found.close()


def test_words_are_ored_stems_are_one_word_and_order_is_by_score(engine):
    found = dict(scores_from(engine, "the foams and silica", "publications"))
    assert set(found) == {"10.99999/s-0", "10.99999/s-1", "10.99999/s-2"}
    assert found["10.99999/s-1"] > found["10.99999/s-2"] == found["10.99999/s-0"] == pytest.approx(0.7071)


def test_a_site_scores_as_the_arithmetic_does_with_its_own_statistics(engine):
    rarity = {term: term_weight(1, 1, 2, 4) for term in ("foam", "silica")}
    expected = scores_of({"x": {"foam": 3 * rarity["foam"], "silica": rarity["silica"]}}, ("foam", "silica"))["x"]
    assert scores_from(engine, "foam silica", "publications")["10.99999/s-1"] == pytest.approx(expected, abs=1e-4)


def test_what_nobody_has_and_an_empty_query_score_nothing(engine):
    assert scores_from(engine, "zeolite", "publications") == scores_from(engine, "the of", "datasets") == {}
