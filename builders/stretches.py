"""A long listing cut into pages by what stands in it, so that a record that comes or goes changes its own page only.

The list is cut where the digest of a key is the smallest, and what lies before and behind again, until no page holds
more than eighty. A page is named by the record that it begins with. Why not fifty by fifty: one record that closes
would move all behind it, and each of their pages would be another one under the same address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

MOST, LEAST = 80, 30
"""Records on a page; a listing of no more than the most has one page. Fifty on the average."""

PAGE_NAME = r"(?:\d{4}-\d\d-\d\d|undated)-[0-9a-f]{8}"
"""What a page but the first is called in addresses: the day of its first record and a part of its key's digest."""


@dataclass(frozen=True, slots=True)
class Line:
    """A record as it stands in a listing."""

    key: str
    day: str
    """The day it opened, ISO 8601; empty where that is not known."""
    card: bytes
    """A digest of what the listing says of it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One page of a listing."""

    name: str
    """Empty for the first page."""
    offset: int
    count: int
    newest: str
    oldest: str
    """The days of its first and of its last record."""
    years: tuple[str, ...]
    """Those of its records, the newest first."""
    cards: str
    """A digest of what it says of its records."""


def stretches(lines: Sequence[Line]) -> list[Stretch]:
    """The pages of a listing that is given from the newest record on; one, empty page of an empty one."""
    digests = [sha256(line.key.encode()).digest() for line in lines]
    made = []
    for begin, end in pairwise([*_cuts(digests), len(lines)]):
        part = lines[begin:end]
        made.append(
            Stretch(
                name=f"{part[0].day or 'undated'}-{digests[begin].hex()[:8]}" if begin else "",
                offset=begin,
                count=len(part),
                newest=part[0].day if part else "",
                oldest=part[-1].day if part else "",
                years=tuple(dict.fromkeys(line.day[:4] for line in part if line.day)),
                cards=sha256(b"".join(line.card for line in part)).hexdigest(),
            )
        )
    return made


def _cuts(digests: Sequence[bytes]) -> list[int]:
    """Where pages begin."""
    begins, open_parts = [], [(0, len(digests))]
    while open_parts:
        begin, end = open_parts.pop()
        if end - begin <= MOST:
            begins.append(begin)
            continue
        middle = digests[begin + LEAST : end - LEAST + 1]
        cut = begin + LEAST + middle.index(min(middle))
        open_parts += [(cut, end), (begin, cut)]
    return begins
