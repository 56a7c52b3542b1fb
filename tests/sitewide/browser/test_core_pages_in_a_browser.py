"""Tests of the live core's pages in a real browser: signing in by hand, silent, on any screen, with nothing for axe."""

import pytest

from support.catalogue.facility import PASSWORD, a_facility, served
from support.judges.axe import violations

pytestmark = pytest.mark.browser


def test_a_curators_way_through_the_pages_is_silent_and_fits_every_screen(browser, tmp_path):
    facility = a_facility(tmp_path)
    rows = facility.rows
    with served(facility.app) as url:
        for width, scheme in ((320, "light"), (390, "dark"), (1280, "light")):
            page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
            said: list[str] = []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("pageerror", lambda error, said=said: said.append(str(error)))

            def looked_at(page=page, width=width, said=said, where=f"{width} px, {scheme}"):
                assert said == [], where
                assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url}, {where}"
                assert violations(page) == [], where

            page.goto(url)
            looked_at()
            page.fill("[name=name]", "dee")
            page.fill("[name=password]", PASSWORD)
            page.click("main button")
            page.wait_for_url(f"{url}/my")
            looked_at()
            for path in (f"/my/session/{rows.closed}", f"/my/dataset/{rows.closed_raw}", "/my?q=nothing-like-it"):
                page.goto(url + path)
                looked_at()
            page.close()
    facility.core.store.close()


def test_each_role_finds_what_is_theirs_and_the_api_runs_no_foreign_script(browser, tmp_path):
    facility = a_facility(tmp_path)
    rows, asked, said = facility.rows, [], []
    with served(facility.app) as url:
        for name, finds, curates in (
            ("ada", "MA-2", False),
            ("ben", "MA-1", False),
            ("cho", "MA-2", False),
            ("dee", "MA-1", True),
        ):
            context = browser.new_context(viewport={"width": 390, "height": 900})
            page = context.new_page()
            page.on("request", lambda request: asked.append(request.url))
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.goto(url)
            page.fill("[name=name]", name)
            page.fill("[name=password]", PASSWORD)
            page.click("main button")
            page.wait_for_url(f"{url}/my")
            if name == "cho":
                page.click("text=My instruments")
                assert violations(page) == []
                page.click("main td a >> nth=0")
            page.click(f"li.card:has-text('{finds}') a")
            assert page.url.startswith(f"{url}/my/session/") and finds in page.inner_text("main"), name
            assert page.locator("text=Change the release date").count() == curates, name
            if name != "dee":
                closed = rows.open if finds == "MA-2" else rows.closed
                assert page.goto(f"{url}/my/session/{closed}").status == 404, name
                said.clear()  # Chromium tells of the 404 itself
            page.goto(f"{url}/docs")
            page.wait_for_selector(".opblock")
            assert said == [], name
            context.close()
    assert {address.split("/")[2] for address in asked if not address.startswith("data:")} == {url.split("/")[2]}
    facility.core.store.close()
