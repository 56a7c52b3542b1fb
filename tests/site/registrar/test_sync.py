"""DataCite is brought in line with the site, whatever it answers, and is told nothing that no page says."""

import pytest

from panfair.builders.metadata.terms import COAR_EMBARGOED, COAR_OPEN
from panfair.site.registrar.datacite import NotLetIn, Refused, Unreachable
from panfair.site.registrar.plan import Wanted
from panfair.site.registrar.sync import delete_draft
from panfair.site.registrar.table import Table
from support.servers.public_pages import PublicPages
from support.servers.registrar_desk import a_desk

_ONE = "10.5072/eps-1"


@pytest.fixture
def desk(tmp_path):
    with a_desk(tmp_path) as made:
        yield made


def test_a_doi_goes_from_reserved_to_findable_when_its_page_stands_and_is_not_touched_again(desk):
    closed = desk.pages.closed(_ONE, COAR_EMBARGOED)
    assert desk.sync(closed).done == {"reserve": 1}
    assert desk.registry.state(_ONE) == "draft" and desk.events() == ["POST"]
    assert desk.sync(closed).same == 1 and desk.events() == []
    assert desk.sync(desk.pages.open(_ONE)).done == {"publish": 1}
    assert desk.registry.state(_ONE) == "findable" and desk.registry.dois[_ONE]["url"] == desk.pages.address(_ONE)
    assert desk.events() == ["PUT publish"]
    assert desk.sync(desk.pages.open(_ONE)).same == 1 and desk.events() == []


def test_a_draft_says_nothing_but_its_doi(desk):
    desk.sync(desk.pages.closed(_ONE, COAR_EMBARGOED))
    assert desk.registry.writes() == [("POST", "/dois", {"doi": _ONE})]


def test_what_a_page_no_longer_says_is_emptied_at_datacite(desk):
    desk.sync(desk.pages.open(_ONE, language="en", abstract="A long abstract about the drainage of foam, in words."))
    before = desk.registry.dois[_ONE]
    assert before["language"] == "en" and before["contributors"]
    changed = desk.pages.open(_ONE, "Other foam", abstract="Another abstract about foam, also in words.")
    assert desk.sync(changed).done == {"update": 1}
    after = desk.registry.dois[_ONE]
    assert after["language"] is None and after["titles"] == [{"title": "Other foam"}]
    assert "drainage of foam, in words" not in str(after)


def test_a_withdrawn_doi_is_hidden_with_the_reason_of_its_tombstone_and_still_resolves(desk):
    desk.sync(desk.pages.open(_ONE))
    gone = desk.pages.withdrawn(_ONE, "the sample was another one")
    assert desk.sync(gone).done == {"hide": 1}
    kept = desk.registry.dois[_ONE]
    assert (kept["state"], kept["reason"]) == ("registered", "the sample was another one")
    assert "Drainage" not in str(kept)
    assert desk.sync(gone).same == 1


def test_a_doi_that_was_withdrawn_before_datacite_heard_of_it_is_registered_and_leads_to_its_tombstone(desk):
    assert desk.sync(desk.pages.withdrawn(_ONE, "a mistake")).done == {"reserve": 1, "register": 1}
    assert (desk.registry.state(_ONE), desk.registry.dois[_ONE]["reason"]) == ("registered", "a mistake")


def test_a_record_that_closes_again_is_hidden_and_its_words_are_taken_out(desk):
    desk.sync(desk.pages.open(_ONE))
    assert desk.sync(desk.pages.closed(_ONE, COAR_EMBARGOED)).done == {"hide": 1}
    assert desk.registry.state(_ONE) == "registered" and "Drainage" not in str(desk.registry.dois[_ONE])
    assert desk.sync(desk.pages.open(_ONE)).done == {"publish": 1}


def test_a_record_that_closes_again_is_hidden_though_its_page_does_not_stand(desk):
    desk.sync(desk.pages.open(_ONE))
    closed = desk.pages.closed(_ONE, COAR_EMBARGOED)
    assert desk.sync(closed._replace(url=f"{closed.url}nowhere/")).done == {"hide": 1}
    assert desk.registry.state(_ONE) == "registered"


def test_what_others_registered_of_a_closed_doi_is_shown_and_left_alone(desk):
    desk.sync(desk.pages.open(_ONE))
    desk.path.unlink()  # as if another registrar had done it
    closed = desk.pages.closed(_ONE, COAR_EMBARGOED)
    assert desk.differences(closed) == [
        f"{_ONE}: DataCite has it findable; closed here, and registered by somebody else: left alone"
    ]
    desk.events()
    assert desk.sync(closed).left == 1 and desk.events() == []


def test_under_embargo_it_may_resolve_to_its_notice_where_the_operator_wants_that(desk):
    assert desk.sync(desk.pages.closed(_ONE, COAR_EMBARGOED, "registered")).done == {"reserve": 1, "register": 1}
    assert desk.registry.state(_ONE) == "registered"
    assert desk.sync(desk.pages.open(_ONE)).done == {"publish": 1}


def test_a_site_that_moves_takes_its_dois_along(desk):
    desk.sync(desk.pages.open(_ONE))
    desk.registry.domains = ("localhost", *desk.registry.domains)
    desk.pages.url = desk.pages.url.replace("127.0.0.1", "localhost")
    assert desk.sync(desk.pages.open(_ONE)).done == {"update": 1}
    assert desk.registry.dois[_ONE]["url"].startswith("http://localhost:")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda pages, one: pages.pages.clear(), "answers 404"),
        (lambda pages, one: pages.closed(_ONE, COAR_EMBARGOED), "is not what was published last"),
        (lambda pages, one: pages.pages.update({one: (503, b"")}), "answers 503"),
    ],
)
def test_no_doi_is_published_while_its_page_does_not_stand_as_it_was_published(desk, spoil, words):
    wanted = desk.pages.open(_ONE)
    spoil(desk.pages, wanted.doi.page)
    report = desk.sync(wanted)
    assert words in report.unready[0] and desk.registry.state(_ONE) == "draft"
    assert desk.sync(desk.pages.open(_ONE)).done == {"publish": 1}, "and it goes on as soon as the page stands"


def test_a_notice_is_never_published_as_if_it_were_open(desk):
    notice = desk.pages.closed(_ONE, COAR_EMBARGOED)
    wanted = Wanted(notice.doi, "findable", notice.url)  # as the live core wants it before the site has followed
    assert "another access" in desk.sync(wanted).unready[0]
    assert desk.registry.state(_ONE) == "draft" and b":unal" not in bytes(desk.registry.words)


def test_a_page_that_describes_another_doi_is_not_believed(desk):
    wanted, other = desk.pages.open(_ONE), desk.pages.open("10.5072/other")
    desk.pages.pages[wanted.doi.page] = desk.pages.pages[other.doi.page]
    assert "does not describe it" in desk.sync(wanted._replace(version="")).unready[0]


# ---- what is odd about DataCite


def test_an_event_that_is_ignored_without_a_word_is_noticed_and_tried_again_later(desk):
    desk.registry.deaf = 1
    wanted = desk.pages.open(_ONE)
    report = desk.sync(wanted)
    assert "took “publish” without a word, and still has it draft" in report.failed[0]
    assert desk.sync(wanted).waiting == 1
    desk.now += 61
    assert desk.sync(wanted).done == {"publish": 1} and desk.registry.state(_ONE) == "findable"


def test_a_doi_that_the_handle_server_did_not_take_is_not_called_done_and_is_told_again(desk):
    desk.registry.handle_is_down = True
    wanted = desk.pages.open(_ONE)
    assert "does not resolve" in desk.sync(wanted).failed[0]
    assert any("does not resolve" in line for line in desk.differences(wanted))
    desk.registry.handle_is_down = False
    desk.now += 61
    assert not desk.sync(wanted).failed and desk.registry.dois[_ONE]["registered"]
    assert desk.differences(wanted) == []


def test_a_doi_that_vanished_from_datacite_is_made_anew(desk):
    wanted = desk.pages.open(_ONE)
    desk.sync(wanted)
    desk.registry.dois.clear()
    assert desk.sync(wanted).done == {"reserve": 1, "publish": 1}


def test_a_doi_that_vanishes_between_look_and_change_is_told_as_made_anew(desk):
    wanted = desk.pages.open(_ONE)
    desk.sync(wanted)
    answer = desk.registry.answer

    def vanishing(method, target, login, body):
        if method == "PUT":
            desk.registry.dois.clear()
        return answer(method, target, login, body)

    desk.registry.answer = vanishing
    report = desk.sync(desk.pages.open(_ONE, "Other foam"))
    assert any("made it anew" in line for line in report.notes) and report.failed
    desk.registry.answer = answer
    desk.now += 61
    desk.sync(desk.pages.open(_ONE, "Other foam"))
    assert desk.registry.state(_ONE) == "findable" and desk.registry.dois[_ONE]["titles"] == [{"title": "Other foam"}]


def test_a_refusal_of_either_shape_concerns_one_doi_and_is_told_in_datacites_words(desk):
    desk.registry.domains = ()
    stranger, two = desk.pages.open("10.5072/strange"), desk.pages.open(_ONE)
    desk.registry.strangers.add(stranger.doi.key)
    third = desk.pages.closed("10.5072/third", COAR_EMBARGOED)
    failed = desk.sync(stranger, two, third).failed
    assert "already been taken" in failed[0] and "not in this account" in failed[0]
    assert "url: URL is not allowed by repository domain settings." in failed[1]
    assert desk.registry.state("10.5072/third") == "draft"


def test_a_refused_doi_is_tried_again_at_once_when_something_else_is_wanted(desk):
    domains, desk.registry.domains = desk.registry.domains, ()
    wanted = desk.pages.open(_ONE)
    desk.sync(wanted)
    desk.registry.domains = domains
    assert desk.sync(wanted).waiting == 1
    assert desk.sync(desk.pages.open(_ONE, "Other foam")).done == {"publish": 1}


def test_waits_grow_with_each_refusal_up_to_a_day(desk):
    desk.registry.domains = ()
    wanted, waits = desk.pages.open(_ONE), []
    for _ in range(13):
        desk.sync(wanted)
        with Table(desk.path) as table:
            waits.append(table.known(wanted.doi).next_try - desk.now)
        desk.now += waits[-1] + 1
    assert waits[:3] == [60, 120, 240] and waits[-1] == 86_400


def test_datacite_refuses_what_would_be_no_doi_there_before_it_is_asked(desk):
    report = desk.sync(desk.pages.open("10.5072/a+b"))
    assert "characters" in report.failed[0] and desk.registry.writes() == []


def test_a_server_that_is_busy_is_waited_for_as_long_as_it_says(desk):
    desk.registry.troubles = [429, 503]
    assert desk.sync(desk.pages.open(_ONE)).done == {"reserve": 1, "publish": 1}
    assert 7.0 in desk.slept


def test_a_server_that_stays_away_ends_the_sync_and_the_next_one_goes_on(desk):
    wanted = [desk.pages.open(f"10.5072/eps-{n}") for n in range(3)]
    desk.sync(wanted[0])
    desk.registry.troubles = [503] * 4
    with pytest.raises(Unreachable, match="answered 503"):
        desk.sync(*wanted)
    assert desk.sync(*wanted).done == {"reserve": 2, "publish": 2}


def test_a_wrong_password_ends_the_sync_with_nothing_changed(desk):
    with desk.registrar() as registrar:
        desk.registry.password = "another made-up one"
        with pytest.raises(NotLetIn, match="Bad credentials"):
            registrar.sync([desk.pages.open(_ONE)])
    assert desk.registry.dois == {}


def test_an_index_that_lags_behind_makes_nothing_be_told_twice(desk):
    desk.registry.index_lags = True
    wanted = desk.pages.open(_ONE)
    desk.sync(wanted)
    desk.events()
    assert not desk.sync(wanted).done and desk.events() == []


def test_a_doi_that_nobody_knows_costs_two_requests_and_one_that_the_index_lacks_is_not_made_twice(desk):
    wanted = desk.pages.open(_ONE)
    desk.sync(wanted)
    assert [method for method, path, _said in desk.registry.log if path != "/dois" or method == "POST"] == [
        "POST",
        "PUT",
    ]
    desk.registry.index_lags = True
    desk.path.unlink()
    desk.events()
    assert not desk.sync(wanted).done["reserve"] and desk.events() == ["POST", "PUT metadata"]


def test_lists_longer_than_a_page_are_read_to_their_end(desk):
    desk.registry.page = 2
    wanted = [desk.pages.closed(f"10.5072/eps-{n}", COAR_EMBARGOED) for n in range(5)]
    desk.sync(*wanted)
    assert desk.differences(*wanted) == []


def test_what_somebody_changed_at_datacite_by_hand_is_seen_and_set_right(desk):
    wanted = desk.pages.open(_ONE)
    desk.sync(wanted)
    desk.registry.dois[_ONE]["titles"] = [{"title": "By hand"}]
    assert desk.differences(wanted) == [f"{_ONE}: DataCite has it findable; here it is findable: update"]
    assert desk.sync(wanted).done == {"update": 1}
    assert desk.registry.dois[_ONE]["titles"] == [{"title": "Drainage of foam"}]


def test_a_lost_table_is_made_again_from_what_datacite_says(desk):
    wanted = desk.pages.open(_ONE)
    desk.sync(wanted)
    desk.path.unlink()
    desk.sync(wanted)
    desk.events()
    assert desk.sync(wanted).same == 1 and desk.events() == []


# ---- what it may touch


def test_dois_of_other_prefixes_and_patterns_are_never_named_to_datacite(tmp_path):
    with a_desk(tmp_path, only=["10.5072/eps-*"]) as desk:
        desk.registry.prefixes = ("10.5072", "10.9999")
        wanted = [desk.pages.open(doi) for doi in (_ONE, "10.9999/eps-1", "10.5072/other")]
        desk.sync(*wanted)
        assert list(desk.registry.dois) == [_ONE]
        assert b"other" not in bytes(desk.registry.words) and not any(
            "other" in path for _m, path, _a in desk.registry.log
        )


def test_only_a_draft_can_be_deleted(desk):
    two = "10.5072/eps-2"
    open_one, draft = desk.pages.open(_ONE), desk.pages.closed(two, COAR_EMBARGOED)
    desk.sync(open_one, draft)
    with desk.registrar() as registrar, Table(desk.path) as table:
        delete_draft(registrar.datacite, table, draft.doi)
        with pytest.raises(Refused, match="only drafts can be deleted"):
            delete_draft(registrar.datacite, table, open_one.doi)
        assert [known.doi for known in table.all()] == [_ONE]
    assert list(desk.registry.dois) == [_ONE]


def test_a_description_that_datacite_would_refuse_is_not_sent(desk):
    wanted = desk.pages.open(_ONE)
    page = wanted.doi.page
    desk.pages.pages[page] = (200, desk.pages.pages[page][1].replace(b'"publicationYear"', b'"year"'))
    report = desk.sync(Wanted(wanted.doi, "findable", wanted.url))
    assert "publicationYear (5)" in report.failed[0] and desk.registry.state(_ONE) == "draft"
    assert COAR_OPEN.encode() not in bytes(desk.registry.words)


def test_pages_know_the_addresses_that_portals_make():
    assert PublicPages("http://127.0.0.1:1").address("10.5072/A-1") == "http://127.0.0.1:1/doi/10.5072/a-1/"
