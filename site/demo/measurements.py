"""Small real files for some of the demo's datasets: NXmx, CBF, NXcanSAS, NXxas, element maps, tomograms, tilt series.

Nobody measured them: each is computed from the physics of its technique, with the noise of counting, from one seed.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

Values = Mapping[str, tuple[str, np.ndarray]]
"""Arrays by name, each with its unit."""
_SIZE = {"compression": "gzip", "compression_opts": 4, "shuffle": True}


def diffraction(folder: Path, name: str, dice: np.random.Generator) -> list[str]:
    """Three frames of a rotating crystal on an Eiger-like detector as NXmx, and the first of them as CBF."""
    shape, pixel, distance, wavelength, centre = (514, 529), 150e-6, 0.105, 0.9763, (259.3, 251.8)
    y, x = np.indices(shape)
    across, up = (x - centre[0]) * pixel, (y - centre[1]) * pixel
    two_theta = np.arctan(np.hypot(across, up) / distance)
    spacing = wavelength / (2 * np.sin(np.maximum(two_theta, 1e-4) / 2))
    water = 9 * np.exp(-(((1 / spacing - 1 / 3.15) / 0.07) ** 2)) + 5 * np.exp(-(1 / spacing) / 0.12) + 1.1
    far = np.sqrt(across**2 + up**2 + distance**2)
    scattered = np.stack([across / far, up / far, distance / far - 1], axis=-1) / wavelength
    turn = np.linalg.qr(dice.normal(size=(3, 3)))[0]
    frames = []
    for step in range(3):
        angle = np.radians(0.5 * step)
        spin = np.array([[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]])
        index = scattered @ (spin @ turn) * np.array([58.0, 58.0, 151.0])  # a tetragonal cell, in ångström
        whole = np.rint(index)
        off = ((index - whole) * np.array([1.0, 1.0, 0.55])) ** 2
        strength = np.abs(np.sin(whole @ np.array([12.9898, 78.233, 37.719])) * 43758.5453) % 1
        spots = 900 * strength**4 * np.exp(-off.sum(-1) / 0.0045) * np.exp(-9.0 / spacing**2)
        counts = dice.poisson(water + np.where((whole**2).sum(-1) > 0, spots, 0)).astype("u2")
        counts[np.hypot(x - centre[0], y - centre[1]) < 16] = 0  # the beam stop
        counts[(np.abs(x - centre[0]) < 4) & (y > centre[1])] //= 6
        counts[255:259, :] = counts[:, 262:267] = np.iinfo("u2").max  # between the modules
        frames.append(counts)
    with _nexus(folder / f"{name}.h5", "NXmx", "Diffraction data (made up)") as file:
        entry = file["entry"]
        _data(entry, "data", "data", {"data": ("counts", np.stack(frames))}, axes=[".", ".", "."])
        detector = _group(entry, "instrument/detector", "NXdetector")
        told = {
            "beam_center_x": (centre[0], "pixel"),
            "beam_center_y": (centre[1], "pixel"),
            "distance": (distance, "m"),
            "x_pixel_size": (pixel, "m"),
            "y_pixel_size": (pixel, "m"),
        }
        for key, (value, unit) in told.items():
            detector[key] = value
            detector[key].attrs["units"] = unit
        beam = _group(entry, "instrument/beam", "NXbeam")
        beam["incident_wavelength"] = wavelength
        beam["incident_wavelength"].attrs["units"] = "angstrom"
    _cbf(folder / f"{name}_0001.cbf", frames[0], wavelength, distance, pixel, centre)
    return [f"{name}.h5", f"{name}_0001.cbf"]


def scattering(folder: Path, name: str, dice: np.random.Generator) -> list[str]:
    """I(q) of a protein-sized ellipsoid in solution as NXcanSAS, with errors, and as three columns."""
    q = np.geomspace(0.06, 4.5, 420)
    radii, ratio = dice.uniform(2.2, 3.4), dice.uniform(1.25, 1.7)
    angles = np.linspace(0, np.pi / 2, 90)
    reach = q[:, None] * radii * np.sqrt(np.sin(angles) ** 2 + ratio**2 * np.cos(angles) ** 2)
    form = (3 * (np.sin(reach) - reach * np.cos(reach)) / reach**3) ** 2
    ideal = 0.042 * (form * np.sin(angles)).sum(axis=1) * (angles[1] - angles[0]) + 2.2e-5
    errors = 0.004 * np.sqrt(ideal * 0.02) * (1 + q) + 3e-6
    measured = ideal + dice.normal(size=len(q)) * errors
    with _nexus(folder / f"{name}.h5", "NXcanSAS", "Particles in solution, buffer subtracted (made up)") as file:
        data = _data(
            file["entry"], "sasdata", "I",
            {"Q": ("1/nm", q), "I": ("1/cm", measured), "Idev": ("1/cm", errors)}, axes=["Q"],
        )  # fmt: skip
        file["entry"].attrs["canSAS_class"] = "SASentry"
        data.attrs["canSAS_class"] = "SASdata"
        data["I"].attrs["uncertainties"] = "Idev"
    _columns(folder / f"{name}.dat", "q (1/nm)  I (1/cm)  error", (q, measured, errors))
    return [f"{name}.h5", f"{name}.dat"]


def absorption(folder: Path, name: str, dice: np.random.Generator) -> list[str]:
    """µ(E) over the iron K edge: step, white line, and the waves of two shells of neighbours."""
    energy = np.concatenate([np.arange(7000, 7095, 5.0), np.arange(7095, 7160, 0.25), np.arange(7160, 7900, 2.0)])
    edge = 7124.0
    step = 0.5 + np.arctan((energy - edge) / 1.6) / np.pi
    mu = 0.31 * (7000 / energy) ** 3 + step * (1 + 0.45 * np.exp(-(((energy - edge - 6) / 5.5) ** 2)))
    k = np.sqrt(np.maximum(energy - edge, 0) * 0.2625)
    for distance, strength, width in ((2.02, 0.42, 0.0045), (3.05, 0.26, 0.007)):
        with np.errstate(divide="ignore", invalid="ignore"):
            wave = strength * np.sin(2 * k * distance + 0.8) * np.exp(-2 * k**2 * width) / (k * distance**2) * 4
        mu += np.nan_to_num(wave) * step * (1 - np.exp(-((k / 3.2) ** 4)))
    mu = mu + 0.006 * dice.normal(size=len(mu))
    with _nexus(folder / f"{name}.h5", "NXxas", "Iron K edge in transmission (made up)") as file:
        values = {"energy": ("eV", energy), "mu": ("", mu)}
        _data(file["entry"], "data", "mu", values, axes=["energy"])
    return [f"{name}.h5"]


def maps(folder: Path, name: str, dice: np.random.Generator) -> list[str]:
    """Maps of four elements in a grain: a hull, veins and inclusions, with the noise of counting."""
    y, x = np.indices((150, 200)) / 100.0
    away = np.hypot((x - 1.0) / 0.85, (y - 0.75) / 0.62) + 0.05 * np.sin(7 * np.arctan2(y - 0.75, x - 1.0))
    inside = 1 / (1 + np.exp((away - 1) / 0.02))
    veins = np.exp(-((np.sin(9 * x + 4 * np.sin(5 * y)) / 0.18) ** 2)) * inside
    spots = sum(
        np.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * size**2))
        for a, b, size in zip(
            dice.uniform(0.4, 1.6, 26), dice.uniform(0.3, 1.2, 26), dice.uniform(0.008, 0.03, 26), strict=True
        )
    )
    hull = np.exp(-(((away - 0.97) / 0.035) ** 2))
    elements = {
        "Zn": 160 * spots * inside + 12 * inside,
        "Fe": 240 * hull + 18 * inside,
        "Ca": 95 * veins + 25 * inside,
        "K": 130 * inside * (1.1 - away) + 6,
    }
    across, up = np.arange(200) * 0.5, np.arange(150) * 0.5
    with _nexus(folder / f"{name}.h5", "NXfluo", "Element maps (made up)") as file:
        for element, ideal in elements.items():
            counts = dice.poisson(ideal + 1.5).astype("f4")
            values = {element: ("counts", counts), "y": ("um", up), "x": ("um", across)}
            _data(file["entry"], f"map_{element}", element, values, axes=["y", "x"])
    return [f"{name}.h5"]


def tomogram(folder: Path, name: str, dice: np.random.Generator) -> list[str]:
    """The reconstruction of a foam: bubbles in a solid, 112 voxels a side."""
    size = 112
    grid = (np.indices((size, size, size), dtype="f4") - size / 2) / (size / 2)
    solid = np.hypot(grid[1], grid[2]) < 0.92
    for centre, radius in zip(dice.uniform(-1, 1, (170, 3)), dice.gamma(6, 0.028, 170), strict=True):
        solid &= ((grid - centre[:, None, None, None].astype("f4")) ** 2).sum(0) > radius**2
    ideal = np.where(solid, 0.92, 0.08) + 0.03 * np.sin(
        40 * np.hypot(grid[1], grid[2])
    )  # with rings, as detectors give
    volume = np.clip((ideal + dice.normal(size=solid.shape) * 0.07) * 200, 0, 254).astype("u1")
    steps = np.arange(size) * 2.2
    with _nexus(folder / f"{name}.h5", "NXtomoproc", "Reconstructed foam (made up)") as file:
        values = {"data": ("", volume), "z": ("um", steps), "y": ("um", steps), "x": ("um", steps)}
        _data(file["entry"], "volume", "data", values, axes=["z", "y", "x"], chunks=(16, 56, 56))
    return [f"{name}.h5"]


def powder(folder: Path, name: str, dice: np.random.Generator) -> list[str]:
    """A pattern of a cubic crystal: lines where h² + k² + l² allows, wider at high angles, over a background."""
    two_theta = np.arange(4, 44, 0.01)
    wavelength, cell = 0.4, dice.uniform(5.6, 6.3)
    ideal = 90 + 260 * np.exp(-two_theta / 9)
    sums: dict[int, int] = {}
    for h, k, m in np.ndindex(9, 9, 9):
        sums[h * h + k * k + m * m] = sums.get(h * h + k * k + m * m, 0) + 1
    for total, count in sums.items():
        sine = wavelength * np.sqrt(total) / (2 * cell)
        if total > 0 and sine < 0.4:
            place, width = 2 * np.degrees(np.arcsin(sine)), 0.035 + 0.0012 * total
            height = 5200 * count * (0.35 + 0.65 * (total % 2)) * np.exp(-total / 26) / total
            ideal += height / (1 + ((two_theta - place) / width) ** 2)
    counts = dice.poisson(ideal)
    with _nexus(folder / f"{name}.h5", "NXmonopd", "Powder pattern (made up)") as file:
        values = {
            "two_theta": ("deg", two_theta),
            "counts": ("counts", counts),
            "counts_errors": ("counts", np.sqrt(counts)),
        }
        _data(file["entry"], "data", "counts", values, axes=["two_theta"])
    return [f"{name}.h5"]


def ptychogram(folder: Path, name: str, dice: np.random.Generator) -> list[str]:
    """Phase and amplitude of grains in a thin section, as they are reconstructed."""
    size = 240
    y, x = (np.indices((size, size)) - size / 2) / size
    places = dice.uniform(-0.5, 0.5, (90, 2))
    far = np.sort(np.hypot(y[..., None] - places[:, 0], x[..., None] - places[:, 1]), axis=-1)
    nearest = np.argmin(np.hypot(y[..., None] - places[:, 0], x[..., None] - places[:, 1]), axis=-1)
    grain = dice.uniform(0.2, 1.0, 90)[nearest] * (1 - np.exp(-(((far[..., 1] - far[..., 0]) / 0.008) ** 2)))
    phase = -0.9 * grain + 0.02 * dice.normal(size=grain.shape)
    steps = np.arange(size) * 18.0
    with _nexus(folder / f"{name}.h5", "NXptycho", "Reconstructed object (made up)") as file:
        for what, unit, values in (("phase", "rad", phase), ("amplitude", "", np.exp(0.25 * phase))):
            held = {what: (unit, values.astype("f4")), "y": ("nm", steps), "x": ("nm", steps)}
            _data(file["entry"], what, what, held, axes=["y", "x"])
    return [f"{name}.h5"]


def tilts(folder: Path, name: str, dice: np.random.Generator) -> list[str]:
    """Eleven projections of vesicles and particles in ice at low dose, tilted from −60° to 60°."""
    size = 200
    y, x = np.indices((size, size)) - size / 2
    angles = np.linspace(-60, 60, 11)
    things = [*((*dice.uniform(-80, 80, 3), dice.uniform(18, 34), True) for _ in range(5)),
              *((*dice.uniform(-90, 90, 3), 4.5, False) for _ in range(60))]  # fmt: skip
    frames = []
    for angle in np.radians(angles):
        dark = np.zeros((size, size))
        for a, b, c, radius, hollow in things:
            far = np.hypot(x - (a * np.cos(angle) + c * np.sin(angle)), y - b)
            chord = 2 * np.sqrt(np.maximum(radius**2 - far**2, 0))
            dark += chord - (2 * np.sqrt(np.maximum((radius - 4) ** 2 - far**2, 0)) if hollow else 0)
        frames.append(dice.poisson(16 * np.exp(-0.018 * dark - 0.25 / np.cos(angle))))
    with _nexus(folder / f"{name}.h5", "NXem", "Tilt series (made up)") as file:
        steps = np.arange(size) * 1.2
        values = {
            "data": ("counts", np.stack(frames).astype("u2")),
            "tilt": ("deg", angles),
            "y": ("nm", steps),
            "x": ("nm", steps),
        }
        _data(file["entry"], "data", "data", values, axes=["tilt", "y", "x"])
    return [f"{name}.h5"]


Measure = Callable[[Path, str, np.random.Generator], list[str]]
RAW: dict[str, Measure] = {
    "Diffraction data": diffraction,
    "Absorption spectra": absorption,
    "Powder patterns": powder,
    "Tilt series": tilts,
}
"""What is measured, by the title of the subject."""
PROCESSED: dict[str, Measure] = {
    "Solution scattering": scattering,
    "Element maps": maps,
    "Tomograms": tomogram,
    "Ptychographic images": ptychogram,
}
"""What is computed from what was measured."""


def _nexus(path: Path, definition: str, title: str) -> Any:
    import h5py

    file = h5py.File(path, "w", track_order=False)
    file.attrs["default"] = "entry"
    entry = _group(file, "entry", "NXentry")
    entry["definition"], entry["title"] = definition, title
    return file


def _group(parent: Any, path: str, kind: str) -> Any:
    place = parent
    for name in path.split("/"):
        place = place.require_group(name)
        place.attrs.setdefault("NX_class", "NXinstrument" if name == "instrument" else kind)
    return place


def _data(
    entry: Any, name: str, signal: str, values: Values, axes: Iterable[str], chunks: tuple[int, ...] | None = None
) -> Any:
    """An NXdata; the first one of an entry is its default."""
    entry.attrs.setdefault("default", name)
    data = _group(entry, name, "NXdata")
    data.attrs["signal"], data.attrs["axes"] = signal, list(axes)
    for key, (unit, numbers) in values.items():
        frames = (1, *numbers.shape[1:]) if numbers.ndim == 3 else None
        data.create_dataset(
            key, data=numbers, chunks=chunks if numbers.ndim == 3 and chunks else frames or True, **_SIZE
        )
        if unit:
            data[key].attrs["units"] = unit
    return data


def _columns(path: Path, head: str, columns: Iterable[np.ndarray]) -> None:
    rows = "\n".join("  ".join(f"{value:.6e}" for value in row) for row in zip(*columns, strict=True))
    path.write_text(f"# {head}\n{rows}\n", encoding="utf-8")


def _cbf(
    path: Path, frame: np.ndarray, wavelength: float, distance: float, pixel: float, centre: tuple[float, float]
) -> None:
    """A mini-CBF as detectors at synchrotrons write it: byte offsets, with the geometry in its header."""
    from fabio.cbfimage import CbfImage

    values = frame.astype("i4")
    values[frame == np.iinfo("u2").max] = -1
    told = (
        f"# Detector: EIGER-like, made up\n# Pixel_size {pixel:.6e} m x {pixel:.6e} m\n# Wavelength {wavelength} A\n"
        f"# Detector_distance {distance} m\n# Beam_xy ({centre[0]}, {centre[1]}) pixels\n"
    )
    CbfImage(
        data=values, header={"_array_data.header_convention": "PILATUS_1.2", "_array_data.header_contents": told}
    ).write(str(path))
