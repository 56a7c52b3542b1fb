"""Tests of builders/pages/oai.py: the page about the endpoint says what the endpoint answers."""

from urllib.parse import parse_qsl, urlsplit

import html5lib
import pytest
from lxml import etree, html

from panfair.builders.html.renderer import Renderer
from panfair.builders.oai.static_harvest import harvest_sheets
from panfair.builders.pages.oai import PAGES
from panfair.builders.pages.page_kind import Site
from panfair.builders.sitewide.resourcesync import resourcesync_sheets
from support.records import PORTAL
from support.servers.oai import fill, provider_of
from support.servers.oai_harness import NOW, errors_of
from support.small_site import MemoryListing


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("oai") / "oai.sqlite"
    fill(path, 25, deleted=(3, 4))
    return path


@pytest.fixture(scope="module")
def page(store) -> bytes:
    sheet = _sheet(store)
    assert (sheet.path, sheet.page) == ("about/oai/index.html", "/about/oai/")
    return sheet.render()


def _sheet(store, files=()):
    (kind,) = PAGES
    (sheet,) = kind.sheets(Site(Renderer(PORTAL), MemoryListing([]), store=store, files=frozenset(files)))
    return sheet


def _answer(store, link: str) -> etree._Element:
    return etree.fromstring(provider_of(store).answer(parse_qsl(urlsplit(link).query), NOW))


def test_every_request_that_the_page_offers_is_answered(store, page):
    links = [link for _, _, link, _ in html.document_fromstring(page).iterlinks() if link.startswith("/oai?")]
    assert len(links) > 20
    for link in links:
        assert not errors_of(_answer(store, link)), link


def test_counts_of_sets_are_those_of_the_endpoint(store, page):
    rows = html.document_fromstring(page).xpath("//details//tbody/tr")
    specs = {row[1].text_content().strip(): int(row[2].text_content()) for row in rows}
    assert specs["openaire_data"] == 23
    listed = {one.text for one in _answer(store, "/oai?verb=ListSets").iter("{*}setSpec")}
    assert listed <= specs.keys()
    for spec in ("year:2023", "year:2021", "facility:eps"):
        alive = 0
        root = _answer(store, f"/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set={spec}")
        while True:
            alive += len(root.xpath("//*[local-name() = 'header'][not(@status)]"))
            token = root.findtext(".//{*}resumptionToken")
            if not token:
                break
            root = _answer(store, f"/oai?verb=ListIdentifiers&resumptionToken={token}")
        assert specs[spec] == alive


def test_page_says_base_url_formats_and_withdrawn_records(page):
    text = html.document_fromstring(page).text_content()
    assert "https://data.example.org/oai" in text
    assert "23 records, each in every format, and 2 withdrawn records listed as deleted." in text
    for prefix in ("oai_dc", "datacite", "oai_datacite", "dcat", "schema_org"):
        assert prefix in text
    assert "10.99999/example-3" not in text


def test_page_is_html_that_a_strict_parser_takes(page):
    html5lib.HTMLParser(strict=True).parse(page.decode())


def test_page_tells_of_files_that_are_there_only(store, page):
    assert b"resourcesync" not in page
    assert b"/harvest/" not in page
    sheets = [*resourcesync_sheets(store, PORTAL), *harvest_sheets(store, PORTAL, ["oai_dc"])]
    body = _sheet(store, {sheet.path for sheet in sheets}).render()
    links = {link for _, _, link, _ in html.document_fromstring(body).iterlinks()}
    assert {"/.well-known/resourcesync", "/harvest/index.json"} <= links


def test_page_stands_without_a_store(tmp_path):
    assert "Nothing is published yet." in _sheet(tmp_path / "none").render().decode()
    assert "Nothing is published yet." in _sheet(None).render().decode()
    assert not (tmp_path / "none").exists()


def test_same_store_gives_the_same_page(store, page):
    assert _sheet(store).render() == page
