"""Energy, wavelength, angle, momentum transfer and spacing: one thing seen from several sides, by the probe.

Photons: E = hc/λ with hc = 12.398 419 843 keV·Å. Neutrons: E = h²/(2mλ²) = 81.804 210 meV·Å²/λ². Both from CODATA
2018. Elastic scattering: q = 4π sin(θ)/λ, and Bragg's law λ = 2d sin(θ), so that q = 2π/d. Angles are in degrees,
lengths in ångström, q in 1/Å. What has no meaning (a wavelength of nothing, an angle past 180°) raises UnitError.
"""

from math import asin, degrees, isfinite, pi, radians, sin, sqrt

from panfair.ontologies.errors import UnitError

HC_KEV_A = 12.398419843320026
NEUTRON_MEV_A2 = 81.80421023


def photon_energy(wavelength: float) -> float:
    """Photon energy in keV for a wavelength in ångström.

    >>> round(photon_energy(1.0), 3)
    12.398
    """
    return HC_KEV_A / _positive(wavelength, "a wavelength")


def photon_wavelength(energy: float) -> float:
    """Photon wavelength in ångström for an energy in keV."""
    return HC_KEV_A / _positive(energy, "an energy")


def neutron_energy(wavelength: float) -> float:
    """Neutron energy in meV for a wavelength in ångström.

    >>> round(neutron_energy(1.8), 2)
    25.25
    """
    return NEUTRON_MEV_A2 / _positive(wavelength, "a wavelength") ** 2


def neutron_wavelength(energy: float) -> float:
    """Neutron wavelength in ångström for an energy in meV."""
    return sqrt(NEUTRON_MEV_A2 / _positive(energy, "an energy"))


def momentum_transfer(two_theta: float, wavelength: float) -> float:
    """q in 1/Å for a scattering angle 2θ in degrees (above 0, at most 180) and a wavelength in ångström."""
    if not 0 < two_theta <= 180:
        raise UnitError(f"a scattering angle lies between 0 and 180 degrees, not at {two_theta}")
    return 4 * pi * sin(radians(two_theta) / 2) / _positive(wavelength, "a wavelength")


def scattering_angle(q: float, wavelength: float) -> float:
    """2θ in degrees for q in 1/Å and a wavelength in ångström; UnitError where the wavelength cannot reach that q."""
    sine = _positive(q, "q") * _positive(wavelength, "a wavelength") / (4 * pi)
    if sine > 1:
        raise UnitError(f"with a wavelength of {wavelength} Å no angle reaches q = {q} 1/Å")
    return 2 * degrees(asin(sine))


def spacing(q: float) -> float:
    """The lattice spacing d in ångström that scatters at q in 1/Å; its own inverse.

    >>> round(spacing(spacing(3.1)), 6)
    3.1
    """
    return 2 * pi / _positive(q, "q")


def _positive(value: float, what: str) -> float:
    if not (isfinite(value) and value > 0):
        raise UnitError(f"{what} is above zero, not {value}")
    return value
