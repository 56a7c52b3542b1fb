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
from panfair.builders.search.static.packing import as_json, packed_file
from panfair.builders.search.static.revise import files_without
from support.records import PORTAL

_GENERATION = "1a2b3c4d5e6f"
Documents = Mapping[str, Sequence[dict[str, Any]]]


def write_static_search(www: Path, documents: Documents, before: Documents | None = None) -> None:
    """Writes them below `www`; `documents` are those of each scope. There is an empty page to run the scripts in.

    With documents of `before`, those make the base, what is gone has left it, and what differs now is a delta.
    """
    base = {name: entries_of(found) for name, found in (before or documents).items()}
    files = list(
        search_files([_scope(name, found) for name, found in base.items()], search_language(PORTAL), _GENERATION)
    )
    if before is not None:
        body = delta_file([delta_of(name, base[name], entries_of(found), files) for name, found in documents.items()])
        files, revised = _without_gone(files, base, {name: entries_of(found) for name, found in documents.items()})
        counts = {name: len(found) for name, found in documents.items()}
        files[-1] = manifest(_GENERATION, counts, "delta-1", revised)
        files.append(Artifact(f"search/data/{_GENERATION}/delta-1.bin", body))
    for artifact in (*static_files(), *files):
        path = www / artifact.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.body)
    (www / "index.html").write_text('<!doctype html><title>Search</title><link rel="icon" href="data:,">')


def _without_gone(
    files: list[Artifact], base: Mapping[str, dict[str, Entry]], now: Mapping[str, dict[str, Entry]]
) -> tuple[list[Artifact], str | None]:
    """The files without the documents that are there no more, and the name of the file that tells which those are."""
    bodies = {file.path: file.body for file in files}
    names: dict[str, str] = {}
    for scope, old in base.items():
        gone = {number: entry for number, (key, entry) in enumerate(old.items()) if key not in now[scope]}
        folder = f"search/data/{_GENERATION}/{scope}"
        made = files_without(gone, lambda name, folder=folder: bodies[f"{folder}/{name}.bin"]) if gone else {}
        assert made is not None
        for name, body in made.items():
            del bodies[f"{folder}/{name}.bin"]
            names[f"{scope}/{name}"] = "new"
            bodies[f"{folder}/{name}-new.bin"] = body
    told = bodies.pop(files[-1].path)  # the manifest is the last one, here as there
    if names:
        bodies[f"search/data/{_GENERATION}/revised-1.bin"] = packed_file(as_json(names))
    bodies[files[-1].path] = told
    return [Artifact(path, body) for path, body in bodies.items()], "revised-1" if names else None


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
