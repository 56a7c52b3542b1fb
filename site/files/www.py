"""The files of www/ by their path: found without ever leaving the folder, small ones kept in memory while unchanged.

The strong ETag of a small file is the digest of the very bytes that are sent. Why not the manifest's digest: it is
100 MB for a large site, and while a run moves its files in, manifest and file may differ for a moment. A large file's
tag is made of its size, its time in nanoseconds and its inode; runs replace files and never write into them.
"""

import os
import stat
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from panfair.builders.metadata.media_types import content_type, is_compressible
from panfair.site.http.coding import THOROUGH, WORTH_ZIPPING, gzipped, strong_tag

SMALL = 256 << 10
"""Bytes up to which any file is read whole; beyond, it is sent in pieces."""
SMALL_TEXT = 6 << 20
"""The same for what gzip makes smaller."""

Signature = tuple[int, int, int, int]


@dataclass(slots=True, eq=False)
class FoundFile:
    """A file as it was found: its whole body, or an open descriptor that whoever sends it must close."""

    path: str
    """Below www/."""
    size: int
    modified: float
    """Seconds since 1970."""
    etag: str
    """Strong, in its quotation marks."""
    content_type: str
    body: bytes | None
    signature: Signature
    descriptor: int | None = None
    zipped: bytes | None = None
    """Empty when gzip would not make it smaller; None when nobody has asked yet."""
    links: dict[str, bytes] = field(default_factory=dict)
    """For a linkset: the Link headers made of it, by anchor."""

    @property
    def compressible(self) -> bool:
        return self.body is not None and self.size >= WORTH_ZIPPING and is_compressible(self.content_type)

    def zip(self) -> bytes:
        """The body as gzip, always the same bytes for the same body; empty when that would be longer."""
        if self.zipped is None:
            body = self.body or b""
            packed = gzipped(body, THOROUGH)
            self.zipped = packed if len(packed) < len(body) else b""
        return self.zipped

    def close(self) -> None:
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


class Www:
    """The folder of the site. `kept` and `keep` belong to one thread, `load` may run in any."""

    def __init__(self, root: Path, budget: int = 64 << 20) -> None:
        self.root = str(root)
        self._budget = budget
        self._files: OrderedDict[str, FoundFile] = OrderedDict()
        self._bytes = 0

    def cached(self, path: str) -> FoundFile | None:
        """The file out of memory when it is there and the one on disk is still the same; quick."""
        file = self._files.get(path)
        if file is None:
            return None
        try:
            found = os.stat(f"{self.root}/{path}")  # noqa: PTH116 - making a Path costs more than the call
            same = _signature(found) == file.signature
        except OSError:
            same = False
        if not same:
            self._drop(path)
            return None
        self._files.move_to_end(path)
        return file

    def load(self, path: str) -> FoundFile | None:
        """The file from disk; None when there is no plain file at this path inside www/, or it cannot be read."""
        try:
            root = os.path.realpath(self.root)
            real = os.path.realpath(f"{root}/{path}", strict=True)
            if not real.startswith(root + os.sep):
                return None
            # Without NONBLOCK, opening a named pipe would wait for its writer.
            descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except (OSError, ValueError):
            return None
        try:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                return None
            file = _read(path, descriptor, found)
            if file.body is None:
                file.descriptor, descriptor = descriptor, -1
            return file
        except OSError:
            return None
        finally:
            if descriptor >= 0:
                os.close(descriptor)

    def keep(self, file: FoundFile) -> None:
        """Keeps a small file in memory, in place of those that were not asked for the longest."""
        if file.body is None:
            return
        self._drop(file.path)
        self._files[file.path] = file
        self._bytes += _weight(file)
        while self._bytes > self._budget and len(self._files) > 1:
            self._drop(next(iter(self._files)))

    def has(self, path: str) -> bool:
        """Whether a file stands at this path; asks the disk."""
        file = self.load(path)
        if file is not None:
            file.close()
        return file is not None

    def _drop(self, path: str) -> None:
        file = self._files.pop(path, None)
        if file is not None:
            self._bytes -= _weight(file)


def _weight(file: FoundFile) -> int:
    return len(file.body or b"") * (2 if file.compressible else 1) + 1024


def _signature(found: os.stat_result) -> Signature:
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def _read(path: str, descriptor: int, found: os.stat_result) -> FoundFile:
    kind = content_type(path.rsplit("/", 1)[-1])
    body = None
    if found.st_size <= (SMALL_TEXT if is_compressible(kind) else SMALL):
        body = b"".join(iter(lambda: os.read(descriptor, 1 << 20), b""))
        etag = strong_tag(body)
    else:
        etag = f'"{found.st_size:x}-{found.st_mtime_ns:x}-{found.st_ino:x}"'
    size = found.st_size if body is None else len(body)
    return FoundFile(path, size, found.st_mtime, etag, kind, body, _signature(found))
