"""What the ledger keeps of closed words follows the records, and is none."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.site.run.leaks.tables import LeakTables

KEY = b"key of this test"


def _found(tables: LeakTables, text: str) -> set[str]:
    return {finding.value for finding in tables.scanner().findings("a.txt", text.encode())}


@pytest.fixture
def connection():
    with sqlite3.connect(":memory:") as connection:
        yield connection


def test_what_is_kept_finds_the_same_in_the_next_run_and_holds_no_word(connection):
    tables = LeakTables(connection, KEY)
    tables.close("a: 1", [("title", "Unobtainium ring beam map"), ("abstract", "opensesame")])
    tables.listen([("b", "1", ["opensesame", "a ring"].copy)])
    for view in (tables, LeakTables(connection, KEY)):
        assert _found(view, "unobtainium, opensesame, ring beam map") == {"unobtainium"}
        assert _found(view, "Unobtainium ring beam map") == {"Unobtainium", "Unobtainium ring beam map"}
    assert "unobtainium" not in "\n".join(connection.iterdump()).lower()


def test_a_record_that_opens_is_forgotten_and_one_unheard_of_too(connection):
    tables = LeakTables(connection, KEY)
    tables.close("a: 1", [("title", "vorpalone")])
    tables.close("a: 2", [("title", "vorpaltwo")])
    tables.close("a: 3", [("title", "vorpalthree")])
    later = LeakTables(connection, KEY)
    later.close("a: 1", [("title", "vorpalother")])
    later.keep("a: 2")
    later.forget_others()
    assert _found(later, "vorpalone vorpaltwo vorpalthree vorpalother") == {"vorpaltwo", "vorpalother"}


def test_what_is_withdrawn_is_added_to_what_was_closed_of_it(connection):
    tables = LeakTables(connection, KEY)
    tables.close("a: 1", [("datasets.name", "vorpaldataset")])
    tables.close_more("a: 1", [("abstract", "vorpalabstract")])
    assert _found(tables, "vorpaldataset vorpalabstract") == {"vorpaldataset", "vorpalabstract"}


_WORD = st.sampled_from(["vorpalone", "vorpaltwo", "vorpalthree", "vorpalfour"])
_TEXT = st.lists(_WORD, min_size=1, max_size=3).map(" ".join)
_NIGHT = st.tuples(st.dictionaries(st.sampled_from("abc"), _TEXT), st.dictionaries(st.sampled_from("uvwxyz"), _TEXT))


@given(st.lists(_NIGHT, min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_many_nights_leave_what_one_night_makes(nights):
    """Whatever closed, opened, spoke and fell silent before: what counts is the last night's state."""
    kept, fresh = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
    for closed, speakers in nights:
        tables = LeakTables(kept, KEY)
        _night(tables, closed, speakers)
    once = LeakTables(fresh, KEY)
    _night(once, *nights[-1])
    for text in ("vorpalone", "vorpaltwo", "vorpalthree", "vorpalfour", "vorpalone vorpaltwo", "vorpaltwo vorpalone"):
        assert _found(tables, text) == _found(once, text)
    kept.close()
    fresh.close()


def _night(tables: LeakTables, closed: dict[str, str], speakers: dict[str, str]) -> None:
    for name, text in closed.items():
        tables.close(name, [("title", text)])
    tables.forget_others()
    tables.listen([(name, text, [text].copy) for name, text in speakers.items()])


def test_what_many_say_stays_said_when_those_that_were_put_down_fall_silent(connection):
    tables = LeakTables(connection, KEY)
    tables.close("a: 1", [("title", "vorpal drainage of foam")])
    many = {f"speaker {number}": "Vorpal drainage of foam" for number in range(9)}
    _night(tables, {"a: 1": "vorpal drainage of foam"}, many)
    (noted,) = connection.execute("SELECT max(n) FROM (SELECT count(*) AS n FROM leak_said GROUP BY digest)").fetchone()
    assert 1 <= noted < 9
    while many:
        assert not _found(tables, "vorpal drainage of foam")
        (speaker,) = connection.execute("SELECT min(speaker) FROM leak_said").fetchone()
        many.pop(speaker)
        _night(tables, {"a: 1": "vorpal drainage of foam"}, many)
    assert _found(tables, "vorpal drainage of foam")


def test_only_those_who_say_the_words_of_what_closed_are_asked_again(connection):
    asked: list[str] = []

    def speaker(name: str, text: str):
        def texts() -> list[str]:
            asked.append(name)
            return [text]

        return name, "the same as ever", texts

    speakers = [speaker("foam", "Drainage of foam"), speaker("quartz", "Quartz under pressure")]
    tables = LeakTables(connection, KEY)
    tables.close("a: 1", [("title", "Something wholly different")])
    tables.listen(speakers)
    assert asked == ["foam", "quartz"]
    later = LeakTables(connection, KEY)
    later.keep("a: 1")
    later.listen(speakers)
    assert asked == ["foam", "quartz"]
    later.close("a: 2", [("title", "Quartz under pressure"), ("abstract", "vorpal")])
    later.listen(speakers)
    assert asked == ["foam", "quartz", "quartz"] and not _found(later, "quartz under pressure")
