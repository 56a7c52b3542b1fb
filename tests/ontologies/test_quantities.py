"""Quantities are told in SI, energy and wavelength are one thing, and what has no unit is not counted."""

from math import inf, nan

import pytest
from hypothesis import given, settings

from panfair.ontologies import nexus, techniques
from panfair.ontologies.quantities import quantities, values_of
from panfair.ontologies.record import Parameter, Technique
from panfair.ontologies.units import interpret
from support.records import a_dataset, a_publication
from support.strategies import publications

PANET = "http://purl.org/pan-science/PaNET/"


def _values(technique: str, **parameter):
    dataset = a_dataset(techniques=(Technique(said="x", iri=PANET + technique),), parameters=(Parameter(**parameter),))
    return values_of(a_publication(parameters=(), techniques=(), datasets=(dataset,)))


def test_a_photons_energy_is_found_by_its_wavelength_too():
    found = _values("PaNET01164", name="energy", value=12398.4198, unit="eV")
    assert found["energy"] == pytest.approx([1.986445857e-15])
    assert found["wavelength"] == pytest.approx([1e-10])


def test_a_neutrons_wavelength_is_not_a_photons():
    found = _values("PaNET01217", name="wavelength", value=1.8, unit="Å")
    assert found["energy"] == pytest.approx([25.248 * 1.602176634e-22], rel=1e-4)


def test_an_electron_microscopes_voltage_is_no_energy_of_light():
    assert set(_values("PaNET01145", name="EM_voltage", value=300, unit="kV")) == {"voltage"}


def test_a_number_without_a_unit_counts_only_where_the_definition_says_it():
    assert _values("PaNET01164", name="MX_resolution", value="1.8") == {"resolution": [1.8e-10]}
    assert _values("PaNET01164", name="resolution", value=1.8) == {}


def test_a_unit_of_another_kind_is_not_counted():
    assert _values("PaNET01164", name="temperature", value=1.8, unit="mm") == {}


@pytest.mark.parametrize("value", [1e308, -1e308, "1e120", inf, nan])
def test_a_value_that_no_instrument_can_tell_is_not_counted(value):
    assert _values("PaNET01164", name="Photon_energy", value=value, unit="J") == {}


def test_a_nexus_path_tells_the_quantity():
    parameter = {"name": "t", "value": 300, "unit": "K", "nexus": "/entry/sample/temperature"}
    assert _values("PaNET01164", **parameter) == {"temperature": [300.0]}


@settings(max_examples=60, deadline=None)
@given(publications)
def test_any_publication_has_rising_values(publication):
    for key, values in values_of(publication).items():
        assert key in quantities() and values == sorted(set(values))


def test_the_table_names_units_and_fields_that_exist():
    for quantity in quantities().values():
        assert {interpret(unit).kind for unit in (quantity.unit, *quantity.units)} == {quantity.kind}
        assert quantity.unit in quantity.units
    from panfair.ontologies.quantities import _rows

    assert all(nexus.field(title) for row in _rows() for title in row.get("nexus", ()))


def test_technique_files_offer_ranges_that_exist():
    for profile in techniques.load().all:
        assert set(profile.search.ranges) <= set(quantities()), profile.file
