"""What an address asks for: read alike wherever it stands, written back as read, refused when it means nothing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders.search.documents.facets import FACETS, instrument_labels
from panfair.builders.search.language.request import (
    CHOICES,
    LONGEST_QUERY,
    LONGEST_VALUE,
    MOST_VALUES,
    SearchRequest,
    read_request,
)
from panfair.builders.search.language.tree import Range
from panfair.builders.search.page.periodic_table import elements as all_elements
from panfair.builders.search.page.reading import read_leniently
from panfair.ontologies.errors import RequestError
from panfair.ontologies.record import Instrument


def test_an_address_says_all_of_a_search():
    request = read_request(
        [
            ("q", "foam"), ("technique", "tomography"), ("technique", "imaging"), ("element", "Fe"), ("year", "2020"),
            ("energy", "10..14keV"), ("size", "1GB.."), ("elements", "any"), ("sort", "title"), ("in", "datasets"),
            ("limit", "5"), ("offset", "10"),
        ]
    )  # fmt: skip
    assert request.query == "foam" and request.chosen("technique") == ("tomography", "imaging")
    assert request.range("size") == Range("size", 1e9, float("inf")) and request.range("pressure") is None
    assert (request.elements, request.sort, request.scope, request.limit, request.offset) == (
        "any",
        "title",
        "datasets",
        5,
        10,
    )
    assert request.notes == ()
    assert request.address() == (
        "?q=foam&technique=tomography&technique=imaging&year=2020&element=Fe&energy=10..14keV&size=1GB.."
        "&elements=any&sort=title&in=datasets&limit=5&offset=10"
    )


def test_all_facets_of_the_index_and_the_year_can_be_chosen_and_nothing_else():
    assert sorted(CHOICES) == sorted((*FACETS, "year"))


@pytest.mark.parametrize(
    "wrong",
    ["limit=x", "limit=-1", "limit=101", "limit=1e3", "limit=٣", "offset=10001", "offset=1.5", "sort=colour",
     "in=files", "elements=some", "q=" + "a" * 16_385],
)  # fmt: skip
def test_what_can_mean_nothing_is_refused_and_named(wrong):
    name, _, value = wrong.partition("=")
    with pytest.raises(RequestError, match=f"^{name}: "):
        read_request([(name, value)])


@pytest.mark.parametrize("value", ["NaN..3", "nan", "1..2kg", "..", "1e999", "-", "10..14parsec", "1" * 600, "1e400.."])
def test_a_range_that_cannot_be_read_asks_for_nothing_and_is_told(value):
    request = read_request([("energy", value)])
    assert request.range("energy") is None and "energy=1..2keV" in request.notes[0]
    assert request.ranges in ((("energy", value),), ()) and len(request.range_text("energy")) <= LONGEST_VALUE


def test_what_nobody_knows_is_left_out_and_told():
    assert "colour" in read_request([("colour", "red")]).notes[0]
    assert len(read_request([(f"x{number}", "1") for number in range(5000)]).notes) <= 50
    many = read_request([("technique", f"t{number}") for number in range(5000)])
    assert len(many.chosen("technique")) == MOST_VALUES and "Too much" in many.notes[0]


def test_a_choice_is_toggled_from_the_first_page():
    request = SearchRequest(choices=(("technique", ("a",)),), offset=40)
    assert request.toggled("technique", "b").chosen("technique") == ("a", "b")
    assert request.toggled("technique", "a") == SearchRequest()
    assert request.toggled("technique", "a", "b").chosen("technique") == ("a", "b")
    assert request.toggled("instrument", "c").choices == (("technique", ("a",)), ("instrument", ("c",)))
    assert request.with_range("energy", "1..2keV").with_range("energy", "").choices == request.choices
    assert request.with_range("energy", "1..2keV").cleared() == SearchRequest()


def test_as_many_values_as_can_be_ticked_are_searched():
    elements = [("element", one.symbol) for one in all_elements()]
    ticked, searched = read_leniently(elements), read_request(elements)
    assert ticked.chosen("element") == searched.chosen("element") and len(ticked.chosen("element")) == MOST_VALUES == 60
    assert ticked.notes == searched.notes and len(ticked.notes) == 1


def test_the_page_reads_what_a_program_is_refused_for_as_if_it_were_not_there():
    wrong = [("limit", "x"), ("offset", "-1"), ("sort", "colour"), ("in", "files"), ("elements", "any"), ("view", "?")]
    assert read_leniently(wrong) == SearchRequest()
    bounded = read_leniently([("limit", "0"), ("offset", "99999999"), ("q", "a" * 20_000), ("view", "compact")])
    assert (bounded.limit, bounded.offset, len(bounded.query), bounded.view) == (1, 10_000, LONGEST_QUERY, "compact")
    assert (
        read_leniently([("energy", "x"), ("colour", "red")]).notes
        == read_request([("energy", "x"), ("colour", "red")]).notes
    )


_names = st.sampled_from(["q", "technique", "year", "element", "energy", "size", "date", "sort", "in", "elements", "x"])
_values = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["1..2keV", "2020", "newest", "datasets", "any", "only", ">1GB", "2021-03..", "0", "5"]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(_names, _values), max_size=12))
def test_what_is_written_back_asks_for_the_same(pairs):
    try:
        request = read_request(pairs)
    except RequestError as error:
        assert ": " in str(error)
        return
    again = read_request(request.pairs(view=False))
    assert replace(again, notes=()) == replace(request, notes=()) and set(again.notes) <= set(request.notes)


def test_an_instrument_has_one_label_however_short_a_dataset_names_it():
    short, long = Instrument(name="EX30"), Instrument(name="EX30", full_name="EX30 – Cryo-electron microscopy")
    assert instrument_labels([long, short]) == instrument_labels([short], [long]) == [long.full_name]
    assert instrument_labels([short, Instrument(name="EX31")]) == ["EX30", "EX31"]
