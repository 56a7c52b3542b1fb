"""Tags, dates and ranges of requests, by RFC 9110's own rules and by brute force."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.site.http.conditional import fails, http_date, is_unchanged, part, range_holds

TAG = '"abc"'


@pytest.mark.parametrize(
    ("header", "held"),
    [
        ('"abc"', True),
        ('W/"abc"', True),
        ('"x", "abc"', True),
        ("*", True),
        ('"abc-gz"', False),
        ("abc", False),
        ('"ab', False),
        ("", False),
    ],
)
def test_a_tag_that_the_client_holds_saves_the_body(header, held):
    assert is_unchanged(header, None, TAG, 0) is held


def test_a_date_counts_only_without_a_tag():
    later, earlier = http_date(2000), http_date(1000)
    assert is_unchanged(None, later, TAG, 1500.7)
    assert is_unchanged(None, http_date(1500), TAG, 1500.7)
    assert not is_unchanged(None, earlier, TAG, 1500.7)
    assert not is_unchanged('"other"', later, TAG, 1500.7)
    assert not is_unchanged(None, "yesterday", TAG, 1500.7)
    assert not is_unchanged(None, None, TAG, 0)


def test_if_match_asks_for_a_strong_tag():
    assert not fails(None, TAG) and not fails("*", TAG) and not fails('"x", "abc"', TAG)
    assert fails('"x"', TAG) and fails('W/"abc"', TAG)


def test_a_range_of_an_older_file_is_not_answered():
    assert range_holds(None, TAG, 5)
    assert range_holds('"abc"', TAG, 5) and not range_holds('"old"', TAG, 5) and not range_holds('W/"abc"', TAG, 5)
    assert range_holds(http_date(5), TAG, 5.9) and not range_holds(http_date(4), TAG, 5.9)
    assert not range_holds("last week", TAG, 5)


@pytest.mark.parametrize(
    "header",
    [None, "", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,3-4", "bytes=1--2", "0-5"],
)
def test_what_is_no_range_means_the_whole_file(header):
    assert part(header, 10) is None


@pytest.mark.parametrize(("header", "size"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-0", 0), ("bytes=-5", 0)])
def test_a_range_outside_of_the_file_is_told_so(header, size):
    with pytest.raises(ValueError, match="range"):
        part(header, size)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 50), st.integers(0, 60), st.one_of(st.none(), st.integers(0, 60)))
def test_a_range_is_the_slice_that_it_says(size, first, last):
    body = bytes(range(size))
    header = f"bytes={first}-{'' if last is None else last}"
    if last is not None and last < first:
        assert part(header, size) is None
    elif first >= size:
        with pytest.raises(ValueError, match="range"):
            part(header, size)
    else:
        asked = part(header, size)
        assert asked is not None
        assert body[slice(*asked)] == body[first : size if last is None else last + 1]


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 50), st.integers(1, 60))
def test_a_range_from_the_end_is_the_end(size, length):
    asked = part(f"bytes=-{length}", size)
    assert asked == (max(0, size - length), size)
