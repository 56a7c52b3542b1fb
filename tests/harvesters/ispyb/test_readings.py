"""Each trap of ISPyB's values, with the row that it comes from."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from panfair.harvesters.ispyb.columns import columns
from panfair.harvesters.ispyb.readings import (
    READINGS,
    as_fractions,
    correlations_are_percent,
    file_name,
    moment,
    parameters,
    program_of,
    space_group,
    status_of,
)
from panfair.ontologies.fields import local_zone


def _of(table: str, **row):
    found = parameters([one for one in columns() if one.table == table], row)
    return {one.name: (one.value, one.unit) for one in found}


@pytest.mark.parametrize(
    ("cc", "percent"),
    [
        ([99.9, 99.9, 91.7], True),  # fast_dp
        ([100, 100, 0.9], True),  # an outer shell that looks like a fraction is per cent where the others are
        ([0.999, 0.998, 0.584], False),  # xia2
        ([1, 1, 0.622], False),
        ([None, None, None], False),
    ],
)
def test_the_scale_of_correlations_is_told_by_all_shells_of_a_result(cc, percent):
    rows = [{"ccHalf": one, "ccAnomalous": None} for one in cc]
    assert correlations_are_percent(rows) is percent


def test_correlations_in_per_cent_become_fractions_and_nothing_else_of_the_shell_changes():
    row = {"ccHalf": 99.9, "ccAnomalous": -4.8, "completeness": 97.6, "rMerge": 0.765}
    assert as_fractions(row) == {"ccHalf": 0.999, "ccAnomalous": -0.048, "completeness": 97.6, "rMerge": 0.765}


def test_energies_of_scans_are_told_in_kev_and_the_name_of_an_edge_is_no_energy():
    found = _of("EnergyScan", startEnergy=7062.75, peakEnergy=7115.73, edgeEnergy="K", element="Fe")
    assert found == {
        "EnergyScan_element": ("Fe", None),
        "EnergyScan_edge": ("K", None),
        "EnergyScan_start_energy": (7.06275, "keV"),
        "EnergyScan_peak_energy": (7.11573, "keV"),
    }
    assert _of("XFEFluorescenceSpectrum", energy=12700) == {"InstrumentMonochromator_energy": (12.7, "keV")}


@pytest.mark.parametrize(("value", "unit"), [(215.62, "mm"), (78.0483, "mm"), (1043.1, "pixel")])
def test_a_beam_centre_that_is_on_no_detector_in_millimetres_is_in_pixels(value, unit):
    assert _of("DataCollection", xBeam=value)["MX_xBeam"] == (value, unit)


@pytest.mark.parametrize("column", ["flux", "flux_end", "wavelength", "resolution", "beamSizeAtSampleX"])
def test_zero_stands_for_not_measured(column):
    assert _of("DataCollection", **{column: 0}) == {}


def test_zero_is_a_value_where_it_can_be_one():
    found = _of("DataCollection", axisStart=0, overlap=0.0, omegaStart=0)
    assert {name: value for name, (value, _unit) in found.items()} == {
        "MX_oscillationStart": 0,
        "MX_oscillationOverlap": 0,
        "MX_omega": 0,
    }


@pytest.mark.parametrize("value", [None, "0000-00-00 00:00:00", "0000-00-00", "", "2016-13-45 00:00:00", 5])
def test_what_is_no_date_is_none(value):
    assert moment(value) is None


def test_a_moment_is_read_by_the_clock_of_its_source():
    token = local_zone.set(ZoneInfo("Europe/London"))
    try:
        assert moment(datetime(2016, 7, 13, 12, 18)) == datetime(2016, 7, 13, 11, 18, tzinfo=UTC)
    finally:
        local_zone.reset(token)


@pytest.mark.parametrize(
    ("said", "short", "long"),
    [
        ("autoPROC 1.0.4 (see: http://www.globalphasing.com/autoproc/)", "autoPROC", "autoPROC 1.0.4"),
        ("fast_dp", "fast_dp", "fast_dp"),
        ("xia2 3dii", "xia2 3dii", "xia2 3dii"),
        ("EDNA MXv1", "EDNA MXv1", "EDNA MXv1"),
        ("xia2.multiplex 1.2.0", "xia2.multiplex", "xia2.multiplex 1.2.0"),
        ("DIALS v3.8 https://dials.github.io", "DIALS", "DIALS v3.8"),
        ("autoPROC+STARANISO", "autoPROC+STARANISO", "autoPROC+STARANISO"),
        (None, "", ""),
    ],
)
def test_versions_and_addresses_are_cut_out_of_names_of_programs(said, short, long):
    assert program_of(said) == (short, long)


@pytest.mark.parametrize(
    ("value", "said"),
    [(1, "success"), (0, "failed"), (None, None), ("SUCCESS", "success"), ("FAILED", "failed"), ("RUNNING", "running"),
     ("1", "success"), ("0", "failed"), ("", None)],
)  # fmt: skip
def test_the_states_of_both_flavours_say_the_same(value, said):
    assert status_of(value) == said


@pytest.mark.parametrize(
    ("one", "other"),
    [("P41212", "P 41 21 2"), ("P 63 2 2", "P 63 2 2"), ("P622", "P 6 2 2"), ("P6222", "P 62 2 2"), ("I23", "I 2 3")],
)
def test_a_space_group_is_written_in_one_way(one, other):
    assert space_group(one) == space_group(other) == other


def test_of_a_path_nothing_is_kept_but_the_name_of_the_file():
    assert file_name("/dls/i03/data/2016/cm14451-1/final.mtz") == "final.mtz"
    assert file_name("C:\\data\\x.mtz") == "x.mtz"
    assert file_name("/") is None


def test_every_reading_that_the_table_names_is_one():
    assert {one.reading for one in columns()} <= set(READINGS)


def test_a_strategys_completeness_is_a_fraction_there_and_per_cent_here():
    assert _of("ScreeningStrategyWedge", completeness=0.997) == {"ScreeningStrategy_completeness": (99.7, "%")}


def test_a_pixel_is_told_in_micrometres():
    assert _of("Detector", detectorPixelSizeHorizontal=0.172) == {"InstrumentDetector01_x_pixel_size": (172.0, "µm")}
