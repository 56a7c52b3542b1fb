"""What the tests in a browser share: Chromium itself, and one published site, served and on a plain file host."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from support.chromium import needed, started
from support.search.site import Hosts, hosts, publish


@pytest.fixture(scope="session", autouse=True)
def chromium() -> None:
    """Without the browser none of these tests begins."""
    needed()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """For one file of tests: Playwright's loop, while it runs, is in the way of tests that start one of their own."""
    with started() as made:
        yield made


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Hosts]:
    with hosts(publish(tmp_path_factory.mktemp("search-site"))) as made:
        yield made
