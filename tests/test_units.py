"""Tests of ontologies/units.py: units are told, values go to SI and back, sizes read well."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.ontologies.units import size_in_words

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
