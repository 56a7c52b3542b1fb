"""A document made ready in a worker is filed as Whoosh itself would file it."""

from random import Random

import orjson
from hypothesis import given
from hypothesis import strategies as st

from panfair.builders.search.documents.words import words
from panfair.builders.search.index.postings import ready, taken
from panfair.builders.search.static.entry import entry_of
from support.search.analyzers import analysing_schema
from support.search.cases import FIELDS, VOCABULARY, a_document

_SCHEMA = analysing_schema()
_TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(VOCABULARY), max_size=60).map(" ".join))


@given(st.dictionaries(st.sampled_from(FIELDS), _TEXTS))
def test_the_postings_are_those_that_whoosh_makes_of_the_text(text):
    document = a_document(1, Random(1)) | {"text": text}
    key, owner, stored, fields = taken(ready(document))
    assert (key, owner) == (document["key"], document["owner"])
    assert fields.keys() == text.keys()
    for name, value in text.items():
        made = [(word, count, places) for word, count, _, places in _SCHEMA[name].index(value)] if value else []
        assert sorted(fields[name]) == sorted(made)
    lengths = {name: sum(1 for word in words(value) if not word.whole) for name, value in text.items()}
    kept = {name: value for name, value in document.items() if name != "text"}
    assert orjson.loads(stored) == orjson.loads(orjson.dumps(kept | {"lengths": lengths}))


@given(_TEXTS)
def test_the_static_search_gets_the_same_words_and_each_that_the_text_does_not_hold_as_derived(text):
    entry = entry_of(a_document(1, Random(1)) | {"text": {"title": text}})
    code, places, stems = entry["fields"].get("title", [0, {}, {}])
    found = list(words(text))
    assert places == {word.text: [one.position for one in found if one.text == word.text] for word in found}
    assert set(stems) == {f"~{word.stem}" for word in found if word.stem not in (None, word.text)}
    literal = {text[word.start : word.end].casefold() for word in found if not word.whole}
    assert {word.text for word in found} - literal <= set(entry["derived"])
    assert {word.stem for word in found if word.stem not in (None, word.text)} <= set(entry["derived"])
    assert code == 0 or found
