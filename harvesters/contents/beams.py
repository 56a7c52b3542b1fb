"""The geometry of a diffraction experiment in a NeXus file (NXmx, Eiger masters): all of it, or nothing."""

from panfair.harvesters.contents.hdf5 import Array, Group
from panfair.ontologies.figures import Beam

_ANGSTROM = {"angstrom": 1.0, "å": 1.0, "a": 1.0, "nm": 10.0, "m": 1e10, "pm": 0.01}
_METRE = {"m": 1.0, "mm": 1e-3, "um": 1e-6, "µm": 1e-6, "μm": 1e-6, "micron": 1e-6, "cm": 1e-2}
_KEV_ANGSTROM = 12.398419843  # hc, CODATA 2018


def beam_of(entry: Group, frame: tuple[int, ...]) -> Beam | None:
    """What makes rings of resolution on a frame; None when a part of it is missing or not believable."""
    for instrument in entry.groups("NXinstrument"):
        wavelength = _wavelength(entry, instrument)
        for detector in instrument.groups("NXdetector"):
            distance = _length(detector, "distance", "detector_distance")
            pixel = _length(detector, "x_pixel_size")
            x, y = (_number(detector.array(f"beam_center_{axis}")) for axis in "xy")
            if wavelength and distance and pixel and x is not None and y is not None:
                inside = -frame[1] < x < 2 * frame[1] and -frame[0] < y < 2 * frame[0]
                return Beam(wavelength, distance, pixel, (x, y)) if inside else None
    return None


def _wavelength(entry: Group, instrument: Group) -> float | None:
    places = [
        *instrument.groups("NXbeam"),
        *(beam for one in entry.groups("NXsample") for beam in one.groups("NXbeam")),
    ]
    for place in (*places, *instrument.groups("NXmonochromator")):
        for name in ("incident_wavelength", "wavelength"):
            found = place.array(name)
            value = _number(found)
            if found is not None and value:
                return value * _ANGSTROM.get(found.word("units").lower() or "angstrom", 0.0) or None
        for name in ("incident_energy", "energy"):
            found = place.array(name)
            value = _number(found)
            if found is not None and value and (each := {"kev": 1.0, "ev": 1e-3}.get(found.word("units").lower())):
                return _KEV_ANGSTROM / (value * each)
    return None


def _length(detector: Group, *names: str) -> float | None:
    for name in names:
        found = detector.array(name)
        value = _number(found)
        if found is not None and value and value > 0:
            return value * _METRE.get(found.word("units").lower() or "m", 0.0) or None
    return None


def _number(array: Array | None) -> float | None:
    return array.number() if array is not None else None
