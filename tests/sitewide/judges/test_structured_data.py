"""structured-data-testing-tool finds what each kind of page is for search engines, and nothing amiss with it."""

import json
import subprocess
from pathlib import Path

import pytest

from support.judged import needed

_PROGRAM = Path(__file__).resolve().parent / "structured-data.mjs"


@pytest.mark.parametrize(("pattern", "types"), [("index.html", "WebSite,DataCatalog"), ("doi/**/dcat.ttl", "Dataset")])
def test_search_engines_find_the_types_of_a_page_at_its_root(judged, pattern, types):
    node = needed("node", package="structured-data-testing-tool")
    pages = [str(path.with_name("index.html")) for path in sorted(judged.www.glob(pattern))]
    assert pages
    done = subprocess.run([node, str(_PROGRAM), types, *pages], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["path"] for one in told] == pages
    assert [one for one in told if one["said"] or one["passed"] < len(types.split(","))] == []
