"""“This search in code”: the commands that give a program what the page shows, for curl and for Python.

Without a server nothing answers a program's search; there the commands fetch the metadata of what was exported.
"""

import shlex

from panfair.builders.html.language import tr
from panfair.builders.search.language.request import encoded

_PYTHON = """\
import json
from urllib.request import urlopen

answer = json.load(urlopen({address}))
print(answer["total"])
for found in answer["results"]:
    print(found["doi"], found["title"])"""

_FILES_SHELL = """\
# {whence}
tr A-Z a-z < dois.txt | while read -r doi; do
  curl --silent --location "{base}/doi/$doi/metadata.jsonld"
done"""
_FILES_PYTHON = """\
import json
from urllib.request import urlopen

# {whence}
for doi in open("dois.txt"):
    record = json.load(urlopen(f"{base}/doi/{{doi.strip().lower()}}/metadata.jsonld"))
    print(record["name"])"""


def commands(endpoint: str, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same search for curl and for Python's own library: name and text, which runs as it stands."""
    address = f"{endpoint}?{encoded(pairs)}" if pairs else endpoint
    given = "".join(f" \\\n  --data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in pairs)
    return [
        ("curl", f"curl --get {shlex.quote(endpoint)}{given}"),
        ("Python", _PYTHON.format(address=json_text(address))),
    ]


def commands_without_server(base_url: str) -> list[tuple[str, str]]:
    """What fetches the metadata of an exported list of DOIs: name and text."""
    whence = tr("dois.txt comes from “Export all”, “List of DOIs”")
    return [
        ("curl", _FILES_SHELL.format(base=base_url, whence=whence)),
        ("Python", _FILES_PYTHON.format(base=base_url, whence=whence)),
    ]


def json_text(text: str) -> str:
    """A text as a literal that Python and JavaScript read alike."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
