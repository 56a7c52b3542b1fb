"""Lighthouse, as on a phone, gives ten pages of each kind 100 for all that it judges."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from support.judged import KINDS, needed

HERE = Path(__file__).resolve().parent
_UNLISTED = frozenset({"missing", "notice", "gone"})
"""Pages that search engines shall not list: that they may not is all that is said of them."""


def _told(urls: list[str]) -> list[dict]:
    node = needed("node", package="lighthouse")
    chromium = needed("chromium", "chromium-browser", package="chrome-launcher")
    program = [node, str(HERE / "lighthouse.mjs"), *urls]
    done = subprocess.run(program, capture_output=True, text=True, env={**os.environ, "CHROMIUM": chromium})
    assert done.returncode == 0, done.stderr[-4000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("kind", KINDS)
def test_lighthouse_is_content_with_ten_pages_of_each_kind(judged, kind):
    urls = judged.some(kind)
    for told in _told(urls) if urls else []:
        unlisted = kind in _UNLISTED
        assert told["failed"] == (["is-crawlable"] if unlisted else []), told
        assert {score for name, score in told["scores"].items() if not (unlisted and name == "seo")} == {1}, told
