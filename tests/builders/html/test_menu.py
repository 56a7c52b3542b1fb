"""Tests of the menu: what holds something is in it, and the operator's own texts are in the foot."""

from dataclasses import replace

from panfair.builders.html.list_kind import all_lists
from panfair.builders.html.menu import lists_held, menu
from panfair.builders.html.renderer import Renderer
from support.records import PORTAL
from support.site_run import SiteRun, numbered

_IMPRINT = (("Imprint of {title}", "/about/imprint/"),)


def _addresses(links):
    return [link.address for link in links]


def test_an_empty_list_is_in_no_menu():
    found = menu(replace(PORTAL, lists=("technique", "year")))
    assert _addresses(found.head) == ["/publications/", "/techniques/", "/search/", "/about/"]
    assert _addresses(found.browse) == ["/publications/", "/techniques/", "/years/"]


def test_all_lists_are_in_the_foot_where_it_is_not_known_which_are_empty():
    shown = {kind.address for kind in all_lists() if kind.menu}
    assert shown <= set(_addresses(menu(PORTAL).browse)) and "/grants/" not in shown


def test_an_operators_own_text_is_linked_in_the_foot_by_its_title():
    page = Renderer(replace(PORTAL, texts=_IMPRINT)).render("pages/404.html").decode()
    assert f'<a href="/about/imprint/">Imprint of {PORTAL.title}</a>' in page


def test_texts_of_the_operators_folder_are_linked_but_for_those_that_replace_ours(tmp_path):
    run = SiteRun(tmp_path, site='pages = "texts"')
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/imprint.md").write_text("# Imprint\n\nMade up.", encoding="utf-8")
    (tmp_path / "texts/policy.md").write_text("# Our policy\n\nMade up.", encoding="utf-8")
    assert run.config.portal.texts == (("Imprint", "/about/imprint/"),)
    run.put(numbered(0))
    run.publish()
    assert b'<a href="/about/imprint/">Imprint</a>' in run.page(numbered(0))
    assert (run.output / "www/about/imprint/index.html").is_file()


def test_a_run_and_the_server_agree_on_the_lists_that_hold_something(tmp_path):
    run = SiteRun(tmp_path)
    run.put(numbered(0, proposal=None))
    run.publish()
    held = lists_held(run.output / "www")
    assert {"technique", "instrument", "year", "person"} <= set(held) and "proposal" not in held
    page = run.page(numbered(0, proposal=None)).decode()
    for kind in all_lists():
        if kind.menu:
            assert (f'href="{kind.address}"' in page) == (kind.name in held), kind.name


def test_a_list_comes_into_the_menu_of_every_page_with_its_first_entry(tmp_path):
    run = SiteRun(tmp_path)
    run.put(numbered(0, proposal=None))
    run.publish()
    assert b'href="/proposals/"' not in run.page(numbered(0, proposal=None))
    run.put(numbered(0, proposal=None), numbered(1, proposal="MA-1"))
    run.publish()
    assert b'href="/proposals/"' in run.page(numbered(0, proposal=None))
