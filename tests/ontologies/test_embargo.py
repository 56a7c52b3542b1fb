"""ontologies/embargo.py: the gate lets nothing closed through, and nothing else makes what builders take."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from panfair.ontologies import embargo
from panfair.ontologies.embargo import (
    GatePolicy,
    Notice,
    Released,
    Tombstone,
    Withheld,
    dataset_is_open,
    is_open,
    judge,
    statement,
)
from panfair.ontologies.errors import GateError
from panfair.ontologies.identifiers import Doi, Identifier
from panfair.ontologies.record import Agent, DatasetLink, File, Related, Sample, Withdrawal, canonical
from support.records import TODAY, a_dataset, a_publication, released
from support.strategies import days, publications

POLICY = GatePolicy()


@given(publications, days, st.integers(0, 4000))
@settings(max_examples=100)
def test_release_only_ever_adds_as_days_pass(publication, day, later):
    assert not is_open(publication, day) or is_open(publication, day + timedelta(days=later))
    for dataset in publication.datasets:
        assert not dataset_is_open(dataset, day) or dataset_is_open(dataset, day + timedelta(days=later))


@given(publications, days)
@settings(max_examples=150)
def test_what_passes_was_visible_and_due_and_holds_open_datasets_only(publication, day):
    verdict = judge(publication, day, POLICY)
    dated = [one for one in (publication.release_date, publication.publication_date) if one]
    due = max(*dated, date(publication.publication_year, 1, 1)) if dated else None
    assert isinstance(verdict, Released) == bool(publication.public and due and due <= day)
    if isinstance(verdict, Released):
        for dataset in verdict.publication.datasets:
            assert dataset.public and dataset.complete
            assert dataset.release_date is None or dataset.release_date <= day
            assert dataset.server_path is None


@given(publications, days)
@settings(max_examples=100)
def test_the_gate_judges_the_same_until_the_day_it_says(publication, day):
    change = embargo.next_change(publication, day)
    before = judge(publication, day, POLICY)
    if change > day + timedelta(days=1):
        last = change - timedelta(days=1) if change != date.max else day + timedelta(days=900)
        after = judge(publication, last, POLICY)
        assert type(before) is type(after)
        if isinstance(before, Released) and isinstance(after, Released):
            assert before.publication == after.publication


def test_on_the_day_itself_it_is_open():
    assert isinstance(judge(a_publication(release_date=TODAY), TODAY, POLICY), Released)
    assert isinstance(judge(a_publication(release_date=TODAY + timedelta(days=1)), TODAY, POLICY), Notice)


def test_a_release_date_counts_before_a_publication_date():
    hidden = a_publication(release_date=date(2031, 1, 1), publication_date=date(2020, 1, 1))
    assert isinstance(judge(hidden, TODAY, POLICY), Notice)


def test_without_any_date_it_is_closed():
    verdict = judge(a_publication(release_date=None, publication_date=None), TODAY, POLICY)
    assert isinstance(verdict, Notice) and verdict.opens is None


def test_what_the_reader_does_not_see_is_closed_whatever_its_date():
    assert isinstance(judge(a_publication(public=False), TODAY, POLICY), Notice)
    unseen = a_publication(public=False, release_date=None, publication_date=None)
    assert isinstance(judge(unseen, TODAY, POLICY), Withheld)
    assert isinstance(judge(unseen, TODAY, POLICY, shown_before=True), Notice)


def test_a_notice_says_nothing_of_the_record_but_what_is_registered():
    hidden = a_publication(release_date=date(2031, 1, 1), title="Zebrafish larva, tomogram 7")
    assert b"Zebrafish" not in embargo.statement(judge(hidden, TODAY, POLICY))
    told = embargo.statement(judge(hidden, TODAY, GatePolicy(page="citation")))
    assert b"Zebrafish" in told and b"Drain" not in told and b"scan_0001" not in told and b"Foam" not in told


def test_closed_datasets_leave_no_trace_in_an_open_publication():
    secret = a_dataset(id="ds-2", name="secret_scan", public=False, size_bytes=999_999_999)
    after = a_dataset(id="ds-3", name="after", inputs=(DatasetLink(id="ds-2", name="secret_scan", public=True),))
    shown = released(a_publication(datasets=(a_dataset(), secret, after), size_bytes=10**12, file_count=77))
    assert b"secret" not in canonical(shown.publication)
    assert shown.publication.size_bytes is None and shown.publication.file_count is None


def test_a_link_to_a_dataset_elsewhere_is_kept_only_if_that_is_open():
    links = (DatasetLink(id="x-1", name="open one", public=True), DatasetLink(id="x-2", name="unknown one"))
    shown = released(a_publication(datasets=(a_dataset(inputs=links),)))
    assert [link.id for link in shown.publication.datasets[0].inputs] == ["x-1"]


def test_an_unfinished_dataset_is_closed():
    shown = released(a_publication(datasets=(a_dataset(complete=False),)))
    assert shown.publication.datasets == ()


def test_server_paths_and_email_addresses_do_not_pass():
    dataset = a_dataset(
        server_path="/data/visitor/ex1234", files=(File(name="a.h5", server_path="/data/visitor/a.h5"),)
    )
    shown = canonical(released(a_publication(datasets=(dataset,), abstract="Ask jane@example.org")).publication)
    assert b"visitor" not in shown and b"jane@" not in shown
    by_name = released(a_publication(datasets=(dataset,)), policy=GatePolicy(server_paths=True))
    assert b"/data/visitor/a.h5" in canonical(by_name.publication)


def test_no_email_address_passes_in_an_identifier_or_a_publishers_name():
    address = "jane.doe@lab.example.org"
    publication = a_publication(
        related=(Related(relation="References", identifier=Identifier(scheme="local", value=address)),),
        samples=(Sample(name="s", identifier=Identifier(scheme="URL", value=f"mailto:{address}")),),
        publisher=Agent(name=f"Data office, {address}", kind="organisation"),
        doi=Doi.parse("10.99999/a@b"),
    )
    policy = GatePolicy(page="citation", tombstone="citation")
    opened = judge(publication, TODAY, policy)
    closed = judge(publication.model_copy(update={"release_date": date(2031, 1, 1)}), TODAY, policy)
    withdrawn = judge(publication.model_copy(update={"withdrawal": Withdrawal(on=TODAY)}), TODAY, policy)
    assert isinstance(opened, Released) and isinstance(closed, Notice) and isinstance(withdrawn, Tombstone)
    for shown in (canonical(opened.publication), statement(closed), statement(withdrawn)):
        assert b"jane.doe@" not in shown and b"10.99999/a@b" in shown
    assert opened.publication.publisher.name.startswith("Data office")


def test_one_withdrawn_before_its_day_has_a_bare_tombstone():
    withdrawal = Withdrawal(on=TODAY, reason="Wrong sample")
    early = judge(a_publication(withdrawal=withdrawal, release_date=date(2031, 1, 1)), TODAY, POLICY)
    late = judge(a_publication(withdrawal=withdrawal), TODAY, POLICY)
    assert isinstance(early, Tombstone) and early.citation is None
    assert isinstance(late, Tombstone) and late.citation.title == a_publication().title


def test_a_statement_can_be_restated():
    for shown in (
        judge(a_publication(release_date=date(2031, 1, 1)), TODAY, GatePolicy(page="citation")),
        judge(a_publication(withdrawal=Withdrawal(reason="x")), TODAY, POLICY),
    ):
        assert embargo.statement(embargo.restated(embargo.statement(shown))) == embargo.statement(shown)


@pytest.mark.parametrize("seal", [None, object(), "seal"])
def test_nobody_else_can_make_a_released(seal):
    with pytest.raises(GateError):
        Released(a_publication(), TODAY, seal)
    with pytest.raises(GateError):
        Notice(Doi("10.1234/x"), "s", "1", "p", None, None, None, None, True, seal)


def test_the_ledger_cannot_reopen_what_is_closed_today():
    with pytest.raises(GateError):
        embargo.reopen(a_publication(release_date=date(2031, 1, 1)), TODAY)
    with pytest.raises(GateError):
        embargo.reopen(a_publication(datasets=(a_dataset(public=False),)), TODAY)
