"""How alike open records are, and the five nearest of each: kept in the ledger, brought up to date with a change set.

Two records are as alike as the terms they share are worth, the rarer a term the more, for how much each says. Nothing
else goes into it, so the five nearest of a record change only where one of them changes, another comes nearer than the
fifth, or a term becomes rare or common; and after any changes they are what they are when all is made at once. Equals
are told apart by the digests of their keys, so that of a hundred records that look alike none is everybody's nearest.

Why steps for how rare a term is, and not its logarithm: each new record would move all others by a little.
"""

import sqlite3
from collections.abc import Mapping, Set

import numpy as np
import numpy.typing as npt

from panfair.site.run.similar.terms import number_of, terms_of, worth_of

NEAREST = 5
_STEPS = (4, 16, 64, 256, 1024)
"""How many records say a term: fewer than 4 make it rare, 1,024 make it tell nothing."""
_MANY = 10
"""Where a tenth of the records changes, all are looked at."""
_KEPT = 100_000  # terms whose records are held in memory
_FAR = 1 << 62
_LEAST = 2_400
"""How alike two records must be: two or three rare words that long texts share are chance."""

Numbers = npt.NDArray[np.int64]


class Likeness:
    """The ledger's tables `likeness`, `likeness_term` and `neighbour`, inside a run's transaction."""

    def __init__(self, connection: sqlite3.Connection, versions: Mapping[str, Set[str]]) -> None:
        """`versions`: the records that are versions of one work with a record; they are never its neighbours."""
        self._db = connection
        self._versions = versions
        self._holders: dict[int, tuple[Numbers, int]] = {}

    def change(self, changes: Mapping[str, bytes | None]) -> set[str]:
        """Takes in records by key, with what the ledger holds of those that are open, None for those that are not.

        The answer is the open ones whose nearest may be others than before, or say other things.
        """
        # What named it names it no more, or in other words.
        redo = {number for key in changes for number in self._namers(key)}
        (standing,) = self._db.execute("SELECT count(*) FROM likeness").fetchone()
        many = len(changes) * _MANY > standing  # then it is cheaper to look at all
        before: dict[int, int] | None = None if many else {}
        fresh = {number for key, content in changes.items() if (number := self._put(key, content, before)) is not None}
        self._holders.clear()
        self._load()
        for term, rarity in (before or {}).items():
            if self._rarity(term) != rarity:
                redo.update(map(int, self._saying(term)))
        redo = set(self._keys) if many else (redo | fresh) & set(self._keys)
        for number in () if many else sorted(fresh):
            redo |= self._moved_by(number)
        for number in sorted(redo):
            self._find(number)
        return {self._keys[number] for number in redo}

    def _namers(self, key: str) -> list[int]:
        found = self._db.execute(
            "SELECT neighbour.number FROM likeness JOIN neighbour ON neighbour.other = likeness.number WHERE key = ?",
            (key,),
        )
        return [number for (number,) in found]

    def _put(self, key: str, content: bytes | None, before: dict[int, int] | None) -> int | None:
        """Writes a record's terms; `before` gets the rarity that each that it wins or loses had until now."""
        terms = terms_of(content) if content is not None else []
        found = self._db.execute("SELECT number, terms FROM likeness WHERE key = ?", (key,)).fetchone()
        number, old = (found[0], np.frombuffer(found[1], np.int64).tolist()) if found else (None, [])
        if before is not None:
            for term in set(terms) ^ set(old):
                before.setdefault(term, self._rarity(term))
        if content is None:
            self._db.execute("DELETE FROM likeness WHERE number = ?", (number,))
            self._db.execute("DELETE FROM neighbour WHERE number = ?", (number,))
            self._db.execute(
                "DELETE FROM likeness_term WHERE number = ?1 AND term IN (SELECT value FROM json_each(?2))",
                (number, str(old)),
            )
            return None
        self._db.execute(
            "INSERT INTO likeness (number, key, tie, terms, count) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET terms = excluded.terms, count = excluded.count",
            (number, key, number_of(key), np.array(terms, np.int64).tobytes(), len(terms)),
        )
        (number,) = self._db.execute("SELECT number FROM likeness WHERE key = ?", (key,)).fetchone()
        self._db.executemany(
            "DELETE FROM likeness_term WHERE term = ? AND number = ?",
            [(term, number) for term in set(old) - set(terms)],
        )
        self._db.executemany(
            "INSERT INTO likeness_term VALUES (?, ?)", [(term, number) for term in set(terms) - set(old)]
        )
        return int(number)

    def _rarity(self, term: int) -> int:
        """5 for a term that few records say, down to 0 for one that tells nothing."""
        (count,) = self._db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM likeness_term WHERE term = ? LIMIT ?)", (term, _STEPS[-1])
        ).fetchone()
        return sum(count < step for step in _STEPS)

    def _sharing(self, term: int) -> tuple[Numbers, int]:
        """The places of the records that say a term, and how rare it is, squared; none where it tells nothing."""
        if (known := self._holders.get(term)) is not None:
            return known
        if len(self._holders) >= _KEPT:
            self._holders.clear()
        numbers = self._saying(term, _STEPS[-1])
        if len(numbers) == _STEPS[-1]:
            numbers = numbers[:0]
        rarity = sum(len(numbers) < step for step in _STEPS) if len(numbers) else 0
        self._holders[term] = np.searchsorted(self._numbers, numbers), rarity**2
        return self._holders[term]

    def _saying(self, term: int, most: int = -1) -> Numbers:
        found = self._db.execute("SELECT number FROM likeness_term WHERE term = ? LIMIT ?", (term, most)).fetchall()
        return np.fromiter((number for (number,) in found), np.int64, len(found))

    def _load(self) -> None:
        rows = self._db.execute(
            "SELECT number, key, tie, count, floor, floor_tie FROM likeness ORDER BY number"
        ).fetchall()
        self._keys: dict[int, str] = {row[0]: row[1] for row in rows}
        self._places = {row[0]: at for at, row in enumerate(rows)}
        self._numbers, self._ties, self._counts, self._floors, self._floor_ties = (
            np.fromiter((row[column] for row in rows), np.int64, len(rows)) for column in (0, 2, 3, 4, 5)
        )

    def _scores(self, number: int) -> Numbers:
        """How alike every record is to this one, in the order of their numbers; 0 for itself and its versions."""
        (packed,) = self._db.execute("SELECT terms FROM likeness WHERE number = ?", (number,)).fetchone()
        terms = np.frombuffer(packed, np.int64).tolist()
        shared = [self._sharing(term) for term in terms]
        total = len(self._numbers)
        if not terms or not total:
            return np.zeros(total, np.int64)
        worths = np.array([worth_of(term) * rare for term, (_, rare) in zip(terms, shared, strict=True)], np.int64)
        places = np.concatenate([some for some, _ in shared])
        worth = np.repeat(worths, [len(some) for some, _ in shared])
        common = np.bincount(places, worth, total).astype(np.int64)
        own = self._places[number]
        # Whole numbers: a square root is the same on every machine, a sum of fractions in another order is not.
        said = np.sqrt(self._counts * max(1, len(terms))).astype(np.int64)
        scores = common * 1000 // np.maximum(said, 1)
        scores[own] = 0
        scores[scores < _LEAST] = 0
        for key in self._versions.get(self._keys[number], ()):
            if found := self._db.execute("SELECT number FROM likeness WHERE key = ?", (key,)).fetchone():
                scores[self._places[found[0]]] = 0
        return scores

    def _moved_by(self, number: int) -> set[int]:
        """The records among whose nearest this one comes."""
        scores, ties = self._scores(number), self._ties ^ self._ties[self._places[number]]
        nearer = (scores > self._floors) | ((scores == self._floors) & (ties < self._floor_ties))
        return {int(one) for one in self._numbers[nearer & (scores > 0)]}

    def _find(self, number: int) -> None:
        """Puts down the nearest of a record, and how near the last of them is."""
        scores, ties = self._scores(number), self._ties ^ self._ties[self._places[number]]
        places = np.flatnonzero(scores)
        if len(places) > NEAREST:
            places = places[scores[places] >= np.partition(scores[places], -NEAREST)[-NEAREST]]
        nearest = places[np.lexsort((ties[places], -scores[places]))][:NEAREST]
        full = len(nearest) == NEAREST
        floor = (int(scores[nearest[-1]]), int(ties[nearest[-1]])) if full else (0, _FAR)
        self._db.execute("UPDATE likeness SET floor = ?, floor_tie = ? WHERE number = ?", (*floor, number))
        self._db.execute("DELETE FROM neighbour WHERE number = ?", (number,))
        self._db.executemany(
            "INSERT INTO neighbour VALUES (?, ?, ?)",
            [(number, rank, int(self._numbers[place])) for rank, place in enumerate(nearest)],
        )
