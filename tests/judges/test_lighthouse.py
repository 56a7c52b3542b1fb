"""Lighthouse, as on a phone, gives ten pages of each kind 100 for all that it judges."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
_HIDDEN = frozenset({"is-crawlable", "http-status-code"})
"""Said of pages that search engines shall not list, such as the page for no page; anything else is a fault."""


def _told(urls: list[str]) -> list[dict]:
    node = shutil.which("node")
    if node is None or not (HERE / "node_modules" / "lighthouse").is_dir():
        pytest.skip("node or the package lighthouse is not here; `make judges` installs the package")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None and os.environ.get("CI") != "true":
        pytest.skip("no Chromium here")
    program = [node, str(HERE / "lighthouse.mjs"), *urls]
    done = subprocess.run(program, capture_output=True, text=True, env={**os.environ, "CHROMIUM": str(chromium)})
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("kind", ["home", "search", "text", "help", "list", "shelf", "landing", "dataset", "missing"])
def test_lighthouse_is_content_with_ten_pages_of_each_kind(judged, kind):
    urls = judged.some()[kind]
    assert urls or kind == "dataset"
    for told in _told(urls) if urls else []:
        assert set(told["failed"]) <= (_HIDDEN if kind == "missing" else set()), told
        if not told["failed"]:
            assert set(told["scores"].values()) == {1}, told
