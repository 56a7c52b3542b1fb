"""What an address asks for: read alike wherever it stands, written back as read, refused when it means nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders.search.documents.facets import instrument_labels
from panfair.builders.search.language.request import Asked, read_asked
from panfair.builders.search.language.tree import Range
from panfair.ontologies.errors import AskedError
from panfair.ontologies.record import Instrument


def test_an_address_says_all_of_a_search():
    asked = read_asked(
        [
            ("q", "foam"), ("technique", "tomography"), ("technique", "imaging"), ("element", "Fe"), ("year", "2020"),
            ("energy", "10..14keV"), ("size", "1GB.."), ("elements", "any"), ("sort", "title"), ("in", "datasets"),
            ("limit", "5"), ("offset", "10"),
        ]
    )  # fmt: skip
    assert asked.query == "foam" and asked.chosen("technique") == ("tomography", "imaging")
    assert asked.range("size") == Range("size", 1e9, float("inf")) and asked.range("pressure") is None
    assert (asked.elements, asked.sort, asked.scope, asked.limit, asked.offset) == ("any", "title", "datasets", 5, 10)
    assert asked.notes == ()
    assert asked.address("/search").startswith("/search?q=foam&technique=tomography&technique=imaging&element=Fe")


@pytest.mark.parametrize(
    "wrong",
    ["limit=x", "limit=-1", "limit=101", "limit=1e3", "limit=٣", "offset=10001", "offset=1.5", "sort=colour",
     "in=files", "elements=some", "q=" + "a" * 16_385],
)  # fmt: skip
def test_what_can_mean_nothing_is_refused_and_named(wrong):
    name, _, value = wrong.partition("=")
    with pytest.raises(AskedError, match=f"^{name}: "):
        read_asked([(name, value)])


@pytest.mark.parametrize("value", ["NaN..3", "nan", "1..2kg", "..", "1e999", "-", "10..14parsec", "1" * 600, "1e400.."])
def test_a_range_that_cannot_be_read_is_left_out_and_told(value):
    asked = read_asked([("energy", value)])
    assert asked.ranges == () and "energy=1..2keV" in asked.notes[0]


def test_what_nobody_knows_is_left_out_and_told():
    assert "colour" in read_asked([("colour", "red")]).notes[0]
    assert read_asked([("as", "csv")], also=("as",)).notes == ()
    assert len(read_asked([(f"x{number}", "1") for number in range(5000)]).notes) <= 50
    many = read_asked([("technique", f"t{number}") for number in range(5000)])
    assert len(many.chosen("technique")) == 50 and "Too much" in many.notes[0]


def test_a_choice_is_toggled_from_the_first_page():
    asked = Asked(choices=(("technique", ("a",)),), offset=40)
    assert asked.toggled("technique", "b").chosen("technique") == ("a", "b")
    assert asked.toggled("technique", "a") == Asked()
    assert asked.toggled("instrument", "c").choices == (("technique", ("a",)), ("instrument", ("c",)))
    assert asked.without("technique") == Asked()
    assert asked.with_range("energy", "1..2keV").without("energy").choices == asked.choices


_names = st.sampled_from(["q", "technique", "year", "element", "energy", "size", "date", "sort", "in", "elements", "x"])
_values = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["1..2keV", "2020", "newest", "datasets", "any", "only", ">1GB", "2021-03..", "0", "5"]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(_names, _values), max_size=12))
def test_what_is_written_back_asks_for_the_same(pairs):
    try:
        asked = read_asked(pairs)
    except AskedError as error:
        assert ": " in str(error)
        return
    again = read_asked(asked.pairs())
    assert again == Asked(**{**asked.__dict__, "notes": ()})


def test_an_instrument_has_one_label_however_short_a_dataset_names_it():
    short, long = Instrument(name="EX30"), Instrument(name="EX30", full_name="EX30 – Cryo-electron microscopy")
    assert instrument_labels([long, short]) == instrument_labels([short], [long]) == [long.full_name]
    assert instrument_labels([short, Instrument(name="EX31")]) == ["EX30", "EX31"]
