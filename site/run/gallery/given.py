"""The files of open datasets that `panfair serve` gives out itself, from the folder that `file_path` names.

Such a file has an address below its dataset's page. Which one it is on this machine stands beside www/, one list for
each dataset, that belongs to the record: what closes takes it along in the first commit, and with it the file.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson

from panfair.builders import Artifact
from panfair.builders.addresses import dataset_folders
from panfair.builders.downloads.placed import placed
from panfair.builders.portal import Portal
from panfair.ontologies.record import Publication
from panfair.site.run.gallery.places import files_there
from panfair.site.state.layout import GIVEN


@dataclass(frozen=True, slots=True)
class Given:
    """One file, by its place among those of its dataset."""

    dataset: str
    """The dataset's id."""
    number: int
    name: str
    """The path that it is given out under."""
    path: str
    """Where it lies on this machine: never shown."""


def given_in(publication: Publication, harvested: Mapping[str, Any], pattern: str, root: Path) -> tuple[Given, ...]:
    """The files of a released publication's datasets that are there."""
    found = []
    for dataset, there in files_there(publication, harvested, pattern, root):
        names = placed([("", dataset.files)])
        found += [
            Given(dataset.id, one.number, names[one.number].path.removeprefix("./"), str(one.path)) for one in there
        ]
    return tuple(found)


def with_addresses(publication: Publication, given: Iterable[Given], portal: Portal) -> Publication:
    """The publication whose files say where this site gives them out."""
    if not (found := _by_dataset(given)):
        return publication
    folders = dict(zip((one.id for one in publication.datasets), dataset_folders(publication), strict=True))
    datasets = []
    for dataset in publication.datasets:
        files = list(dataset.files)
        for one in found.get(dataset.id, ()):
            address = f"{publication.doi.page}datasets/{folders[dataset.id]}/files/{quote(one.name, safe='/~')}"
            files[one.number] = files[one.number].model_copy(update={"url": portal.url(address)})
        datasets.append(dataset.model_copy(update={"files": tuple(files)}) if dataset.id in found else dataset)
    return publication.model_copy(update={"datasets": tuple(datasets)})


def lists_of_given(publication: Publication, given: Iterable[Given]) -> list[Artifact]:
    """Which file on this machine each address is, for the server alone: a list for each dataset, below output/."""
    found = _by_dataset(given)
    return [
        Artifact(
            f"{GIVEN}/doi/{publication.doi.path}/datasets/{folder}.json",
            orjson.dumps({one.name: one.path for one in found[dataset.id]}, option=orjson.OPT_INDENT_2),
        )
        for dataset, folder in zip(publication.datasets, dataset_folders(publication), strict=True)
        if dataset.id in found
    ]


def _by_dataset(given: Iterable[Given]) -> dict[str, list[Given]]:
    found: dict[str, list[Given]] = defaultdict(list)
    for one in given:
        found[one.dataset].append(one)
    return found
