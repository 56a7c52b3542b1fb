"""Tests of the page for addresses that lead nowhere."""

from panfair.builders.html.renderer import Renderer
from panfair.builders.pages.not_found import PAGES
from panfair.builders.pages.page_kind import Site
from support.golden import check_golden
from support.page_checks import check_page, words
from support.records import PORTAL
from support.small_site import MemoryListing


def _sheet():
    (kind,) = PAGES
    (sheet,) = kind.sheets(Site(Renderer(PORTAL), MemoryListing([])))
    return sheet


def test_the_page_for_no_page_helps_on_and_no_search_engine_shall_know_it():
    sheet = _sheet()
    assert (sheet.path, sheet.page) == ("404.html", "")
    tree = check_page(sheet.render())
    assert [form.get("action") for form in tree.iter("form")] == ["/search/"]
    assert "data@example.org" in words(tree)


def test_the_page_for_no_page_reads_as_a_librarian_signed_it():
    check_golden("states/404.html", _sheet().render())
