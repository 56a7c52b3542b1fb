"""The files beside the OAI-PMH store that hold its records: consecutive ones of all formats, in pieces of gzip.

A volume holds up to some thousand records in the order of harvesting, one format after the other, so that any run of
consecutive records is one slice of one file. It is named by its bytes and never changes: what moves or leaves has its
volume written anew, and nothing else. Since changes move a record to the end, a run writes few.
"""

import os
from collections.abc import Iterable, Iterator
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple

from panfair.builders.oai.pieces import Piece
from panfair.ontologies.errors import PublishError

_NAME_LETTERS = 32
_NEW = "new"


class DamagedVolume(PublishError):
    """A volume is not what it was made as: the store must be made anew."""


def folder_of(store: Path) -> Path:
    """The folder of a store's volumes: for `oai.sqlite` it is `oai-records` beside it."""
    return store.with_name(f"{store.stem}-records")


class Place(NamedTuple):
    """Where a record, or a run of consecutive ones, lies: the columns of the table `record`."""

    volume: int
    start: int
    length: int
    text_start: int
    size: int
    crc_before: int
    crc_after: int


PLACE = ", ".join(Place._fields)
"""The columns, for a query."""


def run_of(first: Place, last: Place) -> Place:
    """All from one place to another of the same volume and format."""
    length, size = last.start + last.length - first.start, last.text_start + last.size - first.text_start
    return Place(first.volume, first.start, length, first.text_start, size, first.crc_before, last.crc_after)


def runs(places: Iterable[Place]) -> Iterator[Place]:
    """The same places with neighbours made one: what is read and sent at once."""
    first = last = None
    for one in places:
        if first and last and (last.volume != one.volume or last.start + last.length != one.start):
            yield run_of(first, last)
            first = None
        first, last = first or one, one
    if first and last:
        yield run_of(first, last)


class Volumes:
    """The open volumes of one store: they can be read until `close`, also when others have taken their place.

    Raises OSError when one is not there.
    """

    def __init__(self, store: Path, names: dict[int, str]) -> None:
        self._names = names
        self._files: dict[int, int] = {}
        try:
            for volume, name in names.items():
                self._files[volume] = os.open(folder_of(store) / name, os.O_RDONLY)
        except OSError:
            self.close()
            raise

    def piece(self, place: Place) -> Piece:
        """What lies there."""
        packed = os.pread(self._files[place.volume], place.length, place.start)
        return Piece(packed, place.size, place.crc_after, place.crc_before)

    def hold(self, volume: int) -> None:
        """Sees that a volume is what it was made as. Raises DamagedVolume when not."""
        with open(self._files[volume], "rb", closefd=False) as file:
            file.seek(0)
            if file_digest(file, "sha256").hexdigest()[:_NAME_LETTERS] != self._names[volume]:
                raise DamagedVolume(f"{self._names[volume]}, OAI-PMH records, is not as it was published")

    def close(self) -> None:
        """Closes the files; done twice, it does nothing."""
        while self._files:
            os.close(self._files.popitem()[1])


class VolumeFile:
    """One volume while it is written; `finish` gives its name."""

    def __init__(self, store: Path) -> None:
        self._path = folder_of(store) / _NEW
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file, self._digest, self._end = self._path.open("wb"), sha256(), 0

    def add(self, packed: bytes) -> int:
        """Puts a piece behind the others; the answer is where it begins."""
        start, self._end = self._end, self._end + len(packed)
        self._digest.update(packed)
        self._file.write(packed)
        return start

    def finish(self) -> str:
        self._file.close()
        name = self._digest.hexdigest()[:_NAME_LETTERS]
        self._path.replace(self._path.with_name(name))
        return name


def keep_only(store: Path, names: set[str]) -> None:
    """Takes away every file of the store's folder but these, and the folder when it is empty."""
    folder = folder_of(store)
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name not in names:
            path.unlink()
    if not names:
        folder.rmdir()
