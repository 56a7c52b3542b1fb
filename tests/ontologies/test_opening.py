"""ontologies/opening.py: every date and every word that can close a record closes it, and the latest counts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from panfair.ontologies.embargo import GatePolicy, Notice, Released, Tombstone, judge, next_change
from panfair.ontologies.opening import NEVER, embargo_in, opening_day
from panfair.ontologies.record import OtherDate, Rights, Withdrawal, canonical
from support.records import TODAY, a_dataset, a_publication, released
from support.strategies import days

POLICY = GatePolicy()
LATER = date(2031, 3, 1)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("Embargo until 2031", date(2031, 12, 31)),
        ("Embargo until 2031-03-01", LATER),
        ("embargoed till 3/1/2031", LATER),
        ("Under embargo until the 1st of March 2031", LATER),
        ("restricted until March 1, 2031", LATER),
        ("closed until 01.02.2031", date(2031, 2, 1)),
        ("Sperrfrist bis 1. März 2031", LATER),
        ("CC BY 4.0, available from 2031-03", date(2031, 3, 31)),
        ("embargo of three years", NEVER),
        ("not yet public", NEVER),
        ("No embargo", None),
        ("The embargo ended in 2020", None),
        ("embargo: none", None),
        ("Creative Commons Attribution 4.0 International", None),
        ("Open access", None),
        ("Copyright 2035 of somebody", None),
    ],
)
def test_rights_in_words_tell_the_day_or_that_there_is_none(words, day):
    assert embargo_in(words) == day


@pytest.mark.parametrize(
    "change",
    [
        {"release_date": LATER},
        {"publication_date": LATER},
        {"publication_year": 2031},
        {"other_dates": (OtherDate(kind="Available", day=LATER),)},
        {"other_dates": (OtherDate(kind="Issued", day=LATER),)},
        {"other_dates": (OtherDate(kind="Other", day=LATER, note="end of embargo"),)},
        {"rights": (Rights(said="CC BY 4.0"), Rights(said="Embargo until 2031-03-01"))},
        {"rights": (Rights(said="under embargo"),)},
    ],
)
def test_each_date_and_word_that_can_close_a_publication_closes_it(change):
    assert isinstance(judge(a_publication(**change), TODAY, POLICY), Notice)


@given(st.lists(days, min_size=4, max_size=4), st.integers(1995, 2035))
def test_the_latest_of_all_dates_is_the_day_of_opening(four, year):
    release, published, *available = four
    record = a_publication(
        release_date=release,
        publication_date=published,
        publication_year=year,
        other_dates=tuple(OtherDate(kind="Available", day=day) for day in available),
    )
    opens = max(*four, date(year, 1, 1))
    assert opening_day(record) == opens
    assert isinstance(judge(record, opens, POLICY), Released)
    assert isinstance(judge(record, opens - timedelta(days=1), POLICY), Notice)
    assert next_change(record, opens - timedelta(days=1)) == opens


def test_what_is_released_tells_one_day_of_opening():
    dates = (OtherDate(kind="Available", day=date(2026, 9, 1)), OtherDate(kind="Valid", day=date(2027, 1, 1)))
    shown = released(a_publication(other_dates=dates)).publication
    assert shown.release_date == date(2026, 9, 1)
    assert [other.kind for other in shown.other_dates] == ["Valid"]


def test_a_dataset_whose_own_rights_speak_of_an_embargo_is_closed_in_an_open_publication():
    closed = a_dataset(id="ds-2", name="secret_scan", rights=(Rights(said="Embargo until 2031"),))
    assert b"secret_scan" not in canonical(released(a_publication(datasets=(a_dataset(), closed))).publication)


@pytest.mark.parametrize("on", [TODAY, date(2032, 1, 1), date(2050, 1, 1)])
def test_what_was_withdrawn_before_its_day_stays_unsaid_when_the_day_has_passed(on):
    withdrawal = Withdrawal(on=date(2026, 1, 5), reason="The zebrafish paper was retracted")
    hidden = a_publication(release_date=LATER, title="Zebrafish larva", withdrawal=withdrawal)
    verdict = judge(hidden, on, POLICY)
    assert isinstance(verdict, Tombstone) and verdict.citation is None and verdict.withdrawal.reason is None
    shown = judge(hidden.model_copy(update={"release_date": date(2025, 1, 1)}), on, POLICY)
    assert isinstance(shown, Tombstone) and shown.citation is not None
    assert shown.citation.title == "Zebrafish larva" and shown.withdrawal.reason == withdrawal.reason


def test_without_a_day_of_withdrawal_only_what_was_shown_before_keeps_its_citation():
    gone = a_publication(withdrawal=Withdrawal(reason="A mistake"))
    before, unknown = judge(gone, TODAY, POLICY, was_open=True), judge(gone, TODAY, POLICY)
    assert isinstance(before, Tombstone) and isinstance(unknown, Tombstone)
    assert before.citation is not None and unknown.citation is None


def test_a_date_of_withdrawal_withdraws():
    gone = a_publication(other_dates=(OtherDate(kind="Withdrawn", day=date(2026, 7, 1), note="by mistake"),))
    verdict = judge(gone, TODAY, POLICY)
    assert isinstance(verdict, Tombstone)
    assert verdict.withdrawal == Withdrawal(on=date(2026, 7, 1), reason="by mistake")
