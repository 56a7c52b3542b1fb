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
