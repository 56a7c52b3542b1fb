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
_MOST_THERE = 20_000
"""Of a dataset that are looked for."""


@dataclass(frozen=True)
class Place:
    """One file to look into, with those of its dataset that it may lead to."""

    dataset: Dataset
    name: str
    path: Path
    siblings: tuple[Path, ...]


@dataclass(frozen=True)
class There:
    """A file that is on this machine, by its place among those of its dataset."""

    number: int
    name: str
    path: Path


def places_in(publication: Publication, harvested: Mapping[str, Any], pattern: str, root: Path) -> Iterator[Place]:
    """The files of a released publication that are there: of each dataset the first ones that have a reader."""
    for dataset, there in files_there(publication, harvested, pattern, root):
        with_reader = [one for one in there[:_MOST_SIBLINGS] if named_kind(one.path.name) is not None]
        for one in with_reader[:_MOST_FILES]:
            siblings = (other.path for other in there[:_MOST_SIBLINGS] if other.path != one.path)
            yield Place(dataset, one.name, one.path, tuple(siblings))


def files_there(
    publication: Publication, harvested: Mapping[str, Any], pattern: str, root: Path
) -> Iterator[tuple[Dataset, list[There]]]:
    """Each described dataset of a released publication with those of its files that are on this machine.

    `harvested` is the record as its catalogue told it; a dataset that it tells otherwise is passed by, and so is a file
    that one of its datasets which did not pass the gate names too.
    """
    told = {str(one.get("id")): one for one in harvested.get("datasets") or ()}
    if len(told) != len(harvested.get("datasets") or ()):
        return  # of two datasets under one id nobody knows which of them is open
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
        for number, (shown, raw) in enumerate(zip(dataset.files[:_MOST_THERE], files[:_MOST_THERE], strict=True)):
            if str(raw.get("name", "")).rsplit("/", 1)[-1] != shown.name.rsplit("/", 1)[-1]:
                continue
            path = _path_of(raw, found, pattern, root)
            if path is not None and path not in closed:
                there.append(There(number, shown.name, path))
        yield dataset, there


def _path_of(raw: Mapping[str, Any], dataset: Mapping[str, Any], pattern: str, root: Path) -> Path | None:
    location, folder = raw.get("server_path"), dataset.get("server_path")
    return file_place(pattern, root, name=str(raw.get("name", "")), location=location, folder=folder)
