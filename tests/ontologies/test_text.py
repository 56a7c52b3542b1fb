"""ontologies/text.py: what enters a record can be written in XML and read by people."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from panfair.ontologies.text import clean_line, clean_text, slug, without_emails

_anything = st.text(alphabet=st.characters())


@given(_anything)
def test_clean_text_can_stand_in_xml_and_stays_as_it_is(text):
    clean = clean_text(text)
    element = etree.Element("t")
    element.text = clean  # lxml refuses what XML 1.0 forbids
    assert etree.fromstring(etree.tostring(element)).text == (clean or None)
    assert clean_text(clean) == clean


@given(_anything)
def test_a_clean_line_is_one_line_without_doubled_blanks(text):
    line = clean_line(text)
    assert "\n" not in line and "  " not in line and line == line.strip()
    assert clean_line(line) == line


@given(st.text(alphabet=st.sampled_from("aZ0~!. \t\n\x7f\u00a0é")))
def test_a_clean_line_is_its_clean_text_in_one_line(text):
    assert clean_line(text) == " ".join(clean_text(text).split("\n")).replace("  ", " ")


@given(_anything)
def test_a_slug_is_safe_in_an_address(text):
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_a_control_character_inside_a_word_goes_without_trace():
    assert clean_line("investigate the eff\x0bect of 3-4\x02 times") == "investigate the effect of 3-4 times"


def test_an_email_address_is_withheld_wherever_it_stands():
    assert "@" not in without_emails("write to a.b-c+d@sub.example.org, or <x@y.z>.")
