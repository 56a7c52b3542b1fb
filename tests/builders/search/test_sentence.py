"""A sentence is read as people mean it, other words stay words, and the exact language is left as it stands."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders.search.documents.text import publication_text
from panfair.builders.search.language.known_names import NO_NAMES, known_names
from panfair.builders.search.language.query import parse
from panfair.builders.search.language.sentence import read_sentence
from panfair.ontologies.record import Agent
from support.house import ROOT
from support.records import a_publication
from support.search.queries import DOIS, IDENTIFIERS, RANGES, SENTENCES, SITE_LABELS, texts

KNOWN = known_names(SITE_LABELS)


def exact(text):
    return read_sentence(text, KNOWN).query


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("silica foam, published in 2022", "silica foam, year:2022"),
        ("the publication year is before 2020", "year:<2020"),
        ("foam since 2020", "foam year:>=2020"),
        ("not before 2020", "year:>=2020"),
        ("between 2019 and 2022", "year:2019..2022"),
        ("released after March 2021", "date:>2021-03"),
        ("between 12 March 2021 and 2021-06-30", "date:2021-03-12..2021-06-30"),
        ("larger than 9 GB", "size>9GB"),
        ("no larger than a gigabyte", "size<=1GB"),
        ("twelve thousand kilobytes or more", "size>=12000kB"),
        ("more than 1,500 MB", "size>1500MB"),
        ("temperature less than 2 K", "temperature<2K"),
        ("pressure above 10 GPa", "pressure>10GPa"),
        ("energy between 12 and 14 keV", "energy:12..14keV"),
        ("energy of 12 kiloelectronvolt", "energy:12kiloelectronvolt"),
        ("a magnetic field of -100 microtesla", "magnetic_field:-100microtesla"),
        ("foam at 1.5 Å resolution", "foam resolution:1.5Å"),
        ("sample formula Fe2O3", 'sample:"Fe2O3"'),
        ("foam on instrument ID16B", 'foam instrument:="ID16B"'),
        ("foam at EX07", 'foam instrument:="EX07 – X-ray absorption"'),
        ("data at the Paul Scherrer Institute", 'facility:"PSI"'),
        ("foam by Marie Curie", "foam author:(Marie Curie)"),
        ("first author Curie", "first:(Curie)"),
        ("principal investigator Marie Curie", "pi:(Marie Curie)"),
        ("proposal MD-1370", 'proposal:"MD-1370"'),
        ("foam under CC-BY", 'foam (licence:="CC-BY-3.0" OR licence:="CC-BY-4.0")'),
        ("SAXS of foam", '(technique:="small angle x-ray scattering" OR "SAXS") foam'),
        ("foam without alumina", "foam -alumina"),
        ("foam, but not in 2022", "foam, -year:2022"),
        ("mousse publiée après 2020, plus de 9 Go", "mousse year:>2020 size>9GB"),
        ("une énergie de 12,5 keV", "energy:12.5keV"),
        ("Schaum, veröffentlicht vor 2020, größer als 9 GB", "Schaum, year:<2020 size>9GB"),
        ("Schaum ohne Aluminium", "Schaum -Aluminium"),
        ("12 keV", '(energy:12keV OR "12 keV")'),
        ("MX 12-13 keV", 'MX (energy:12..13keV OR "12-13 keV")'),
        ("foam under a pressure above 10 GPa", "foam pressure>10GPa"),
        ("100 K", '(temperature:100K OR "100 K")'),
    ],
)
def test_a_condition_is_read_as_it_is_meant(said, meant):
    assert exact(said) == meant


@pytest.mark.parametrize(
    "text",
    [
        "insects of 12 kinds", "SARS-CoV-2", "a T cell", "scan 2022", "silica foam", "5 samples", "2020", "PaNET01188",
        "tomography", "to be or not to be", "the 1990s", "foam with water", "lysozyme 1.5 Å",
    ],
)  # fmt: skip
def test_what_says_no_condition_stays_words(text):
    assert exact(text) == text


@pytest.mark.parametrize("text", [*DOIS, *(one for one in (*RANGES, *IDENTIFIERS) if ":" in one or "<" in one)])
def test_the_exact_language_is_left_as_it_stands(text):
    assert exact(text) == text
    assert exact(f'{text} title:foam published in 2022 "larger than 9 GB"').startswith(text)
    assert not read_sentence(f"title:foam published in 2022 {text}", KNOWN).conditions


@pytest.mark.parametrize("page", ["help.md", "de/help.md", "fr/help.md"])
def test_the_examples_of_the_help_are_read_as_it_says(page):
    text = (ROOT / "site/config/pages" / page).read_text("utf-8")
    examples = re.findall(r"(?m)^\| `(.+?)` \| `(.+?)` \|$", text)
    assert len(examples) >= 10
    for said, meant in examples:
        assert read_sentence(said, NO_NAMES).query == meant


def test_the_first_author_and_who_led_the_work_are_conditions_of_their_own():
    assert exact("foam by first author Marie Curie") == "foam first:(Marie Curie)"
    assert exact("foam with principal investigator Ada Bragg in 2020") == "foam pi:(Ada Bragg) year:2020"
    led = [Agent(name="Made-Up, Ada"), Agent(name="Invented, Bo", role="Principal investigator")]
    text = publication_text(a_publication(creators=tuple(led)))
    assert (text["lead"], text["investigator"]) == ("Made-Up, Ada", "Invented, Bo")


def test_quoted_words_are_words_and_each_condition_can_be_taken_away_alone():
    reading = read_sentence('foam "12 keV" from 2022 larger than 9 GB', KNOWN)
    assert reading.query == 'foam "12 keV" year:2022 size>9GB'
    assert [reading.without(one) for one in reading.conditions] == [
        'foam "12 keV" larger than 9 GB',
        'foam "12 keV" from 2022',
    ]


@settings(deadline=None)
@given(st.one_of(st.sampled_from([*SENTENCES, *texts(80)]), st.text(max_size=80)))
def test_a_reading_is_a_query_that_is_read_no_further_and_loses_a_condition_where_one_is_taken_away(text):
    reading = read_sentence(text, NO_NAMES)
    parse(reading.query)
    if reading.conditions:
        assert [one.exact in reading.query for one in reading.conditions].count(False) == 0
        assert read_sentence(reading.query, NO_NAMES).query == reading.query or '"' in text
        one = reading.conditions[0]
        assert one.typed == reading.sentence[one.start : one.end] and one.typed not in reading.without(one)[one.start :]
