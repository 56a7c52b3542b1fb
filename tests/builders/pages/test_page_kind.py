"""Lists and pages that another package brings: in the whole site, without an edit of ours, and gone with it."""

import pytest
from lxml import etree, html

from panfair.builders.html.list_kind import all_lists
from panfair.builders.html.renderer import fingerprint
from panfair.ontologies.errors import ConfigError
from support.page_checks import check_page, words
from support.rules.plugins import installed
from support.site_run import SiteRun, numbered

_LIST = """
from panfair.builders.card import Shelf
from panfair.builders.html.list_kind import Crossing, ListKind

def of(released):
    for keyword in released.publication.keywords:
        yield Shelf("keyword", keyword.term.lower(), keyword.term)

LISTS = (
    ListKind(
        name="keyword", folder="keywords", title="Made-up keywords", one="Keyword", about="Words.", of=of, order=75,
        crossings=(Crossing("instrument", "Where"),), by_year=True, feed=True, chips=90,
        template="made_up_keywords:shelf.html",
    ),
)
"""
_TEMPLATE = """{% extends "pages/shelf.html" %}
{% block own %}<p>Made up by another package.</p>{% endblock %}
"""
_PAGE = """
from panfair.builders.html.menu import MenuLink
from panfair.builders.pages.page_kind import PageKind

def sheets(site):
    totals = site.listing.totals()
    yield site.sheet("/numbers/", "made_up_page:numbers.html", publications=totals.publications)

def links(portal):
    yield MenuLink("head", "Numbers", "/numbers/", order=85)

PAGES = (PageKind("numbers", sheets, links),)
"""
_NUMBERS = '{% extends "base.html" %}{% block content %}<h1>{{ publications }} publications</h1>{% endblock %}'


def _addresses(body: bytes) -> set[str]:
    return {link for _, _, link, _ in html.document_fromstring(body).iterlinks()}


@pytest.fixture
def run(tmp_path):
    run = SiteRun(tmp_path / "site")
    run.put(numbered(0), numbered(1, keywords=()))
    return run


def test_a_list_of_another_package_is_in_the_whole_site_though_no_record_changed_and_goes_with_it(run, tmp_path):
    run.publish()
    before = run.files("www")
    assert run.publish().written == 0
    with installed(tmp_path / "packages", "made_up_keywords", _LIST, shelf_html=_TEMPLATE):
        run.publish()
        www = {path.removeprefix("www/"): body for path, body in run.files("www").items()}
        (keyword,) = {one.term for one in numbered(0).keywords}
        index = check_page(www["keywords/index.html"])
        assert "Made-up keywords" in words(index) and keyword in words(index)
        shelf = www[f"keywords/{keyword.lower()}/index.html"]
        text = words(check_page(shelf))
        assert "Made up by another package." in text
        assert "number0" in text and "number1" not in text
        assert {"/instruments/ex01/", f"/feeds/keyword/{keyword.lower()}.atom"} <= _addresses(shelf)
        feed = etree.fromstring(www[f"feeds/keyword/{keyword.lower()}.atom"])
        assert len(feed.findall("{*}entry")) == 1
        landing = run.page(numbered(0))
        assert {f"/keywords/{keyword.lower()}/", "/keywords/"} <= _addresses(landing)
        assert f"/keywords/{keyword.lower()}/" not in _addresses(run.page(numbered(1)))
        for path in ("index.html", "404.html", "about/index.html", "people/index.html"):
            assert "/keywords/" in _addresses(www[path]), path
        for address in ("keywords/", f"keywords/{keyword.lower()}/"):
            assert f"<loc>https://data.example.org/{address}</loc>".encode() in www["sitemap.xml"]
    run.publish()
    assert run.files("www") == before


def test_a_page_of_another_package_is_made_from_what_it_says_and_linked_from_every_page(run, tmp_path):
    with installed(tmp_path / "packages", "made_up_page", _PAGE, numbers_html=_NUMBERS):
        run.publish()
        page = (run.output / "www/numbers/index.html").read_bytes()
        assert "2 publications" in words(html.document_fromstring(page))
        assert b'<a href="/numbers/" aria-current="page">Numbers</a>' in page
        assert "/numbers/" in _addresses(run.page(numbered(1)))
        assert b"<loc>https://data.example.org/numbers/</loc>" in (run.output / "www/sitemap.xml").read_bytes()
        run.put(numbered(0), numbered(1, keywords=()), numbered(2))
        run.publish()
        assert b"<h1>3 publications</h1>" in (run.output / "www/numbers/index.html").read_bytes()


@pytest.mark.parametrize("name", ["technique", "Keyword", "a/b", ""])
def test_a_list_that_takes_anothers_name_or_has_none_for_an_address_is_refused(name, tmp_path):
    source = _LIST.replace('name="keyword"', f"name={name!r}")
    with installed(tmp_path, "made_up_keywords", source), pytest.raises(ConfigError, match="name"):
        all_lists()
    assert "keyword" not in {kind.name for kind in all_lists()}


def test_a_change_in_another_packages_code_makes_pages_anew(tmp_path):
    with installed(tmp_path / "one", "made_up_page", _PAGE):
        one = fingerprint()
    with installed(tmp_path / "two", "made_up_page", _PAGE + "\n# other code"):
        assert fingerprint() != one
    with installed(tmp_path / "three", "made_up_page", _PAGE):
        assert fingerprint() == one
