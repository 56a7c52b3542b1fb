"""New folders moved whole from the staging folder: one rename for the twenty files of a new record.

A rename is one step, or none at all. What stands on the redo log and has been moved so is taken for moved, as after a
stop in the middle.
"""

import os
import sqlite3
from pathlib import Path, PurePosixPath

_MOST = 500  # files of a folder that is moved whole: a larger one is made, and what is in it comes folder by folder


def moved_whole(target: str, output: Path, staging: Path, connection: sqlite3.Connection) -> bool:
    """Whether the folder of a staged file was moved, with all that is in it.

    Only where nothing stands in its place, and every file in it is on the list to come there: what was staged and then
    taken back stays behind.
    """
    for folder in reversed(PurePosixPath(target).parents[:-1]):
        place = output / folder
        if place.is_dir() and not place.is_symlink():
            continue
        if os.path.lexists(place):
            return False
        inside = _files_in(staging / folder)
        if len(inside) > _MOST:
            place.mkdir()
            continue
        listed = "SELECT 1 FROM redo WHERE target = ? AND staged = target"
        if not all(connection.execute(listed, (f"{folder}/{path}",)).fetchone() for path in inside):
            return False
        (staging / folder).rename(place)
        return True
    return False


def _files_in(folder: Path) -> list[str]:
    """The files below a folder, by their paths from there; of very many, some more than are moved at once."""
    found: list[str] = []
    for here, _folders, files in os.walk(folder):
        found += [f"{here}/{name}".removeprefix(f"{folder}/") for name in files]
        if len(found) > _MOST:
            break
    return found
