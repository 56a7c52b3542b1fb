"""The ledger's part that listings are made from: which shelves open records stand on, and their cards in order.

It is the `Listing` that builders read. What was answered is kept until a record on that shelf changes (`answers`).
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict

import orjson

from panfair.builders.card import Card, ClosedCounts, Shelf, Totals, YearCount, YearSum, part_of
from panfair.builders.html.list_kind import list_kind
from panfair.builders.stretches import Line, Stretch, stretches
from panfair.ontologies.text import fold
from panfair.site.state.answers import ALL, Answers, of_kind

_ON_SHELF = (
    "FROM place JOIN record USING (key) WHERE state = 'open' AND kind = ? AND slug = ?"
    " ORDER BY place.day DESC, place.key"
)


class Shelves:
    """The listing, in the ledger's open connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.answers = Answers(connection)
        self.is_touched = False
        """Whether a record was put, shelved, related or rendered in the open transaction."""

    def touch(self, touched: bool = True) -> None:
        """Notes whether a record was put, shelved, related or rendered in the open transaction."""
        self.is_touched = touched

    def shelve(self, key: str, day: str, shelves: Iterable[Shelf]) -> None:
        """Puts a record on its shelves and takes it from all others; no shelves: it stands nowhere."""
        self.touch()
        standing = list(shelves)
        wanted = {(shelf.kind, shelf.slug, shelf.label, shelf.iri, shelf.note) for shelf in standing}
        had = set(self.connection.execute("SELECT kind, slug, label, iri, note FROM shelf WHERE key = ?", (key,)))
        self.answers.forget_shelves_of(key)
        self.answers.forget([ALL, *{(kind, slug) for kind, slug, *_ in wanted - had}])
        self.answers.forget({of_kind(kind) for kind, *_ in wanted ^ had})
        self.connection.execute("DELETE FROM place WHERE key = ?", (key,))
        self.connection.execute("DELETE FROM shelf WHERE key = ?", (key,))
        if standing:
            self.connection.execute("INSERT INTO place VALUES ('', '', ?, ?)", (day, key))
        self.connection.executemany(
            "INSERT INTO place VALUES (?, ?, ?, ?)", [(shelf.kind, shelf.slug, day, key) for shelf in standing]
        )
        self.connection.executemany(
            "INSERT INTO shelf VALUES (?, ?, ?, ?, ?, ?)",
            [(shelf.kind, shelf.slug, key, shelf.label, shelf.iri, shelf.note) for shelf in standing],
        )

    def set_card(self, key: str, card: Card) -> None:
        """Gives a record another line in listings."""
        self.touch()
        self.answers.forget_shelves_of(key)
        self.answers.forget([ALL])
        self.connection.execute("UPDATE record SET card = ? WHERE key = ?", (card.to_json(), key))

    def holds(self, kind: str) -> bool:
        """Whether any record stands in a list."""
        return self.connection.execute("SELECT 1 FROM place WHERE kind = ? LIMIT 1", (kind,)).fetchone() is not None

    def totals(self) -> Totals:
        years = self.years()
        known = [year.year for year in years] or [0]
        return Totals(
            sum(year.publications for year in years),
            sum(year.datasets for year in years),
            sum(year.files for year in years),
            sum(year.size_bytes for year in years),
            min(known),
            max(known),
        )

    def years(self) -> list[YearSum]:
        return [YearSum(*year) for year in self.answers.of(ALL, "all years", self._count_years)]

    def _count_years(self) -> list[tuple[int, ...]]:
        rows = self.connection.execute(
            f"SELECT c ->> '$.year' AS year, count(*), {_exact_sum('datasets')}, {_exact_sum('files')},"  # noqa: S608
            f" {_exact_sum('size_bytes')} FROM (SELECT CAST(card AS TEXT) AS c FROM record WHERE state = 'open')"
            " GROUP BY year ORDER BY year DESC"
        )
        return [
            (year, count, *(((sums[n] or 0) << 32) + (sums[n + 1] or 0) for n in (0, 2, 4)))
            for year, count, *sums in rows
        ]

    def closed(self) -> ClosedCounts:
        notice = "CAST(content AS TEXT)"
        embargoed, on_request = self.connection.execute(
            f"SELECT coalesce(sum({notice} ->> '$.restriction' IS NULL), 0),"  # noqa: S608
            f" coalesce(sum({notice} ->> '$.restriction' IS NOT NULL), 0)"
            f" FROM record WHERE state = 'notice' AND coalesce({notice} ->> '$.registered', 1)"
        ).fetchone()
        opening = self.connection.execute(
            f"SELECT substr({notice} ->> '$.opens', 1, 7) AS month, count(*) FROM record WHERE state = 'notice'"  # noqa: S608
            f" AND coalesce({notice} ->> '$.registered', 1) AND month IS NOT NULL GROUP BY month ORDER BY month"
        ).fetchall()
        (withdrawn,) = self.connection.execute(
            "SELECT count(*) FROM record WHERE state = 'tombstone' AND listed"
        ).fetchone()
        return ClosedCounts(embargoed, on_request, int(withdrawn), tuple(opening))

    def span(self) -> tuple[str, str]:
        # A withdrawal changes the catalogue too; a notice is not in it.
        first, last = self.connection.execute(
            "SELECT (SELECT min(nullif(day, '')) FROM place WHERE kind = '' AND slug = ''),"
            " (SELECT max(changed) FROM record WHERE state = 'open' OR (state = 'tombstone' AND listed))"
        ).fetchone()
        return first or "", last or ""

    def shelves(self, kind: str) -> list[Shelf]:
        found = self.answers.of(of_kind(kind), "shelves", lambda: self._standing_shelves(kind))
        return [Shelf(kind, *shelf) for shelf in found]

    def _standing_shelves(self, kind: str) -> list[tuple[str, str, str, int, str]]:
        # A shelf is called what most of its records call it; ties go to the first in the alphabet.
        found = self.connection.execute(
            "SELECT slug, label, iri, note, sum(number) OVER (PARTITION BY slug), number FROM"
            " (SELECT slug, label, max(iri) AS iri, count(*) AS number,"
            " iif(NOT ? OR min(nullif(note, '')) = max(note), max(note), '') AS note"
            " FROM shelf WHERE kind = ? GROUP BY slug, label)"
            " ORDER BY slug, number DESC, label",
            (list_kind(kind).one_note, kind),
        )
        best: dict[str, tuple[str, str, str, int, str]] = {}
        for slug, label, iri, note, total, _number in found:
            best.setdefault(slug, (slug, label, iri, int(total), note))
        return sorted(best.values(), key=lambda shelf: (fold(shelf[1]), shelf[0]))

    def beside(self, kind: str, slug: str, other: str) -> list[Shelf]:
        found = self.answers.of((kind, slug), f"beside {other}", lambda: self._beside(kind, slug, other))
        return [Shelf(other, *shelf) for shelf in found]

    def _beside(self, kind: str, slug: str, other: str) -> list[tuple[str, str, str, int]]:
        found = self.connection.execute(
            "SELECT other.slug, max(other.label), max(other.iri), count(*) FROM place JOIN shelf AS other USING (key)"
            " WHERE place.kind = ? AND place.slug = ? AND other.kind = ? GROUP BY other.slug",
            (kind, slug, other),
        )
        return sorted(found, key=lambda shelf: (fold(shelf[1]), shelf[0]))

    def by_year(self, kind: str, slug: str) -> list[YearCount]:
        return [YearCount(*year) for year in self.answers.of((kind, slug), "years", lambda: self._years(kind, slug))]

    def _years(self, kind: str, slug: str) -> list[tuple[int, int, int]]:
        found = self.connection.execute(
            "SELECT line ->> 'year' AS year, count(*), sum(line ->> 'datasets') FROM (SELECT CAST(card AS TEXT) AS line"
            " FROM place JOIN record USING (key) WHERE state = 'open' AND kind = ? AND slug = ?)"
            " GROUP BY year ORDER BY year DESC",
            (kind, slug),
        )
        return [(int(year), int(publications), int(datasets)) for year, publications, datasets in found]

    def together(self, kind: str, slugs: Iterable[str]) -> int:
        wanted = orjson.dumps(sorted(slugs)).decode()
        return int(self.answers.of(of_kind(kind), f"together {wanted}", lambda: self._together(kind, wanted)))

    def _together(self, kind: str, slugs: str) -> int:
        (number,) = self.connection.execute(
            "SELECT count(DISTINCT key) FROM place WHERE kind = ? AND slug IN (SELECT value FROM json_each(?))",
            (kind, slugs),
        ).fetchone()
        return int(number)

    def cards(self, kind: str | None = None, slug: str = "", *, offset: int = 0, limit: int = 50) -> list[Card]:
        found = self.connection.execute(f"SELECT card {_ON_SHELF} LIMIT ? OFFSET ?", (kind or "", slug, limit, offset))
        return [Card.from_json(card) for (card,) in found]

    def stretches(self, kind: str | None = None, slug: str = "") -> list[Stretch]:
        shelf = kind or "", slug

        def made() -> list[dict[str, object]]:
            found = self.connection.execute(f"SELECT place.key, place.day, card {_ON_SHELF}", shelf)
            lines = [Line(key, day, hashlib.sha256(card).digest()) for key, day, card in found]
            return [asdict(one) for one in stretches(lines)]

        found = self.answers.of(shelf, "stretches", made)
        return [Stretch(**{**one, "years": tuple(one["years"])}) for one in found]

    def shelf_key(self, kind: str | None = None, slug: str = "", *, limit: int = 50) -> str:
        shelf = kind or "", slug

        def made() -> str:
            found = self.connection.execute(f"SELECT card {_ON_SHELF} LIMIT ?", (*shelf, limit))
            return hashlib.sha256(b"".join(hashlib.sha256(card).digest() for (card,) in found)).hexdigest()

        return str(self.answers.of(shelf, f"cards {limit}", made))

    def part(self, number: int, of: int) -> list[Card]:
        return [Card.from_json(card) for key, card in self._open_cards() if part_of(key, of) == number]

    def part_key(self, number: int, of: int) -> str:
        return str(self.answers.of(ALL, f"parts {of}", lambda: self._keys_of_parts(of))[number])

    def _keys_of_parts(self, of: int) -> list[str]:
        digests = [hashlib.sha256() for _ in range(of)]
        for key, card in self._open_cards():
            digests[part_of(key, of)].update(card)
        return [digest.hexdigest() for digest in digests]

    def _open_cards(self) -> Iterator[tuple[str, bytes]]:
        return self.connection.execute("SELECT key, card FROM record WHERE state = 'open' ORDER BY key")


def _exact_sum(name: str) -> str:
    """The sum of a card's number in two columns, what is above 32 bits and what is below: neither leaves 64 bits."""
    return f"sum((c ->> '$.{name}') >> 32), sum((c ->> '$.{name}') & 4294967295)"
