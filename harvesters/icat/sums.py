"""What an account sees of each record, in one number: it differs when something was deleted, moved, or hidden.

ICAT leaves no trace of what is gone: a dataset that was moved into an embargoed investigation has a new `modTime`, and
the record that it left has none. So each kind of child is counted by record, under the account's own rules, and the
numbers of the children are added up; `changes` tells what was modified, this what went or came.
"""

import hashlib
import struct
from base64 import b85decode, b85encode
from typing import Protocol
from zlib import compress, decompress
from zlib import error as ZlibError

from panfair.harvesters.icat.changes import OF_INVESTIGATION, OF_PUBLICATION

SummedKind = tuple[str, str]
"""An entity, and the way from it to the record."""
_CONTENT = "dataCollection.dataPublications"
_SESSIONS: tuple[SummedKind, ...] = tuple((entity, path) for entity, path, _named in OF_INVESTIGATION if path)
_COLLECTIONS: tuple[SummedKind, ...] = (
    *((entity, path) for entity, path, _named in OF_PUBLICATION if path),
    ("Dataset", f"dataCollectionDatasets.{_CONTENT}"),
    ("DatasetParameter", f"dataset.dataCollectionDatasets.{_CONTENT}"),
    ("Datafile", f"dataset.dataCollectionDatasets.{_CONTENT}"),
    ("Datafile", f"dataCollectionDatafiles.{_CONTENT}"),
    ("Investigation", f"dataCollectionInvestigations.{_CONTENT}"),
    ("Dataset", f"investigation.dataCollectionInvestigations.{_CONTENT}"),
)
KINDS: dict[str, tuple[SummedKind, ...]] = {"Investigation": _SESSIONS, "DataPublication": _COLLECTIONS}
_MOST_ROWS = 10_000  # of one answer: three numbers each
_ENTRY = struct.Struct("<qQ")


class Counts(Protocol):
    """What answers: `icat.rest.Icat`."""

    max_entities: int

    def numbers(self, query: str) -> list[tuple[int, int, int]] | None:
        """Rows of record, count and sum, in the order of the records; None where the server refuses this kind."""


def sums(icat: Counts, record: str) -> dict[int, int]:
    """For each record of a type (`Investigation` or `DataPublication`) with children, a digest of its pairs."""
    found: dict[int, int] = {}
    size = min(_MOST_ROWS, icat.max_entities)
    for entity, path in KINDS[record]:
        after = 0
        while True:
            rows = icat.numbers(_query(entity, path, after, size))
            for number, count, total in rows or ():
                digest = hashlib.blake2b(f"{entity} {path} {count} {total}".encode(), digest_size=8).digest()
                found[number] = found.get(number, 0) ^ int.from_bytes(digest, "little")
            if rows is None or len(rows) < size:
                break
            after = rows[-1][0]
    return found


def packed(found: dict[int, int]) -> str:
    """Sums as a text without blanks, 16 bytes a record before they are pressed."""
    body = b"".join(_ENTRY.pack(number, digest) for number, digest in sorted(found.items()))
    return b85encode(compress(body)).decode("ascii")


def unpacked(text: str) -> dict[int, int] | None:
    """The sums in a text that `packed` made; None for any other."""
    try:
        body = decompress(b85decode(text))
        return dict(_ENTRY.iter_unpack(body))
    except (ValueError, ZlibError, struct.error):
        return None


def _query(entity: str, path: str, after: int, size: int) -> str:
    steps = path.split(".")
    joins = " ".join(
        f"JOIN {'a' if place == 0 else f's{place}'}.{step} {'i' if place + 1 == len(steps) else f's{place + 1}'}"
        for place, step in enumerate(steps)
    )
    return (
        f"SELECT i.id, COUNT(a), SUM(a.id) FROM {entity} a {joins} "  # noqa: S608 - numbers and our own names only
        f"WHERE i.id > {after} GROUP BY i.id ORDER BY i.id LIMIT 0,{size}"
    )


def differing(before: dict[int, int], now: dict[int, int]) -> set[int]:
    """The records of which an account sees something else than before."""
    return {number for number in before.keys() | now.keys() if before.get(number) != now.get(number)}
