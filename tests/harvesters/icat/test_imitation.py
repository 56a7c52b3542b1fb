"""The imitation of ICAT, held against 127 recorded calls of a real one: the same questions, the same answers.

Not compared are what no dump has (`_STAMPS`) and the three kinds of answers that `_SUMS`, `_ORDER` and `_FILES` name.
"""

import json
import re
from collections import Counter

import pytest
import requests

from support.servers.icat import IcatWorld, icat_serving
from support.servers.icat.recordings import ACCOUNTS, Call, calls, recorded_catalogue

_STAMPS = frozenset({"createId", "createTime", "modId", "modTime"})
"""When and by whom a row was made and changed: a dump has neither."""
_SUMS = re.compile(r"SELECT i\.id, COUNT\((\w)\), SUM\(\1\.id\) .*")
"""Sums of numbers: those of rows that no call shows follow from the order in which the database took a session's."""
_FILES = "SELECT a FROM Datafile a"
"""Two files were added between the dump and this call, which tells how many there were and not which."""


@pytest.fixture(scope="module")
def recorded(shared) -> list[Call]:
    return calls(shared)


@pytest.fixture(scope="module")
def url(shared):
    world = IcatWorld(recorded_catalogue(shared), max_entities=10_000)
    with icat_serving(world) as url:
        yield url


@pytest.fixture(scope="module")
def sessions(url) -> dict[str, str]:
    found = {"-": "00000000-0000-0000-0000-000000000000"}
    for name, account in ACCOUNTS.items():
        plugin, _, user = account.partition("/")
        found[name] = _sign_in(url, plugin, user, "correct horse").json()["sessionId"]
    return found


def _sign_in(url: str, plugin: str, user: str, password: str) -> requests.Response:
    credentials = [] if plugin == "anon" else [{"username": user}, {"password": password}]
    return requests.post(
        f"{url}/session", timeout=9, data={"json": json.dumps({"plugin": plugin, "credentials": credentials})}
    )


def _ask(url: str, sessions: dict[str, str], call: Call) -> requests.Response:
    if call.method == "POST":
        known = "not match" in call.body["message"]
        return _sign_in(url, "simple" if known else "nope", "reader", "wrong")
    if call.path.startswith("/session"):
        return requests.get(f"{url}/session/{sessions[call.account]}", timeout=9)
    if call.path != "/entityManager":
        return requests.get(url + call.path, timeout=9)
    return _query(url, sessions[call.account], call.query)


def _query(url: str, session: str, query: str) -> requests.Response:
    return requests.get(f"{url}/entityManager", params={"sessionId": session, "query": query}, timeout=9)


def _told(value, ordered: bool = True):
    """An answer without the stamps; the lists of an entity, and answers that were asked for in no order, sorted."""
    if isinstance(value, dict):
        return {name: _told(one, ordered=False) for name, one in value.items() if name not in _STAMPS}
    if isinstance(value, list):
        found = [_told(one) for one in value]
        return found if ordered else sorted(found, key=lambda one: one.get("id", 0) if isinstance(one, dict) else one)
    return value


@pytest.mark.parametrize("place", range(127))
def test_a_recorded_call_gets_its_recorded_answer(place, recorded, url, sessions):
    call = recorded[place]
    found = _ask(url, sessions, call)
    assert found.status_code == call.status
    body = found.json()
    if call.query == _FILES:
        assert call.body == f"cut: {len(body) + 2} entities"
    elif call.path.startswith("/session/"):
        assert body["userName"] == call.body["userName"] and body.keys() == call.body.keys()
    elif _SUMS.fullmatch(call.query):
        assert [row[:2] for row in body] == [row[:2] for row in call.body]
    else:
        ordered = " ORDER BY " in call.query
        assert _told(body, ordered) == _told(call.body, ordered)


def test_of_the_sums_of_all_that_a_session_has_most_are_the_recorded_ones(recorded, url, sessions):
    same: Counter[bool] = Counter()
    for call in recorded:
        if _SUMS.fullmatch(call.query) and call.account in ("reader", "root"):
            found = _ask(url, sessions, call).json()
            same.update(ours == theirs for ours, theirs in zip(found, call.body, strict=True))
    assert same[True] > 5 * same[False]


def test_the_comparison_finds_a_row_that_an_account_should_not_see(recorded, url, sessions):
    call = next(one for one in recorded if one.account == "anon" and "FROM Keyword a" in one.query)
    assert _ask(url, sessions, call).json() == call.body == []
    whole = _query(url, sessions["reader"], call.query).json()
    assert _told(whole) != _told(call.body)


@pytest.mark.parametrize("most", [0, 40])
def test_an_answer_of_more_entities_than_are_allowed_is_refused(shared, recorded, most):
    call = next(one for one in recorded if one.account == "anon" and "INCLUDE" in one.query)
    world = IcatWorld(recorded_catalogue(shared), max_entities=most)
    assert world.answer(call.query)[0] == 400
    world.max_entities = 10_000
    assert world.answer(call.query)[0] == 200
