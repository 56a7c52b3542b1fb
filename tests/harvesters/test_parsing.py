"""Values as catalogues write them: days that lie wholly after a moment, counts, funders' numbers."""

from datetime import UTC, date, datetime

import pytest

from panfair.harvesters.reading.values import count_of, first_open_day, instant, text_of
from panfair.ontologies.errors import RecordError
from panfair.ontologies.identifiers import parse_identifier


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-11-28", date(2026, 11, 28)),
        ("2026-11-28T00:00:00Z", date(2026, 11, 28)),
        ("2026-11-28T00:00:00+01:00", date(2026, 11, 28)),
        ("2026-11-28T00:00:00-06:00", date(2026, 11, 29)),
        ("2026-11-28T00:00:00.001Z", date(2026, 11, 29)),
        (1795824000000, date(2026, 11, 28)),
    ],
)
def test_a_day_opens_when_its_moment_has_passed_everywhere(said, day):
    assert first_open_day(said) == day


@pytest.mark.parametrize("said", [0, 1, 1924992000, -1, 99_999_999_999, True, [], "soon"])
def test_what_is_no_moment_opens_nothing(said):
    with pytest.raises((RecordError, ValueError)):
        first_open_day(said)


def test_milliseconds_are_read_as_such():
    assert instant(1795824000000) == datetime(2026, 11, 28, tzinfo=UTC)


@pytest.mark.parametrize("said", [2**53, 2**63 - 1, "9" * 30, 1e300, -1, "many", True])
def test_a_count_that_no_reader_of_json_can_carry_is_refused(said):
    with pytest.raises(RecordError):
        count_of(said)


def test_a_number_of_thousands_of_digits_is_no_text():
    assert text_of(16**5000) is None and text_of(16) == "16"


@pytest.mark.parametrize("said", ["501100000780", "10.13039/501100000780", "https://doi.org/10.13039/501100000780"])
def test_a_funder_of_the_crossref_registry_is_known_by_its_doi(said):
    found = parse_identifier(f"Crossref Funder ID: {said}")
    assert found is not None and (found.scheme, found.value) == ("Funder", "10.13039/501100000780")
