"""The search language: what is understood, what is made of nonsense, and that nothing a person types is an error."""

import time
from datetime import date
from math import inf, nextafter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders.search.language.named import named_node
from panfair.builders.search.language.query import DEEPEST, LONGEST, MOST_TERMS, parse
from panfair.builders.search.language.ranges import read_range
from panfair.builders.search.language.tree import (
    And,
    DoiIs,
    Everything,
    FacetIs,
    Most,
    Not,
    Or,
    Phrase,
    Prefix,
    Range,
    Word,
    Years,
)
from support.search.queries import DOIS


def named(*keys):
    """What these DOIs are understood as: records that have one of them, or name it."""
    squeezed = dict.fromkeys("".join(letter for letter in key if letter.isalnum()) for key in keys)
    return Or((*map(DoiIs, keys), *(Word(word, ("identifier",)) for word in squeezed)))


def keywords(*words):
    """What words without operators are understood as."""
    return Most(words, keywords=True)


FOAM, SILICA, PAPER = Word("foam"), Word("silica"), Word("paper")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Everything()),
        ("  ", Everything()),
        ("foam", FOAM),
        ("foam silica", keywords(FOAM, SILICA)),
        ("foam AND silica", And((FOAM, SILICA))),
        ("foam OR silica", Or((FOAM, SILICA))),
        ("foam OR silica paper", Or((FOAM, keywords(SILICA, PAPER)))),
        ("(foam OR silica) paper", And((Or((FOAM, SILICA)), PAPER))),
        ("foam -silica", And((FOAM, Not(SILICA)))),
        ("foam NOT silica", And((FOAM, Not(SILICA)))),
        ("foam -(silica OR paper)", And((FOAM, Not(Or((SILICA, PAPER)))))),
        ('foam -"silica paper"', And((FOAM, Not(Phrase("silica paper"))))),
        ('"silica foam"', Phrase("silica foam")),
        ("“silica foam”", Phrase("silica foam")),
        ("tomo*", Prefix("tomo")),
        ("x-ray", Word("x-ray")),
        ("title:foam", Word("foam", ("title",))),
        ("TITLE:foam", Word("foam", ("title",))),
        ('author:"Testa Madeup"', Phrase("Testa Madeup", ("people",))),
        ("title:(foam OR silica)", Or((Word("foam", ("title",)), Word("silica", ("title",))))),
        ("technique:saxs", Word("saxs", ("technique", "broader"))),
        ("PaNET:PaNET01188", Word("PaNET01188")),
        ("foam http://purl.org/pan-science/PaNET/PaNET01188", keywords(FOAM, Word("PaNET01188"))),
        ("-technique:panet:PaNET01188", Not(Word("PaNET01188", ("technique", "broader")))),
        ('technique:="tomography"', FacetIs("technique", "tomography")),
        ("element:fe", FacetIs("element", "Fe")),
        ("element:Fe,Ni", And((FacetIs("element", "Fe"), FacetIs("element", "Ni")))),
        ("year:2020", Years(2020, 2020)),
        ("year:2019..2023", Years(2019, 2023)),
        ("year:2019..", Years(2019, 9999)),
        ("year:..2019", Years(0, 2019)),
        ("year:>2019", Years(2020, 9999)),
        ("year:<=2019", Years(0, 2019)),
        ("foam -year:2020", And((FOAM, Not(Years(2020, 2020))))),
        ("doi:10.1234/ABC", named("10.1234/abc")),
        ("10.1234/ABC", named("10.1234/abc")),
        ("https://doi.org/10.1234/ABC.", named("10.1234/abc")),
        ("(10.1234/ABC)", named("10.1234/abc")),
        ("10.1234/a(b)c", named("10.1234/a(b)c")),
        *((text, named("10.1234/abc")) for text in DOIS if not text.endswith("/")),
        ("https://doi.org/10.1234/ABC/", named("10.1234/abc", "10.1234/abc/")),
        ("https://doi.org/10.1234/a%5Bb%5D", named("10.1234/a%5bb%5d", "10.1234/a[b]")),
        ("paper:https://doi.org/10.1234/ABC", Word("101234abc", ("identifier",))),
        ("https://orcid.org/0000-0001-5109-3700", Word("0000000151093700", ("identifier",))),
        ("arXiv:2001.01234v2", Word("200101234", ("identifier",))),
        ('file:"a scan.h5"', Word("ascanh5", ("identifier",))),
        ("file:scan_00*", Prefix("scan00", ("identifier",))),
        ("title: foam", Word("foam", ("title",))),
        ("silica foam paper", keywords(SILICA, FOAM, PAPER)),
        ("Is there any data of foam, silica and paper?", Most((FOAM, SILICA, PAPER))),
        ("is there a study of foam on silica", Most((FOAM, SILICA))),
        ("silica AND foam AND paper", And((SILICA, FOAM, PAPER))),
        ("silica +foam paper", And((keywords(SILICA, PAPER), And((FOAM,))))),
        ("silica foam paper -year:2020", And((keywords(SILICA, FOAM, PAPER), Not(Years(2020, 2020))))),
        ("(silica foam paper) OR foam", Or((keywords(SILICA, FOAM, PAPER), FOAM))),
        ("-doi:10.1234/ABC; foam", And((Not(named("10.1234/abc")), FOAM))),
        ("doi:10.1234/*;", DoiIs("10.1234/", prefix=True)),
        ("doi:10.1234/*", DoiIs("10.1234/", prefix=True)),
        ("size>=1GB", Range("size", 1e9, inf)),
        ("size:1GB..2GiB", Range("size", 1e9, 2 * 1024**3)),
        ("date:2021-03..2021-06", Range("date", 737850, 737971)),
        ("date:2024-02", Range("date", date(2024, 2, 1).toordinal(), date(2024, 2, 29).toordinal())),
        ("temperature:300", Range("temperature", 299.5, 300.5)),
        ("temperature>=20°C", Range("temperature", 293.15, inf)),
        ("wavelength:1..2", Range("wavelength", 1e-10, 2e-10)),
        ("wavelength:2..1A", Range("wavelength", 1e-10, 2e-10)),
        ("-resolution<=2Å", Not(Range("resolution", -inf, 2e-10))),
        ("wavelength < 2 Å foam", And((Range("wavelength", -inf, nextafter(2e-10, -inf)), FOAM))),
        ("resolution≤2\u202fÅ", Range("resolution", -inf, 2e-10)),
        ("temperature: 300 K", Range("temperature", 299.5, 300.5)),
        ("temperature:300 foam", And((Range("temperature", 299.5, 300.5), FOAM))),
        ("size > 1 GB", Range("size", nextafter(1e9, inf), inf)),
        ("has:orcid", FacetIs("has", "orcid")),
        ("kind:session", FacetIs("kind", "session")),
        ("the foam of silica", keywords(FOAM, SILICA)),
        ("the", Word("the")),
        ("foam or silica", keywords(FOAM, SILICA)),
    ],
)
def test_a_query_means_what_it_says(text, tree):
    assert parse(text).node == tree
    assert parse(text).notes == ()


@pytest.mark.parametrize(
    ("text", "tree", "told"),
    [
        ('"silica foam', keywords(SILICA, FOAM), "quotation mark"),
        ("(foam", FOAM, "parenthesis"),
        ("foam)", FOAM, "parenthesis"),
        ("foam OR", FOAM, "OR stands"),
        ("OR foam", FOAM, "OR stands"),
        ("to*", Word("to"), "letters before"),
        ("has:Wings", FacetIs("has", "wings"), "has:Wings finds nothing; what stands after has: is one of files, "),
        ("colour:foam", And((Word("colour"), FOAM)), "not a field"),
        ("element:foam", And((Word("element"), FOAM)), "symbols"),
        ("energy:1..2kg", And((Word("energy"), Word("1..2kg"))), "energy:1..2keV"),
        ("pressure:NaN", And((Word("pressure"), Word("NaN"))), "no range of pressure"),
        ("date:2021-13", And((Word("date"), Word("2021-13"))), "date:2021-03..2021-06"),
        ("size:1e400", And((Word("size"), Word("1e400"))), "no range of size"),
        ("energy:0e999keV", And((Word("energy"), Word("0e999keV"))), "no range of energy"),
        ("size>big", And((Word("size"), Word("big"))), "size>1GB"),
        ("year:soon", And((Word("year"), Word("soon"))), "A year is written"),
        ("?!", Everything(), "Nothing in the query"),
    ],
)
def test_nonsense_is_read_as_words_and_told(text, tree, told):
    query = parse(text)
    assert query.node == tree
    assert any(told in note for note in query.notes)


_PIECES = [
    "foam",
    "(",
    ")",
    '"',
    "-",
    "OR",
    "AND",
    "NOT",
    "title:",
    "year:",
    "..",
    "2020",
    "*",
    ":",
    "=",
    " ",
    "“",
    "~",
]
_PIECES += ["10.1234/x", "doi:", "\0", "tomo*", "technique:="]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=120), st.lists(st.sampled_from(_PIECES), max_size=40).map("".join)))
def test_no_text_is_an_error(text):
    query = parse(text)
    assert query.node is not None
    assert len(query.notes) == len(set(query.notes))


_SIGNS = st.sampled_from([":", "<", "<=", ">", ">=", "="])
_NUMBERS = st.from_regex(r"[-+]?[0-9]{0,9}\.?[0-9]{1,9}(?:[eE][-+]?[0-9]{1,9})?", fullmatch=True)
_UNITS = st.sampled_from(["", "keV", "eV", "Å", "nm", "K", "°C", "GB", "PiB", "kg"])


@settings(deadline=None)
@given(st.sampled_from(["energy", "wavelength", "temperature", "size"]), _SIGNS, _NUMBERS, _NUMBERS, _UNITS)
def test_the_ends_of_a_range_are_in_order_whatever_numbers_are_typed(name, sign, first, last, unit):
    for value in (first, f"{first}..{last}", f"..{last}", f"{first}.."):
        if (found := read_range(name, sign, value + unit)) is not None:
            assert found.low <= found.high
            assert (found.low, found.high) != (inf, inf) and (found.low, found.high) != (-inf, -inf)


_HUGE = ["(" * 100_000, "a* " * 50_000, "foam " * 30_000, '"' * 99_999, "-" * 100_000, "NOT " * 30_000, "x" * 10**6]
_HUGE += [
    "((((foam) OR " * 5_000,
    "10.1234/" * 20_000,
    "year:1.." * 10_000,
    "title:(" * 20_000,
    "-(" * 40_000,
    "a:" * 9999,
]


@pytest.mark.parametrize("text", _HUGE, ids=[text[:8] for text in _HUGE])
def test_a_query_of_any_size_costs_little(text):
    begun = time.thread_time()
    query = parse(text)
    assert time.thread_time() - begun < 1  # of the processor, whatever else the machine does
    assert _count(query.node) <= MOST_TERMS
    assert _depth(query.node) <= 2 * DEEPEST + 2
    assert len(text) <= LONGEST or any(str(LONGEST) in note for note in query.notes)


def _count(node) -> int:
    match node:
        case And(nodes) | Or(nodes):
            return sum(_count(other) for other in nodes)
        case Not(inner):
            return _count(inner)
        case _:
            return 1


def _depth(node) -> int:
    match node:
        case And(nodes) | Or(nodes):
            return 1 + max(_depth(other) for other in nodes)
        case Not(inner):
            return 1 + _depth(inner)
        case _:
            return 0


@pytest.mark.parametrize("text", ["10.1234/ABC", "<10.1234/ABC>", "‘10.1234/ABC’.", "https://doi.org/10.1234/abc"])
def test_what_stands_behind_doi_is_the_doi_without_the_marks_around_it(text):
    assert named_node(text) == named("10.1234/abc")
