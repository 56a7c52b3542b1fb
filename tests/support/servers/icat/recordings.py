"""The server that was asked, as its dump and the recorded calls tell it: the same numbers, and what changed between.

The dump is of 23:44 and the calls are of 00:05 and later: what was changed in between is told by the calls alone, and
is made good here by hand. Numbers that no call tells follow from how the catalogue was filled: session by session.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.servers.icat.catalogue import Catalogue
from support.servers.icat.content import Row, figures

_FOLDER = "data/icat/real"
ACCOUNTS = {"anon": "anon/anon", "pubreader": "simple/pubreader", "reader": "simple/reader", "root": "simple/root"}
"""What the recordings call an account, and what ICAT calls it."""
_STAMP = "2026-11-29T21:00:00.000Z"  # most rows were modified then
_GRID = {"Dataset": (10, 3, 1), "DatasetParameter": (7, 3, 3), "Datafile": (12, 3, 4)}
"""The number of the first row of the first made-up session; datasets in a session, and such rows in a dataset."""
_SESSIONS = 200
_RELEASED = "2026-11-30T00:05:00.000Z"


@dataclass(frozen=True)
class Call:
    """A recorded call."""

    place: int
    account: str
    method: str
    path: str
    query: str
    status: int
    body: Any


def calls(shared: Path) -> list[Call]:
    """The 127 calls, in their order."""
    lines = (shared / _FOLDER / "icat-6.2.0-rest.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Call(place, one["account"], one["method"], one["path"], (one.get("params") or {}).get("query", ""),
             one["status"], one["body"])
        for place, one in enumerate(map(json.loads, lines))
    ]  # fmt: skip


def recorded_catalogue(shared: Path) -> Catalogue:
    """The server that was asked, as it stood when it was asked."""
    rows = [row for call in calls(shared) if isinstance(call.body, list) for row in call.body if isinstance(row, dict)]
    path = shared / _FOLDER / "icat-6.2.0-dump.yaml.xz"
    made = Catalogue(path, recorded=rows, expected=_expected, stamp=_STAMP)
    made.change("Investigation", 4, title="zz5title", modTime="2026-11-30T00:05:13.000Z")
    for number in (25, 41):  # they were under embargo; which day they were given is not told
        made.change("Investigation", number, releaseDate=_RELEASED, modTime="2026-11-30T00:05:15.000Z")
    made.change("Sample", 12, name="zz5sample")
    made.change("Subject", 5, name="zz5subject")
    made.change("DataPublicationUser", 5, familyName="Zz5fam", fullName="X Zz5fam")
    made.change("Affiliation", 7, name="Zz5university")
    made.add("RelatedItem", 9, publication=8, identifier="DOI:10.5072/zz5rel", relationType="IsCitedBy")
    for number in (1001, 1002):  # which words they were is not told
        made.add("Keyword", number, investigation=60, name=f"added {number}")
    sets = {row["investigation"]: row["id"] for row in made.rows("Dataset")}
    for number, session in ((2001, 76), (2002, 80)):  # of what type they were is not told
        made.add("DatasetParameter", number, dataset=sets[session])
    return made


def _expected(row: Row) -> Iterable[int]:
    """The numbers of a session's datasets `…_7_2`, of their files `…_7_2_3` or parameters, or of the session MA-7."""
    found = figures(row)
    if row.entity == "Investigation" and len(found) == 1:
        return (4 + found[0],)
    if row.entity not in _GRID or not 2 <= len(found) <= 3 or found[0] >= _SESSIONS:
        return ()
    first, sets, each = _GRID[row.entity]
    session = first + found[0] * sets * each
    preferred = session + found[1] * each + sum(found[2:])
    return preferred, *range(session, session + sets * each)
