"""The findings of the leak scan, for the operator only: a file in the state folder that nobody else can read.

What goes to the terminal, and perhaps from there into a mail, names no closed record and quotes nothing of it.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from panfair.site.run.leaks.scanner import Finding

FINDINGS = "leaks.txt"
_HEAD = """\
What the last run held back, for it would have shown something that only closed records hold. This file names closed
data: it is for you alone. Mend the record in the catalogue or, when a value is nothing to hide, let it pass:

[leaks]
allow = ["the value"]
"""


def write_findings(state: Path, found: Mapping[str, Sequence[Finding]], name_of: Callable[[bytes], str]) -> None:
    """Writes the file anew, by what was held back; there is none when nothing was. `name_of` knows closed records."""
    path = state / FINDINGS
    path.unlink(missing_ok=True)
    if not found:
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(_HEAD)
        for what, findings in found.items():
            file.write(f"\n{what}\n")
            for finding in dict.fromkeys(findings):
                closed = name_of(finding.owner) or "a record that was closed before"
                file.write(f"\n  value   {finding.value}\n  where   {finding.path}: {finding.around}\n")
                file.write(f"  closed  {closed}, {finding.field}\n")
