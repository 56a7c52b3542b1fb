"""The similar data that each landing page names: asked of the ledger, and brought up to date before pages are made.

A record that closes leaves every page that names it in the run's first commit; a record that changes has those pages
made again that name it, or name it from now on, and no others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from hashlib import sha256

from panfair.builders.card import Card
from panfair.builders.html.entries import CardLine, card_line
from panfair.site.run.similar.terms import WORTH
from panfair.site.state.ledger import Edge, Ledger

_NOTE = "similar data"
_FORM = f"2 {WORTH}"
"""What the ledger's tables were made by; with another one all are made anew."""


class Neighbours:
    """What stands beside each open record."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def of(self, key: str) -> tuple[CardLine, ...]:
        """The nearest records of an open one, the nearest first; of those that are open."""
        found = self._ledger.connection.execute(
            "SELECT record.card FROM likeness JOIN neighbour ON neighbour.number = likeness.number"
            " JOIN likeness AS near ON near.number = neighbour.other JOIN record ON record.key = near.key"
            " WHERE likeness.key = ? AND record.state = 'open' ORDER BY neighbour.rank",
            (key,),
        )
        return tuple(card_line(Card.from_json(card)) for (card,) in found.fetchall())

    def take_in(self, keys: Iterable[str]) -> set[str]:
        """Takes in records that changed, opened or closed; the answer is the open ones whose pages name others now.

        Those are rendered again. The first time, all records are taken in.
        """
        db = self._ledger.connection
        changed = list(keys)
        if self._ledger.note(_NOTE) != _FORM:
            forget(self._ledger)
            changed = [key for (key,) in db.execute("SELECT key FROM record WHERE state = 'open' ORDER BY key")]
            self._ledger.set_note(_NOTE, _FORM)
        if not changed:
            return set()
        from panfair.site.run.similar.likeness import Likeness  # with numpy: a run without changes is short

        contents: dict[str, bytes | None] = {}
        for key in changed:
            row = self._ledger.row(key)
            contents[key] = row.content if row is not None and row.state == "open" else None
        moved = Likeness(db, _works(self._ledger.version_relations())).change(contents)
        return {key for key in sorted(moved) if self._says_something_else(key)}

    def _says_something_else(self, key: str) -> bool:
        db = self._ledger.connection
        shown = sha256(repr(self.of(key)).encode()).hexdigest()[:16]
        (before,) = db.execute("SELECT shown FROM likeness WHERE key = ?", (key,)).fetchone()
        if before == shown:
            return False
        db.execute("UPDATE likeness SET shown = ? WHERE key = ?", (shown, key))
        db.execute("UPDATE record SET rendered = '' WHERE key = ?", (key,))
        self._ledger.touch()
        return True


def namers(ledger: Ledger, keys: Iterable[str]) -> set[str]:
    """The records whose pages name one of these."""
    found: set[str] = set()
    for key in keys:
        rows = ledger.connection.execute(
            "SELECT likeness.key FROM likeness JOIN neighbour ON neighbour.number = likeness.number"
            " JOIN likeness AS near ON near.number = neighbour.other WHERE near.key = ?",
            (key,),
        )
        found.update(name for (name,) in rows)
    return found


def forget(ledger: Ledger) -> None:
    """Empties the tables: the next commit fills them anew."""
    for table in ("likeness", "likeness_term", "neighbour"):
        ledger.connection.execute(f"DELETE FROM {table}")  # noqa: S608
    ledger.set_note(_NOTE, "")


def _works(edges: Iterable[Edge]) -> Mapping[str, Set[str]]:
    """For each record those that it names as versions, that name it so, and that name the same concept."""
    beside: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        beside[edge.key].add(edge.other)
        beside[edge.other].add(edge.key)
    return {key: {key for other in others for key in (other, *beside[other])} - {key} for key, others in beside.items()}
