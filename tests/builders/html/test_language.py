"""The site's own words in its language: whole catalogues, places for values kept, dates and sizes as people write."""

import re
from datetime import date

import pytest

from panfair.builders.html import language
from panfair.builders.html.language import LANGUAGES, day_written, size_written, tr
from panfair.builders.html.words import counted, days_in_words
from support.messages import FOLDER, catalogue, said

_OTHERS = LANGUAGES[1:]


@pytest.fixture(autouse=True)
def _back_to_english():
    yield
    language.use("en")


@pytest.mark.parametrize("tag", _OTHERS)
def test_a_catalogue_has_exactly_what_pages_say(tag):
    keys = {
        message.id if isinstance(message.id, str) else tuple(message.id) for message in catalogue(tag) if message.id
    }
    assert keys == said(), f"run tests/support/messages.py to bring {FOLDER / tag}.po up to date"


@pytest.mark.parametrize("tag", _OTHERS)
def test_every_message_is_translated_and_keeps_its_places_for_values(tag):
    for message in catalogue(tag):
        if not message.id:
            continue
        ours = [message.id] if isinstance(message.id, str) else list(message.id)
        theirs = [message.string] if isinstance(message.string, str) else list(message.string)
        assert all(theirs), message.id
        places = [set(re.findall(r"%\(\w+\)s|\{\w*\}", text)) for text in (*ours, *theirs)]
        wanted = set().union(*places[: len(ours)])
        assert all(place <= wanted for place in places) and places[-1] == places[len(ours) - 1], message.id
        assert [text.count("<") for text in theirs] == [text.count("<") for text in ours][: len(theirs)], message.id


@pytest.mark.parametrize(
    ("tag", "day", "days", "files", "size"),
    [
        ("en", "1 March 2024", "28 April to 4 May 2024", "12 files", "23.3 GB"),
        ("fr", "1er mars 2024", "28 avril au 4 mai 2024", "12 fichiers", "23,3 Go"),
        ("de", "1. März 2024", "28. April bis 4. Mai 2024", "12 Dateien", "23,3 GB"),
    ],
)
def test_dates_counts_and_sizes_are_written_as_the_language_does(tag, day, days, files, size):
    language.use(tag)
    assert day_written(date(2024, 3, 1)) == day
    assert days_in_words(date(2024, 4, 28), date(2024, 5, 4)) == days
    assert counted(12, "file", "files") == files
    assert size_written("23.3 GB") == size


def test_what_a_catalogue_lacks_stays_as_it_is():
    language.use("de")
    assert tr("A sentence that nobody says") == "A sentence that nobody says"


def test_a_language_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="there are en, fr, de"):
        language.use("tlh")
