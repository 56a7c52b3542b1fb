"""Energy, wavelength, angle, q and d are each other's inverses, and agree with what textbooks print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.ontologies import optics
from panfair.ontologies.errors import UnitError

positive = st.floats(1e-6, 1e6)


@given(positive)
def test_energy_and_wavelength_lead_back_to_each_other(value):
    assert optics.photon_wavelength(optics.photon_energy(value)) == pytest.approx(value, rel=1e-12)
    assert optics.neutron_wavelength(optics.neutron_energy(value)) == pytest.approx(value, rel=1e-12)


@given(st.floats(0.01, 179.99), st.floats(0.01, 100))
def test_angle_and_momentum_transfer_lead_back_to_each_other(two_theta, wavelength):
    q = optics.momentum_transfer(two_theta, wavelength)
    assert optics.scattering_angle(q, wavelength) == pytest.approx(two_theta, rel=1e-6)


@given(positive)
def test_spacing_is_its_own_inverse(q):
    assert optics.spacing(optics.spacing(q)) == pytest.approx(q, rel=1e-12)


def test_known_values_come_out():
    assert optics.photon_energy(1.5406) == pytest.approx(8.0478, abs=1e-4)
    assert optics.neutron_energy(1.798) == pytest.approx(25.30, abs=0.01)
    assert optics.spacing(optics.momentum_transfer(28.442, 1.5406)) == pytest.approx(3.1355, abs=2e-4)


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_what_has_no_meaning_is_refused(value):
    for function in (optics.photon_energy, optics.photon_wavelength, optics.neutron_energy, optics.spacing):
        with pytest.raises(UnitError):
            function(value)
    with pytest.raises(UnitError):
        optics.momentum_transfer(value, 1.0)


def test_an_angle_that_no_beam_can_reach_is_refused():
    with pytest.raises(UnitError, match="no angle reaches"):
        optics.scattering_angle(100.0, 1.0)
