"""Readers find what a file wants plotted, with the right numbers, and say in words why a file shows nothing."""

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.harvesters.contents.columns import columns_of
from panfair.harvesters.contents.figures import figures_in
from panfair.harvesters.contents.frames import frame_of, tiff_of
from panfair.harvesters.contents.hdf5 import opened
from panfair.harvesters.contents.nexus_plots import plots_of
from panfair.harvesters.contents.reader import Reader
from panfair.harvesters.contents.shrinking import measured, shrunk
from panfair.ontologies.errors import ContentsError
from panfair.ontologies.figures import Curve, Image
from panfair.site.demo import measurements


def _plots(path, *siblings):
    with opened(path, siblings) as root:
        return list(plots_of(root))


@pytest.fixture
def dice():
    return np.random.default_rng(7)


def test_the_declared_default_comes_before_any_other_plot(tmp_path):
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file.attrs["default"] = "second"
        for number, name in enumerate(("first", "second")):
            entry = file.create_group(name)
            entry.attrs.update(NX_class="NXentry", default="b")
            for key in "ab":
                data = entry.create_group(key)
                data.attrs.update(NX_class="NXdata", signal="y", axes="x")
                data["x"], data["y"] = np.arange(10.0), np.full(10, 10.0 * number + (key == "b"))
                data["y_errors"] = np.full(10, 0.5)
    declared, other = _plots(path)
    assert (declared.y[0], other.y[0]) == (11, 10) and declared.errors[0] == 0.5


def test_what_a_file_says_of_itself_loses_addresses_and_paths_as_a_record_does(tmp_path):
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        entry["title"] = "Foam of someone@example.org, see /data/visitor/mx1/raw/foam.h5"
        data = entry.create_group("data")
        data.attrs.update(NX_class="NXdata", signal="y", axes="x")
        data["x"], data["y"] = np.arange(10.0), np.arange(10.0)
        data["x"].attrs.update(units="1/nm", long_name="q of someone@example.org")
    with Reader() as reader:
        (curve,) = figures_in(reader, path)
    assert curve.title.startswith("Foam of") and curve.along.unit == "1/nm"
    assert "@" not in curve.title + curve.along.name and "visitor" not in curve.title


def test_masters_of_detectors_show_a_frame_of_a_listed_sibling_alone(tmp_path):
    """As Eiger masters are: no signal, and the images behind links to files beside them."""
    with h5py.File(tmp_path / "data_000001.h5", "w") as file:
        frames = np.arange(3 * 6 * 8, dtype="u4").reshape(3, 6, 8)
        frames[1, 0, 0] = np.iinfo("u4").max
        file.create_dataset("entry/data/data", data=frames)
    with h5py.File(tmp_path / "master.h5", "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        data = entry.create_group("data")
        data.attrs["NX_class"] = "NXdata"
        data["data_000001"] = h5py.ExternalLink("data_000001.h5", "/entry/data/data")
    (image,) = _plots(tmp_path / "master.h5", tmp_path / "data_000001.h5")
    assert image.index == 1 and image.shape == (3, 6, 8) and np.isnan(image.values[0, 0])
    assert np.nansum(image.values) == frames[1].sum(dtype="f8") - frames[1, 0, 0]
    with pytest.raises(ContentsError):
        _plots(tmp_path / "master.h5")


def test_virtual_datasets_over_listed_siblings_are_read(tmp_path):
    """As masters of BLISS are."""
    layout = h5py.VirtualLayout(shape=(4, 5, 6), dtype="u2")
    siblings = []
    for number in range(2):
        siblings.append(tmp_path / f"scan_{number}.h5")
        with h5py.File(siblings[-1], "w") as file:
            file["measurement"] = np.full((2, 5, 6), number + 1, "u2")
        layout[2 * number : 2 * number + 2] = h5py.VirtualSource(siblings[-1].name, "measurement", shape=(2, 5, 6))
    with h5py.File(tmp_path / "master.h5", "w") as file:
        detector = file.create_group("1.1/instrument/eiger")
        for name, kind in (
            ("1.1", "NXentry"),
            ("1.1/instrument", "NXinstrument"),
            ("1.1/instrument/eiger", "NXdetector"),
        ):
            file[name].attrs["NX_class"] = kind
        detector.create_virtual_dataset("data", layout)
    (image,) = _plots(tmp_path / "master.h5", *siblings)
    assert (image.values == 2).all() and image.index == 2


@pytest.mark.parametrize("title", sorted({**measurements.RAW, **measurements.PROCESSED}))
def test_files_of_the_demo_show_what_their_technique_looks_at(tmp_path, dice, title):
    names = {**measurements.RAW, **measurements.PROCESSED}[title](tmp_path, "made", dice)
    figures = _plots(tmp_path / names[0])
    wanted = {
        "Diffraction data": ["frame"], "Solution scattering": ["scattering"], "Absorption spectra": ["absorption"],
        "Element maps": ["map"] * 4, "Tomograms": ["slice"] * 3, "Powder patterns": ["plain"],
        "Ptychographic images": ["map"] * 2, "Tilt series": ["projection"],
    }  # fmt: skip
    assert [one.role for one in figures] == wanted[title]
    assert all(isinstance(one, Curve) or one.pixel or one.beam for one in figures)


def test_a_cbf_has_the_frame_and_the_geometry_of_its_nexus_file(tmp_path, dice):
    nexus, cbf = measurements.diffraction(tmp_path, "made", dice)
    (stack,), frame = _plots(tmp_path / nexus), frame_of(tmp_path / cbf)
    assert (
        frame.beam.wavelength == stack.beam.wavelength
        and frame.beam.centre == stack.beam.centre
        and frame.beam.distance == stack.beam.distance
    )
    with h5py.File(tmp_path / nexus) as file:
        assert np.array_equal(frame.values, measured(file["entry/data/data"][0]), equal_nan=True)
    whole = (tmp_path / cbf).read_bytes()
    (tmp_path / "cut.cbf").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ContentsError):
        frame_of(tmp_path / "cut.cbf")


def test_a_tiff_shows_its_page_in_the_middle(tmp_path):
    import tifffile

    pages = np.stack([np.full((9, 12), number, "u2") for number in range(5)])
    tifffile.imwrite(tmp_path / "x.tif", pages, photometric="minisblack")
    image = tiff_of(tmp_path / "x.tif")
    assert isinstance(image, Image) and (image.values == 2).all() and image.index == 2
    (tmp_path / "y.tif").write_bytes(b"II*\0" + b"\xff" * 40)
    with pytest.raises(ContentsError):
        tiff_of(tmp_path / "y.tif")


def test_columns_are_read_with_their_names_and_units(tmp_path):
    path = tmp_path / "x.dat"
    path.write_text("# q (1/nm)  I (1/cm)  error\n" + "\n".join(f"{n / 10} {n * n} {n}" for n in range(20)))
    curve = columns_of(path)
    assert (curve.along.name, curve.along.unit, curve.up.unit, curve.role) == ("q", "1/nm", "1/cm", "scattering")
    assert curve.y[3] == 9 and curve.errors[3] == 3
    path.write_text("A letter, in words, of 2024.\nSecond line\n")
    with pytest.raises(ContentsError, match="no columns"):
        columns_of(path)


@given(st.integers(1, 70), st.integers(1, 70), st.integers(1, 20))
def test_shrinking_keeps_the_mean_and_never_counts_what_was_not_measured(rows, columns, longest):
    values = np.arange(rows * columns, dtype="f4").reshape(rows, columns)
    small, factor = shrunk(values, longest)
    assert max(small.shape) <= max(longest, 1) or factor == 1
    assert small.min() >= values.min() and small.max() <= values.max()
    if rows % factor == 0 and columns % factor == 0:
        assert small.mean() == pytest.approx(values.mean(), rel=1e-4)
    values[0, 0] = np.nan
    if factor > 1 and min(rows, columns) > 1:
        assert np.isfinite(shrunk(values, longest)[0]).all()
