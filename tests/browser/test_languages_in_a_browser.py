"""Pages in French and German in a real browser: nothing off-screen, nothing that axe finds, and a button that tells."""

import dataclasses

import pytest
from axe_judge import violations
from search_site import plain_host
from small_site import a_rich_publication, small_site, some_states

from panfair.builders import language
from records import PORTAL, released

PATHS = ("/", "/doi/10.99999/example-dc-2024-0417/", "/doi/10.99999/gone/", "/doi/10.99999/closed-0/", "/help/")

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("tag", "copied"), [("fr", "Copié"), ("de", "Kopiert")])
def test_pages_in_another_language_fit_a_phone_and_satisfy_axe(browser, tmp_path, tag, copied):
    portal = dataclasses.replace(PORTAL, language=tag)
    for path, body in small_site([released(a_rich_publication())], some_states(), portal).items():
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
    context.close()
