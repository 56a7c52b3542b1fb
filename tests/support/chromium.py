"""Debian's Chromium, driven by Playwright: without it tests skip, but where CI is true they fail."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

_CHROMIUM = Path("/usr/bin/chromium")


def needed() -> Path:
    """Where it is."""
    if not _CHROMIUM.exists() and os.environ.get("CI") != "true":
        pytest.skip("no Chromium here")
    return _CHROMIUM


@contextmanager
def started() -> Iterator[Browser]:
    """A browser, closed at the end of the block."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(needed()), args=["--no-sandbox"])
        yield browser
        browser.close()
