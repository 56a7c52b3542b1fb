"""Tests of the lists by funder and grant: whose grant is whose, and what is linked where."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from panfair.builders.html.list_kind import shelves_of
from panfair.builders.html.renderer import Renderer
from panfair.builders.pages.landing import landing_pages
from panfair.builders.pages.lists.funder import funder_of, grant_of
from panfair.builders.pages.page_kind import Site, page_sheets
from panfair.ontologies.identifiers import Doi, Identifier
from panfair.ontologies.record import Funding
from support.page_checks import check_page, words
from support.records import PORTAL, a_publication, released
from support.small_site import MemoryListing

_ROR = Identifier(scheme="ROR", value="https://ror.org/01example")
_FOAM = Funding(funder="Example Fund", award_number="EX-1", award_title="Foams", award_url="https://example.org/g/1")
_OTHER = Funding(funder="Example Fund for Sand", award_number="EX-1")


def _pages(*publications):
    site = Site(Renderer(PORTAL), MemoryListing([released(one) for one in publications]))
    return {sheet.path: sheet.render() for sheet in page_sheets(site)}


def _links(body):
    return {link for _, _, link, _ in html.document_fromstring(body).iterlinks()}


def test_a_funder_leads_to_its_own_grants_though_a_publication_has_others():
    pages = _pages(a_publication(funding=(_FOAM, _OTHER)))
    page = pages["funders/example-fund/index.html"]
    assert "/grants/example-fund--ex-1/" in _links(page)
    assert "/grants/example-fund-for-sand--ex-1/" not in _links(page)
    assert "EX-1: Foams" in words(check_page(page))


def test_a_grant_names_its_funder_and_its_own_page_and_leads_to_no_other_funder():
    pages = _pages(a_publication(funding=(_FOAM, _OTHER)))
    page = pages["grants/example-fund--ex-1/index.html"]
    assert {"/funders/example-fund/", "https://example.org/g/1"} <= _links(page)
    assert "/funders/example-fund-for-sand/" not in _links(page)
    assert "Awarded by Example Fund." in words(check_page(page))
    assert "/grants/" not in _links(pages["index.html"])  # no list in the menu: a funder's page leads there


def test_a_funders_iri_is_on_its_page():
    page = _pages(a_publication(funding=(Funding(funder="Example Fund", funder_id=_ROR),)))
    assert _ROR.url in _links(page["funders/example-fund/index.html"])


def test_the_publications_of_a_funder_stand_together_under_all_its_grants():
    ones = [
        a_publication(
            doi=Doi.parse(f"10.99999/G-{n}"), funding=(Funding(funder="Example Fund", award_number=f"EX-{n}"),)
        )
        for n in range(3)
    ]
    text = words(check_page(_pages(*ones)["funders/example-fund/index.html"]))
    assert "3 publications" in text and all(f"EX-{n}" in text for n in range(3))


def test_a_landing_page_links_funder_grant_and_the_grants_own_page():
    body = landing_pages(released(a_publication(funding=(_FOAM,))), Renderer(PORTAL))[0].body
    links = {"/funders/example-fund/", "/grants/example-fund--ex-1/", "https://example.org/g/1"}
    assert links <= _links(body)


def test_a_funder_whose_name_has_no_latin_letter_is_known_by_its_identifier():
    named = funder_of(Funding(funder="国家自然科学基金委员会", funder_id=_ROR))
    assert named.slug == "01example" and named.label == "国家自然科学基金委员会"
    unknown = a_publication(funding=(Funding(funder="国家自然科学基金委员会"),))
    assert not [shelf for shelf in shelves_of(released(unknown)) if shelf.kind in {"funder", "grant"}]
    assert "国家自然科学基金委员会" in landing_pages(released(unknown), Renderer(PORTAL))[0].body.decode()


_NAMES = st.text(st.sampled_from("ab -–é"), min_size=1, max_size=6).map(str.strip).filter(bool)


@given(_NAMES, _NAMES, _NAMES, _NAMES)
def test_grants_of_funders_with_other_addresses_never_share_one(funder, award, other_funder, other_award):
    one = Funding(funder=funder, award_number=award)
    other = Funding(funder=other_funder, award_number=other_award)
    grants = grant_of(one), grant_of(other)
    if all(grants) and funder_of(one).slug != funder_of(other).slug:
        assert grants[0].slug != grants[1].slug
