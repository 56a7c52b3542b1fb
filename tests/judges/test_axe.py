"""axe-core finds nothing wrong on ten pages of each kind: narrow and wide, light and dark."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_judge import SCHEMES, WIDTHS, violations
from judged import KINDS
from playwright.sync_api import Page, sync_playwright

_CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    if not _CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip("no Chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(_CHROMIUM), args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_wrong_on_ten_pages_of_each_kind(judged, page, kind):
    for address in judged.some(kind):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                assert violations(page) == [], (address, width, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
