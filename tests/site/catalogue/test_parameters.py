"""Query strings: any text at all is read into the right type, or refused; nothing else happens."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.site.catalogue.api import parameters
from panfair.site.catalogue.api.schemas_people import MAX_ROW
from panfair.site.catalogue.errors import BadParameter
from panfair.site.catalogue.store.query import Page, Where

ANYTHING = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.from_regex(r"[0-9,~ -]{0,30}"),
    st.dates().map(str),
    st.datetimes().map(str),
)


def read(reader, *given_):
    try:
        return reader(*given_)
    except BadParameter as error:
        assert str(error)
        return None


@given(text=ANYTHING)
def test_row_numbers_are_what_sqlite_holds(text):
    found = read(parameters.row_numbers, text, "ids")
    assert found is None or all(1 <= one <= MAX_ROW for one in found)
    assert found is None or [str(one) for one in found] == [part.strip().lstrip("0") for part in text.split(",")]


@given(text=ANYTHING, skip=ANYTHING)
def test_a_page_is_never_negative_nor_longer_than_the_longest(text, skip):
    page = read(parameters.page, text, skip, 100)
    assert page is None or (isinstance(page, Page) and 0 <= page.limit <= 100 and 0 <= page.skip <= MAX_ROW)


@given(text=ANYTHING)
def test_a_day_is_a_day(text):
    found = read(parameters.day, text, "startDate")
    assert found is None or type(found) is date


@given(text=ANYTHING)
def test_conditions_bring_their_values_beside_the_sql(text):
    conditions = read(parameters.conditions, text) or ()
    where = Where()
    where.parameters("dataset", conditions)
    assert len(where.clauses) == len(conditions)
    assert where.sql.count("?") == len(where.values)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a~gt~3,b~like~x~y,c~in~1;2", [("a", "gt", "3"), ("b", "like", "x~y"), ("c", "in", "1;2")]),
        ("energy", [("energy", "like", "")]),
    ],
)
def test_conditions_are_read_as_icat_plus_writes_them(text, wanted):
    assert [(one.name, one.op, one.value) for one in parameters.conditions(text)] == wanted
