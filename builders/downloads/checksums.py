"""Checksums of files: in the form that `sha256sum -c` and its like read, and as Metalink and aria2 name them."""

from collections.abc import Iterable
from dataclasses import dataclass

from panfair.builders.downloads.placed import Placed
from panfair.ontologies.checksums import algorithm_named, can_be

_TOOLS = {"SHA-256": "sha256sum", "SHA-512": "sha512sum", "SHA-1": "sha1sum", "MD5": "md5sum"}
_HASHES = {"SHA-256": "sha-256", "SHA-512": "sha-512", "SHA-1": "sha-1", "MD5": "md5"}


@dataclass(frozen=True, slots=True)
class Checksum:
    """A checksum that a program can verify."""

    tool: str
    """The program of GNU coreutils: `sha256sum`."""
    hash: str
    """The algorithm as IANA's registry of hash function names has it, which RFC 5854 asks for: `sha-256`."""
    digits: str


@dataclass(frozen=True, slots=True)
class Checksums:
    """A list that a checksum program reads."""

    tool: str
    lines: str

    @property
    def file(self) -> str:
        """The name by which such lists are known: `SHA256SUMS`."""
        return self.tool.upper() + "S"


def checksum_of(item: Placed) -> Checksum | None:
    """The file's checksum; None without one whose algorithm is known and whose length fits it."""
    algorithm, said = algorithm_named(item.file.checksum_algorithm), item.file.checksum
    if algorithm not in _TOOLS or not said or not can_be(said, algorithm):
        return None
    return Checksum(_TOOLS[algorithm], _HASHES[algorithm], said.lower())


def checksums(files: Iterable[Placed]) -> tuple[Checksums, ...]:
    """The checksums that a program can verify, by program; a checksum without a known algorithm is left out."""
    found: dict[str, list[str]] = {}
    for item in files:
        if known := checksum_of(item):
            found.setdefault(known.tool, []).append(f"{known.digits}  {item.path}")
    return tuple(Checksums(tool, "\n".join(lines)) for tool, lines in sorted(found.items()))
