"""Tests of ontologies/units.py: units are told, values go to SI and back, sizes read well."""

import json
import math
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.ontologies.units import TABLE, convert, interpret, size_in_words, to_si

SPELLINGS = [row["symbol"] for row in tomllib.loads(TABLE.read_text("utf-8"))["unit"]]
KINDS: dict[str, list[str]] = {}
for _spelling in SPELLINGS:
    KINDS.setdefault(interpret(_spelling).kind, []).append(_spelling)

_POWERS = {"byte": 0, "bytes": 0, "kB": 1, "MB": 2, "GB": 3, "TB": 4, "PB": 5, "EB": 6}


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"), (1, "1 byte"), (11, "11 bytes"), (999, "999 bytes"), (1000, "1 kB"), (1049, "1 kB"),
        (1050, "1.1 kB"), (99_949, "99.9 kB"), (99_950, "100 kB"), (999_499, "999 kB"), (999_500, "1 MB"),
        (23_312_456_789, "23.3 GB"), (10**18, "1 EB"), (10**21, "1000 EB"),
    ],
)  # fmt: skip
def test_a_size_is_told_in_decimal_units(size, words):
    assert size_in_words(size) == words


@settings(max_examples=300)
@given(st.integers(0, 10**21))
def test_size_in_words_is_within_five_percent_of_the_size(size):
    number, unit = size_in_words(size).split(" ")
    assert abs(float(number) * 1000 ** _POWERS[unit] - size) <= size * 0.05


@settings(max_examples=200)
@given(st.integers(0, 10**19), st.integers(0, 10**19))
def test_a_larger_size_never_reads_as_smaller(a, b):
    def read(size: int) -> float:
        number, unit = size_in_words(size).split(" ")
        return float(number) * 1000 ** _POWERS[unit]

    low, high = sorted((a, b))
    assert read(low) <= read(high)


def test_a_size_below_zero_is_refused():
    with pytest.raises(ValueError, match="below zero"):
        size_in_words(-1)


@pytest.mark.parametrize(
    ("written", "symbol", "ucum"),
    [
        ("um", "µm", "um"),
        ("\u03bcm", "µm", "um"),
        ("\u00b5m", "µm", "um"),
        ("\u212b", "Å", "Ao"),
        ("Angstrom", "Å", "Ao"),
        ("photons/s", "photons/s", "{photons}/s"),
        ("electrons/Å²", "electrons/Å²", "{electrons}/Ao2"),
        ("e-/A^2", "electrons/Å²", "{electrons}/Ao2"),
        ("KEV", "keV", "keV"),
        ("%", "%", "%"),
        ("a", "a", "a"),
        ("nm^3", "nm³", "nm3"),
        ("kDa", "kDa", "ku"),
        ("Angstrom**-1", "1/Å", "Ao-1"),
        ("cm-1", "1/cm", "cm-1"),
        ("degC", "°C", "Cel"),
    ],
)
def test_a_unit_is_known_in_the_ways_that_catalogues_write_it(written, symbol, ucum):
    unit = interpret(written)
    assert (unit.symbol, unit.ucum) == (symbol, ucum)


_PREFIXES = {
    "y": ("yocto", -24), "z": ("zepto", -21), "a": ("atto", -18), "f": ("femto", -15), "p": ("pico", -12),
    "n": ("nano", -9), "u": ("micro", -6), "m": ("milli", -3), "c": ("centi", -2), "d": ("deci", -1), "da": ("deca", 1),
    "h": ("hecto", 2), "k": ("kilo", 3), "M": ("mega", 6), "G": ("giga", 9), "T": ("tera", 12), "P": ("peta", 15),
    "E": ("exa", 18), "Z": ("zetta", 21), "Y": ("yotta", 24),
}  # fmt: skip
_FIFTEEN = {
    "Pa": "pascal", "Hz": "hertz", "N": "newton", "J": "joule", "s": "second", "L": "litre", "m": "metre", "bar": "bar",
    "ohm": "ohm", "mol": "mole", "Gy": "gray", "W": "watt", "V": "volt", "T": "tesla", "eV": "electronvolt",
}  # fmt: skip


@pytest.mark.parametrize("unit", _FIFTEEN)
@pytest.mark.parametrize("prefix", _PREFIXES)
def test_each_prefixed_spelling_is_its_own_multiple_of_the_base(prefix, unit):
    name, power = _PREFIXES[prefix]
    for written, base in ((prefix + unit, unit), (name + _FIFTEEN[unit], _FIFTEEN[unit])):
        assert convert(1.0, written, base) == pytest.approx(10.0**power, rel=1e-12), written
        assert interpret(written).kind == interpret(unit).kind


@pytest.mark.parametrize("written", ["MPA", "mpa", "mhz", "MEV", "PM", "mbar".upper(), "MM"])
def test_letters_of_one_case_that_may_mean_two_units_are_none(written):
    assert interpret(written) is None


@pytest.mark.parametrize(
    ("written", "meant"), [("Mpa", "MPa"), ("Mev", "MeV"), ("KPa", "kPa"), ("Mhz", "MHz"), ("ev", "eV"), ("µOhm", "µΩ")]
)
def test_a_slip_of_case_that_can_mean_one_unit_only_is_read(written, meant):
    assert interpret(written).symbol == meant


def test_the_units_handed_to_us_compare_with_their_bases(shared):
    (line,) = (shared / "cases/20-machine-interfaces/units.jsonl").read_text().splitlines()
    told = {one["name"]: (one["value"], one["unit"]) for one in json.loads(line)["datasets"][0]["parameters"]}
    bases = {
        "chamber_pressure": ("Pa", 0.003), "pressure": ("bar", 2e6), "chopper_frequency": ("Hz", 0.005),
        "load": ("N", 1e6), "pulse": ("J", 2e6), "resistance": ("ohm", 4000.0), "amount": ("mol", 3e-6),
        "dose": ("Gy", 2e-6),
    }  # fmt: skip
    assert {name: convert(*told[name], base) for name, (base, _) in bases.items()} == {
        name: pytest.approx(value) for name, (_, value) in bases.items()
    }


@pytest.mark.parametrize(
    "written", [None, "", "NA", "N/A", "a.u.", "-", "lambda x: x", "9**9**9", "m**99999999", "x" * 900]
)
def test_what_is_no_unit_is_never_guessed(written):
    assert interpret(written) is None
    assert to_si(1.0, written) is None


def test_the_case_of_letters_tells_milliwatt_from_megawatt():
    assert interpret("mW").factor == 1e-3
    assert interpret("MW").factor == 1e6


def test_a_letter_with_two_meanings_is_read_by_what_is_wanted():
    assert convert(1.5, "A", "nm") == 0.15
    assert convert(1.5, "A", "mA") == 1500
    assert convert(20.0, "C", "K") == 293.15


def test_a_unit_of_two_units_is_left_to_pint():
    assert convert(1.0, "kW/cm^2", "W/m^2") == 1e7
    assert convert(1.0, "furlong", "m") == pytest.approx(201.168, rel=1e-4)
    assert convert(60.0, "rpm", "Hz") is None


def test_our_factors_are_those_of_pint():
    import pint

    registry = pint.UnitRegistry()
    names = {
        "µm": "um",
        "Å": "angstrom",
        "deg": "degree",
        "d": "day",
        "a": "year",
        "L": "liter",
        "h": "hour",
        "G": "gauss",
    }
    si = {"length": "m", "energy": "J", "time": "s", "angle": "rad", "pressure": "Pa", "electric current": "A",
          "voltage": "V", "frequency": "Hz", "power": "W", "mass": "kg", "magnetic field": "T"}  # fmt: skip
    compared = 0
    for row in tomllib.loads(TABLE.read_text("utf-8"))["unit"]:
        if row["kind"] not in si or row.get("offset") or (not row["symbol"].isascii() and row["symbol"] not in names):
            continue
        if row["symbol"] in {"G", "photons/s", "1/s", "arcmin", "arcsec", "in", "pixel"}:
            continue
        theirs = (
            registry.Quantity(1, names.get(row["symbol"], row["symbol"].replace("Torr", "torr")))
            .to(si[row["kind"]])
            .magnitude
        )
        assert row["factor"] == pytest.approx(theirs, rel=1e-7), row["symbol"]
        compared += 1
    assert compared > 50


@given(st.sampled_from(SPELLINGS), st.floats(-1e9, 1e9, allow_nan=False))
def test_there_and_back_again_is_the_same_value(written, value):
    unit = interpret(written)
    for other in KINDS[unit.kind]:
        there = convert(value, written, other)
        # Two temperatures near each other's zero lose digits to the offset, and no more than that.
        assert convert(there, other, written) == pytest.approx(value, rel=1e-9, abs=1e-9 * max(1.0, abs(unit.offset)))


@given(st.text(max_size=20), st.floats())
def test_no_text_and_no_number_makes_a_unit_fail(written, value):
    found = to_si(value, written)
    assert found is None or math.isfinite(found)
    convert(value, written, "m")
