"""Tests of pages without open data: they say what the gate lets them say, and nothing else."""

from datetime import date

import pytest

from panfair.builders.html.renderer import Renderer
from panfair.builders.pages.closed_states import notice_page, tombstone_page
from panfair.ontologies.embargo import GatePolicy, Notice, Tombstone, bury, judge, restated, statement
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Publication, Restriction, Withdrawal
from support.golden import check_golden
from support.page_checks import check_page, words
from support.records import PORTAL, TODAY, a_publication
from support.small_site import a_rich_publication

_RENDERER = Renderer(PORTAL)
_LATER = date(2027, 6, 1)
_CITATION = GatePolicy(page="citation")
_ETHICS = Restriction(reason="Images of patients; the ethics board decides.", request_url="https://example.org/ask")
_WHY = Withdrawal(
    on=date(2025, 3, 1), reason="Mislabelled.", by="Data office", replaced_by=Doi.parse("10.99999/BETTER")
)


def _notice(publication: Publication, policy: GatePolicy | None = None, shown_before: bool = False) -> Notice:
    verdict = judge(publication, TODAY, policy or GatePolicy(), shown_before)
    assert isinstance(verdict, Notice)
    return verdict


def _said(state: Notice | Tombstone) -> str:
    make = notice_page(state, _RENDERER) if isinstance(state, Notice) else tombstone_page(state, _RENDERER)
    page, *beside = make
    for artifact in beside:
        assert artifact.path.startswith(f"doi/{state.doi.path}/")
    assert page.path == f"doi/{state.doi.path}/index.html"
    return words(check_page(page.body)) + "".join(artifact.body.decode() for artifact in make)


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
    assert "scan_0001" not in said and "distribution" not in said


def test_a_tombstone_that_knows_nothing_says_so():
    said = _said(bury(a_publication(), Withdrawal(), GatePolicy(tombstone="bare")))
    assert "No reason was given." in said and "silica foam" not in said and "Madeup" not in said


def test_a_restricted_page_says_why_and_how_to_ask_though_its_day_has_come():
    said = _said(_notice(a_publication(restriction=_ETHICS)))
    for told in ("given on request", "the ethics board decides", "https://example.org/ask", "data@example.org"):
        assert told in said
    assert "silica foam" not in said and "open on" not in said
    assert "No reason was given." in _said(_notice(a_publication(restriction=Restriction())))


def test_the_operator_can_restrict_a_doi_by_name():
    policy = GatePolicy(restricted=(("10.99999/example-1", "Not ours alone."),), request_url="https://example.org/form")
    said = _said(_notice(a_publication(), policy))
    assert "Not ours alone." in said and "https://example.org/form" in said
    # A source that gives no reason leaves it to the operator; one that gives a reason has the word.
    silent = _said(_notice(a_publication(restriction=Restriction()), policy))
    assert "Not ours alone." in silent and "https://example.org/form" in silent
    told = _said(_notice(a_publication(restriction=_ETHICS), policy))
    assert "the ethics board decides" in told and "Not ours alone." not in told


def test_a_draft_says_nothing_but_that_it_is_one():
    said = _said(_notice(a_publication(registered=False), _CITATION))
    assert "not registered yet" in said and 'content="noindex"' in said and 'rel="cite-as"' not in said
    assert "silica foam" not in said and "https://doi.org/" not in said


def test_what_is_kept_of_a_notice_comes_back_the_same():
    shown = (
        _notice(a_publication(release_date=_LATER), _CITATION),
        _notice(a_publication(restriction=_ETHICS)),
        _notice(a_publication(restriction=Restriction())),
        _notice(a_publication(registered=False)),
        bury(a_publication(), _WHY),
    )
    for one in shown:
        assert restated(statement(one)) == one


_STATES = {
    "embargoed": lambda: _notice(a_publication(release_date=_LATER, catalogue_url="https://catalogue.example.org/9")),
    "embargoed-cited": lambda: _notice(a_publication(release_date=_LATER), _CITATION),
    "no-day": lambda: _notice(a_publication(release_date=None, publication_date=None), shown_before=True),
    "restricted": lambda: _notice(a_publication(restriction=_ETHICS, catalogue_url="https://catalogue.example.org/9")),
    "restricted-cited": lambda: _notice(a_publication(restriction=_ETHICS), _CITATION),
    "draft": lambda: _notice(a_publication(registered=False)),
    "withdrawn": lambda: bury(a_publication(), _WHY),
    "withdrawn-bare": lambda: bury(a_publication(), Withdrawal(), GatePolicy(tombstone="bare")),
}


@pytest.mark.parametrize("name", _STATES)
def test_every_state_reads_as_a_librarian_signed_it(name):
    state = _STATES[name]()
    made = notice_page(state, _RENDERER) if isinstance(state, Notice) else tombstone_page(state, _RENDERER)
    for artifact in made:
        check_golden(f"states/{name}/{artifact.path.rpartition('/')[2]}", artifact.body)
