"""Golden files: the whole text of a page or a file as a librarian signed it, below tests/data/golden/.

After a change that is meant, write them anew with `PANFAIR_RENEW=1 pytest …`, read `git diff tests/data/golden`, and
commit what is right. The site's frame (menu, footer, the digests in the names of style and script) is left out: it is
every page's, and has tests of its own.
"""

import os
import re

from support.house import ROOT

_FOLDER = ROOT / "tests/data/golden"
_FRAME = re.compile(r'<header class="top">.*?</header>\n?|<footer class="bottom">.*?</footer>\n?', re.DOTALL)
_ASSET = re.compile(
    r'^.*/_panfair/.*\n|^<link rel="(?:alternate|search)".*\n|^<meta (?:http-equiv|name="(?:viewport|color)).*\n',
    re.MULTILINE,
)


def check_golden(name: str, body: bytes) -> None:
    """Fails when a text is not the golden one; with PANFAIR_RENEW=1 it becomes the golden one."""
    text = body.decode()
    if name.endswith(".html"):
        text = re.sub(r"\n{2,}", "\n", _ASSET.sub("", _FRAME.sub("", text)))
    path = _FOLDER / name
    if os.environ.get("PANFAIR_RENEW") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    assert path.is_file(), f"no golden file {name}; PANFAIR_RENEW=1 writes it"
    golden = path.read_bytes().decode()
    assert text == golden, f"{name} is another text now; if that is meant, run again with PANFAIR_RENEW=1 and read it"
