"""Data files that the site gives out itself: an address below a dataset's page, and where the run says that file is.

The lists stand beside www/ and go with their records. Such a file is a download and never a page of this site: it has
the media type of bytes, unless it is HDF5, and a policy of its own.
"""

import os
import stat
from pathlib import Path

import orjson

from panfair.builders.metadata.media_types import FALLBACK, content_type
from panfair.site.files.www import FoundFile
from panfair.site.state.layout import GIVEN

FOLDER = "/files/"
HEADERS = (
    (b"content-disposition", b"attachment"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
)
_KEPT = 64
_HDF5 = "application/x-hdf5"


class GivenFiles:
    """Finds them; the lists that were asked for last are kept while they are unchanged. Any thread may ask."""

    def __init__(self, output: Path) -> None:
        self._root = output / GIVEN
        self._lists: dict[str, tuple[tuple[int, int, int], dict[str, str]]] = {}

    def load(self, path: str) -> FoundFile | None:
        """The file at a path below www/, open; None unless a list names it and it is still there."""
        dataset, folder, name = path.partition(FOLDER)
        if not folder or not dataset.startswith("doi/"):
            return None
        try:
            place = self._list(dataset).get(name)
            return _opened(path, place) if place else None
        except (OSError, ValueError):
            return None

    def _list(self, dataset: str) -> dict[str, str]:
        path = self._root / f"{dataset}.json"
        found = path.stat()
        signature = (found.st_ino, found.st_mtime_ns, found.st_size)
        kept = self._lists.get(dataset)
        if kept is None or kept[0] != signature:
            kept = signature, orjson.loads(path.read_bytes())
            if len(self._lists) >= _KEPT:
                self._lists.clear()
            self._lists[dataset] = kept
        return kept[1]


def _opened(path: str, place: str) -> FoundFile | None:
    # The run wrote a path without links; one that has come since is not followed.
    descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or os.path.realpath(place) != place:
        os.close(descriptor)
        return None
    kind = content_type(path.rsplit("/", 1)[-1])
    tag = f'"{found.st_size:x}-{found.st_mtime_ns:x}-{found.st_ino:x}"'
    signature = (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)
    return FoundFile(
        path,
        found.st_size,
        found.st_mtime,
        tag,
        kind if kind == _HDF5 else FALLBACK,
        None,
        signature,
        descriptor,
    )
