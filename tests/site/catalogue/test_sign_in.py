"""Signing in to the live core: passwords, sessions, patience, logs without secrets, cookies and forms."""

import hashlib
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import Request
from fastapi.responses import JSONResponse, Response
from starlette.testclient import TestClient

from panfair.site.catalogue.accounts.sign_in import hash_password
from panfair.site.catalogue.errors import Invalid, NoSession, TooManyFailures
from panfair.site.catalogue.pages import forms
from support.catalogue.facility import PASSWORD, a_facility, served


@pytest.fixture
def facility(tmp_path):
    facility = a_facility(tmp_path)
    yield facility
    facility.core.store.close()


@pytest.fixture
def client(facility):
    return TestClient(facility.app, base_url="http://127.0.0.1:8090")


def sign_in(client, name="ada", password=PASSWORD):
    return client.post("/session", json={"username": name, "password": password, "plugin": "db"})


def test_a_wrong_password_and_an_unknown_account_are_told_alike(client):
    wrong, unknown = sign_in(client, password="x" * 20), sign_in(client, name="nobody")
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.status_code == 403 and wrong.json()["code"] == "SESSION"


def test_the_sixth_failure_in_a_row_must_wait_even_with_the_right_password(facility, client):
    for _ in range(5):
        assert sign_in(client, password="wrong").status_code == 403
    assert sign_in(client).status_code == 429
    assert sign_in(client, name="ben").status_code == 200, "another account at the same address is not shut out"
    facility.clock.wait(minutes=16)
    assert sign_in(client).status_code == 200


def test_guessing_over_many_accounts_from_one_address_is_stopped(client):
    answers = [sign_in(client, name=f"guess{number}", password="wrong").status_code for number in range(51)]
    assert answers[:50] == [403] * 50 and answers[50] == 429


def test_guesses_that_come_all_at_once_are_counted_too(facility):
    def guess(number):
        try:
            facility.core.sign_in.by_password("ada", f"guess {number}", "192.0.2.7")
        except NoSession as refused:
            return type(refused)
        return None

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(guess, range(20)))
    assert answers.count(NoSession) == 5 and answers.count(TooManyFailures) == 15


def test_one_ipv6_network_is_one_client(facility):
    for number in range(5):
        with pytest.raises(NoSession):
            facility.core.sign_in.by_password("ada", "wrong", f"2001:db8::{number}")
    with pytest.raises(TooManyFailures):
        facility.core.sign_in.by_password("ada", PASSWORD, "2001:db8::ffff:1")
    assert facility.core.sign_in.by_password("ada", PASSWORD, "2001:db8:1::1").identity.name == "ada"


def test_signing_in_well_is_no_failure(client):
    assert [sign_in(client).status_code for _ in range(8)] == [200] * 8


def test_a_session_ends_when_its_time_is_over(facility, client):
    session = sign_in(client).json()["sessionId"]
    facility.clock.wait(minutes=119)
    assert client.get(f"/session/{session}").json()["remainingMinutes"] == 1
    facility.clock.wait(minutes=1)
    assert client.get(f"/session/{session}").status_code == 403
    assert client.get(f"/catalogue/{session}/investigation").status_code == 403


def test_a_disabled_account_and_a_new_password_end_all_its_sessions(facility, client):
    one, other = sign_in(client).json()["sessionId"], sign_in(client, name="ben").json()["sessionId"]
    with facility.core.store.accounts() as accounts:
        accounts.set_right("ada", "disabled", True)
        accounts.set_password("ben", hash_password("another long password"))
    assert {client.get(f"/session/{session}").status_code for session in (one, other)} == {403}
    assert sign_in(client).status_code == 403
    assert sign_in(client, name="ben").status_code == 403


def test_a_right_that_is_taken_away_is_gone_at_once(facility, client):
    headers = {"Authorization": f"Bearer {sign_in(client, name='dee').json()['sessionId']}"}
    assert len(client.get("/catalogue/datasets", headers=headers).json()) == 5
    with facility.core.store.accounts() as accounts:
        accounts.set_right("dee", "administrator", False)
    assert len(client.get("/catalogue/datasets", headers=headers).json()) == 2


def test_the_database_holds_neither_a_password_nor_a_session_id(facility, client, tmp_path):
    session = sign_in(client).json()["sessionId"]
    with sqlite3.connect(tmp_path / "core.sqlite") as db:
        everything = "\n".join(db.iterdump())
    db.close()
    assert PASSWORD not in everything and session not in everything
    assert "$argon2id$" in everything
    assert hashlib.sha256(session.encode()).hexdigest().upper() in everything.upper()


@pytest.mark.parametrize("password", ["", "short", "x" * 11, "x" * 1025])
def test_a_password_that_is_too_short_or_too_long_is_not_taken(password):
    with pytest.raises(Invalid, match="12 to 1024"):
        hash_password(password)


def test_no_session_id_password_or_query_reaches_a_log(tmp_path, caplog):
    import httpx2

    facility = a_facility(tmp_path)
    with caplog.at_level(logging.DEBUG), served(facility.app) as address:
        caplog.clear()
        session = httpx2.post(f"{address}/session", json={"username": "ada", "password": PASSWORD}).json()["sessionId"]
        httpx2.get(f"{address}/catalogue/{session}/investigation", params={"search": "Zebrafish"})
        httpx2.get(f"{address}/catalogue/datasets", headers={"Authorization": f"Bearer {session}"})
        httpx2.get(f"{address}/h5grove/data?sessionId={session}&path=/entry")
        httpx2.get(f"{address}/nowhere/{session}/at/all")
        httpx2.delete(f"{address}/session/{session}")
    ours = "\n".join(one.getMessage() for one in caplog.records if not one.name.startswith(("httpx", "httpcore")))
    assert "GET /catalogue/{sessionId}/investigation 200" in ours
    assert "GET no such route 404" in ours
    for secret in (session, PASSWORD, "Zebrafish"):
        assert secret not in ours


@pytest.fixture
def pages(facility, client):
    """Two pages as the core's own are made: one signs in by cookie, one takes a form."""

    @facility.app.post("/page/sign-in")
    def sign_in_page(request: Request) -> Response:
        forms.check_origin(request)
        answer = Response()
        core = facility.core
        forms.remember(answer, core, core.sign_in.for_user(facility.rows.users["ada"]))
        return answer

    @facility.app.get("/page/form")
    def form_page(request: Request) -> JSONResponse:
        signed = forms.signed_in(request)
        return JSONResponse({"token": signed.csrf if signed else None})

    @facility.app.post("/page/form")
    def take_form(request: Request, token: str | None = None) -> JSONResponse:
        return JSONResponse({"by": forms.check_form(request, token).identity.name})

    return client


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(facility, pages, tmp_path):
    cookie = pages.post("/page/sign-in").headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie
    secure = a_facility(tmp_path / "secure", secure_cookies=True)
    answer = Response()
    forms.remember(answer, secure.core, secure.core.sign_in.for_user(1))
    assert answer.headers["set-cookie"].startswith("__Host-panfair=") and "Secure" in answer.headers["set-cookie"]
    secure.core.store.close()


def test_a_form_is_taken_with_the_sessions_own_token_only(facility, pages):
    pages.post("/page/sign-in")
    token = pages.get("/page/form").json()["token"]
    assert pages.post("/page/form", params={"token": token}).json() == {"by": "ada"}
    other = facility.core.sign_in.for_user(facility.rows.users["ada"]).csrf
    for wrong in (None, "", "x", other, token[:-1], "é"):
        asked = {} if wrong is None else {"token": wrong}
        assert pages.post("/page/form", params=asked).status_code == 403
    foreign = pages.post("/page/form", params={"token": token}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert pages.post("/page/sign-in", headers={"Origin": "null"}).status_code == 403


def test_a_cookie_alone_counts_for_nothing_in_the_api(facility, pages):
    pages.post("/page/sign-in")
    assert len(pages.get("/catalogue/datasets").json()) == 2
    address = f"/catalogue/investigations/{facility.rows.closed}/release-date"
    assert pages.post(address, json={"releaseDate": "2026-04-01"}).status_code == 403
