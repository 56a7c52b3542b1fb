"""axe-core finds nothing wrong on ten pages of each kind: narrow and wide, light and dark."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from support.chromium import started
from support.judged import KINDS
from support.judges.axe import SCHEMES, WIDTHS, violations


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with started() as browser:
        yield browser.new_page()


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
