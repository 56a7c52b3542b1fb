"""“This search in code”: the commands that give a program what the page shows, for curl and for Python."""

import shlex

from panfair.builders.search_page_state import encoded

_PYTHON = """\
import json
from urllib.request import urlopen

answer = json.load(urlopen({address}))
print(answer["total"])
for found in answer["results"]:
    print(found["doi"], found["title"])"""


def commands(endpoint: str, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same search for curl and for Python's own library: name and text, which runs as it stands."""
    address = f"{endpoint}?{encoded(pairs)}" if pairs else endpoint
    given = "".join(f" \\\n  --data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in pairs)
    return [
        ("curl", f"curl --get {shlex.quote(endpoint)}{given}"),
        ("Python", _PYTHON.format(address=json_text(address))),
    ]


def json_text(text: str) -> str:
    """A text as a literal that Python and JavaScript read alike."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
