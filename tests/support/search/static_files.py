"""A folder with the files of the static search and the scripts that search in them, made of documents."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from panfair.builders.assets import static_files
from panfair.builders.search.static.entry import entry_of
from panfair.builders.search.static.files import Scope, search_files
from panfair.builders.search.static.language import search_language
from support.records import PORTAL


def write_static_search(www: Path, documents: Mapping[str, Sequence[dict[str, Any]]]) -> None:
    """Writes them below `www`; `documents` are those of each scope. There is an empty page to run the scripts in."""
    scopes = []
    for name, found in documents.items():
        entries = {document["key"]: entry_of(document) for document in found}
        keys = sorted(entries, key=lambda key, entries=entries: (-entries[key]["day"], key))
        scopes.append(Scope(name, keys, lambda keys, entries=entries: [entries[key] for key in keys]))
    for artifact in (*static_files(), *search_files(scopes, search_language(PORTAL), "1a2b3c4d5e6f")):
        path = www / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.body)
    (www / "index.html").write_text('<!doctype html><title>Search</title><link rel="icon" href="data:,">')
