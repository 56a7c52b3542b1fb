"""The public server imports neither live core, run, ledger nor spool: what is closed is out of its reach."""

import subprocess
import sys

PUBLIC = ("serve.app", "files.site", "search.engine", "oai.http", "oai.store", "panosc.api", "http.negotiation")
CLOSED = (
    "panfair.site.catalogue",
    "panfair.site.run",
    "panfair.site.check",
    "panfair.site.state.ledger",
    "panfair.site.state.spool",
)


def test_nothing_that_serves_the_public_imports_what_knows_closed_records():
    names = [f"panfair.site.{name}" for name in PUBLIC]
    told = f"print([m for m in sys.modules if m.startswith({CLOSED!r})])"
    program = f"import sys\nfor n in {names!r}: __import__(n)\n{told}"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
