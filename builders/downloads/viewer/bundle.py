"""The bundle of the HDF5 viewer: built by `make viewer` from templates/viewer, carried in the package, not committed.

Its files lie in one folder that is named by the digest of them all, so that they find each other by their own names
and may be cached for ever.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import orjson

from panfair.builders import Artifact
from panfair.builders.assets import FOLDER

PREFIX = f"{FOLDER}/viewer-"
"""What the paths of its files begin with, and no others."""
_SIZES = "sizes.json"


@dataclass(frozen=True, slots=True)
class Bundle:
    """The addresses of what its page loads, from the root, and how many bytes that moves, compressed."""

    script: str
    sheet: str
    transfer_bytes: int


@cache
def bundle() -> Bundle | None:
    """What the viewer's page loads; None where the bundle is not built."""
    found = {file.path.rpartition("/")[2]: file for file in viewer_files()}
    if not found:
        return None
    built = orjson.loads(_built().joinpath(_SIZES).read_bytes())
    return Bundle("/" + found["viewer.js"].path, "/" + found["main.css"].path, sum(built.values()))


@cache
def viewer_files() -> tuple[Artifact, ...]:
    """The files themselves, below `_panfair/viewer-1a2b3c4d/`; none where the bundle is not built."""
    folder = _built()
    if not folder.joinpath(_SIZES).is_file():
        return ()
    files = dict(sorted(_files(folder, "")))
    digest = hashlib.sha256()
    for name, body in files.items():
        digest.update(f"{name}\0{len(body)}\0".encode() + body)
    root = f"{PREFIX}{digest.hexdigest()[:8]}"
    return tuple(Artifact(f"{root}/{name}", body) for name, body in files.items() if name != _SIZES)


def _built() -> Traversable:
    return resources.files("panfair.templates").joinpath("viewer", "built")


def _files(folder: Traversable, before: str) -> list[tuple[str, bytes]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _files(entry, f"{before}{entry.name}/")
        else:
            found.append((before + entry.name, entry.read_bytes()))
    return found
