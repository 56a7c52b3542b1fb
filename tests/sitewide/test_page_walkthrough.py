"""The walk-through for a list and a page of one's own in docs/pages.md works as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.house import ROOT
from support.site_run import SiteRun, numbered

_PAGE = (ROOT / "docs/pages.md").read_text(encoding="utf-8").partition("## A list and a page of your own")[2]


@pytest.fixture
def package(tmp_path) -> Path:
    """The folder in which the page's package is installed, as an installer leaves it."""
    blocks = dict(re.findall(r"^```(\w+)\n(.*?)^```", _PAGE, re.DOTALL | re.MULTILINE))
    code = re.findall(r"^```python\n(.*?)^```", _PAGE, re.DOTALL | re.MULTILINE)
    entries = re.search(r'^\[project\.entry-points\."(panfair\.pages)"\]\n(.*?)^```', _PAGE, re.DOTALL | re.MULTILINE)
    assert entries and len(code) == 2
    files = {
        "mypages/__init__.py": "",
        "mypages/letters.py": code[0],
        "mypages/numbers.py": code[1],
        "mypages/numbers.html": blocks["html"],
        "mypages-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: mypages\nVersion: 1\n",
        "mypages-1.dist-info/entry_points.txt": f"[{entries[1]}]\n{entries[2].replace(chr(34), '')}",
    }
    for name, text in files.items():
        path = tmp_path / "installed" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "installed"


def test_both_are_published_linked_and_listed_in_the_sitemap(package, tmp_path):
    site = SiteRun(tmp_path / "site")
    site.put(numbered(1, title="Alpha foam"), numbered(2, title="beta foam"))
    command = "from panfair.site.cli.main import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", command, "publish", "--config", site.path],
        env={**os.environ, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    www = site.output / "www"
    home = (www / "index.html").read_text(encoding="utf-8")
    assert 'href="/letters/"' in home and 'href="/numbers/"' in home
    assert "beta foam" in (www / "letters/b/index.html").read_text(encoding="utf-8")
    assert "<p>2 publications, " in (www / "numbers/index.html").read_text(encoding="utf-8")
    sitemap = "".join(path.read_text(encoding="utf-8") for path in www.glob("sitemap*.xml"))
    assert "/letters/b/" in sitemap and "/numbers/" in sitemap
