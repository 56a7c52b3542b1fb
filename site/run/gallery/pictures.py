"""The pictures of a run: read and drawn once for each file as it is, kept in the state folder, and bounded.

A picture is made when its record is rendered, of a file of a dataset that the gate let through, and its files belong to
that record: what closes takes them with it in the first commit, as it takes the pages. The first commit itself reads
nothing: it shows what was kept.
"""

import hashlib
import logging
import os
import time
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

from panfair.builders import Artifact
from panfair.builders.gallery.picture import RECIPES, Picture
from panfair.builders.gallery.shown import Album, placed
from panfair.builders.metadata.crosswalk import dataset_folder
from panfair.harvesters.contents.figures import READERS, looked_into
from panfair.harvesters.contents.reader import Reader
from panfair.ontologies.errors import ContentsError
from panfair.ontologies.file_trees import FileTree, Node
from panfair.ontologies.record import Publication
from panfair.site.config.settings import Config
from panfair.site.run.gallery.given import Given, given_in
from panfair.site.run.gallery.places import Place, places_in
from panfair.site.state.harvest_file import spool_folder
from panfair.site.state.spool_index import SpoolIndex
from panfair.site.state.spool_part import Before

log = logging.getLogger(__name__)
FOLDER = "pictures"
_MOST_TOLD = 20
_MOST_OF_A_DATASET = 12


@dataclass(frozen=True)
class _Looked:
    """What was found in one file, with the bytes of its pictures by their names."""

    pictures: tuple[Picture, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    tree: FileTree | None = None


class Gallery:
    """Makes albums, until it is closed."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._patterns = {source.name: source.file_path for source in config.sources if source.file_path}
        self._reader = Reader()
        self._harvests: dict[str, Before] = {}
        self._index: SpoolIndex | None = None
        self._until = time.monotonic() + config.previews.minutes * 60
        self.counts: Counter[str] = Counter()
        self.refused: list[str] = []
        self.unfinished: set[str] = set()
        """The keys of records of which files were left for the next run."""

    def close(self) -> None:
        """Ends the process that reads files; what is asked for later begins it again."""
        self._reader.close()
        for one in self._harvests.values():
            one.close()
        self._harvests = {}
        if self._index is not None:
            self._index.__exit__()
        self._index = None

    @property
    def sources(self) -> frozenset[str]:
        """The names of those whose files can be reached."""
        return frozenset(self._patterns)

    @property
    def made_with(self) -> str:
        """What pictures depend on beside their files: a change has records rendered again."""
        if not self._patterns:
            return ""
        files = self._config.files
        given_from = self._config.root.resolve() if files.serve else ""
        return repr((RECIPES, READERS, sorted(self._patterns.items()), _can_draw(), files, str(given_from)))

    def album(self, key: str, source: str, publication: Publication, reading: bool = True) -> Album:
        """The pictures of an open record; without `reading`, those that were kept."""
        pattern = self._patterns.get(source)
        if pattern is None or not _can_draw():
            return Album()
        harvested = self._harvested(source, key)
        if harvested is None:
            return Album()
        pictures: list[Picture] = []
        files: list[Artifact] = []
        without: list[tuple[str, str]] = []
        trees: list[FileTree] = []
        stems: Counter[str] = Counter()
        for place in places_in(publication, harvested, pattern, self._config.root):
            stems[place.dataset.id] += 1
            found = self._cached_or_drawn(key, place, f"view-{stems[place.dataset.id]}-", reading)
            if found is None:
                continue
            if found.tree is not None:
                trees.append(replace(found.tree, file=place.name, dataset=place.dataset.id))
            if not found.pictures:
                without.append((place.dataset.id, place.name))
            folder = f"{publication.doi.page}datasets/{dataset_folder(place.dataset, publication)}/"
            shown = list(placed(found.pictures[:_MOST_OF_A_DATASET], folder, place.dataset.id, place.dataset.name))
            pictures += shown
            wanted = {name for one in shown for name in (one.table, *(size.file for size in one.sizes)) if name}
            files += [Artifact(folder.lstrip("/") + name, body) for name, body in found.files.items() if name in wanted]
        return Album(tuple(pictures), tuple(files), tuple(without), tuple(trees))

    def given(self, key: str, source: str, publication: Publication) -> tuple[Given, ...]:
        """The files of an open record that this site gives out itself, where the operator wants that."""
        pattern = self._patterns.get(source)
        if pattern is None or not self._config.files.serve or (harvested := self._harvested(source, key)) is None:
            return ()
        return given_in(publication, harvested, pattern, self._config.root)

    def lines(self) -> list[str]:
        """For the report: what was made and kept, and each file that shows nothing, with the reason."""
        made = ", ".join(
            f"{self.counts[name]} {name}" for name in ("drawn", "kept", "left for the next run") if self.counts[name]
        )
        lines = [f"pictures of files: {made}"] if made else []
        lines += self.refused[:_MOST_TOLD]
        if len(self.refused) > _MOST_TOLD:
            lines.append(f"and {len(self.refused) - _MOST_TOLD} more files without a picture")
        return lines

    def _harvested(self, source: str, key: str) -> dict[str, Any] | None:
        if source not in self._harvests:
            folder = spool_folder(self._config)
            if self._index is None:
                self._index = SpoolIndex(folder).__enter__()
            self._harvests[source] = Before(folder / f"{source}.jsonl", source, self._index)
        return self._harvests[source].document(key)

    def _cached_or_drawn(self, key: str, place: Place, stem: str, reading: bool) -> _Looked | None:
        """What is in a file, with its pictures; None: not looked into."""
        try:
            folder = self._config.state / FOLDER / self._identity(place, stem)
        except OSError:
            return None
        if (kept := _cached(folder)) is not None:
            self.counts["kept"] += 1
            return kept
        if not reading:
            return None
        if time.monotonic() > self._until:
            self.counts["left for the next run"] += 1
            self.unfinished.add(key)
            return None
        looked = self._made(key, place, stem)
        _keep(folder, looked)
        return looked

    def _made(self, key: str, place: Place, stem: str) -> _Looked:
        """What is in a file; that it shows nothing costs it a line."""
        from panfair.builders.gallery.album import album_of

        tree = None
        try:
            found = looked_into(self._reader, place.path, place.siblings)
            tree = found.tree
            if not found.figures:
                raise ContentsError(found.without)
            drawn = list(album_of(found.figures, stem))
            self.counts["drawn"] += 1
            files = {name: body for _, some in drawn for name, body in some.items()}
            return _Looked(tuple(one for one, _ in drawn), files, tree)
        except ContentsError as error:
            self.refused.append(f"no picture of {key}, {place.name}: {error}")
        except Exception as error:  # whatever a file does to those who draw it costs its picture, never the run
            log.warning("no picture of %s (%s)", key, type(error).__name__)
            self.refused.append(
                f"no picture of {key}, {place.name}: panfair could not draw it ({type(error).__name__})"
            )
        return _Looked(tree=tree)

    def _identity(self, place: Place, stem: str) -> str:
        """A digest of the file as it is and of those that it may lead to, and of who reads and draws it."""
        parts: list[object] = [stem, RECIPES, READERS, self._config.site.language]
        for path in (place.path, *place.siblings):
            found = path.stat()
            parts.append((str(path), found.st_size, found.st_mtime_ns, found.st_ino))
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def _can_draw() -> bool:
    """Whether the extra `previews` is installed."""
    return find_spec("h5py") is not None and find_spec("PIL") is not None


def _cached(folder: Path) -> _Looked | None:
    try:
        told = orjson.loads((folder / "album.json").read_bytes())
        pictures = tuple(Picture.from_json(one) for one in told["pictures"])
        tree = told["tree"] and FileTree(**{**told["tree"], "root": Node.from_json(told["tree"]["root"])})
        return _Looked(pictures, {name: (folder / name).read_bytes() for name in told["files"]}, tree)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(folder: Path, looked: _Looked) -> None:
    """For the operator's eyes only; the list is written last, so that a run that is killed leaves no half album."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = {
        "pictures": [one.to_json() for one in looked.pictures],
        "files": sorted(looked.files),
        "tree": looked.tree and asdict(looked.tree),
    }
    for name, body in (*looked.files.items(), ("album.json.new", orjson.dumps(told))):
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(body)
    (folder / "album.json.new").replace(folder / "album.json")
