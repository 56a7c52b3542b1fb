"""Whole pages in French and German: no English sentence of ours is left, records' own words are marked as theirs."""

import dataclasses
import re
from html import unescape

import httpx2 as httpx
import pytest

from panfair.builders.html import language
from panfair.builders.html.entries import card_view
from panfair.builders.html.language import LANGUAGES
from panfair.builders.html.renderer import Renderer
from panfair.builders.html.words import range_in_words, size_words, value_in_words
from panfair.builders.pages.landing import landing_pages
from panfair.builders.search.language.query import parse
from panfair.builders.search.language.request import MOST_VALUES, read_request
from panfair.builders.search.page.notes import in_our_words
from panfair.ontologies.embargo import GatePolicy, Notice, judge
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Keyword, Restriction
from panfair.site.search.index import MOST_EXPANSIONS, too_many
from support.catalogue.facility import PASSWORD, a_facility, served
from support.messages import ROOT, catalogue, said
from support.page_checks import check_page, parsed
from support.records import PORTAL, TODAY, a_publication, released
from support.small_site import (
    MemoryListing,
    a_bare_publication,
    a_big_publication,
    a_rich_publication,
    search_pages,
    small_site,
    some_states,
    texts,
)

_OTHERS = LANGUAGES[1:]
_PLACE = re.compile(r"%\(\w+\)s|\{\w*\}|<[^>]+>")
_NOT_SHOWN = re.compile(r"data-page='[^']*'|<script type=\"application/ld\+json\">.*?</script>", re.DOTALL)


@pytest.fixture(autouse=True)
def _back_to_english():
    yield
    language.use("en")


def _texts(one_or_more: str | tuple[str, ...]) -> tuple[str, ...]:
    return (one_or_more,) if isinstance(one_or_more, str) else tuple(one_or_more)


def _english(tag: str) -> list[str]:
    """The stretches of three words and more that English pages say and pages in this language must not."""
    ours = [text for message in said() for text in _texts(message)]
    theirs = "\n".join(text for message in catalogue(tag) for text in _texts(message.string))
    pieces = {piece.strip() for text in ours for piece in _PLACE.split(text)}
    return sorted(piece for piece in pieces if len(re.findall(r"\w+", piece)) > 2 and piece not in theirs)


def _left(body: str, english: list[str]) -> list[str]:
    shown = unescape(_NOT_SHOWN.sub("", body))
    return [piece for piece in english if piece in shown]


def _more_states() -> list[Notice]:
    asked = Restriction(reason="Images of patients.", request_url="https://example.org/ask")
    records = [
        a_publication(doi=Doi.parse("10.99999/ASK"), restriction=asked),
        a_publication(doi=Doi.parse("10.99999/DRAFT"), registered=False),
    ]
    found = [judge(record, TODAY, GatePolicy(), shown_before=True) for record in records]
    return [one for one in found if isinstance(one, Notice)]


@pytest.mark.parametrize("tag", _OTHERS)
def test_no_page_of_a_site_says_an_english_sentence_of_ours(tag):
    portal = dataclasses.replace(PORTAL, language=tag, title="EPS", description="")
    releases = [released(one) for one in (a_publication(), a_rich_publication(), a_big_publication())]
    files = {
        **small_site([*releases, released(a_bare_publication())], [*some_states(), *_more_states()], portal),
        **search_pages(portal),
    }
    english = _english(tag)
    assert len(english) > 200
    pages = {path: body for path, body in files.items() if path.endswith(".html")}
    assert len(pages) > 40
    for path, body in pages.items():
        assert check_page(body).get("lang") == tag, path
        assert _left(body.decode(), english) == [], path


@pytest.mark.parametrize("tag", _OTHERS)
def test_pages_for_closed_data_say_no_english_sentence_of_ours(tag, tmp_path):
    facility = a_facility(tmp_path, language=tag)
    english = _english(tag)
    with served(facility.app) as url, httpx.Client(base_url=url, follow_redirects=True) as client:
        bodies = [client.get("/sign-in").text, client.post("/sign-in", data={"name": "ada", "password": "no"}).text]
        bodies.append(client.post("/sign-in", data={"name": "ada", "password": PASSWORD}).text)
        for path in (f"/my/session/{facility.rows.closed}", f"/my/dataset/{facility.rows.closed_raw}", "/my/session/9"):
            bodies.append(client.get(path).text)
    facility.core.store.close()
    for body in bodies:
        assert f'<html lang="{tag}">' in body
        assert _left(body, english) == []


def test_the_words_of_a_record_in_another_language_are_marked():
    record = a_publication(language="en-GB", abstract="A text.", keywords=(Keyword(term="foam"),))
    renderer = Renderer(dataclasses.replace(PORTAL, language="de"))
    tree = parsed(landing_pages(released(record), renderer)[0].body)
    assert tree.get("lang") == "de" and next(tree.iter("h1")).get("lang") == "en-GB"
    sections = {one.get("aria-labelledby"): one for one in tree.iter("section")}
    assert sections["abstract"].get("lang") == "en-GB" and next(sections["abstract"].iter("h2")).get("lang") == "de"
    chips = [one for one in tree.iter("span") if one.text == "foam"]
    assert [one.get("lang") for one in chips] == ["en-GB"]
    card = MemoryListing([released(record)]).cards()[0]
    assert card_view(card).language == "en-GB"
    language.use("en")
    assert card_view(card).language == ""


def test_words_without_a_known_language_are_not_marked():
    renderer = Renderer(dataclasses.replace(PORTAL, language="fr"))
    tree = parsed(landing_pages(released(a_publication(language=None)), renderer)[0].body)
    assert next(tree.iter("h1")).get("lang") is None


def test_french_holds_its_high_punctuation_to_the_word_before():
    shown = [text for message in catalogue("fr") if message.id for text in _texts(message.string)]
    shown += [re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL) for text in texts("fr").values()]
    assert [text for text in shown if re.search(r" [;:!?»]|« ", text)] == []


@pytest.mark.parametrize("tag", _OTHERS)
def test_the_texts_have_the_same_headings_links_and_queries_in_every_language(tag):
    ours, theirs = texts("en"), texts(tag)
    assert ours.keys() == theirs.keys()
    for name, text in ours.items():
        other = theirs[name]
        for what in (r"(?m)^#+ ", r"(?<=\]\()[^)]+", r"(?m)^(?:\||- )", r"\{[a-z_]+\}"):
            assert re.findall(what, text) == re.findall(what, other), (name, what)
        code = [sorted(re.findall(r"```.*?```|`[^`]+`", one, flags=re.DOTALL)) for one in (text, other)]
        assert code[0] == code[1], name


@pytest.mark.parametrize("tag", _OTHERS)
@pytest.mark.parametrize(
    "query",
    ['"a', "a)", "(a", "OR", "a OR", "energy:nonsense", "size:10lightyears", "sillyfield:x", "a*", "year:x", "a " * 70,
     "element:Zz", "a" * 2001, "(" * 30 + "a"],
)  # fmt: skip
def test_every_remark_on_a_query_is_said_in_the_language(tag, query):
    notes = parse(query).notes
    assert notes
    language.use(tag)
    assert all(in_our_words(note) != note for note in notes), notes


@pytest.mark.parametrize("tag", _OTHERS)
def test_the_remark_on_too_many_words_is_said_in_the_language_and_keeps_the_beginning(tag):
    language.use(tag)
    told = in_our_words(too_many("tom"))
    assert told != too_many("tom") and "tom*" in told and str(MOST_EXPANSIONS) in told


def test_the_scripts_of_the_search_page_have_no_labels_of_their_own():
    scripts = sorted((ROOT / "templates/static/search/page").glob("*.js"))
    assert len(scripts) > 9
    own = r"""(?:aria-label|title|placeholder|alt)"?: ["'`](?=[^"'`$]*[A-Za-z])"""
    assert [script.name for script in scripts if re.search(own, script.read_text("utf-8"))] == []


@pytest.mark.parametrize("tag", _OTHERS)
def test_remarks_on_parameters_are_said_in_the_language_and_keep_what_was_asked(tag):
    notes = read_request(
        [("nonsense", "1"), ("energy", "x"), *(("technique", f"t{one}") for one in range(MOST_VALUES + 1))]
    ).notes
    language.use(tag)
    told = [in_our_words(note) for note in notes]
    assert len(told) == 3 and not set(told) & set(notes)
    assert any("nonsense" in note for note in told) and any("energy=x" in note for note in told)


@pytest.mark.parametrize(
    ("tag", "number", "several", "size", "span"),
    [
        ("en", "2.5", "1, 2.5", "1.5 GB", "8 to 12.4 keV"),
        ("fr", "2,5", "1\u202f; 2,5", "1,5 Go", "8 à 12.4 keV"),
        ("de", "2,5", "1; 2,5", "1,5 GB", "8 bis 12.4 keV"),
    ],
)
def test_numbers_lists_and_ranges_are_written_as_the_language_does(tag, number, several, size, span):
    language.use(tag)
    assert value_in_words(2.5) == number and value_in_words((1.0, 2.5)) == several
    assert size_words(1_500_000_000) == size and range_in_words("8", "12.4", "keV") == span
    assert value_in_words("1.2.3") == "1.2.3", "what the catalogue wrote as a text stays"


def test_the_day_of_a_site_is_written_in_its_language():
    renderer = Renderer(dataclasses.replace(PORTAL, language="de"))
    page = landing_pages(released(a_publication()), renderer)[0].body.decode()
    assert re.search(r"offen seit \d+\. [A-Z]", page)
