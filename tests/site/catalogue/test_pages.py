"""Pages for closed data show their team everything, others nothing, and change nothing without the form's token."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from urllib.parse import quote

import httpx2 as httpx
import pytest
from html5lib import HTMLParser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panfair.site.catalogue.store.entries import FundingEntry, InvestigationEntry, WorkEntry
from support.catalogue.facility import PASSWORD, PEOPLE, a_facility, served


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    facility = a_facility(tmp_path_factory.mktemp("core"))
    with served(facility.app) as url:
        yield facility, url
    facility.core.store.close()


@contextmanager
def _browser(world, name: str | None = None) -> Iterator[httpx.Client]:
    """A browser, signed in by the form when a name is given."""
    with httpx.Client(base_url=world[1], follow_redirects=True) as client:
        if name:
            answer = client.post("/sign-in", data={"name": name, "password": PASSWORD})
            assert answer.status_code == 200 and answer.url.path == "/my"
        yield client


def _token(text: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', text)
    return found[1] if found else ""


@pytest.mark.parametrize("path", ["/", "/my", "/my/session/1", "/my/dataset/1", "/my/file/1"])
def test_who_is_not_signed_in_is_led_to_the_form(world, path):
    with _browser(world) as client:
        answer = client.get(path)
        assert answer.url.path == "/sign-in" and answer.status_code == 200


def test_a_member_sees_their_session_marked_with_its_day(world):
    facility, _ = world
    with _browser(world, "ada") as client:
        assert "not public until 1 January 2027" in client.get("/my").text
        page = client.get(f"/my/session/{facility.rows.closed}")
        assert "Drainage of foam, MA-2" in page.text and "not public until 1 January 2027" in page.text
        assert "Change the release date" not in page.text
        dataset = client.get(f"/my/dataset/{facility.rows.closed_raw}").text
        assert (
            "Small-angle X-ray scattering" in dataset and "12.400 keV" in dataset and "/data/visitor/closed" in dataset
        )
        file = re.search(r'href="(/my/file/\d+)"', dataset)[1]
        assert client.get(file).content == b"closed bytes"


def test_who_has_many_sessions_finds_those_that_are_not_public_yet_first(tmp_path):
    facility = a_facility(tmp_path)
    dee = facility.rows.users["dee"]
    with facility.core.store.writing() as writer:
        for number in range(45):
            opens = date(2025, 1, 1) if number < 25 else date(2026, 4, 1) + timedelta(days=number)
            entry = InvestigationEntry(
                facility="EPS", name=f"QQ-{number}", visit_id="1", title=f"Foam {number:02}", release_date=opens
            )
            writer.put_investigation(entry, facility.clock.now)
        writer.withdraw("investigation", facility.rows.open, "wrong sample", facility.clock.now, dee)
    with served(facility.app) as url:
        with _browser((facility, url), "dee") as client:
            first = client.get("/my").text
            assert re.findall(r"<h2[^>]*>(\w[\w ]*) <small[^>]*>(\d+)<", first) == [
                ("Not public yet", "21"), ("Public", "25"), ("Withdrawn", "1")]  # fmt: skip
            titles = re.findall(r"Foam (\d\d)<", first)
            assert titles[:20] == [str(number) for number in range(25, 45)]  # the next to open first
            rest = re.search(r'href="(/my\?state=embargoed[^"]*)"', first)[1]
            assert len(re.findall("<h3>", client.get(rest.replace("&amp;", "&")).text)) == 21
            assert re.findall(r"Foam (\d\d)<", client.get("/my", params={"q": "qq-7"}).text) == ["07"]
            assert "No session of yours" in client.get("/my", params={"q": "' OR 1=1 --"}).text
            assert client.get("/my", params={"state": "x", "skip": "0"}).status_code == 200
        with _browser((facility, url), "eve") as client:
            assert "Foam" not in client.get("/my", params={"q": "foam"}).text
    facility.core.store.close()


@pytest.mark.parametrize(
    ("name", "sees"), [("ada", True), ("cho", True), ("dee", True), ("ben", False), ("eve", False), ("lis", False)]
)
def test_only_the_team_sees_a_closed_session(world, name, sees):
    rows = world[0].rows
    with _browser(world, name) as client:
        for path in (f"/my/session/{rows.closed}", f"/my/dataset/{rows.closed_raw}"):
            answer = client.get(path)
            assert answer.status_code == (200 if sees else 404)
            assert ("MA-2" in answer.text) == sees


def test_another_teams_row_is_answered_as_one_that_does_not_exist(world):
    with _browser(world, "ben") as client:
        theirs, nobodys = (client.get(f"/my/dataset/{row}") for row in (world[0].rows.closed_raw, 987_654))
        strip = lambda text: re.sub(r"987654|\b\d+\b", "", text)  # noqa: E731
        assert theirs.status_code == nobodys.status_code == 404
        assert strip(theirs.text) == strip(nobodys.text)


def test_closed_pages_are_never_kept_and_keep_to_themselves(world):
    with _browser(world, "ada") as client:
        answer = client.get(f"/my/session/{world[0].rows.closed}")
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert 'name="robots" content="noindex' in answer.text
        cookie = next(iter(client.cookies.jar))
        assert cookie.has_nonstandard_attr("HttpOnly")


def test_a_curator_moves_a_date_reserves_mints_and_withdraws(tmp_path):
    facility = a_facility(tmp_path)
    with served(facility.app) as url, _browser((facility, url), "dee") as client:
        page = f"/my/session/{facility.rows.closed}"
        token = _token(client.get(page).text)
        answer = client.post(f"{page}/release", data={"form_token": token, "day": "2028-02-03"})
        assert "not public until 3 February 2028" in answer.text and "The release date was changed." in answer.text
        past = client.post(f"{page}/release", data={"form_token": token, "day": "2020-01-01"})
        assert past.status_code == 400 and "in the past" in past.text
        answer = client.post(f"{page}/withdraw", data={"form_token": token, "reason": "a <b>made-up</b> reason"})
        assert "withdrawn on 1 March 2026" in answer.text and "a &lt;b&gt;made-up&lt;/b&gt; reason" in answer.text
        assert "Change the release date" not in answer.text
    facility.core.store.close()


@pytest.mark.parametrize("action", ["release", "doi", "withdraw"])
def test_a_form_without_its_token_changes_nothing(world, action):
    facility, _ = world
    values = {"day": "2030-01-01", "state": "minted", "reason": "because"}
    with _browser(world, "dee") as client:
        path = f"/my/session/{facility.rows.closed}/{action}"
        for token in ("", "wrong", "é" * 50):
            assert client.post(path, data=values | {"form_token": token}).status_code == 403
        right = _token(client.get(f"/my/session/{facility.rows.closed}").text)
        from_elsewhere = client.post(
            path, data=values | {"form_token": right}, headers={"Origin": "https://evil.example"}
        )
        assert from_elsewhere.status_code == 403
        assert "not public until 1 January 2027" in client.get(f"/my/session/{facility.rows.closed}").text


@pytest.mark.parametrize("name", [name for name in PEOPLE if name != "dee"])
def test_only_a_curator_may_decide(world, name):
    facility, _ = world
    with _browser(world, name) as client:
        token = _token(client.get("/my").text)
        answer = client.post(
            f"/my/session/{facility.rows.closed}/release", data={"form_token": token, "day": "2030-01-01"}
        )
        assert answer.status_code in {403, 404}


def test_a_wrong_password_says_no_more_than_that(world):
    with _browser(world) as client:
        texts = {
            client.post("/sign-in", data={"name": name, "password": "wrong password"}).text
            for name in ("ada", "nobody")
        }
        assert len(texts) == 1 and "The name or the password is wrong." in texts.pop()


def test_signing_out_ends_the_session(world):
    with _browser(world, "ada") as client:
        token = _token(client.get("/my").text)
        assert client.post("/sign-out", data={"form_token": token}).url.path == "/sign-in"
        assert client.get("/my").url.path == "/sign-in"


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(st.text(max_size=30), st.integers().map(str)), st.text(max_size=10))
def test_rubbish_in_an_address_is_never_an_error_of_ours(world, number, skip):
    with _browser(world) as client:
        client.cookies.set("panfair", world[0].session("dee"))
        for kind in ("session", "dataset", "file"):
            answer = client.get(f"/my/{kind}/{quote(number, safe='')}", params={"skip": skip})
            assert answer.status_code < 500


@pytest.mark.parametrize("path", ["/sign-in", "/my", "/my/session/2", "/my/dataset/4", "/my/session/999"])
def test_every_page_is_html_that_a_strict_parser_takes(world, path):
    with _browser(world, None if path == "/sign-in" else "dee") as client:
        HTMLParser(strict=True).parse(client.get(path).text)


def test_an_instruments_scientist_finds_its_sessions_and_nobody_elses(world):
    with _browser(world, "cho") as client:
        page = client.get("/my").text
        assert 'href="/my/instruments"' in page and "MA-2" in page and "MA-1" not in page
        page = client.get("/my/instruments").text
        assert "SAXS" in page and "ID01" not in page and "not-public" not in page
        address = re.search(r'href="(/my\?instrument=ID02&amp;state=embargoed)"', page)[1].replace("&amp;", "&")
        assert "MA-2" in client.get(address).text
        assert "MA-2" not in client.get("/my?instrument=ID01").text
        assert "No session of yours has these words" in client.get("/my?instrument=ID02&q=nothing-like-it").text
    with _browser(world, "ben") as client:
        assert 'href="/my/instruments"' not in client.get("/my").text
        assert "You look after no instrument." in client.get("/my/instruments").text


def test_a_session_shows_who_paid_and_what_was_written(tmp_path):
    facility = a_facility(tmp_path)
    entry = InvestigationEntry(
        facility="EPS",
        name="MA-3",
        visit_id="1",
        title="Paid for",
        members=({"user": "ada", "role": "Principal investigator"},),
        keywords=("foam", "drainage"),
        funding=(FundingEntry(funder="Example Fund", award_number="EX-1"),),
        works=(
            WorkEntry(relation="IsSupplementTo", pid="DOI:10.99999/paper", citation="Madeup, T. (2025). Foam."),
            WorkEntry(relation="IsCitedBy", url="javascript:alert(1)", title="Not a link"),
        ),
    )
    with facility.core.store.writing() as writer:
        row = writer.put_investigation(entry, facility.clock.now).id
    with served(facility.app) as url, _browser((facility, url), "ada") as client:
        page = client.get(f"/my/session/{row}").text
    assert "Example Fund, EX-1" in page and "Keywords: foam, drainage" in page
    assert 'href="https://doi.org/10.99999/paper"' in page and "Madeup, T. (2025). Foam." in page
    assert "Not a link" in page and "javascript:" not in page
    facility.core.store.close()
