"""scientificMetadata in all the shapes that sites write: read, or named as left; never silently gone."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.harvesters.scicat.metadata import metadata_of
from support.scicat import dataset, published, read


def _parameters(value: dict) -> list[tuple]:
    return [(one.name, one.value, one.unit) for one in metadata_of(value, print, encoded=True).parameters]


@pytest.mark.parametrize(
    ("written", "parameter"),
    [
        ({"value": 0.7, "unit": "angstrom", "valueSI": 7e-11, "unitSI": "m"}, ("x", 0.7, "angstrom")),
        ({"value": 0.7, "units": "angstrom"}, ("x", 0.7, "angstrom")),
        ({"magnitude": 0.6, "unit": "angstrom"}, ("x", 0.6, "angstrom")),
        ({"v": 17.7, "u": "keV", "valueSI": 2.8e-15, "unitSI": "J"}, ("x", 17.7, "keV")),
        ({"type": "quantity", "value": 9, "unit": "s"}, ("x", 9, "s")),
        ({"value": [5, 10], "unit": "deg", "valueSI": [0.1, 0.2], "unitSI": "rad"}, ("x", (5, 10), "deg")),
        ({"value": "text", "unit": ""}, ("x", "text", None)),
        (42, ("x", 42, None)),
        (True, ("x", True, None)),
        ([1, 2, 3], ("x", (1, 2, 3), None)),
        (["a", "b"], ("x", "a, b", None)),
        ([True, "b", 3], ("x", "true, b, 3", None)),
        ([[1, 0], [0, 1]], ("x", "[[1,0],[0,1]]", None)),
    ],
)
def test_a_value_is_read_in_each_of_its_shapes(written, parameter):
    assert _parameters({"x": written}) == [parameter]


def test_a_value_keeps_its_error_and_what_people_call_it():
    written = {"value": 300, "unit": "K", "human_name": "Sample temperature", "uncertainty": 0.5, "comment": "cooled"}
    one, other = metadata_of({"t": written}, print, encoded=True).parameters
    assert (one.error, one.description) == (0.5, "Sample temperature")
    assert (other.name, other.value) == ("t.comment", "cooled")


def test_groups_are_walked_and_a_velocity_is_no_quantity():
    written = {
        "detector": {"name": "4M", "deep": {"er": {"gain": {"value": 2, "unit": ""}}}},
        "flow": {"u": 1, "v": 2, "w": 3},
    }
    assert _parameters(written) == [
        ("detector.name", "4M", None),
        ("detector.deep.er.gain", 2, None),
        ("flow.u", 1, None),
        ("flow.v", 2, None),
        ("flow.w", 3, None),
    ]


def test_a_list_of_groups_is_read_under_its_numbers():
    written = {"detectors": [{"name": "a", "distance": {"value": 1, "unit": "m"}}, {"name": "b"}]}
    assert _parameters(written) == [
        ("detectors.1.name", "a", None),
        ("detectors.1.distance", 1, "m"),
        ("detectors.2.name", "b", None),
    ]


def test_people_in_a_list_took_part_with_their_orcid_and_ror():
    written = {
        "curator": [{"name": "Ann Poe", "orcid": "https://orcid.org/0000-0002-1825-0097", "email": "zq@example.org"}],
        "co-proposers": [
            {"firstname": "Bo", "lastname": "Placeholder", "affiliation": "Example University", "ror": "04wxnsj81"}
        ],
    }
    one = read(published(0), dataset(0, scientificMetadata=written))
    told = [(each.name, each.contributor_type, each.role, each.orcid) for each in one.contributors]
    assert told == [("Ann Poe", "DataCurator", "curator", "0000-0002-1825-0097")]
    assert one.creators[1].name == "Bo Placeholder"  # who is cited already is not named again
    assert "zq" not in one.model_dump_json()


def test_a_creator_has_the_orcid_that_the_metadata_give():
    written = {"users": [{"name": "Ana Exemplar", "orcid": "0000-0002-1825-0097"}]}
    one = read(published(0), dataset(0, scientificMetadata=written))
    assert one.creators[0].orcid == "0000-0002-1825-0097" and one.contributors == ()


def test_samples_and_related_works_in_a_list_are_samples_and_works():
    written = {
        "samples": [{"name": "LaB6", "formula": "LaB6", "temperature": {"value": 300, "unit": "K"}}],
        "relatedIdentifiers": [
            {"relatedIdentifier": "10.99999/a", "relatedIdentifierType": "DOI", "relationType": "IsCitedBy"}
        ],
        "publications": [{"doi": "10.99999/b", "title": "Made up"}],
    }
    one = read(published(0), dataset(0, scientificMetadata=written))
    (sample,) = one.datasets[0].samples
    assert (sample.name, sample.formula, sample.parameters[0].name) == ("LaB6", "LaB6", "temperature")
    works = sorted((work.identifier.value, work.relation) for work in one.related)
    assert works == [("10.99999/a", "IsCitedBy"), ("10.99999/b", "IsSupplementTo")]


@pytest.mark.parametrize(
    "written",
    [
        {"image": [[0] * 50] * 50},
        {"odd": float("inf")},
        {"many": [{"a": 1}] * 51},
    ],
)
def test_what_cannot_be_shown_is_named_in_the_report(written):
    notes: list[str] = []
    (name,) = written
    read(published(0), dataset(0, scientificMetadata=written), notes=notes)
    assert notes == [f"dataset 20.500.0/ds-0: panfair could not read these values of its scientificMetadata: {name}"]


def test_keys_are_written_as_they_were_typed():
    written = {"with%2Edot": 1, "plain%20text": 2, "100%": 3, "%E4": 4}
    assert [name for name, _value, _unit in _parameters(written)] == ["with.dot", "plain text", "100%", "%E4"]


def test_the_made_up_record_of_lost_things_loses_none_of_them(shared):
    raws = json.loads((shared / "cases/21-scicat/scicat-lost-and-wrong.json").read_text())
    datasets = [raw for raw in raws if "datasetName" in raw]
    notes: list[str] = []
    lost = read(raws[0], *datasets, notes=notes)
    assert [each.name for each in lost.creators] == ["Jane Doe"]
    assert {each.name for each in lost.contributors} == {"John Roe", "Ann Poe"}
    assert {each.orcid for each in lost.contributors if each.name == "Ann Poe"} == {"0000-0002-1825-0097"}
    assert lost.creators[0].affiliations[0].name == "Made-up Facility" and lost.facility.name == "FACILITY"
    (part,) = lost.datasets
    assert part.identifier.scheme == "local" and part.start is None and part.size_bytes is None
    assert [(each.name, each.facility) for each in part.instruments] == [("P08", "SOURCE")]
    told = {each.name: (each.value, each.unit) for each in part.parameters}
    assert told["wavelength"] == (0.6, "angstrom") and told["sample_temperature"] == (300, "K")
    assert told["beamtime.startTime"] == ("2022-10-18T09:00:00+02:00", None) and notes == []
    backwards = next(raw for raw in raws if raw.get("title") == "Backwards in time" and "doi" in raw)
    (part,) = read(backwards, *datasets).datasets
    assert part.start is None and str(part.end.date()) == "2019-07-25"


_words = st.text(min_size=1, max_size=6)
_scalars = st.none() | st.booleans() | st.integers() | st.floats() | _words
_keys = _words | st.sampled_from(["value", "unit", "v", "u", "name", "orcid", "samples"])
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(_words, _values, max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_metadata_are_read_or_named_and_never_end_a_harvest(value):
    found = metadata_of(value, lambda text: None, encoded=True)
    assert all(one.name for one in found.parameters)


@given(st.dictionaries(_words.filter(str.strip), st.integers(0, 9) | st.lists(st.integers(), min_size=1), max_size=5))
def test_every_number_comes_out_or_is_named(value):
    found = metadata_of(value, lambda text: None, encoded=False)
    assert len(found.parameters) + len(found.left) == len(value)
