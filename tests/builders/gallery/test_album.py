"""Pictures say what their numbers are, are well-formed, and refuse what shows nothing."""

import re
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from lxml import etree
from PIL import Image as Pillow

from panfair.builders.gallery.album import album_of
from panfair.builders.gallery.overlays import ring_radius
from panfair.builders.gallery.picture import Picture
from panfair.builders.gallery.scales import Scale, scale_of
from panfair.harvesters.contents.figures import figures_in
from panfair.harvesters.contents.reader import Reader
from panfair.ontologies.errors import ContentsError
from panfair.ontologies.figures import Axis, Beam, Curve, Image


def _curve(x, y, errors=None, role="plain"):
    return Curve(np.asarray(x, "f8"), np.asarray(y, "f8"), errors, Axis("Q", "1/nm"), Axis("I", "1/cm"), role)


def _path_ends(svg, kind):
    """The first and last point of a path of the plot, in its own places from 0 to 1."""
    numbers = [
        float(one) for one in re.findall(r"-?[\d.]+", etree.fromstring(svg).find(f"path[@class='{kind}']").get("d"))
    ]
    return (numbers[0], numbers[1]), (numbers[-2], numbers[-1])


def test_a_line_is_drawn_from_corner_to_corner():
    ((picture, files),) = album_of([_curve(range(100), range(100))], "v")
    (left, low), (right, high) = _path_ends(picture.drawing, "line")
    assert left < 110 and low > 320 and right > 580 and high < 40
    assert picture.alt == "Curve: 100 points, Q (nm⁻¹) from 0 to 99, I (cm⁻¹) from 0 to 99"
    assert files["v1.csv"].decode().splitlines()[:2] == ['"Q (nm⁻¹)","I (cm⁻¹)"', "0,0"]


def test_guinier_and_kratky_follow_from_a_scattering_curve():
    q = np.geomspace(0.05, 4, 300)
    gyration = 2.0
    y = 3 * np.exp(-((q * gyration) ** 2) / 3) + 1e-6
    first, guinier, kratky = (picture for picture, _ in album_of([_curve(q, y, role="scattering")], "v"))
    assert [one.label for one in (first, guinier, kratky)] == ["Scattering curve", "Guinier plot", "Kratky plot"]
    assert len({one.group for one in (first, guinier, kratky)}) == 1
    table = dict(album_of([_curve(q, y, role="scattering")], "v"))[guinier]["v2.csv"].decode().splitlines()[1:]
    squared, logarithm = np.array([[float(one) for one in row.split(",")] for row in table]).T
    slope = np.polyfit(squared, logarithm, 1)[0]
    assert slope == pytest.approx(-(gyration**2) / 3, rel=0.01)


@settings(max_examples=60, deadline=None)
@given(
    arrays("f8", st.integers(2, 40)),
    arrays("f8", st.integers(2, 40)),
    st.sampled_from(["plain", "scattering", "absorption"]),
)
def test_every_curve_is_well_formed_or_refused(x, y, role):
    size = min(len(x), len(y))
    try:
        for picture, files in album_of([_curve(x[:size], y[:size], np.abs(y[:size]), role)], "v"):
            etree.fromstring(picture.drawing)
            assert "nan" not in picture.drawing and "inf" not in picture.drawing
            assert {size.file for size in picture.sizes} <= set(files)
    except ContentsError:
        with np.errstate(over="ignore"):
            x, y = x[:size].astype("f4"), y[:size].astype("f4")
        assert np.count_nonzero(np.isfinite(x) & np.isfinite(y)) < 2


def test_an_image_is_shown_in_its_shades_with_what_was_not_measured_told():
    values = np.tile(np.arange(200.0, dtype="f4"), (100, 1))
    values[:, :20] = np.nan
    ((picture, files),) = album_of([Image(values, Axis("dose", "Gy"), (100, 200))], "v")
    shown = np.asarray(Pillow.open(BytesIO(files[picture.large.file])).convert("RGB"), "i4")
    assert (picture.large.width, picture.large.height) == (800, 400) == shown.shape[1::-1]
    assert "10 % not measured" in picture.caption and "Gy" in picture.caption
    brightness = shown[200].sum(axis=1)
    assert brightness[100] < brightness[400] < brightness[790]
    assert Picture.from_json(picture.to_json()) == picture


@pytest.mark.parametrize("value", [0.0, 7.5, -3.0])
def test_a_constant_image_says_so_and_one_without_numbers_is_refused(value):
    ((picture, _),) = album_of([Image(np.full((8, 8), value, "f4"), Axis("z"), (8, 8))], "v")
    assert "every value is" in picture.caption
    with pytest.raises(ContentsError):
        list(album_of([Image(np.full((8, 8), np.nan, "f4"), Axis("z"), (8, 8))], "v"))


@given(st.floats(0.8, 1.6), st.floats(0.05, 0.6), st.floats(1.2, 40))
def test_rings_stand_where_bragg_has_them(wavelength, distance, spacing):
    beam = Beam(wavelength, distance, 75e-6, (0, 0))
    radius = ring_radius(beam, spacing)
    if radius is not None:
        angle = np.arctan(radius * beam.pixel / distance)
        assert wavelength / (2 * np.sin(angle / 2)) == pytest.approx(spacing)


def test_words_of_a_file_cannot_become_markup():
    curve = Curve(np.arange(9.0), np.arange(9.0), None, Axis("</svg><script>"), Axis('"x" & <b>'), "plain", "<i>")
    ((picture, _),) = album_of([curve], "v")
    assert "<script" not in picture.drawing and etree.fromstring(picture.drawing) is not None


@given(st.floats(-1e12, 1e12), st.floats(1e-9, 1e12), st.booleans())
def test_ticks_lie_inside_and_rise(low, width, logarithmic):
    scale = scale_of(
        np.array([abs(low) + 1e-9, abs(low) + width]) if logarithmic else np.array([low, low + width]), logarithmic
    )
    ticks = [value for value, _ in scale.ticks()]
    assert isinstance(scale, Scale) and ticks == sorted(ticks) and len(ticks) <= 14
    assert all(scale.low * 0.999 <= one <= scale.high * 1.001 for one in ticks if scale.low >= 0)


@pytest.mark.parametrize(
    ("name", "label", "words"),
    [
        ("dmc01.h5", "Curve", "400 points, two_theta (°) from 18.3 to 98.1, counts from 68 to 3541"),
        ("punx/1998spheres.h5", "Scattering curve", "1824 points, Q (Å⁻¹) from 1.645 × 10⁻⁴ to 0.04258"),
        ("nexus-example.hdf5", "Image", "487 × 195 pixels; number 6 of 10"),
        ("punx/chopper.nxs", "Image", "750 × 148 pixels"),
    ],
)
def test_real_files_show_what_they_declare(shared, reader, name, label, words):
    figures = figures_in(reader, shared / "data/nexus" / name)
    picture, _ = next(album_of(figures, "v"))
    assert picture.label == label and words in picture.alt


@pytest.fixture(scope="module")
def reader():
    with Reader() as opened:
        yield opened


@pytest.mark.parametrize("name", ["Therm_6_2.nxs", "ewokstomo/TestEwoksTomo_0010.h5"])
def test_masters_whose_files_are_elsewhere_are_refused_with_the_reason(shared, reader, name):
    with pytest.raises(ContentsError, match="another file"):
        figures_in(reader, shared / "data/nexus" / name)
