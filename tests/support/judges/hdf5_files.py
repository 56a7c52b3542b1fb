"""HDF5 files that the viewer is tried with: made up, each a kind that facilities write."""

from pathlib import Path

import h5py
import hdf5plugin
import numpy as np


def _plotted(file: h5py.File, name: str, axes: list[str]) -> h5py.Group:
    file.attrs.update(NX_class="NXroot", default="entry")
    entry = file.create_group("entry")
    entry.attrs.update(NX_class="NXentry", default="data")
    data = entry.create_group("data")
    data.attrs.update(NX_class="NXdata", signal=name)
    if axes:
        data.attrs["axes"] = axes
    return data


def curve(path: Path) -> None:
    with h5py.File(path, "w") as file:
        data = _plotted(file, "intensity", ["q"])
        q = data.create_dataset("q", data=np.linspace(0.01, 0.5, 500))
        q.attrs["units"] = "1/nm"
        data["intensity"] = 100 * np.exp(-9 * q[()] ** 2)


def stack(path: Path) -> None:
    """Twenty frames of 2048 × 2048, as detectors write them: bitshuffle with LZ4, a frame a chunk; some 40 MB."""
    dice = np.random.default_rng(1)
    with h5py.File(path, "w", libver="latest") as file:
        frames = _plotted(file, "frames", []).create_dataset(
            "frames", (20, 2048, 2048), "u2", chunks=(1, 2048, 2048), **hdf5plugin.Bitshuffle(cname="lz4")
        )
        y, x = np.indices((2048, 2048))
        ring = 60 * np.exp(-(((np.hypot(x - 1000, y - 1040) - 500) / 60) ** 2)) + 3
        frame = dice.poisson(ring)
        for number in range(20):
            frames[number] = np.roll(frame, 17 * number, axis=1)


def sparse(path: Path) -> None:
    """1,280 frames of 1024 × 1024 of which the first and the last are written: 5 GB of a file, hardly any of a disk."""
    with h5py.File(path, "w") as file:
        made = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        made.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
        made.set_fill_time(h5py.h5d.FILL_TIME_NEVER)
        data = _plotted(file, "volume", [])
        space = h5py.h5s.create_simple((1280, 1024, 1024))
        frames = h5py.Dataset(h5py.h5d.create(data.id, b"volume", h5py.h5t.IEEE_F32LE, space, made))
        y, x = np.indices((1024, 1024), dtype="f4")
        frames[0] = np.sin(x / 40) * np.cos(y / 60)
        frames[1279] = x + y


def virtual(folder: Path) -> list[str]:
    """A master whose stack lies in two files beside it, compressed."""
    names = [f"part_{number}.h5" for number in (1, 2)]
    layout = h5py.VirtualLayout((4, 256, 256), "u4")
    y, x = np.indices((256, 256))
    for number, name in enumerate(names):
        with h5py.File(folder / name, "w") as file:
            frames = np.stack([(x * (number + 1) + y * (frame + 1)) % 97 for frame in range(2)])
            file.create_dataset("data", data=frames.astype("u4"), chunks=(1, 256, 256), **hdf5plugin.Bitshuffle())
        layout[2 * number : 2 * number + 2] = h5py.VirtualSource(name, "data", (2, 256, 256))
    with h5py.File(folder / "master.h5", "w", libver="latest") as file:
        _plotted(file, "stack", []).create_virtual_dataset("stack", layout)
    return ["master.h5", *names]


def linked(folder: Path) -> list[str]:
    """A master that links to an image in a file beside it, and to one that nobody listed."""
    with h5py.File(folder / "scan.h5", "w") as file:
        data = _plotted(file, "image", [])
        data["image"] = h5py.ExternalLink("scan_data.h5", "/measured")
        data["elsewhere"] = h5py.ExternalLink("secret.h5", "/hidden")
    with h5py.File(folder / "scan_data.h5", "w") as file:
        y, x = np.indices((128, 160))
        file["measured"] = np.hypot(x - 80, y - 64)
    with h5py.File(folder / "secret.h5", "w") as file:
        file["hidden"] = np.arange(10)
    return ["scan.h5", "scan_data.h5"]


def filtered(path: Path, filters: dict[str, dict]) -> None:
    """An image for each filter."""
    y, x = np.indices((128, 128), dtype="u4")
    with h5py.File(path, "w") as file:
        for name, made in filters.items():
            file.create_dataset(name, data=x * 3 + y, chunks=(64, 64), **made)
