"""What the ledger keeps of the answers that listings were given: never another one than it would give anew."""

import sqlite3
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders.card import Card, Shelf
from panfair.site.state.ledger import Ledger
from support.ledger_rows import a_row

_KINDS = ("technique", "instrument")
_SHELVES = [Shelf(kind, slug, label) for kind in _KINDS for slug in "ab" for label in (slug, f"{slug} by another name")]
_CHANGE = st.tuples(
    st.sampled_from([f"10.1/{name}" for name in "pqr"]),
    st.sampled_from(["open", "other words", "closed"]),
    st.lists(st.sampled_from(_SHELVES), max_size=3, unique_by=lambda shelf: (shelf.kind, shelf.slug)),
    st.sampled_from(["2020-01-01", "2021-01-01"]),
)


def _told(ledger: Ledger) -> list[object]:
    found: list[object] = [ledger.totals(), ledger.span(), ledger.shelf_key(limit=2), ledger.shelf_key(offset=2)]
    found += [answer for number in range(2) for answer in (ledger.part(number, 2), ledger.part_key(number, 2))]
    for kind in _KINDS:
        found += [ledger.shelves(kind), ledger.together(kind, ["a", "b"])]
        for slug in "ab":
            found += [ledger.shelf_key(kind, slug), ledger.by_year(kind, slug), ledger.cards(kind, slug)]
            found += [ledger.beside(kind, slug, other) for other in _KINDS]
    return found


@settings(max_examples=40, deadline=None)
@given(changes=st.lists(_CHANGE, max_size=12))
def test_a_kept_answer_is_the_one_that_would_be_given_anew(tmp_path_factory, changes):
    ledger = Ledger.open(tmp_path_factory.mktemp("state") / "ledger.sqlite")
    ledger.begin()
    for key, how, shelves, day in changes:
        row = a_row(key)
        if how == "closed":
            ledger.put(replace(row, state="notice", card=b""))
            ledger.shelve(key, "", ())
        elif how == "open" or not ledger.row(key):
            ledger.put(row)
            ledger.shelve(key, day, shelves)
        elif ledger.row(key).state == "open":  # as where another record is told to be its newer version
            ledger.put(replace(row, card=replace(Card.from_json(row.card), title="other", datasets=7).to_json()))
        kept = _told(ledger)
        ledger.answers.forget_all()
        ledger.put(ledger.row(key))  # which has the digests of cards forgotten, too
        assert kept == _told(ledger)
    ledger.close()


def test_nothing_is_kept_of_what_a_record_said_that_closed(tmp_path):
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    ledger.begin()
    ledger.put(a_row("10.1/a"))
    ledger.shelve("10.1/a", "2020-01-01", [Shelf("technique", "zyxwite-scan", "Zyxwite scan")])
    _told(ledger), ledger.shelves("technique"), ledger.beside("technique", "zyxwite-scan", "technique")
    ledger.put(replace(a_row("10.1/a"), state="notice", card=b""))
    ledger.shelve("10.1/a", "", ())
    ledger.commit()
    ledger.close()
    assert b"yxwite" not in (tmp_path / "ledger.sqlite").read_bytes()


def test_who_only_reads_puts_nothing_down(tmp_path):
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    ledger.begin()
    ledger.put(a_row("10.1/a"))
    ledger.commit()
    other = sqlite3.connect(tmp_path / "ledger.sqlite")
    other.execute("BEGIN IMMEDIATE")  # a run is at work
    try:
        ledger.totals()
    except sqlite3.OperationalError:  # pragma: no cover
        pytest.fail("reading waited for the run")
    other.execute("ROLLBACK")
    ledger.close()
