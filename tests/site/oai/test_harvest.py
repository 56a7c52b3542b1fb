"""Tests of harvests over time: resumption tokens, publications between two requests, incremental harvests."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from lxml import etree

from panfair.builders.oai.store import StoreWriter
from panfair.site.oai.resumption_token import Position, seal, unseal
from support.servers.oai_harness import (
    ALL,
    DC,
    EVEN,
    HOST,
    OAI,
    ODD,
    OTHER,
    a_provider,
    a_store,
    ask,
    errors_of,
    harvest,
    identifier,
    payload,
    token_of,
    told,
)

SECRET = b"k" * 32


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    return a_provider(a_store(tmp_path_factory.mktemp("oai") / "oai.sqlite"))


# ---- tokens


def test_cursor_and_size_follow_the_list_and_the_last_token_is_empty(provider):
    root = ask(provider, "ListRecords", metadataPrefix="oai_dc")
    seen = []
    while True:
        token = token_of(root)
        seen.append((token.get("completeListSize"), token.get("cursor"), bool(token.text)))
        if not token.text:
            break
        root = ask(provider, "ListRecords", resumptionToken=token.text)
    assert seen == [("25", "0", True), ("25", "10", True), ("25", "20", False)]


@pytest.mark.parametrize("count", [1, 9, 10, 11, 19, 20, 21])
def test_no_last_page_is_empty_whatever_the_count(tmp_path, count):
    provider = a_provider(a_store(tmp_path / "oai.sqlite", count=count, deleted=()))
    pages = []
    harvested = harvest(provider, between=lambda: pages.append(1))
    assert len(harvested) == count == len(set(told(harvested)))
    assert len(pages) == (count - 1) // 10


def test_list_in_one_piece_has_no_token(tmp_path):
    provider = a_provider(a_store(tmp_path / "oai.sqlite", count=10, deleted=()))
    assert token_of(ask(provider, "ListRecords", metadataPrefix="oai_dc")) is None


def _first_token(provider, verb="ListRecords", **arguments) -> str:
    return token_of(ask(provider, verb, metadataPrefix="oai_dc", **arguments)).text


def test_token_needs_no_escaping_in_an_address(provider):
    assert set(_first_token(provider, set="openaire_data")) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )


def test_token_of_another_verb_is_refused(provider):
    token = _first_token(provider)
    for verb in ("ListIdentifiers", "ListSets"):
        assert errors_of(ask(provider, verb, resumptionToken=token)) == ["badResumptionToken"]


def test_token_with_any_character_changed_or_missing_is_refused(provider):
    token = _first_token(provider)
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        for edited in (token[:place] + other + token[place + 1 :], token[:place], token[:place] + token[place + 1 :]):
            assert errors_of(ask(provider, "ListRecords", resumptionToken=edited)) == ["badResumptionToken"]


def test_token_signed_with_another_secret_is_refused(tmp_path, provider):
    other = a_provider(a_store(tmp_path / "oai.sqlite"), secret=b"other" * 8)
    assert errors_of(ask(provider, "ListRecords", resumptionToken=_first_token(other))) == ["badResumptionToken"]


def test_token_may_be_used_twice_and_after_a_restart(tmp_path):
    store = a_store(tmp_path / "oai.sqlite")
    before = a_provider(store)
    token = _first_token(before)
    pages = [told(ask(one, "ListRecords", resumptionToken=token).iter(f"{OAI}header"))
             for one in (before, before, a_provider(store))]  # fmt: skip
    assert pages[0] == pages[1] == pages[2]


positions = st.builds(
    Position,
    verb=st.sampled_from(["ListRecords", "ListIdentifiers", "ListSets"]),
    prefix=st.sampled_from(["oai_dc", "datacite"]),
    oai_set=st.none() | st.just("year:2024"),
    since=st.none() | st.integers(-(10**11), 10**12),
    until=st.none() | st.integers(-(10**11), 10**12),
    datestamp=st.integers(-(10**11), 10**12),
    key=st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    cursor=st.integers(0, 10**9),
    total=st.integers(0, 10**9),
)


@given(positions)
def test_token_brings_its_position_back_for_its_verb_only(position):
    token = seal(position, SECRET)
    assert unseal(token, position.verb, SECRET) == position
    assert unseal(token, "Identify", SECRET) is None
    assert unseal(token, position.verb, b"x" * 32) is None


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda data: base64.urlsafe_b64encode(data).decode()))
def test_no_other_text_is_a_token(text):
    assert unseal(text, "ListRecords", SECRET) is None


# ---- publications in the middle of a harvest


def test_record_that_changes_during_a_harvest_comes_again_and_none_is_skipped(tmp_path):
    store = a_store(tmp_path / "oai.sqlite", deleted=())
    provider = a_provider(store)
    moment = datetime(2026, 1, 1, tzinfo=UTC)

    def publish() -> None:
        nonlocal moment
        moment += timedelta(days=1)
        with StoreWriter(store, HOST, [DC, OTHER]) as writer:
            if moment.day == 2:
                writer.put("10.99999/0", moment, [ALL, EVEN], {"oai_dc": payload("sent and changed")})
                writer.put("10.99999/20", moment, [ALL, EVEN], {"oai_dc": payload("not yet sent and changed")})
                writer.delete("10.99999/21", moment)
                writer.put("10.99999/new", moment, [ALL], {"oai_dc": payload("new")})

    names = told(harvest(provider, between=publish))
    assert set(names) == {*(identifier(n) for n in range(25)), f"oai:{HOST}:10.99999/new"}
    assert names.count(identifier(0)) == 2
    assert len(names) == 27


def test_harvest_whose_rest_moved_beyond_its_dates_ends_without_an_error(tmp_path):
    store = a_store(tmp_path / "oai.sqlite", count=15, deleted=())
    provider = a_provider(store)

    def publish() -> None:
        with StoreWriter(store, HOST, [DC, OTHER]) as writer:
            for number in range(15):
                writer.put(
                    f"10.99999/{number}", datetime(2026, 1, 1, tzinfo=UTC), [ALL], {"oai_dc": payload(str(number))}
                )

    headers = harvest(provider, between=publish, until="2025-12-31")
    assert len(headers) >= 10


def test_size_of_the_list_never_contradicts_its_cursor(tmp_path):
    store = a_store(tmp_path / "oai.sqlite", count=12, deleted=())
    provider = a_provider(store)
    token = _first_token(provider)
    with StoreWriter(store, HOST, [DC, OTHER]) as writer:
        for number in range(100, 140):
            writer.put(f"10.99999/{number}", datetime(2026, 1, 1, tzinfo=UTC), [ALL], {"oai_dc": payload("more")})
    while token:
        element = token_of(ask(provider, "ListRecords", resumptionToken=token))
        assert int(element.get("completeListSize")) > int(element.get("cursor"))
        token = element.text


# ---- weeks of incremental harvests


@dataclass
class Copy:
    """What a harvester has: per identifier the title, or None for a deleted record."""

    oai_set: str | None
    records: dict[str, str | None] = field(default_factory=dict)
    since: str | None = None
    token: str | None = None
    begun: str | None = None


class Weeks(RuleBasedStateMachine):
    """A repository and three harvesters. Time passes between any two steps; publications come between any two pages."""

    folder = None

    def __init__(self) -> None:
        super().__init__()
        Weeks.number += 1
        self.store = Weeks.folder / f"{Weeks.number}.sqlite"
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.truth: dict[str, tuple[str | None, bool]] = {}
        self.left: set[str] = set()
        """The deleted records that have left their set: it had no open record any more, and closed with them."""
        self.provider = a_provider(self.store, page_size=2)
        self.copies = [Copy(None), Copy("openaire_data"), Copy("parity:odd")]

    number = 0

    @rule(
        changes=st.lists(
            st.tuples(st.integers(0, 9), st.sampled_from(["put", "put", "delete"])), min_size=1, max_size=6
        ),
        wait=st.sampled_from([0, 1, 3600, 86_400]),
    )
    def publish(self, changes, wait):
        self.now += timedelta(seconds=wait)
        with StoreWriter(self.store, HOST, [DC]) as writer:
            for number, what in changes:
                key = f"10.99999/{number}"
                if what == "put":
                    title = f"{number} at {self.now} version {len(self.truth)}"
                    writer.put(key, self.now, [ALL, ODD if number % 2 else EVEN], {"oai_dc": payload(title)})
                    self.truth[key] = (title, bool(number % 2))
                    self.left.discard(key)
                elif key in self.truth:
                    writer.delete(key, self.now)
                    self.truth[key] = (None, bool(number % 2))
        if not self.odd_is_open():
            self.left |= {key for key, (_title, odd) in self.truth.items() if odd}

    def odd_is_open(self) -> bool:
        return any(odd and title is not None for title, odd in self.truth.values())

    @rule(who=st.integers(0, 2), wait=st.sampled_from([0, 1, 60]))
    def request(self, who, wait):
        self.now += timedelta(seconds=wait)
        self.step(self.copies[who])

    def step(self, copy: Copy) -> None:
        arguments = [("verb", "ListRecords")]
        if copy.token:
            arguments.append(("resumptionToken", copy.token))
        else:
            arguments.append(("metadataPrefix", "oai_dc"))
            arguments += [("from", copy.since)] if copy.since else []
            arguments += [("set", copy.oai_set)] if copy.oai_set else []
        root = etree.fromstring(self.provider.answer(arguments, self.now))
        if copy.token is None:
            copy.begun = root.findtext(f"{OAI}responseDate")
        if errors := errors_of(root):
            assert errors == ["noRecordsMatch"]
            assert copy.token is None
        for record in root.iter(f"{OAI}record"):
            name = record.findtext(f".//{OAI}identifier").rpartition(":")[2]
            copy.records[name] = record.findtext(".//{*}title")
        element = token_of(root)
        copy.token = element.text if element is not None else None
        if not copy.token:
            copy.since = copy.begun  # the next harvest begins where this one began

    @invariant()
    def no_harvester_has_what_never_was(self):
        for copy in self.copies:
            assert copy.records.keys() <= self.truth.keys()

    def teardown(self) -> None:
        # When all is quiet, one more incremental harvest makes every copy equal to the repository.
        for copy in self.copies:
            for _ in range(2):
                self.step(copy)
                while copy.token:
                    self.step(copy)
            odd_only = copy.oai_set == "parity:odd"
            expected = {key: title for key, (title, odd) in self.truth.items() if odd or not odd_only}
            for key in self.left if odd_only else ():
                del expected[key]  # who harvests all is told; who harvests the set finds that the set has gone
                copy.records.pop(key, None)
            for key, title in expected.items():
                assert copy.records.get(key) == title, key
            assert all(copy.records[key] is None for key in copy.records.keys() - expected.keys())
        afresh = Copy("parity:odd")
        self.step(afresh)
        while afresh.token:
            self.step(afresh)
        assert bool(afresh.records) == self.odd_is_open() and not afresh.records.keys() & self.left
        self.provider.close()


def test_incremental_harvests_miss_nothing_whatever_comes_between(tmp_path):
    Weeks.folder = tmp_path
    run_state_machine_as_test(Weeks, settings=settings(max_examples=60, stateful_step_count=25, deadline=None))
