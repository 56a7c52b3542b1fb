"""What the store says of a base and of what changed since is what one finds by looking at all documents."""

from pathlib import Path
from random import Random
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from panfair.builders import Artifact
from panfair.builders.search.static.entry import packed, unpacked
from panfair.builders.search.static.packing import as_json, packed_file
from panfair.site.run.static_search.entries import SearchEntries, packed_entry
from support.search.cases import a_document
from support.search.static_files import delta_of, entries_of

_SCOPE = "publications"
_EMPTY_INDEX = [Artifact(f"search/data/g/{_SCOPE}/index.bin", packed_file(as_json({"frequent": []})))]
_STATES = st.dictionaries(st.integers(0, 25), st.integers(0, 3), max_size=25)
"""Which documents there are, each in one of four wordings."""


def _documents(state: dict[int, int]) -> list[dict[str, Any]]:
    return [a_document(number, Random(number * 10 + wording)) for number, wording in state.items()]


def _put(store: SearchEntries, state: dict[int, int]) -> None:
    found = {document["key"]: document for document in _documents(state)}
    records = [(key, f"{key} {sorted(found[key]['text'].items())} {found[key]['day']}") for key in sorted(found)]
    for key, digest in records:
        store.put(key, digest, (packed_entry(_SCOPE, found[key]),))
    store.bring_up_to_date(records, lambda keys: iter(()))


@settings(max_examples=60, deadline=None)
@given(_STATES, _STATES)
@example({23: 2, 2: 1}, {2: 1, 0: 0})  # one that left beside one of the same day
def test_the_difference_from_a_base_is_that_of_all_documents(tmp_path_factory, old, new):
    path: Path = tmp_path_factory.mktemp("store") / "entries.sqlite"
    with SearchEntries(path) as store:
        _put(store, old)
        store.base.begin()
        for number, entry in enumerate(store.read(_SCOPE, store.keys(_SCOPE))):
            store.base.add(_SCOPE, number, entry)
        store.base.finish("made of the old")
        assert store.base.changed(_SCOPE) == store.base.dead(_SCOPE) == [] and not any(store.base.lost(()).values())
        _put(store, new)
    with SearchEntries(path) as store:
        base = store.base
        before, after = entries_of(_documents(old)), entries_of(_documents(new))
        expected = delta_of(_SCOPE, before, after, _EMPTY_INDEX)
        changed = list(store.read(_SCOPE, base.changed(_SCOPE)))
        assert (base.name, len(base)) == ("made of the old", len(before))
        assert [entry["key"] for entry in changed] == list(expected.scope.keys)
        assert base.dead(_SCOPE) == expected.dead
        assert [base.before(_SCOPE, entry["day"], entry["key"]) for entry in changed] == expected.before
        assert [base.before_by_title(_SCOPE, entry["title"], entry["key"]) for entry in changed] == expected.titles
        order = list(before)
        closed = {order.index(key): unpacked(packed(before[key])) for key in before.keys() - after.keys()}
        others = {key for key in before.keys() & after.keys() if before[key] != after[key]}
        narrowed = {order.index(key): unpacked(packed(before[key])) for key in others}
        assert base.lost(())[_SCOPE] == closed and base.lost(sorted(others))[_SCOPE] == closed | narrowed
        gone = delta_of(
            _SCOPE, before, {key: one for key, one in after.items() if before.get(key) == one}, _EMPTY_INDEX
        )
        lost = {name: {label: more for label, more in found.items() if more} for name, found in gone.labels.items()}
        assert base.labels_lost(_SCOPE) == lost
        for number in closed:
            base.leave(_SCOPE, number)
        assert base.dead(_SCOPE) == expected.dead and base.count_left() == len(closed)

        def living(places: list[int]) -> list[int]:
            """How many documents that count stand before: beside those that do not, any place is the same."""
            return [place - sum(number < place for number in expected.dead) for place in places]

        assert living([base.before(_SCOPE, one["day"], one["key"]) for one in changed]) == living(expected.before)
        assert not base.lost(())[_SCOPE] and base.changed(_SCOPE) == list(expected.scope.keys)
