"""Where each file is saved: a path that stays inside its folder, and that no other file of the list needs.

Detectors number their frames anew in each dataset, so names repeat; disks of readers may know no capitals.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from panfair.builders.html.words import web_address
from panfair.ontologies.record import File


@dataclass(frozen=True, slots=True)
class Placed:
    """A file, the path it is saved under, and the address it comes from (empty: nobody says)."""

    file: File
    path: str
    address: str


def placed(groups: Iterable[tuple[str, Sequence[File]]]) -> list[Placed]:
    """The files of each group below the group's folder, each under a path of its own.

    No path equals another, also where capitals do not count, and none is the folder of another.
    """
    wished = [
        (f"{folder}/{named.removeprefix('./')}" if folder else named, file)
        for folder, files in groups
        for place, file in enumerate(files, 1)
        for named in [safe_path(file.name) or f"file-{place}"]
    ]
    taken = {parent for path, _ in wished for parent in _parents(_folded(path))}
    numbers: dict[str, int] = {}
    found = []
    for path, file in wished:
        first, name = _folded(path), path
        while _folded(name) in taken:
            numbers[first] = numbers.get(first, 1) + 1
            name = _numbered(path, numbers[first])
        taken.add(_folded(name))
        found.append(Placed(file, name, web_address(file.url)))
    return found


def safe_path(name: str) -> str:
    """A file's name as a relative path for a reader's disk: no way up, no root, no backslash, no leading hyphen.

    Characters that end a line, turn the direction of reading, or cannot be written in UTF-8 become an underscore.

    >>> safe_path("../../etc/passwd"), safe_path("-rf"), safe_path("/entry/a b.h5")
    ('etc/passwd', './-rf', 'entry/a b.h5')
    """
    plain = re.sub(r"[\\\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]", "_", name)
    parts = [part.strip() for part in plain.split("/") if part.strip() not in {"", ".", ".."}]
    path = "/".join(parts)
    return f"./{path}" if path.startswith("-") else path


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path.removeprefix("./").casefold())


def _parents(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def _numbered(path: str, number: int) -> str:
    """The path with a number before the ending of its name: `a/b.h5` → `a/b~2.h5`."""
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    return f"{folder}{slash}" + (f"{stem}~{number}.{ending}" if dot and stem else f"{name}~{number}")
