"""The DOIs of the core, each with what it is on a day: no title, no person, no word of a row."""

import sqlite3
from datetime import date
from typing import Literal, NamedTuple

from panfair.ontologies.identifiers import Doi


class KnownDoi(NamedTuple):
    """A DOI of a session, of a data collection, or of all versions of one."""

    doi: Doi
    state: Literal["reserved", "closed", "open", "withdrawn"]
    """`closed`: minted, and not public yet, or withdrawn before it ever was."""


_DOIS = """
SELECT doi, doi_state AS state, release_date AS opens, withdrawn_on FROM investigation WHERE doi IS NOT NULL
UNION ALL
SELECT doi, state, publication_date, withdrawn_on FROM data_publication
UNION ALL
SELECT v.concept, 'minted', min(CASE WHEN p.withdrawn_on IS NULL THEN p.publication_date END), NULL
FROM publication_version AS v JOIN data_publication AS p ON p.id = v.publication GROUP BY v.concept
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
