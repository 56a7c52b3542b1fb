"""Tests of OAI-PMH over a published site: what foreign clients harvest, run after run, is what the ledger holds."""

import gzip
from contextlib import closing
from datetime import date, timedelta

import orjson
from lxml import etree
from oaipmh_scythe import Scythe
from sickle import Sickle
from sickle.oaiexceptions import NoRecordsMatch

from panfair.builders.oai.envelope import identifier_of
from panfair.site.check.output import check
from panfair.site.oai.provider import OaiProvider
from panfair.site.state.layout import LEDGER
from panfair.site.state.ledger import Ledger
from support.records import PORTAL
from support.servers.oai import served
from support.site_run import SiteRun, numbered

FIRST = date(2026, 10, 1)


def _provider(site: SiteRun) -> OaiProvider:
    return OaiProvider(
        site.output / "oai.sqlite",
        base_url=PORTAL.base_url,
        repository_name=PORTAL.title,
        admin_email=PORTAL.contact,
        secret=b"s" * 32,
        page_size=3,
    )


def _in_ledger(site: SiteRun) -> dict[str, bool]:
    """Every record that was ever open, with whether it is not any more."""
    with closing(Ledger.open(site.config.state / LEDGER)) as ledger:
        return {identifier_of(PORTAL.host, row.key): row.state != "open" for row in ledger.rows() if row.listed}


def test_what_clients_harvest_over_weeks_is_what_the_ledger_holds(tmp_path):
    site = SiteRun(tmp_path)
    opens = {number: date(2026, 1, 1) for number in range(8)} | {8: FIRST + timedelta(7), 9: FIRST + timedelta(8)}
    titles = {number: f"Drainage of foam number{number}" for number in range(10)}
    gone: set[int] = set()
    copy: dict[str, str | None] = {}
    since: date | None = None
    weeks = [
        lambda: None,
        lambda: titles.update({2: "Drainage of foam number2, corrected"}),
        lambda: gone.add(5),
        lambda: (gone.discard(5), gone.add(8), titles.update({0: "Drainage of foam number0, again"})),
        lambda: None,
    ]
    with served(_provider(site)) as endpoint:
        for week, change in enumerate(weeks):
            change()
            site.put(
                *(
                    numbered(number, title=titles[number], release_date=opens[number])
                    for number in range(10)
                    if number not in gone
                )
            )
            today = FIRST + timedelta(7 * week)
            site.publish(on=today, accept_shrink=True)
            arguments = {"metadataPrefix": "oai_dc"} | ({"from": since.isoformat()} if since else {})
            try:
                for record in Sickle(endpoint).ListRecords(**arguments):
                    name = record.header.identifier
                    copy[name] = None if record.deleted else record.metadata["title"][0]
            except NoRecordsMatch:
                assert week == 4
            since = today
            ledger = _in_ledger(site)
            assert {name: title is None for name, title in copy.items()} == ledger
            with Scythe(endpoint) as scythe:
                listed = {header.identifier: header.deleted for header in scythe.list_identifiers()}
            assert listed == ledger
    assert copy[identifier_of(PORTAL.host, "10.99999/example-2")] == "Drainage of foam number2, corrected"
    assert copy[identifier_of(PORTAL.host, "10.99999/example-8")] is None
    assert copy[identifier_of(PORTAL.host, "10.99999/example-5")] is not None
    assert len(copy) == 10


def test_embargoed_record_is_in_no_answer_before_its_day(tmp_path):
    site = SiteRun(tmp_path)
    site.put(numbered(1), numbered(2, title="Zebrafish larva", release_date=FIRST + timedelta(1)))
    site.publish(on=FIRST)
    provider = _provider(site)
    hidden = identifier_of(PORTAL.host, "10.99999/example-2")
    with served(provider) as endpoint:
        sickle = Sickle(endpoint)
        assert [header.identifier for header in sickle.ListIdentifiers(metadataPrefix="oai_dc")] == [
            identifier_of(PORTAL.host, "10.99999/example-1")
        ]
        site.publish(on=FIRST + timedelta(1))
        late = list(sickle.ListIdentifiers(metadataPrefix="oai_dc", **{"from": "2026-10-02"}))
        assert [header.identifier for header in late] == [hidden]


def test_record_that_closes_again_is_deleted_for_harvesters_even_in_a_store_made_anew(tmp_path):
    site = SiteRun(tmp_path)
    site.put(numbered(1), numbered(2))
    site.publish(on=FIRST)
    site.put(numbered(1), numbered(2, release_date=date(2031, 1, 1)))
    site.publish(on=FIRST + timedelta(1), accept_shrink=True)
    for anew in (False, True):
        if anew:
            (site.output / "manifest.json").unlink()
            site.publish(on=FIRST + timedelta(2), accept_shrink=True)
        with served(_provider(site)) as endpoint:
            headers = {one.identifier: one for one in Sickle(endpoint).ListIdentifiers(metadataPrefix="oai_datacite")}
        closed = headers[identifier_of(PORTAL.host, "10.99999/example-2")]
        assert closed.deleted
        assert "openaire_data" in closed.setSpecs
        assert len(headers) == 2


def test_published_site_can_be_harvested_by_its_files_alone(tmp_path):
    site = SiteRun(tmp_path, run='[harvest]\nformats = ["oai_dc"]')
    site.put(*(numbered(number) for number in range(4)))
    site.publish(on=FIRST)
    www = site.output / "www"
    index = orjson.loads((www / "harvest" / "index.json").read_bytes())
    (entry,) = index["formats"][0]["files"]
    root = etree.fromstring(gzip.decompress((www / entry["url"].removeprefix(f"{PORTAL.base_url}/")).read_bytes()))
    assert [one.text for one in root.iter("{*}identifier") if one.text in _in_ledger(site)] == sorted(_in_ledger(site))
    about = (www / "about" / "oai" / "index.html").read_text()
    assert "/harvest/index.json" in about
    assert "4 records" in about
    changes = etree.parse(www / "resourcesync" / "changelist.xml")
    for loc in changes.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc"):
        assert (www / loc.text.removeprefix(f"{PORTAL.base_url}/")).is_file()
    report = site.publish(on=FIRST)
    assert report.written == 0
    assert list(check(site.config)) == []
