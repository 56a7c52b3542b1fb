"""Pages in French and German in a real browser: nothing off-screen, nothing that axe finds, and a button that tells."""

import dataclasses

import pytest
from playwright.sync_api import expect

from panfair.builders.html import language
from support.judges.axe import violations
from support.records import PORTAL, released
from support.search.site import plain_host
from support.small_site import a_rich_publication, search_pages, small_site, some_states

PATHS = ("/", "/doi/10.99999/example-dc-2024-0417/", "/doi/10.99999/gone/", "/doi/10.99999/closed-0/", "/help/")

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("tag", "copied", "search"), [("fr", "Copié", "Rechercher"), ("de", "Kopiert", "Suchen")])
def test_pages_in_another_language_fit_a_phone_and_satisfy_axe(browser, tmp_path, tag, copied, search):
    portal = dataclasses.replace(PORTAL, language=tag)
    pages = small_site([released(a_rich_publication())], some_states(), portal) | search_pages(portal)
    for path, body in pages.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(body)
    language.use("en")
    context = browser.new_context(viewport={"width": 320, "height": 800}, permissions=["clipboard-write"])
    page = context.new_page()
    with plain_host(tmp_path) as address:
        for path in PATHS:
            page.goto(address + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
            assert violations(page) == [], path
        page.goto(address + PATHS[1])
        page.click("button[data-copy=citation]")
        page.wait_for_function(f"document.querySelector('button[data-copy=citation]').textContent === '{copied}'")
        page.goto(f"{address}/found.html")
        page.locator("form.scripted #q").fill("foam")
        page.press("#q", "Enter")
        expect(page).to_have_title(f"foam – {search} | {portal.title}")
    context.close()
