"""A curator sees what will be registered before a DOI is minted, and done is said only when DataCite says so."""

import re
from datetime import UTC, date, datetime

import httpx2 as httpx
import pytest
from html5lib import HTMLParser

from panfair.site.catalogue.store.entries import InvestigationEntry
from support.catalogue.facility import PASSWORD, a_facility, served
from support.servers.doi_registry import Registry, serving_registry
from support.servers.public_pages import serving_pages


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A core with a registrar, and what is around it; `session` makes a new session without a DOI."""
    registry = Registry()
    with serving_registry(registry) as datacite, serving_pages() as pages, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATACITE_PASSWORD", registry.password)
        registrar = {"account": registry.account, "prefix": "10.5072", "url": datacite, "requests": 3000}
        facility = a_facility(tmp_path_factory.mktemp("core"), portal_url=pages.url, registrar=registrar)
        with served(facility.app) as url, httpx.Client(base_url=url, follow_redirects=True) as dee:
            dee.post("/sign-in", data={"name": "dee", "password": PASSWORD})
            yield facility, registry, pages, dee
        facility.core.store.close()


def _session(facility, number, opens=date(2026, 1, 1)):
    entry = InvestigationEntry(
        facility="EPS", name=f"MA-{number}", visit_id="1", title=f"Vorpal foam {number}", release_date=opens,
        start=datetime(2025, 5, 1, tzinfo=UTC), instruments=("ID01",),
    )  # fmt: skip
    with facility.core.store.writing() as writer:
        return writer.put_investigation(entry, facility.clock.now).id


def _send(client, row, action, **values):
    token = re.search(r'name="form_token" value="([^"]+)"', client.get(f"/my/session/{row}").text)[1]
    return client.post(f"/my/session/{row}/{action}", data=values | {"form_token": token})


def _doi(facility, row):
    with facility.core.store.writing() as writer:
        return writer._there("investigation", row)["doi"]


def test_minting_is_confirmed_with_the_metadata_in_sight_and_sends_the_doi_alone(world):
    facility, registry, _pages, dee = world
    row = _session(facility, 11)
    asked = _send(dee, row, "doi", state="minted")
    assert asked.url.path == f"/my/session/{row}/mint" and _doi(facility, row) is None, "nobody confirmed"
    assert (
        "Vorpal foam 11" in asked.text and "What will be registered" in asked.text and "publicationYear" in asked.text
    )
    HTMLParser(strict=True).parse(asked.text)
    HTMLParser(strict=True).parse(dee.get("/my").text)
    done = _send(dee, row, "doi", state="minted", confirmed="yes")
    doi = _doi(facility, row).lower()
    assert registry.state(doi) == "draft" and "is reserved at DataCite" in done.text
    assert "leads to its public page" not in done.text
    assert b"Vorpal" not in bytes(registry.words)
    assert "reserved, not registered yet" in done.text and "its page does not stand yet" in done.text
    assert _send(dee, row, "doi", state="minted", confirmed="yes").status_code == 400
    assert dee.get(f"/my/session/{row}/mint").status_code == 400


def test_where_the_page_stands_already_minting_says_that_the_doi_is_registered(world):
    facility, registry, pages, dee = world
    row = _session(facility, 12)
    _send(dee, row, "doi", state="reserved")
    assert registry.state(_doi(facility, row)) == "draft"
    pages.open(_doi(facility, row))
    done = _send(dee, row, "doi", state="minted", confirmed="yes")
    assert "is registered at DataCite and leads to its public page" in done.text
    assert registry.state(_doi(facility, row)) == "findable"
    assert "registered and to be found" in dee.get(f"/my/session/{row}").text


def test_datacite_away_takes_nothing_back_and_is_told(world):
    facility, registry, _pages, dee = world
    row = _session(facility, 13)
    registry.troubles = [503]
    done = _send(dee, row, "doi", state="minted", confirmed="yes")
    assert "DataCite could not be told yet" in done.text and _doi(facility, row)
    assert registry.state(_doi(facility, row)) is None


def test_what_is_missing_by_the_schema_is_told_before(world):
    facility, _registry, _pages, dee = world
    row = _session(facility, 14, opens=None)
    assert "it has no release date, so it never becomes public" in dee.get(f"/my/session/{row}/mint").text
    assert "Missing for DataCite" not in dee.get(f"/my/session/{_session(facility, 15)}/mint").text


def test_only_a_curator_sees_what_would_be_minted(world):
    facility, _registry, _pages, dee = world
    row = facility.rows.closed
    with httpx.Client(base_url=dee.base_url, follow_redirects=True) as ada:
        ada.post("/sign-in", data={"name": "ada", "password": PASSWORD})
        assert ada.get(f"/my/session/{row}/mint").status_code == 403
        assert ada.get(f"/my/session/{facility.rows.open}/mint").status_code == 404


def test_a_mistake_is_told_at_its_field_and_what_was_typed_stays(world):
    facility, _registry, _pages, dee = world
    row = _session(facility, 16)
    wrong = _send(dee, row, "withdraw", reason="the sample was another one", replaced_by="no doi")
    assert wrong.status_code == 400 and 'id="replaced_by-wrong"' in wrong.text
    assert "the sample was another one</textarea>" in wrong.text and 'value="no doi"' in wrong.text
    past = _send(dee, row, "release", day="2020-01-01")
    assert past.status_code == 400 and 'id="day-wrong"' in past.text and 'value="2020-01-01"' in past.text


def test_after_a_decision_the_page_says_when_the_public_site_follows(world):
    facility, _registry, pages, dee = world
    moved = _send(dee, _session(facility, 17), "release", day="2026-05-01")
    assert f'The public site follows at its next run: <a href="{pages.url}/">' in moved.text


def test_of_a_session_that_was_never_open_the_reason_of_a_withdrawal_stays_inside(world):
    facility, _registry, _pages, dee = world
    never, open_one = (dee.get(f"/my/session/{row}").text for row in (facility.rows.closed, facility.rows.open))
    assert "the reason stays inside" in never and "the reason stays inside" not in open_one


def test_a_core_without_a_registrar_says_that_it_registers_nothing(tmp_path):
    facility = a_facility(tmp_path)
    row = _session(facility, 18)
    with served(facility.app) as url, httpx.Client(base_url=url, follow_redirects=True) as dee:
        dee.post("/sign-in", data={"name": "dee", "password": PASSWORD})
        assert "This core registers no DOIs" in dee.get(f"/my/session/{row}/mint").text
        done = _send(dee, row, "doi", state="minted", confirmed="yes")
        assert "Registering it at DataCite is not done from here" in done.text
    facility.core.store.close()


def test_several_sessions_get_their_release_date_together_or_none_of_them(world):
    facility, _registry, pages, dee = world
    rows = [_session(facility, number, opens=date(2027, 1, 1)) for number in (21, 22)]
    token = re.search(r'name="form_token" value="([^"]+)"', dee.get("/my").text)[1]

    def sent(day, chosen):
        return dee.post("/my/release", data={"form_token": token, "day": day, "chosen": list(map(str, chosen))})

    def days():
        with facility.core.store.writing() as writer:
            return {writer._there("investigation", row)["release_date"] for row in rows}

    past = sent("2020-01-01", rows)
    assert past.status_code == 400 and "in the past" in past.text and 'value="2020-01-01"' in past.text
    assert len(re.findall(r" checked>", past.text)) == 2 and days() == {"2027-01-01"}
    assert "Choose a session first" in sent("2028-01-01", []).text
    assert sent("2028-01-01", [*rows, 987_654]).status_code == 404 and days() == {"2027-01-01"}
    moved = sent("2028-01-01", rows)
    assert (
        f'The release dates were changed. The public site follows at its next run: <a href="{pages.url}/">'
        in moved.text
    )
    assert days() == {"2028-01-01"}


def test_only_a_curator_is_offered_to_choose_sessions(world):
    _facility, _registry, _pages, dee = world
    with httpx.Client(base_url=dee.base_url, follow_redirects=True) as ada:
        page = ada.post("/sign-in", data={"name": "ada", "password": PASSWORD}).text
        assert 'name="chosen"' not in page and 'name="chosen"' in dee.get("/my").text
