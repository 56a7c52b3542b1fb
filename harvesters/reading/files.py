"""What a [[source]] table adds to the files of its catalogue: the checksums' algorithm, and where they are downloaded.

Most catalogues (ICAT, ICAT+) keep a checksum without its algorithm and a file without its address.
"""

import re
from urllib.parse import quote

from panfair.harvesters.reading.values import Note, web_address
from panfair.ontologies.checksums import can_be

_PLACES = frozenset({"id", "name", "location"})
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


def algorithm_of(checksum: str | None, usual: str | None, note: Note) -> str | None:
    """What a checksum without a word on it is of: the source's usual algorithm, if it can be that."""
    if checksum is None or usual is None:
        return None
    if not can_be(checksum, usual):
        note(f"some checksums cannot be {usual} (checksum_algorithm), by their digits; they were left without one")
        return None
    return usual
