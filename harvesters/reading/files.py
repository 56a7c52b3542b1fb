"""What a [[source]] table adds to the files of its catalogue: the checksums' algorithm, and where they are downloaded.

Most catalogues (ICAT, ICAT+) keep a checksum without its algorithm and a file without its address.
"""

import re
from pathlib import Path
from urllib.parse import quote

from panfair.harvesters.reading.values import Note, web_address
from panfair.ontologies.checksums import can_be

_PLACES = frozenset({"id", "name", "location"})
_ON_DISK = frozenset({"folder", "name", "location"})
_PLACE = re.compile(r"\{([^{}]*)\}")


def file_pattern(value: str) -> str:
    """The pattern of files' addresses as it is written in panfair.toml. Raises ValueError that says what is wrong."""
    places = _PLACE.findall(value)
    if not places or not _PLACES.issuperset(places) or not web_address(_PLACE.sub("x", value)):
        raise ValueError(
            "must be an address with {id}, {name} or {location} in it, such as https://files.example.org/{location}"
        )
    if _PLACE.sub("x", value).partition("//")[2].partition("/")[0] != value.partition("//")[2].partition("/")[0]:
        raise ValueError("the host must be the same for every file")
    return value


def file_address(pattern: str | None, *, number: object, name: str, location: str | None) -> str | None:
    """Where a file can be downloaded: the pattern with its values, percent-encoded but for slashes.

    None where there is no pattern, where the file lacks a value that the pattern asks for, and where a path would
    leave its folder.

    >>> file_address("https://files.example.org/{location}", number=7, name="a b.h5", location="/s1/a b.h5")
    'https://files.example.org/s1/a%20b.h5'
    """
    if pattern is None:
        return None
    values = {
        "id": str(number) if isinstance(number, int | str) else "",
        "name": name,
        "location": (location or "").replace("\\", "/"),
    }
    wanted = [values[place].strip("/") for place in _PLACE.findall(pattern)]
    if not all(wanted) or any({".", ".."} & set(value.split("/")) for value in wanted):
        return None
    return _PLACE.sub(lambda found: quote(values[found[1]].strip("/"), safe="/"), pattern)


def path_pattern(value: str) -> str:
    """The pattern of files' paths as it is written in panfair.toml. Raises ValueError that says what is wrong."""
    places = _PLACE.findall(value)
    if not places or not _ON_DISK.issuperset(places) or ".." in Path(value).parts or "\0" in value:
        raise ValueError("must be a path with {location}, {folder} or {name} in it, such as /mount/{location}")
    if _beginning(value) in ("", "/"):
        raise ValueError("must begin with a folder that holds the data and nothing else, such as /mount/{location}")
    return value


def file_place(pattern: str, root: Path, *, name: str, location: str | None, folder: str | None) -> Path | None:
    """Where a file lies on this machine: the pattern with its values, below `root` where it begins with no slash.

    A value that begins with the pattern's own folder is taken from there on. None for a file that is not there, that
    lacks a value, or that lies, links followed, outside of that folder.
    """
    values = {"name": name, "location": location or "", "folder": folder or ""}
    base = root / _beginning(pattern)
    inside = f"{base.as_posix()}/"
    values = {place: value.replace("\\", "/").removeprefix(inside).strip("/") for place, value in values.items()}
    wanted = [values[place] for place in _PLACE.findall(pattern)]
    if not all(wanted) or any("\0" in value or ".." in value.split("/") for value in wanted):
        return None
    try:
        path = (root / _PLACE.sub(lambda found: values[found[1]], pattern)).resolve(strict=True)
        return path if path.is_file() and path.is_relative_to(base.resolve()) else None
    except (OSError, RuntimeError, ValueError):
        return None


def _beginning(pattern: str) -> str:
    """The folder that a pattern begins with, before its first place."""
    return pattern.split("{", 1)[0].rpartition("/")[0]


def algorithm_of(checksum: str | None, usual: str | None, note: Note) -> str | None:
    """What a checksum without a word on it is of: the source's usual algorithm, if it can be that."""
    if checksum is None or usual is None:
        return None
    if not can_be(checksum, usual):
        note(f"some checksums cannot be {usual} (checksum_algorithm), by their digits; they were left without one")
        return None
    return usual
