"""Where the files of an open record lie on this machine, by the `file_path` of its source.

Only files of datasets that the gate let through are looked for. Their paths are none of the published record: they
come out of the last harvest, by the dataset's id and the file's place, and never leave this room.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from panfair.harvesters.contents.kinds import named_kind
from panfair.harvesters.reading.files import file_place
from panfair.ontologies.record import Dataset, Publication

_MOST_DATASETS = 200
_MOST_FILES = 2
"""Of a dataset that are opened."""
_MOST_SIBLINGS = 1000


@dataclass(frozen=True)
class Place:
    """One file to look into, with those of its dataset that it may lead to."""

    dataset: Dataset
    name: str
    path: Path
    siblings: tuple[Path, ...]


def places_in(publication: Publication, harvested: Mapping[str, Any], pattern: str, root: Path) -> Iterator[Place]:
    """The files of a released publication that are there: of each dataset the first ones that have a reader.

    `harvested` is the record as its catalogue told it; a dataset that it tells otherwise is passed by, and so is a file
    that one of its datasets which did not pass the gate names too.
    """
    told = {str(one.get("id")): one for one in harvested.get("datasets") or ()}
    released = {dataset.id for dataset in publication.datasets}
    closed = {
        path
        for number, one in told.items()
        if number not in released
        for raw in one.get("files") or ()
        if (path := _path_of(raw, one, pattern, root)) is not None
    }
    for dataset in publication.datasets[:_MOST_DATASETS]:
        found = told.get(dataset.id)
        files = list(found.get("files") or ()) if found else []
        if found is None or not dataset.described or len(files) != len(dataset.files):
            continue
        there = []
        for shown, raw in zip(dataset.files[:_MOST_SIBLINGS], files[:_MOST_SIBLINGS], strict=True):
            if str(raw.get("name", "")).rsplit("/", 1)[-1] != shown.name.rsplit("/", 1)[-1]:
                continue
            path = _path_of(raw, found, pattern, root)
            if path is not None and path not in closed:
                there.append((shown.name, path))
        paths = tuple(path for _, path in there)
        with_reader = [(name, path) for name, path in there if named_kind(path.name) is not None]
        for name, path in with_reader[:_MOST_FILES]:
            yield Place(dataset, name, path, tuple(one for one in paths if one != path))


def _path_of(raw: Mapping[str, Any], dataset: Mapping[str, Any], pattern: str, root: Path) -> Path | None:
    location, folder = raw.get("server_path"), dataset.get("server_path")
    return file_place(pattern, root, name=str(raw.get("name", "")), location=location, folder=folder)
