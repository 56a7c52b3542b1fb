"""Tests of lists cut into pages: all is shown once, pages have bounds, and a change reaches few of them."""

import re
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from panfair.builders.stretches import LEAST, MOST, PAGE_NAME, Line, Stretch, stretches


def _listing(numbers: range, titles: str = "") -> list[Line]:
    days = {number: f"20{10 + number % 9}-0{1 + number % 7}-01" for number in numbers}
    lines = [Line(f"10.1/{number}", day, sha256(f"{titles}{number}".encode()).digest()) for number, day in days.items()]
    return sorted(lines, key=lambda line: (line.day, line.key), reverse=True)


def _of(cut: list[Stretch], lines: list[Line]) -> list[tuple[Line, ...]]:
    return [tuple(lines[one.offset : one.offset + one.count]) for one in cut]


@given(st.integers(0, 700))
def test_every_record_stands_on_one_page_and_no_page_is_too_long_or_too_short(count):
    lines = _listing(range(count))
    cut = stretches(lines)
    assert [line for page in _of(cut, lines) for line in page] == lines
    assert all(one.count <= MOST for one in cut) and (len(cut) == 1 or all(one.count >= LEAST for one in cut))
    assert cut[0].name == "" and all(re.fullmatch(PAGE_NAME, one.name) for one in cut[1:])
    assert len({one.name for one in cut}) == len(cut)
    for page, lines_of_it in zip(cut, _of(cut, lines), strict=True):
        assert list(page.years) == sorted({line.day[:4] for line in lines_of_it}, reverse=True)


@given(st.integers(200, 600), st.lists(st.integers(0, 10**6), min_size=1, max_size=3))
def test_records_that_leave_change_few_pages_and_keep_the_names_of_the_others(count, places):
    lines = _listing(range(count))
    gone = {lines[place % count].key for place in places}
    left = [line for line in lines if line.key not in gone]
    before, after = (
        {(one.name, one.cards, page) for one, page in zip(cut, _of(cut, of), strict=True)}
        for of, cut in ((lines, stretches(lines)), (left, stretches(left)))
    )
    assert len(after - before) <= 4 * len(gone)


def test_other_words_of_one_record_change_the_digest_of_its_page_alone():
    lines = _listing(range(500))
    other = [line if line.key != "10.1/77" else Line(line.key, line.day, b"other") for line in lines]
    pairs = list(zip(stretches(lines), stretches(other), strict=True))
    assert [one.name for one, _ in pairs] == [one.name for _, one in pairs]
    assert sum(one.cards != again.cards for one, again in pairs) == 1
