"""Quantities that data can be searched by: which parameters they are, and their values in SI.

Energy and wavelength of the beam are one quantity seen from two sides: a record that tells one is found by the other,
by the probe of its technique. What is written without a unit is in none: it is not counted, but for MX_resolution and
its like, whose definitions say the unit.

May import: ontologies.{panet, techniques}.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from panfair.ontologies import nexus, optics, panet, techniques
from panfair.ontologies.errors import UnitError
from panfair.ontologies.record import Dataset, Parameter, Publication, Technique
from panfair.ontologies.techniques import parameter_key
from panfair.ontologies.units import convert, interpret

TABLE = Path(__file__).parents[1] / "vocabularies" / "quantities.toml"
_MOST_VALUES = 100
_LARGEST = 1e100  # in SI; what is beyond is a slip of a program, and in other units no number at all
_MEV_J, _KEV_J = 1.602176634e-22, 1.602176634e-16
_ANGSTROM = 1e-10


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity."""

    key: str
    label: str
    kind: str
    unit: str
    """The one that is meant where a search says none."""
    units: tuple[str, ...]

    def to_si(self, value: float, unit: str | None = None) -> float | None:
        """A value in SI; None for a unit that measures something else."""
        meant = interpret(unit or self.unit)
        if meant is None or meant.kind != self.kind:
            found = convert(value, unit, self.unit)  # `A` for ångström
            return self.to_si(found) if found is not None else None
        return value * meant.factor + meant.offset

    def from_si(self, value: float, unit: str | None = None) -> float:
        """A value in SI, in one of its units."""
        meant = interpret(unit or self.unit)
        assert meant is not None
        return float(f"{(value - meant.offset) / meant.factor:.12g}")


@lru_cache(maxsize=1)
def quantities() -> dict[str, Quantity]:
    """All quantities by their keys."""
    return {
        row["key"]: Quantity(row["key"], row["label"], row["kind"], row["unit"], tuple(row["units"])) for row in _rows()
    }


def values_of(publication: Publication, parts: Iterable[Publication | Dataset] | None = None) -> dict[str, list[float]]:
    """The values in SI of all that a publication and its datasets say of the quantities, each once, in rising order.

    Of some `parts` only, when they are named.
    """
    found: dict[str, set[float]] = {}
    owners: Iterable[Publication | Dataset] = (publication, *publication.datasets) if parts is None else parts
    for part in owners:
        probe: str | None = None
        for parameter in part.parameters:
            key = _quantity_of(parameter.name, parameter.nexus)
            if key is None or (value := _value(parameter, quantities()[key])) is None:
                continue
            found.setdefault(key, set()).add(value)
            if key in {"energy", "wavelength"}:
                probe = probe or probe_of(part.techniques or publication.techniques)
                other = "wavelength" if key == "energy" else "energy"
                if (side := _other_side(key, value, probe)) is not None:
                    found.setdefault(other, set()).add(side)
    return {key: sorted(values)[:_MOST_VALUES] for key, values in sorted(found.items())}


def probe_of(of: Iterable[Technique]) -> str:
    """`photon`, `neutron` or `electron`, by what PaNET or a technique file says; photon where nobody says."""
    for technique in of:
        if profile := techniques.load().of(technique):
            return profile.probe
        if technique.iri:
            for term in panet.load().specifiers(technique.iri):
                if "neutron" in term.label:
                    return "neutron"
    return "photon"


def quantity_named(name: str, path: str | None = None) -> Quantity | None:
    """The quantity that a parameter of this name (or at this NeXus path) is; None when it is none of ours.

    >>> quantity_named("Photon_energy").key, quantity_named("pressure of nothing")
    ('energy', None)
    """
    key = _quantity_of(name, path)
    return quantities()[key] if key else None


def _value(parameter: Parameter, quantity: Quantity) -> float | None:
    value = parameter.value
    if isinstance(value, bool | tuple):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    known = nexus.icat_parameter(parameter.name)
    unit = parameter.unit or (known.unit if known else None)
    if unit is None:
        return None
    found = quantity.to_si(number, unit)
    return float(f"{found:.12g}") if found is not None and abs(found) <= _LARGEST else None


def _other_side(key: str, value: float, probe: str) -> float | None:
    """The wavelength in metres of an energy in joule, or the energy of a wavelength; None for electrons."""
    if probe == "electron":
        return None
    photon = probe == "photon"
    unit = _KEV_J if photon else _MEV_J
    try:
        if key == "energy":
            side = (optics.photon_wavelength if photon else optics.neutron_wavelength)(value / unit) * _ANGSTROM
        else:
            side = (optics.photon_energy if photon else optics.neutron_energy)(value / _ANGSTROM) * unit
    except (UnitError, OverflowError, ZeroDivisionError):
        return None
    return float(f"{side:.9g}") if abs(side) <= _LARGEST else None


@lru_cache(maxsize=20_000)
def _quantity_of(name: str, path: str | None) -> str | None:
    names, fields = _by_name()
    if key := names.get(parameter_key(name)):
        return key
    field = nexus.field_of(name, path)
    return fields.get(field.title) if field else None


@lru_cache(maxsize=1)
def _by_name() -> tuple[dict[str, str], dict[str, str]]:
    names = {parameter_key(name): row["key"] for row in _rows() for name in row["names"]}
    return names, {title: row["key"] for row in _rows() for title in row.get("nexus", ())}


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(TABLE.read_text(encoding="utf-8"))["quantity"])
