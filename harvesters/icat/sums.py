"""What an account sees of each record, in one number: it differs when something was deleted, moved, or hidden.

ICAT leaves no trace of what is gone: a dataset that was moved into an embargoed investigation has a new `modTime`, and
the record that it left has none. So each kind of child is counted by record, under the account's own rules, and the
numbers of the children are added up; `changes` tells what was modified, this what went or came. Of a kind that the
account sees along INCLUDE only, ICAT sums up nothing: there the joins are counted, which need no right to read.
"""

import hashlib
import struct
from base64 import b85decode, b85encode
from typing import Protocol
from zlib import compress, decompress
from zlib import error as ZlibError

from panfair.harvesters.icat.changes import OF_INVESTIGATION, OF_PUBLICATION, joined

SummedKind = tuple[str, str]
"""An entity, and the way to it from the record."""
_SESSIONS: tuple[SummedKind, ...] = tuple((entity, way) for entity, way, _named in OF_INVESTIGATION if way)
_COLLECTIONS: tuple[SummedKind, ...] = (
    *((entity, way) for entity, way, _named in OF_PUBLICATION if way),
    ("Dataset", "content.dataCollectionDatasets.dataset"),
    ("DatasetParameter", "content.dataCollectionDatasets.dataset.parameters"),
    ("Datafile", "content.dataCollectionDatasets.dataset.datafiles"),
    ("Datafile", "content.dataCollectionDatafiles.datafile"),
    ("Investigation", "content.dataCollectionInvestigations.investigation"),
    ("Dataset", "content.dataCollectionInvestigations.investigation.datasets"),
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
    for entity, way in KINDS[record]:
        for number, count, total in _rows(icat, record, way, "a") or _rows(icat, record, way, "i"):
            digest = hashlib.blake2b(f"{entity} {way} {count} {total}".encode(), digest_size=8).digest()
            found[number] = found.get(number, 0) ^ int.from_bytes(digest, "little")
    return found


def _rows(icat: Counts, record: str, way: str, counted: str) -> list[tuple[int, int, int]]:
    """Records with how much there is at the end of a way, and a sum; none where the server refuses to tell.

    Counted are what stands there (`a`), or the joins that lead there (`i`).
    """
    found: list[tuple[int, int, int]] = []
    size = min(_MOST_ROWS, icat.max_entities)
    what = "COUNT(a), SUM(a.id)" if counted == "a" else "COUNT(i.id), SUM(i.id)"
    while True:
        after = found[-1][0] if found else 0
        rows = icat.numbers(
            f"SELECT i.id, {what} FROM {joined(record, way)} WHERE i.id > {after} "  # noqa: S608 - numbers and our own names only
            f"GROUP BY i.id ORDER BY i.id LIMIT 0,{size}"
        )
        found += rows or []
        if rows is None or len(rows) < size:
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


def differing(before: dict[int, int], now: dict[int, int]) -> set[int]:
    """The records of which an account sees something else than before."""
    return {number for number in before.keys() | now.keys() if before.get(number) != now.get(number)}
