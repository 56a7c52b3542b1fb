"""The public side never imports the live core: embargoed rows are out of its reach."""

import importlib.util
import subprocess
import sys

PUBLIC = ("server", "search", "oai", "oai_http", "oai_store", "negotiate", "query")


def test_nothing_that_serves_the_public_imports_the_live_core():
    names = [f"panfair.site.{name}" for name in PUBLIC]
    there = [name for name in names if importlib.util.find_spec(name)]
    assert len(there) >= 5
    told = "print([m for m in sys.modules if m.startswith('panfair.site.catalogue')])"
    program = f"import sys\nfor n in {there!r}: __import__(n)\n{told}"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
