"""What the tests in a browser share: Chromium itself, and one published site, served and on a plain file host."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from search_site import Hosts, hosts, publish

_CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session", autouse=True)
def chromium() -> Path:
    """The browser; where it is not installed these tests skip, but with CI=true they fail."""
    if not _CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip("no Chromium here")
    return _CHROMIUM


@pytest.fixture(scope="module")
def browser(chromium) -> Iterator[Browser]:
    """For one file of tests: Playwright's loop, while it runs, is in the way of tests that start one of their own."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Hosts]:
    with hosts(publish(tmp_path_factory.mktemp("search-site"))) as made:
        yield made
