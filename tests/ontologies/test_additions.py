"""An addition never opens anything, and is joined to the very session that it is about."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.ontologies.additions import COLLECTION, TEMPLATE, fits, joined
from panfair.ontologies.embargo import GatePolicy, Released, dataset_is_open, is_open, judge
from panfair.ontologies.record import DatasetLink, Instrument, Parameter, Rights
from support.ispyb.adding import an_added_dataset, an_addition
from support.records import TODAY, a_dataset, a_publication

LATER = TODAY + timedelta(days=400)


def _session(**changes):
    return a_publication(**{"session": "2", "catalogue_id": 77, **changes})


def _processed(*inputs: str, **changes):
    links = tuple(DatasetLink(id=one) for one in inputs)
    return an_added_dataset(**{"id": "program-1", "name": "xia2", "kind": "processed", "inputs": links, **changes})


@pytest.mark.parametrize(
    ("addition", "record", "same"),
    [
        ({"catalogue_id": 77}, {"session": "9", "proposal": "other"}, True),
        ({"catalogue_id": 78}, {}, False),  # the numbers decide, whatever proposal and visit say
        ({"catalogue_id": 77}, {"catalogue_id": None}, True),
        ({}, {}, True),
        ({"proposal": "ex-1234"}, {"session": "EX-1234-2"}, True),
        ({}, {"session": "12"}, False),
        ({"proposal": "EX-123"}, {}, False),
        ({"session": None}, {}, False),
        ({"session": None}, {"session": None}, False),
        ({"proposal": None, "session": None}, {"proposal": None, "session": None}, False),
        ({}, {"kind": "collection"}, False),  # it may be of some of the session's data only
        ({"catalogue_id": 77}, {"kind": "collection"}, False),
        ({"catalogue_id": 77, "closed": True}, {}, False),
        ({"session": None, "instrument": "id30", "by_day": True}, {"instruments": (Instrument(name="ID30"),)}, True),
        ({"session": None, "instrument": "id30"}, {"instruments": (Instrument(name="ID30"),)}, False),
        ({"session": None, "instrument": "id23", "by_day": True}, {"instruments": (Instrument(name="ID30"),)}, False),
        ({"session": None, "by_day": True, "start": datetime(2024, 5, 3, 8)}, {"instruments": ()}, False),
    ],
)
def test_an_addition_fits_the_record_of_its_own_session_only(addition, record, same):
    assert fits(an_addition(**addition), _session(**record)) is same


def test_a_collection_that_the_record_has_by_number_gets_what_it_lacks_and_no_second_dataset():
    own = a_dataset(parameters=(Parameter(name=COLLECTION, value=1), Parameter(name="energy", value=12.0, unit="keV")))
    added = an_added_dataset(
        parameters=(
            Parameter(name=COLLECTION, value="1"),
            Parameter(name="energy", value=13.0, unit="keV"),
            Parameter(name="MX_flux", value=1e12),
        )
    )
    whole = joined(_session(datasets=(own,)), [an_addition(datasets=(added, _processed("collection-1")))])
    assert [one.id for one in whole.datasets] == [own.id, "program-1"]
    assert {one.name: one.value for one in whole.datasets[0].parameters} == {
        COLLECTION: 1,
        "energy": 12.0,
        "MX_flux": 1e12,
    }
    assert whole.datasets[1].inputs[0].id == own.id and whole.datasets[1].inputs[0].name == own.name


@pytest.mark.parametrize(("seconds", "same"), [(30, True), (300, False)])
def test_a_collection_without_a_number_is_known_by_file_template_and_time(seconds, same):
    template = (Parameter(name=TEMPLATE, value="lyso_1_####.cbf"),)
    added = an_added_dataset(parameters=template, start=datetime(2024, 5, 2, 8, 0) + timedelta(seconds=seconds))
    whole = joined(_session(datasets=(a_dataset(parameters=template),)), [an_addition(datasets=(added,))])
    assert (len(whole.datasets) == 1) is same


def test_a_processed_dataset_that_repeats_its_collections_number_is_not_taken_for_the_collection():
    made = a_dataset(kind="processed", parameters=(Parameter(name=COLLECTION, value=1),))
    added = an_added_dataset(parameters=(Parameter(name=COLLECTION, value=1),))
    assert len(joined(_session(datasets=(made,)), [an_addition(datasets=(added,))]).datasets) == 2


@pytest.mark.parametrize(
    "closed",
    [
        {"public": False},
        {"complete": False},
        {"release_date": LATER},
        {"rights": (Rights(said="Embargo until 2031"),)},
    ],
)
def test_what_was_made_from_a_closed_dataset_is_closed_with_it_however_long_the_way(closed):
    own = a_dataset(parameters=(Parameter(name=COLLECTION, value=1),), **closed)
    added = an_added_dataset(parameters=(Parameter(name=COLLECTION, value=1),))
    further = _processed("program-1", id="program-2", name="dimple")
    addition = an_addition(datasets=(added, _processed("collection-1"), further))
    whole = joined(_session(datasets=(own,)), [addition])
    assert [dataset_is_open(one, TODAY) for one in whole.datasets] == [False, False, False]


def test_what_was_made_from_something_that_nobody_told_of_is_closed():
    whole = joined(_session(datasets=()), [an_addition(datasets=(_processed("collection-9"),))])
    assert [one.public for one in whole.datasets] == [False]


def test_an_addition_that_fits_no_more_adds_closed_datasets_only():
    whole = joined(_session(session="3", datasets=()), [an_addition()])
    assert [one.public for one in whole.datasets] == [False]


def test_two_datasets_of_one_id_both_stay():
    own = a_dataset(id="collection-1")
    assert [one.id for one in joined(_session(datasets=(own,)), [an_addition()]).datasets] == [
        "collection-1",
        "collection-1-2",
    ]


_DAYS = st.sampled_from([None, TODAY - timedelta(days=9), LATER])


@given(_DAYS, st.booleans(), st.booleans(), _DAYS, st.booleans())
def test_no_addition_opens_a_record_or_a_dataset_of_it(day, public, registered, dataset_day, dataset_public):
    own = a_dataset(release_date=dataset_day, public=dataset_public, parameters=(Parameter(name=COLLECTION, value=1),))
    record = _session(release_date=day, publication_date=None, public=public, registered=registered, datasets=(own,))
    added = an_added_dataset(parameters=(Parameter(name=COLLECTION, value=1),))
    whole = joined(record, [an_addition(datasets=(added, _processed("collection-1")))])
    assert is_open(whole, TODAY) == is_open(record, TODAY)
    verdict = judge(whole, TODAY, GatePolicy())
    shown = [one.id for one in verdict.publication.datasets] if isinstance(verdict, Released) else []
    opened = is_open(record, TODAY) and dataset_is_open(own, TODAY)
    assert shown == ([own.id, "program-1"] if opened else [])
