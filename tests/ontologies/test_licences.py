"""Tests of ontologies/licences.py: SPDX only where it is certain, the source's words always."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.ontologies.licences import licences, rights_from


@pytest.mark.parametrize(
    ("said", "spdx"),
    [
        ("CC-BY 4.0", "CC-BY-4.0"),
        ("cc by v4.0", "CC-BY-4.0"),
        ("Creative Commons Attribution 4.0 International (CC BY 4.0)", "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by/4.0", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by/4.0/legalcode.de", "CC-BY-4.0"),
        ("Licensed under https://creativecommons.org/licenses/by-sa/4.0/.", "CC-BY-SA-4.0"),
        ("CC0", "CC0-1.0"),
        ("The MIT Licence", "MIT"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("Open Database License", "ODbL-1.0"),
    ],
)
def test_well_known_spellings_name_their_licence(said, spdx):
    rights = rights_from(said)
    assert (rights.said, rights.spdx) == (said, spdx)
    assert rights.name and rights.url


@pytest.mark.parametrize(
    "said",
    [
        "CC BY",
        "GPL",
        "BSD",
        "all rights reserved",
        "free for academic use",
        "CC BY-SA 4.0, see https://creativecommons.org/licenses/by/4.0/",
        "CC BY 4.0 or MIT",
        "https://creativecommons.org/licenses/by/4.0/ except figures",
    ],
)
def test_vague_or_contradictory_words_name_no_licence(said):
    rights = rights_from(said)
    assert rights.said == said
    assert rights.spdx is None and rights.name is None


def test_words_and_address_that_differ_name_no_licence():
    assert rights_from("CC BY 4.0", "https://creativecommons.org/licenses/by-nc/4.0/").spdx is None


def test_an_unknown_address_is_kept_as_address():
    rights = rights_from("Data policy", "https://facility.example.org/policy")
    assert (rights.spdx, rights.url) == (None, "https://facility.example.org/policy")


def test_every_licence_is_found_by_its_own_identifier_name_address_and_other_spellings():
    assert len(licences()) >= 30
    for licence in licences():
        for said in (licence.spdx, licence.name, licence.url, *licence.also):
            assert rights_from(said).spdx == licence.spdx, said


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=150)
def test_any_text_is_kept_as_said_or_holds_nothing_to_keep(text):
    from panfair.ontologies.text import clean_line

    if clean_line(text):
        assert rights_from(text).said == clean_line(text)
