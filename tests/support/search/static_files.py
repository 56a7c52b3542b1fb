"""A folder with the files of the static search and the scripts that search in them, made of documents."""

import gzip
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from panfair.builders import Artifact
from panfair.builders.assets import static_files
from panfair.builders.search.documents.labels import COMPLETED
from panfair.builders.search.static.delta import ScopeDelta, delta_file
from panfair.builders.search.static.entry import Entry, entry_of
from panfair.builders.search.static.files import Scope, manifest, search_files
from panfair.builders.search.static.language import search_language
from support.records import PORTAL

_GENERATION = "1a2b3c4d5e6f"
Documents = Mapping[str, Sequence[dict[str, Any]]]


def write_static_search(www: Path, documents: Documents, before: Documents | None = None) -> None:
    """Writes them below `www`; `documents` are those of each scope. There is an empty page to run the scripts in.

    With documents of `before`, those make the base, and what differs now is a delta.
    """
    base = {name: entries_of(found) for name, found in (before or documents).items()}
    files = list(
        search_files([_scope(name, found) for name, found in base.items()], search_language(PORTAL), _GENERATION)
    )
    if before is not None:
        body = delta_file([delta_of(name, base[name], entries_of(found), files) for name, found in documents.items()])
        files[-1] = manifest(_GENERATION, {name: len(found) for name, found in documents.items()}, "delta-1")
        files.append(Artifact(f"search/data/{_GENERATION}/delta-1.bin", body))
    for artifact in (*static_files(), *files):
        path = www / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.body)
    (www / "index.html").write_text('<!doctype html><title>Search</title><link rel="icon" href="data:,">')


def entries_of(documents: Iterable[dict[str, Any]]) -> dict[str, Entry]:
    """Their entries by key, by newest day, then by key."""
    made = {document["key"]: entry_of(document) for document in documents}
    return {key: made[key] for key in sorted(made, key=lambda key: (-made[key]["day"], key))}


def _scope(name: str, entries: dict[str, Entry]) -> Scope:
    return Scope(name, list(entries), lambda keys: [entries[key] for key in keys])


def delta_of(name: str, old: dict[str, Entry], new: dict[str, Entry], files: list[Artifact]) -> ScopeDelta:
    """The change from old to new entries of a scope, found by looking at all; `files` are those of the old ones."""
    changed = {key: entry for key, entry in new.items() if old.get(key) != entry}
    dead = [number for number, (key, entry) in enumerate(old.items()) if new.get(key) != entry]
    newest = [(-entry["day"], key) for key, entry in old.items()]
    titles = sorted((entry["title"], key) for key, entry in old.items())
    gone = [entry for number, entry in enumerate(old.values()) if number in set(dead)]
    labels: dict[str, Counter[str]] = {column: Counter() for column in COMPLETED}
    for times, entries in ((1, changed.values()), (-1, gone)):
        for entry in entries:
            for column, counted in labels.items():
                for label in entry["facets"].get(column, ()):
                    counted[label] += times
    (index,) = (file.body for file in files if file.path.endswith(f"/{name}/index.bin"))
    return ScopeDelta(
        scope=_scope(name, changed),
        dead=dead,
        before=[bisect_right(newest, (-entry["day"], key)) for key, entry in changed.items()],
        titles=[bisect_right(titles, (entry["title"], key)) for key, entry in changed.items()],
        labels=labels,
        frequent=frozenset(orjson.loads(gzip.decompress(index).partition(b"\0")[0])["frequent"]),
    )
