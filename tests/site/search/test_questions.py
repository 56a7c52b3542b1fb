"""A question in a sentence finds its record: most of its words, the rare ones first; and never all to nothing."""

import pytest

from panfair.builders.search.language.request import SearchRequest
from panfair.site.search.engine import SearchEngine
from support.site_run import SiteRun, numbered

TITLES = (
    "Eye of an insect in phase contrast", "Bread while it is baked in a microwave", "Human middle ear",
    "Drainage of silica foam", "Foam of alumina", "Silica glass under pressure", "Magnetism of nickelates",
)  # fmt: skip

COMPOUNDS = ("Rings by cryo-EM", "Rings by cryoEM", "Rings by cryo EM")


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def ask(request, tmp_path_factory):
    """What a search for a query says, over seven records."""
    site = SiteRun(tmp_path_factory.mktemp("site"), ["made-up"], tables=f'[search]\nengine = "{request.param}"\n')
    site.put(
        *(
            numbered(
                at,
                title=title,
                abstract="Tomography, in short.",
                publication_year=2018 + at,
                parameters=[{"name": "energy", "value": 10 + at, "unit": "keV"}],
                rights=[{"said": "CC-BY-4.0", "spdx": "CC-BY-4.0"}] if at % 2 else [],
            )
            for at, title in enumerate(TITLES)
        ),
        *(numbered(at, title=title, abstract=None) for at, title in enumerate(COMPOUNDS, start=100)),
        numbered(110, title="Glockenspiel xylem marimba", abstract=None, publication_year=2024),
        numbered(111, title="Glockenspiel xylem", abstract=None, publication_year=2025),
    )
    site.publish()
    engine = SearchEngine({"publications": site.output / "search/publications"})
    yield lambda query: engine.search(SearchRequest(query=query))
    engine.close()


def titles(answer):
    return [hit.title for hit in answer.results]


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("is there a scan of an insect's eye?", TITLES[0]),
        ("I am looking for data on bread that was baked", TITLES[1]),
        ("Has anybody measured the middle ear of a human with tomography?", TITLES[2]),
        ("Y a-t-il des données sur la magnetism des nickelates ?", TITLES[6]),
        ("Gibt es Daten zu silica foam drainage", TITLES[3]),
    ],
)
def test_a_question_has_its_record_first(ask, question, title):
    assert titles(ask(question))[0] == title


def test_two_words_are_both_asked_for_as_long_as_a_record_has_both(ask):
    answer = ask("silica glass")
    assert titles(answer) == [TITLES[5]] and answer.notes == ()
    none = ask("alumina glass")
    assert set(titles(none)) == {TITLES[4], TITLES[5]} and "Not every record has all the words" in none.notes[0]


def test_a_word_that_nothing_has_is_named_and_left_out(ask):
    answer = ask("silica foam drainage xylophone")
    assert titles(answer)[0] == TITLES[3]
    assert "In no record: xylophone. The other words were searched." in answer.notes
    assert ask("bread microvawe").suggestion == "bread microwave"


def test_what_must_occur_is_asked_for_by_a_plus_and_by_and(ask):
    assert titles(ask("+alumina tomography")) == [TITLES[4]]
    assert titles(ask("silica AND glass AND alumina")) == []


def test_a_common_word_alone_is_not_enough(ask):
    assert titles(ask("tomography nickelates magnetism")) == [TITLES[6]]


def test_a_phrase_that_nothing_has_is_searched_by_its_words_with_a_note(ask):
    answer = ask('"foam silica drainage" published after 2019')
    assert titles(answer) == [TITLES[3]]
    assert answer.notes == ("No record has what is in quotation marks as it stands; its words were searched.",)
    assert ask('"silica foam"').notes == () and ask('"xylophone foam"').total == 0
    assert ask('drainage -"foam silica"').total == 1


@pytest.mark.parametrize("spelt", ["cryo-EM", "cryo EM", "cryoEM", "Cryo-EM"])
def test_a_compound_is_found_however_it_is_joined(ask, spelt):
    assert sorted(titles(ask(f"{spelt} rings"))) == sorted(COMPOUNDS)


def test_words_in_no_record_at_all_find_nothing(ask):
    assert ask("xylophone quintet orchestra").total == 0


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("is there tomography published before 2020?", TITLES[:2]),
        ("drainage measured with an energy between 12 and 13.5 keV", [TITLES[3]]),
        ("foam at 13 keV", [TITLES[3]]),
        ("13 keV", [TITLES[3]]),
        ("tomography under CC-BY before 2022", [TITLES[1], TITLES[3]]),
        ("tomography before 2020 without insect", [TITLES[1]]),
        ("pressure nach 2021", [TITLES[5]]),
    ],
)
def test_conditions_in_a_sentence_are_kept(ask, question, found):
    answer = ask(question)
    assert sorted(titles(answer)) == sorted(found)
    assert [titles(ask(one.without)) != [] for one in answer.understood.conditions]
    assert sorted(titles(ask(answer.understood.query))) == sorted(found)


def test_a_condition_leaves_what_has_most_of_the_words_where_what_has_all_is_not_among_it(ask):
    answer = ask("glockenspiel xylem marimba after 2024")
    assert titles(answer) == ["Glockenspiel xylem"]
    assert any("Not every record has all the words" in note for note in answer.notes)


def test_a_number_as_it_is_typed_is_an_amount_and_the_note_tells_how_to_undo_it(ask):
    answer = ask("foam 13 keV")
    assert titles(answer) == [TITLES[3]]
    assert "“13 keV” was read as energy:13keV; in quotation marks it is searched as words." in answer.notes
    assert ask('foam "13 keV"').total == 0


def test_a_guess_with_which_nothing_is_found_is_words_again(ask):
    answer = ask("magnetism of nickelates by Xylophone")
    assert titles(answer)[0] == TITLES[6] and answer.understood is None
    assert "Nothing is found with “by Xylophone” as a condition; it was searched as words." in answer.notes


def test_what_is_written_in_the_exact_language_is_not_read(ask):
    assert ask("foam year:2021").understood is None
    assert ask("silica foam").understood is None
