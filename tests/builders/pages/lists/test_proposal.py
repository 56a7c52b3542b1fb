"""Tests of the list by proposal: what the record publishes of it, and no more."""

from lxml import html

from panfair.builders.html.renderer import Renderer
from panfair.builders.pages.landing import landing_pages
from panfair.builders.pages.page_kind import Site, page_sheets
from panfair.ontologies.identifiers import Doi
from support.page_checks import check_page, words
from support.records import PORTAL, a_publication, released
from support.small_site import MemoryListing


def _pages(*publications):
    site = Site(Renderer(PORTAL), MemoryListing([released(one) for one in publications]))
    return {sheet.path: sheet.render() for sheet in page_sheets(site)}


def test_all_publications_of_a_proposal_stand_together():
    ones = [
        a_publication(doi=Doi.parse(f"10.99999/P-{n}"), title=f"Number {n}", proposal=number)
        for n, number in enumerate(("MA-4711", "MA-4711", "HC-1"))
    ]
    pages = _pages(*ones)
    text = words(check_page(pages["proposals/ma-4711/index.html"]))
    assert "2 publications" in text and "Number 0" in text and "Number 1" in text and "Number 2" not in text
    assert "HC-1" in words(check_page(pages["proposals/index.html"]))


def test_a_landing_page_leads_to_its_proposal_and_names_the_session():
    one = released(a_publication(proposal="MA-4711", session="7"))
    tree = html.document_fromstring(landing_pages(one, Renderer(PORTAL))[0].body)
    assert [link.text for link in tree.iter("a") if link.get("href") == "/proposals/ma-4711/"] == ["MA-4711"]
    assert "Session 7" in words(tree)


def test_a_publication_without_a_proposal_is_in_no_list_of_them():
    pages = _pages(a_publication(proposal=None))
    assert [path for path in pages if path.startswith("proposals/")] == ["proposals/index.html"]
    assert "There is nothing in this list yet." in words(check_page(pages["proposals/index.html"]))
