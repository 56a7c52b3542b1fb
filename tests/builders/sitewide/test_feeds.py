"""Tests of the Atom feeds, read with a foreign parser and held to RFC 4287."""

from datetime import date, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from panfair.builders.card import Card
from panfair.builders.sitewide.feeds import atom, feed_sheets
from panfair.ontologies.identifiers import Doi
from support.records import PORTAL, a_publication, released
from support.small_site import MemoryListing, some_releases
from support.strategies import lines

_ATOM = "{http://www.w3.org/2005/Atom}"


def _check(body: bytes) -> etree._Element:
    """What RFC 4287 asks of a feed (sections 4.1.1 and 4.1.2)."""
    feed = etree.fromstring(body)
    assert feed.tag == f"{_ATOM}feed"
    for element in (feed, *feed.findall(f"{_ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(_ATOM + name)) == 1, name
        assert urlsplit(element.findtext(f"{_ATOM}id")).scheme == "https"
        datetime.fromisoformat(element.findtext(f"{_ATOM}updated"))
        links = [link.attrib for link in element.findall(f"{_ATOM}link")]
        assert len([link for link in links if link.get("rel") == "alternate"]) == 1
    for entry in feed.findall(f"{_ATOM}entry"):
        assert entry.find(f"{_ATOM}author") is not None or feed.find(f"{_ATOM}author") is not None
        assert all(author.findtext(f"{_ATOM}name") for author in entry.findall(f"{_ATOM}author"))
    identifiers = [entry.findtext(f"{_ATOM}id") for entry in feed.findall(f"{_ATOM}entry")]
    assert len(identifiers) == len(set(identifiers))
    return feed


@pytest.fixture(scope="module")
def feeds() -> dict[str, etree._Element]:
    sheets = feed_sheets(MemoryListing(some_releases()), PORTAL, "f")
    return {sheet.path: _check(sheet.render()) for sheet in sheets}


def test_there_is_a_feed_of_all_and_for_each_shelf_of_techniques_instruments_funders_grants_and_proposals(feeds):
    expected = {"all.atom", "technique/panet01129.atom", "instrument/ex01.atom", "funder/example-research-fund.atom"}
    expected |= {"grant/example-research-fund--ex-1.atom", "proposal/ex-1234.atom"}
    assert {f"feeds/{name}" for name in expected} <= feeds.keys()
    assert {path.split("/")[1] for path in feeds} == {
        *("all.atom", "technique", "instrument", "funder", "grant", "proposal"),
    }


def test_a_feed_has_the_newest_fifty(feeds):
    entries = feeds["feeds/all.atom"].findall(f"{_ATOM}entry")
    days = [entry.findtext(f"{_ATOM}published") for entry in entries]
    assert len(entries) == 50
    assert days == sorted(days, reverse=True)


def test_a_feed_knows_its_own_address(feeds):
    for path, feed in feeds.items():
        assert [link.get("href") for link in feed.findall(f"{_ATOM}link") if link.get("rel") == "self"] == [
            f"https://data.example.org/{path}"
        ]


def test_an_entry_is_named_by_its_doi_and_leads_to_its_page():
    listing = MemoryListing([released(a_publication())])
    feed = _check(next(feed_sheets(listing, PORTAL, "f")).render())
    entry = feed.find(f"{_ATOM}entry")
    assert entry.findtext(f"{_ATOM}id") == "https://doi.org/10.99999/EXAMPLE-1"
    assert entry.find(f"{_ATOM}link").get("href") == "https://data.example.org/doi/10.99999/example-1/"


def test_an_empty_feed_is_still_one():
    (sheet,) = feed_sheets(MemoryListing([]), PORTAL, "f")
    assert _check(sheet.render()).find(f"{_ATOM}entry") is None


def test_the_key_changes_with_the_entries_and_the_code():
    def key(title: str, code: str) -> str:
        return next(feed_sheets(MemoryListing([released(a_publication(title=title))]), PORTAL, code)).key

    assert key("a", "1") == key("a", "1")
    assert len({key("a", "1"), key("b", "1"), key("a", "2")}) == 3


@settings(max_examples=50)
@given(lines, lines, st.lists(lines, max_size=3), st.dates(date(1995, 1, 1), date(2030, 1, 1)))
def test_whatever_a_catalogue_says_a_feed_is_one(title, snippet, people, day):
    card = Card(
        doi=str(Doi.parse("10.99999/A<B>&C")), page="/doi/10.99999/a/", title=title, creators=tuple(people), more=1,
        year=2020, day=str(day), changed=str(day), facility="", instruments=(snippet,), techniques=(title,),
        snippet=snippet, datasets=1, size_bytes=1, files=1,
    )  # fmt: skip
    feed = _check(atom([card], PORTAL, "/feeds/all.atom", title, "/publications/"))
    assert feed.find(f"{_ATOM}entry").findtext(f"{_ATOM}title") == title
