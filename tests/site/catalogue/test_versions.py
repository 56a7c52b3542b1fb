"""A new version of a data collection is one step, and the DOIs of all versions find each other up to DataCite."""

from datetime import UTC, datetime

import httpx2 as httpx
import pytest

from panfair.site.catalogue.doi.wanted import wanted_dois
from panfair.site.registrar.datacite import Datacite
from panfair.site.registrar.page import Pages
from panfair.site.registrar.settings import RegistrarTable
from panfair.site.registrar.sync import Registrar
from panfair.site.registrar.table import Table
from panfair.site.serve.app import create_app
from panfair.site.state.layout import LEDGER
from panfair.site.state.ledger import Ledger
from panfair.site.state.wanted_dois import wanted_dois as wanted_of_site
from support.catalogue.facility import a_facility, served
from support.core_and_site import core_and_site
from support.servers.doi_registry import Registry, serving_registry
from support.serving import a_free_port, serving

_NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def _call(url, facility, name, path, **body):
    headers = {"Authorization": f"Bearer {facility.session(name)}"}
    return httpx.post(f"{url}{path}", json=body, headers=headers)


def _minted(url, facility, title="Foam, all of it"):
    answer = httpx.post(
        f"{url}/doi/{facility.session('dee')}/mint",
        json={
            "title": title,
            "abstract": "How foam drains, in three dimensions.",
            "datasetIdList": [facility.rows.open_raw],
            "authors": [{"name": "Testa", "surname": "Madeup"}],
            "keywords": ["foam"],
        },
    )
    return answer.json()["message"]


def _number(facility, doi):
    with facility.core.store.writing() as writer:
        return writer.public_thing(doi)[1]


@pytest.fixture(scope="module")
def core(tmp_path_factory):
    facility = a_facility(tmp_path_factory.mktemp("core"))
    with served(facility.app) as url:
        yield facility, url
    facility.core.store.close()


def _said(url, doi):
    return httpx.get(f"{url}/doi/{doi}/json-datacite").json()


def test_a_new_version_names_the_one_before_and_what_stands_for_all_and_keeps_what_is_not_given(core):
    facility, url = core
    first = _minted(url, facility)
    second = _call(url, facility, "dee", "/panfair/new-version", dataCollectionId=_number(facility, first)).json()
    told = _said(url, second["message"])
    relations = {one["relationType"]: one["relatedIdentifier"] for one in told["relatedIdentifiers"]}
    assert told["version"] == "2" and relations["IsNewVersionOf"] == first
    assert told["titles"]["title"] == "Foam, all of it" and told["creators"] == [{"name": "Testa Madeup"}]
    older = _said(url, first)
    assert older["version"] == "1"
    assert [one["relationType"] for one in older["relatedIdentifiers"]] == ["IsVersionOf"]
    assert older["relatedIdentifiers"][0]["relatedIdentifier"] == relations["IsVersionOf"]
    newest = _number(facility, second["message"])
    third = _call(url, facility, "dee", "/panfair/new-version", dataCollectionId=newest, title="Other foam").json()
    told = _said(url, third["message"])
    assert (told["version"], told["titles"]["title"]) == ("3", "Other foam")
    assert relations["IsVersionOf"] in {one["relatedIdentifier"] for one in told["relatedIdentifiers"]}


def test_only_the_newest_version_gets_the_next_and_a_withdrawn_one_gets_none(core):
    facility, url = core
    first = _number(facility, _minted(url, facility))
    second = _number(
        facility, _call(url, facility, "dee", "/panfair/new-version", dataCollectionId=first).json()["message"]
    )
    again = _call(url, facility, "dee", "/panfair/new-version", dataCollectionId=first)
    assert (again.status_code, again.json()["code"]) == (400, "OBJECT_ALREADY_EXISTS")
    with facility.core.store.writing() as writer:
        writer.withdraw("data_publication", second, "a mistake", facility.clock.now)
    assert _call(url, facility, "dee", "/panfair/new-version", dataCollectionId=second).status_code == 400


@pytest.mark.parametrize("day", ["2999-01-01", None])
def test_a_collection_whose_day_has_not_come_gets_no_newer_version_that_would_publish_its_words(core, day):
    facility, url = core
    first = _minted(url, facility, "Quokkasalt, not yet")
    number = _number(facility, first)
    with facility.core.store.writing() as writer:
        writer._db.execute("UPDATE data_publication SET publication_date = ? WHERE id = ?", (day, number))
    answer = _call(url, facility, "dee", "/panfair/new-version", dataCollectionId=number)
    assert answer.status_code == 400 and "Quokkasalt" not in answer.text


def test_who_may_not_mint_makes_no_version_and_nothing_is_left_of_the_attempt(core):
    facility, url = core
    first = _number(facility, _minted(url, facility))
    before = len(facility.core.store.dois(facility.core.today))
    assert _call(url, facility, "eve", "/panfair/new-version", dataCollectionId=first).status_code in (403, 404)
    assert httpx.post(f"{url}/panfair/new-version", json={"dataCollectionId": first}).status_code == 403
    assert len(facility.core.store.dois(facility.core.today)) == before


def test_all_versions_and_the_doi_that_stands_for_them_are_registered(tmp_path, monkeypatch):
    registry = Registry()
    with serving_registry(registry) as datacite, core_and_site(tmp_path, _NOW) as both:
        port = a_free_port()
        both.path.write_text(both.path.read_text().replace("https://data.example.org", f"http://127.0.0.1:{port}"))
        first = _minted(both.url, both.facility)
        answer = _call(
            both.url, both.facility, "dee", "/panfair/new-version", dataCollectionId=_number(both.facility, first)
        )
        second = answer.json()["message"]
        report = both.publish()
        assert report.all_well, list(report.lines())
        table = RegistrarTable(account=registry.account, prefix="10.5072", url=datacite, requests=3000)
        with (
            serving(create_app(both.config), port) as url,
            Table(tmp_path / "t.sqlite") as known,
            Datacite(table, registry.password, "", lambda seconds: None) as api,
            Pages() as pages,
        ):
            core = both.facility.core
            settings = core.settings.model_copy(update={"registrar": table, "portal_url": url})
            wanted = wanted_dois(core.store, settings, core.today)
            ledger = Ledger.open(both.config.state / LEDGER)
            of_site = {one.doi.key: one.aim for one in wanted_of_site(ledger, table, both.config.portal)}
            ledger.close()
            result = Registrar(api, pages, known).sync(wanted)
            assert not result.failed and not result.unready, list(result.lines())
        relations = {
            (one["relationType"], one["relatedIdentifier"].lower())
            for one in registry.dois[first.lower()]["relatedIdentifiers"]
        }
        (concept,) = [doi for relation, doi in relations if relation == "IsVersionOf"]
        assert ("IsPreviousVersionOf", second.lower()) in relations
        assert registry.state(concept) == "findable" and of_site[concept] == "findable"
        assert registry.dois[concept]["url"] == f"http://127.0.0.1:{port}/doi/{concept}/"
        parts = {one["relatedIdentifier"].lower() for one in registry.dois[concept]["relatedIdentifiers"]}
        assert parts == {first.lower(), second.lower()}
        assert set(of_site) == {one.doi.key for one in wanted if one.aim == "findable"}
        assert b"MA-2" not in bytes(registry.words), "a title of the session under embargo"
