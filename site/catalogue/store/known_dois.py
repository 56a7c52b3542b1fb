"""The DOIs of the core, each with what it is on a day: no title, no person, no word of a row."""

import sqlite3
from datetime import date
from typing import Literal, NamedTuple

from panfair.ontologies.identifiers import Doi


class KnownDoi(NamedTuple):
    """A DOI of a session or of a data collection."""

    doi: Doi
    state: Literal["reserved", "closed", "open", "withdrawn"]
    """`closed`: minted, and not public yet, or withdrawn before it ever was."""


_DOIS = """
SELECT doi, doi_state AS state, release_date AS opens, withdrawn_on FROM investigation WHERE doi IS NOT NULL
UNION ALL
SELECT doi, state, publication_date, withdrawn_on FROM data_publication
ORDER BY 1"""


def dois_on(db: sqlite3.Connection, day: date) -> list[KnownDoi]:
    """All of them, in their order."""
    return [KnownDoi(Doi(row["doi"]), _state(row, day.isoformat())) for row in db.execute(_DOIS)]


def _state(row: sqlite3.Row, day: str) -> Literal["reserved", "closed", "open", "withdrawn"]:
    if row["state"] != "minted":
        return "reserved"
    opens, gone = row["opens"], row["withdrawn_on"]
    if gone is not None and gone <= day:
        return "withdrawn" if opens is not None and opens <= gone else "closed"
    return "open" if opens is not None and opens <= day else "closed"
