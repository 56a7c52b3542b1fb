"""Tests of the sitemap against its schema, at and around the number where it must part, and of robots.txt."""

from collections.abc import Iterator
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from panfair.builders.sitewide.sitemap import MOST, Entries, sitemap_sheets
from support.records import PORTAL

_NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def _entries(count: int) -> Entries:
    def entries() -> Iterator[tuple[str, str]]:
        return ((f"/doi/10.99999/{number}/", "2026-01-31") for number in range(count))

    return entries


def _files(entries: Entries, key: str = "key") -> dict[str, bytes]:
    return {sheet.path: sheet.render() for sheet in sitemap_sheets(entries, PORTAL, key)}


def _addresses(body: bytes) -> list[str]:
    return [element.text for element in etree.fromstring(body).iter(f"{_NAMESPACE}loc")]


@pytest.fixture(scope="module")
def schema(shared: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(shared / "data/schemas/sitemap.xsd")))


@pytest.mark.parametrize("count", [0, 1, 7])
def test_a_sitemap_is_valid(schema, count):
    schema.assertValid(etree.fromstring(_files(_entries(count))["sitemap.xml"]))


def test_a_page_with_odd_characters_or_without_a_day_is_valid(schema):
    body = _files(lambda: iter([("/doi/10.99999/a%2526b/", ""), ("/doi/x&y/", "2026-01-31T10:00:00+00:00")]))
    schema.assertValid(etree.fromstring(body["sitemap.xml"]))
    assert _addresses(body["sitemap.xml"])[1] == "https://data.example.org/doi/x&y/"


def test_up_to_the_limit_there_is_one_sitemap():
    assert set(_files(_entries(MOST))) == {"robots.txt", "sitemap.xml"}


def test_above_the_limit_an_index_leads_to_every_page_once():
    files = _files(_entries(MOST + 1))
    assert set(files) == {"robots.txt", "sitemap.xml", "sitemaps/1.xml", "sitemaps/2.xml"}
    assert etree.fromstring(files["sitemap.xml"]).tag == f"{_NAMESPACE}sitemapindex"
    found = []
    for address in _addresses(files["sitemap.xml"]):
        found += _addresses(files[address.removeprefix("https://data.example.org/")])
    assert len(found) == len(set(found)) == MOST + 1


def test_the_key_follows_the_entries():
    def keys(key: str) -> dict[str, str]:
        return {sheet.path: sheet.key for sheet in sitemap_sheets(_entries(3), PORTAL, key)}

    assert keys("a") == keys("a")
    assert keys("a")["sitemap.xml"] != keys("b")["sitemap.xml"]
    assert keys("a")["robots.txt"] == keys("b")["robots.txt"]


def test_robots_may_read_pages_and_are_kept_off_endless_answers():
    parser = RobotFileParser()
    lines = _files(_entries(1))["robots.txt"].decode().splitlines()
    assert lines.index("Allow: /search/") < lines.index("Disallow: /search/?")  # the longest rule counts (RFC 9309)
    parser.parse(lines)
    assert parser.can_fetch("*", "https://data.example.org/doi/10.99999/1/")
    assert parser.can_fetch("*", "https://data.example.org/search/")
    assert not parser.can_fetch("*", "https://data.example.org/search?q=foam")
    assert not parser.can_fetch("*", "https://data.example.org/api/search?q=foam")
    assert parser.site_maps() == ["https://data.example.org/sitemap.xml"]
