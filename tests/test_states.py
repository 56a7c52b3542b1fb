"""Tests of pages without open data: they say what the gate lets them say, and nothing else."""

from datetime import date

import pytest
from page_checks import check_page, words
from small_site import a_rich_publication

from panfair.builders.html import Renderer
from panfair.builders.states import error_page, notice_page, tombstone_page
from panfair.ontologies.embargo import GatePolicy, Notice, Tombstone, bury, judge
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Publication, Withdrawal
from records import PORTAL, TODAY, a_publication

_RENDERER = Renderer(PORTAL)
_LATER = date(2027, 6, 1)


def _notice(publication: Publication, policy: GatePolicy | None = None, shown_before: bool = False) -> Notice:
    verdict = judge(publication, TODAY, policy or GatePolicy(), shown_before)
    assert isinstance(verdict, Notice)
    return verdict


def _said(state: Notice | Tombstone) -> str:
    make = notice_page(state, _RENDERER) if isinstance(state, Notice) else tombstone_page(state, _RENDERER)
    (page,) = make
    assert page.path == f"doi/{state.doi.path}/index.html"
    return words(check_page(page.body)) + page.body.decode()


def test_a_notice_says_when_the_data_open_and_whom_to_ask():
    closed = a_publication(release_date=_LATER, catalogue_url="https://catalogue.example.org/9")
    said = _said(_notice(closed))
    assert "These data open on 1 June 2027" in said
    assert "data@example.org" in said and "https://catalogue.example.org/9" in said
    assert 'content="noindex"' in said


def test_a_notice_without_a_day_does_not_make_one_up():
    said = _said(_notice(a_publication(release_date=None, publication_date=None), shown_before=True))
    assert "These data are not open" in said and "no day has been set" in said
    assert "Everyone else" not in said and "Please ask: data@example.org" in said  # nobody is sent to a catalogue


@pytest.mark.parametrize("policy", [GatePolicy(), GatePolicy(page="citation")])
def test_a_notice_shows_nothing_of_the_data(policy):
    closed = a_rich_publication().model_copy(update={"release_date": _LATER})
    said = _said(_notice(closed, policy))
    for secret in ("Plateau", "scan_0001", "EX01", "photon energy", "Foam 3", "EX-1234", "Research Fund", "tomograph"):
        if secret == "tomograph" and policy.page == "citation":
            continue  # a word of the title, which is registered with the DOI
        assert secret not in said, secret


def test_a_bare_notice_shows_no_title_and_no_people_and_one_with_citation_does():
    closed = a_publication(release_date=_LATER)
    assert "silica foam" not in _said(_notice(closed)) and "Madeup" not in _said(_notice(closed))
    cited = _said(_notice(closed, GatePolicy(page="citation")))
    assert "silica foam" in cited and "Testa Madeup, Invented Person" in cited


def test_a_tombstone_says_why_and_what_to_use_instead():
    why = Withdrawal(
        on=date(2025, 3, 1), reason="Mislabelled.", by="Data office", replaced_by=Doi.parse("10.99999/BETTER")
    )
    said = _said(bury(a_publication(), why))
    for words_of in ("1 March 2025", "Mislabelled.", "Data office", "https://doi.org/10.99999/BETTER", "silica foam"):
        assert words_of in said
    assert "scan_0001" not in said and "application/ld+json" not in said


def test_a_tombstone_that_knows_nothing_says_so():
    said = _said(bury(a_publication(), Withdrawal(), GatePolicy(tombstone="bare")))
    assert "No reason was given." in said and "silica foam" not in said and "Madeup" not in said


def test_the_page_for_no_page_helps_on():
    page = error_page(_RENDERER)
    assert page.path == "404.html"
    tree = check_page(page.body)
    assert [form.get("action") for form in tree.iter("form")] == ["/search"]
    assert "data@example.org" in words(tree)
