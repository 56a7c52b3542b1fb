"""What is done next about a DOI: decided from what it should be, what DataCite has, and what DataCite was told last.

A DOI goes from draft to registered to findable and back to registered, never back to draft. What others registered,
and we think closed, is shown and left alone: only what this registrar made public does it hide.
"""

from typing import Literal, NamedTuple

from panfair.ontologies.identifiers import Doi
from panfair.site.registrar.datacite import State, Told

Aim = Literal["draft", "registered", "findable", "withdrawn"]
Step = Literal["reserve", "register", "publish", "hide", "update", "leave"]

STATES: dict[Aim, State] = {
    "draft": "draft",
    "registered": "registered",
    "findable": "findable",
    "withdrawn": "registered",
}
"""What DataCite calls it: a withdrawn DOI still resolves, and nobody finds it."""
EVENTS: dict[Step, str] = {"register": "register", "publish": "publish", "hide": "hide"}


class Wanted(NamedTuple):
    """A DOI as the site or the core has it; no word of it is public but by its page."""

    doi: Doi
    aim: Aim
    url: str
    """Its public page."""
    version: str = ""
    """The SHA-256 of its public description as the last run left it; empty where only the page knows."""


class Known(NamedTuple):
    """What DataCite was told last of a DOI, and what came of it."""

    doi: str
    aim: str = ""
    state: str = ""
    url: str = ""
    registered: bool = False
    gist: str = ""
    version: str = ""
    sent: str = ""
    """Digest of the attributes that were sent last; empty: no metadata ever."""
    tried: str = ""
    """What was wanted at the last try: with something else it is tried again at once."""
    error: str = ""
    attempts: int = 0
    next_try: float = 0.0


def next_step(wanted: Wanted, told: Told | None, known: Known) -> Step | None:
    """What is done next; None: nothing. Of an `update` only the page can tell whether something changed."""
    if told is None:
        return "reserve"
    aim = STATES[wanted.aim]
    if told.state == "draft":
        return None if aim == "draft" else "publish" if aim == "findable" else "register"
    if told.state == "registered" and aim == "findable":
        return "publish"
    if told.state == "findable" and aim != "findable":
        return "hide" if wanted.aim == "withdrawn" or known.sent else "leave"
    if aim == "draft" and not known.sent:
        return "leave"
    moved = told.url != wanted.url or not told.registered
    if aim == "draft":
        return "update" if moved else None
    same = wanted.version and wanted.version == known.version
    return None if same and not moved and told.gist == known.gist else "update"
