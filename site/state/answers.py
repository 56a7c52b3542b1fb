"""What listings were told of a shelf, kept in the ledger until a record on that shelf changes.

A run with one changed title asks for every page of every list what it is made from. Only the shelves that the record
stands on, or stood on, are worked out anew. Of what closes nothing stays: its shelves are forgotten as it leaves them.
"""

import json  # whose whole numbers have no bound
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

ALL = ("", "")
"""The shelf that all records stand on."""


def of_kind(kind: str) -> tuple[str, str]:
    """What is told of a whole list: it changes when a record comes to one of its shelves, leaves it, or calls it
    otherwise; other words of a record do not matter.
    """
    return kind, "*"


class Answers:
    """The kept answers, in the ledger's connection; outside a transaction they are read and not added to."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def of(self, shelf: tuple[str, str], question: str, answer: Callable[[], Any]) -> Any:
        """The answer, as JSON gives it back: the kept one, or the one that is made now."""
        found = self._db.execute(
            "SELECT answer FROM answer WHERE kind = ? AND slug = ? AND question = ?", (*shelf, question)
        ).fetchone()
        if found:
            return json.loads(found[0])
        body = json.dumps(answer()).encode()
        if self._db.in_transaction:
            self._db.execute("INSERT INTO answer VALUES (?, ?, ?, ?)", (*shelf, question, body))
        return json.loads(body)

    def forget_shelves_of(self, key: str) -> None:
        """Forgets what was told of the shelves that a record stands on now, as it changes or leaves them."""
        self._db.execute(
            "DELETE FROM answer WHERE (kind, slug) IN (SELECT kind, slug FROM place WHERE key = ?)", (key,)
        )

    def forget(self, shelves: Iterable[tuple[str, str]]) -> None:
        """Forgets what was told of these."""
        self._db.executemany("DELETE FROM answer WHERE kind = ? AND slug = ?", shelves)

    def forget_all(self) -> None:
        """Forgets everything: other code may give other answers."""
        self._db.execute("DELETE FROM answer")
