"""The ledger: rows come back as they went in, shelves hold what stands on them, a broken file is refused."""

import sqlite3
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.builders.card import Card, ClosedCounts, Shelf
from panfair.ontologies.errors import PublishError
from panfair.site.state.ledger import Ledger, Row, content_hash


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger.open(tmp_path / "state" / "ledger.sqlite")
    yield opened
    opened.close()


def a_row(key: str, **changes: Any) -> Row:
    """An open record of this key, with some columns otherwise."""
    card = Card(
        doi=key, page=f"/doi/{key}/", title=key, creators=("A",), more=0, year=2020, day="2020-01-01",
        changed="2020-01-01", facility="", instruments=(), techniques=(), snippet="", datasets=2, size_bytes=5, files=3,
    )  # fmt: skip
    values: dict[str, Any] = {
        "key": key, "source": "s", "source_id": key, "state": "open", "content": b"{}", "hash": "h", "input": "i",
        "gate": "g", "judged_on": "2020-01-01", "judged_until": "9999-12-31", "datestamp": "2020-01-01T00:00:00+00:00",
        "changed": "2020-01-01", "listed": True, "payload": "", "words": "", "rendered": "", "card": card.to_json(),
    }  # fmt: skip
    return Row(**{**values, **changes})


def test_a_row_comes_back_as_it_went_in(ledger):
    row = a_row("10.1/a")
    ledger.put(row)
    assert ledger.row("10.1/a") == row
    assert ledger.row("10.1/b") is None


def test_all_rows_are_passed_once_even_while_they_are_changed(ledger):
    ledger.begin()
    for number in range(450):
        ledger.put(a_row(f"10.1/{number:04}"))
    seen = []
    for row in ledger.rows("state = 'open'"):
        seen.append(row.key)
        ledger.mark_rendered(row.key, "f", "", "", row.datestamp)
    assert seen == sorted(seen) and len(set(seen)) == 450


def test_cards_come_newest_first_and_ties_by_doi(ledger):
    for key, day in (("10.1/b", "2020-01-02"), ("10.1/a", "2020-01-02"), ("10.1/c", "2021-01-01")):
        ledger.put(a_row(key))
        ledger.shelve(key, day, [Shelf("technique", "sax", "SAXS")])
    assert [card.doi for card in ledger.cards("technique", "sax")] == ["10.1/c", "10.1/a", "10.1/b"]
    assert [card.doi for card in ledger.cards(offset=1, limit=1)] == ["10.1/a"]


def test_a_shelf_is_called_what_most_of_its_records_call_it(ledger):
    for key, label in (("10.1/a", "Swiss Light Source"), ("10.1/b", "SLS"), ("10.1/c", "SLS")):
        ledger.put(a_row(key))
        ledger.shelve(key, "2020-01-01", [Shelf("facility", "sls", label)])
    assert ledger.shelves("facility") == [Shelf("facility", "sls", "SLS", "", 3)]


@pytest.mark.parametrize(("formulae", "note"), [(("SiO2", "", "SiO2"), "SiO2"), (("SiO2", "SiC"), ""), (("", ""), "")])
def test_a_type_of_sample_has_a_formula_when_its_records_agree(ledger, formulae, note):
    for number, formula in enumerate(formulae):
        ledger.put(a_row(f"10.1/{number}"))
        ledger.shelve(f"10.1/{number}", "2020-01-01", [Shelf("sample", "foam", "foam", note=formula)])
    (shelf,) = ledger.shelves("sample")
    assert shelf.note == note


def test_a_record_that_leaves_its_shelves_is_in_no_list(ledger):
    ledger.put(a_row("10.1/a"))
    ledger.shelve("10.1/a", "2020-01-01", [Shelf("year", "2020", "2020")])
    before = ledger.shelf_key("year", "2020")
    ledger.shelve("10.1/a", "", ())
    assert ledger.cards() == [] and ledger.shelves("year") == []
    assert ledger.shelf_key("year", "2020") != before


def test_shelves_are_counted_by_year_and_together_each_record_once(ledger):
    for key, year, names in (("10.1/a", 2020, "xy"), ("10.1/b", 2021, "x"), ("10.1/c", 2021, "yz")):
        ledger.put(a_row(key, card=a_row("x").card.replace(b":2020}", b":%d}" % year)))
        ledger.shelve(key, f"{year}-01-01", [Shelf("technique", name, name) for name in names])
    counts = [(one.year, one.publications, one.datasets) for one in ledger.by_year("technique", "x")]
    assert counts == [(2021, 1, 2), (2020, 1, 2)]
    assert [ledger.together("technique", names) for names in ("x", "xy", "z", "q", "")] == [2, 3, 1, 0, 0]


def test_totals_count_open_records_only(ledger):
    ledger.put(a_row("10.1/a"))
    ledger.put(a_row("10.1/b", state="notice", card=b""))
    totals = ledger.totals()
    assert (totals.publications, totals.datasets, totals.files, totals.size_bytes) == (1, 2, 3, 5)


def test_of_closed_records_announced_ones_are_counted_and_drafts_are_not(ledger):
    for number, (opens, more) in enumerate(
        (("2027-01-05", {}), ("2027-01-31", {}), ("2027-01-31", {"registered": False}), (None, {"restriction": {}}))
    ):
        content = orjson.dumps({"opens": opens, **more})
        ledger.put(a_row(f"10.1/{number}", state="notice", card=b"", content=content))
    ledger.put(a_row("10.1/gone", state="tombstone", card=b""))
    ledger.put(a_row("10.1/never", state="tombstone", card=b"", listed=False))
    assert ledger.closed() == ClosedCounts(2, 1, 1, (("2027-01", 2),))


def test_nothing_stays_of_a_transaction_that_was_rolled_back(ledger):
    ledger.begin()
    ledger.put(a_row("10.1/a"))
    ledger.rollback()
    assert ledger.is_empty()


def test_a_ledger_is_readable_by_its_owner_only(ledger, tmp_path):
    assert (tmp_path / "state" / "ledger.sqlite").stat().st_mode & 0o077 == 0


def test_a_file_that_is_no_ledger_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "ledger.sqlite"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(PublishError, match="panfair repair"):
        Ledger.open(path)
    assert path.read_bytes().startswith(b"not a database")


def test_the_same_content_in_another_state_has_another_hash():
    assert content_hash("open", b"{}") != content_hash("notice", b"{}")


def test_totals_of_any_size_are_whole_and_exact(ledger):
    card = orjson.loads(a_row("10.1/a").card)
    for number in range(4):
        sized = orjson.dumps({**card, "size_bytes": 2**63 - 1, "files": None}).decode()
        ledger.put(a_row(f"10.1/{number}", card=sized))
    found = ledger.totals()
    assert (found.publications, found.datasets, found.files, found.size_bytes) == (4, 8, 0, 4 * (2**63 - 1))


# --- what is kept of the answers that listings were given: never another one than would be given anew

_KINDS = ("technique", "instrument")
_SHELVES = [Shelf(kind, slug, label) for kind in _KINDS for slug in "ab" for label in (slug, f"{slug} by another name")]
_CHANGE = st.tuples(
    st.sampled_from([f"10.1/{name}" for name in "pqr"]),
    st.sampled_from(["open", "other words", "closed"]),
    st.lists(st.sampled_from(_SHELVES), max_size=3, unique_by=lambda shelf: (shelf.kind, shelf.slug)),
    st.sampled_from(["2020-01-01", "2021-01-01"]),
)


def _told(ledger: Ledger) -> list[object]:
    found: list[object] = [ledger.totals(), ledger.span(), ledger.shelf_key(limit=2), ledger.stretches()]
    found += [answer for number in range(2) for answer in (ledger.part(number, 2), ledger.part_key(number, 2))]
    for kind in _KINDS:
        found += [ledger.shelves(kind), ledger.together(kind, ["a", "b"])]
        for slug in "ab":
            found += [
                ledger.shelf_key(kind, slug),
                ledger.stretches(kind, slug),
                ledger.by_year(kind, slug),
                ledger.cards(kind, slug),
            ]
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
