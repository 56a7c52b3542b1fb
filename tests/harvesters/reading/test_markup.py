"""HTML and simple LaTeX become plain text once, at the edge; what is no markup stays to the letter."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.harvesters.reading.markup import flowing, plain_text, without_markup
from panfair.ontologies.text import clean_line, clean_text
from panfair.site.run.harvesting import harvest
from panfair.site.run.progress import Silence
from panfair.site.run.report import Report
from panfair.site.state.harvest_file import read_harvest
from support.records import a_dataset, a_publication
from support.site_run import SiteRun


def test_the_texts_handed_to_us_read_as_they_were_meant(shared):
    html, latex = json.loads((shared / "cases/06-html-text/PublishedData.json").read_text())
    assert clean_line(plain_text(html["title"])) == "Cu K-edge operando XAS of Fe₂O₃ & TiO₂ at 10⁻⁶ mbar"
    assert clean_text(plain_text(html["abstract"])).split("\n") == [
        "We measured Fe foil.", "", "- first", "- second", "", "See the page (https://example.org/x).",
        "T < 5 K and p > 3; x<y and a < b stay.",
    ]  # fmt: skip
    assert plain_text(latex["title"]) == "In situ study of Fe₃O₄ and α-Fe₂O₃, Müller"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("10$^{-3}$ mbar at 5$^\\circ$C", "10⁻³ mbar at 5°C"), ("T$_{\\mathrm{max}}$", "Tmax"),
        ("\\'Etude, Schr\\\"odinger, {\\o}re", "Étude, Schrödinger, øre"), ("the 4<sup>th</sup> day", "the 4th day"),
        ("H<SUB>2</SUB>O", "H₂O"), ("50\\% of \\textit{all}", "50% of all"), ("&lt;p&gt;", "<p>"),
        ("<script>alert(1)</script>Foam", "Foam"), ("<jats:p>Foam</jats:p>", "Foam"), ("q in 1/\\AA", "q in 1/Å"),
        ("x<sup>2+y</sup>", "x^2+y"), ("Foam<!-- a remark --> 3", "Foam 3"),
    ],
)  # fmt: skip
def test_markup_becomes_what_it_means(said, meant):
    assert plain_text(said).strip() == meant


@pytest.mark.parametrize(
    "text",
    [
        "x<y and a < b, p > 3", "costs $5 and $6", "R&D and AT&T", "C:\\Users\\alpha\\x.dat", "a_b^c", "<5 K>", "{a}",
        "\\\\server\\beta\\x", "f(x)=$x", "<b",
    ],
)  # fmt: skip
def test_what_is_no_markup_stays_to_the_letter(text):
    assert plain_text(text) == text


def test_lines_wrapped_at_a_width_flow_and_written_lines_stay():
    wrapped = "\n".join(["word " * 12 + "end"] * 3 + ["the last one."])
    assert "\n" not in flowing(wrapped)
    for text in ("Short lines\nof a poem\nstay", "- " + "item " * 12 + "\n- " + "item " * 12 + "\n- last"):
        assert flowing(text) == text
    assert flowing(f"{wrapped}\n\n{wrapped}").count("\n") == 2


def test_every_harvester_gives_plain_text(tmp_path):
    site = SiteRun(tmp_path / "site")
    site.put(a_publication(title="Fe<sub>2</sub>O", datasets=(a_dataset(description="<p>One</p><p>Two</p>"),)))
    harvest(site.config, Report(), Silence())
    (item,) = read_harvest(site.config, "made-up")
    assert "Fe₂O".encode() in item.body and b"One\\n\\nTwo" in item.body


def test_a_record_without_markup_is_the_very_same():
    record = a_publication()
    assert without_markup(record) is record


@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    plain_text(text)
    flowing(text)
