"""The pictures of a record as its pages place them: one large, one of each other dataset, all of a dataset's."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from panfair.builders import Artifact
from panfair.builders.gallery.picture import Picture
from panfair.builders.portal import Portal
from panfair.ontologies.file_trees import FileTree

_MOST_TILES = 7
_MOST_PATHS = 300
"""Of a dataset that a search knows."""


@dataclass(frozen=True, slots=True)
class Album:
    """All pictures of an open record, with their files as they stand below www/."""

    pictures: tuple[Picture, ...] = ()
    files: tuple[Artifact, ...] = ()
    without: tuple[tuple[str, str], ...] = ()
    """Files that were opened and show nothing, each with its dataset's id."""
    trees: tuple[FileTree, ...] = ()
    """What is in the HDF5 files that were opened."""

    @property
    def thumbnail(self) -> str:
        """The address of the picture for cards; empty without one."""
        return address_of(self.pictures[0]) if self.pictures else ""


NO_PICTURES = Album()


@dataclass(frozen=True, slots=True)
class Groups:
    """The pictures of a dataset, those together that belong together."""

    groups: tuple[tuple[Picture, ...], ...] = ()
    without: tuple[str, ...] = ()
    """Names of its files that show nothing."""

    @property
    def all(self) -> tuple[Picture, ...]:
        return tuple(one for some in self.groups for one in some)


def address_of(picture: Picture) -> str:
    """From the site's root, of the smallest size."""
    return picture.folder + picture.thumbnail.file


def large_address(pictures: Sequence[Picture]) -> str:
    """From the site's root, of the largest size of the first one; empty without any."""
    return pictures[0].folder + pictures[0].large.file if pictures else ""


def paths_of(album: Album) -> dict[str, tuple[str, ...]]:
    """Where the arrays of each dataset's files stand, by the dataset's id: what a search finds."""
    found: dict[str, dict[str, None]] = {}
    for tree in album.trees:
        found.setdefault(tree.dataset, {}).update(dict.fromkeys(tree.paths()))
    return {dataset: tuple(paths)[:_MOST_PATHS] for dataset, paths in found.items()}


def hero_of(album: Album) -> Picture | None:
    """The picture that a landing page shows first."""
    return next(iter(album.pictures), None)


def tiles_of(album: Album) -> tuple[Picture, ...]:
    """One small picture of each of the other datasets."""
    hero = hero_of(album)
    first: dict[str, Picture] = {}
    for one in album.pictures:
        first.setdefault(one.dataset, one)
    return tuple(one for one in first.values() if hero is None or one.dataset != hero.dataset)[:_MOST_TILES]


def groups_of(album: Album, dataset: str) -> Groups:
    """What the page of a dataset shows."""
    own = [one for one in album.pictures if one.dataset == dataset]
    groups = tuple(tuple(some) for _, some in groupby(own, key=lambda one: one.group))
    return Groups(groups, tuple(name for one, name in album.without if one == dataset))


def described(document: dict[str, object], pictures: Iterable[Picture], portal: Portal) -> dict[str, object]:
    """A schema.org description with the pictures of what it describes."""
    found = list(pictures)
    if not found:
        return document
    image = portal.url(large_address(found))
    return {**document, "thumbnailUrl": portal.url(address_of(found[0])), "image": image}


def placed(pictures: Sequence[Picture], folder: str, dataset: str, name: str) -> Iterator[Picture]:
    """The pictures with the dataset that they are of, and the folder of its page (`/doi/…/datasets/x/`)."""
    for one in pictures:
        yield Picture.from_json({**one.to_json(), "folder": folder, "dataset": dataset, "of": name})
