"""The leak scan's part of the ledger: marks of closed records, and which of them those say who may say things.

Kept up to date by what changed. For each closed record its marks; for each speaker (an open record, a notice, the site
itself) the digests of its words, so that what closes later is looked for only where its words stand; and a few speakers
of each mark: one that anybody says betrays nothing. All are keyed digests: the ledger holds no closed word.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from hashlib import sha256
from typing import Any

import orjson

from panfair.site.run.leaks.marks import Mark, Phrase, marks_of
from panfair.site.run.leaks.scanner import Known, Scanner
from panfair.site.run.leaks.watched import Watched
from panfair.site.run.leaks.words import Digests

_SPEAKERS = 3  # of a mark that are put down: one is enough, and when all fall silent others are asked
_FORM = "2"
"""Raised whenever the same records give other marks, so that all are made anew."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS leak_owner (owner BLOB PRIMARY KEY, made_from TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leak_mark (
    owner BLOB NOT NULL, digest BLOB NOT NULL, field TEXT NOT NULL,
    anchor BLOB, position INTEGER NOT NULL, length INTEGER NOT NULL, exact BLOB NOT NULL,
    bare BLOB, bare_anchor BLOB, bare_position INTEGER NOT NULL, bare_length INTEGER NOT NULL,
    PRIMARY KEY (owner, digest)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leak_speaker (name TEXT PRIMARY KEY, made_from TEXT NOT NULL, words BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS leak_said (
    digest BLOB NOT NULL, speaker TEXT NOT NULL, PRIMARY KEY (digest, speaker)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leak_fresh (digest BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leak_edition (number INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS leak_said_speaker ON leak_said (speaker);
"""
_MARK = "field, digest, anchor, position, length, exact, bare, bare_anchor, bare_position, bare_length"
Speaker = tuple[str, str, Callable[[], Iterable[str]]]
"""Its name, the digest of what it says, and its texts."""


class LeakTables:
    """One run's view of the tables, in the ledger's open transaction."""

    def __init__(self, connection: sqlite3.Connection, key: bytes) -> None:
        self.digests = Digests(key)
        self._db = connection
        self._closed_now: dict[bytes, str] = {}
        self._heard: dict[bytes, int] = {}
        """How many are known to say a mark, as far as that was asked in this run."""
        for statement in filter(str.strip, _SCHEMA.split(";")):
            connection.execute(statement)

    # ---- closed records

    def close(self, name: str, texts: Iterable[tuple[str, str]]) -> None:
        """Makes these texts, each with its field, all that is closed of a record; `name` is for the operator."""
        owner, pieces = self.digests.of(name), list(texts)
        self._closed_now[owner] = name
        made_from = sha256(orjson.dumps([_FORM, pieces])).hexdigest()
        found = self._db.execute("SELECT made_from FROM leak_owner WHERE owner = ?", (owner,)).fetchone()
        if found and found[0] == made_from:
            return
        before = {digest for (digest,) in self._db.execute("SELECT digest FROM leak_mark WHERE owner = ?", (owner,))}
        marks = marks_of(pieces, self.digests)
        self._db.execute("DELETE FROM leak_mark WHERE owner = ?", (owner,))
        self._put(owner, marks, made_from, marks.keys() - before)

    def _put(self, owner: bytes, marks: Mapping[bytes, Mark], made_from: str, fresh: Collection[bytes]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO leak_fresh VALUES (?)", [(digest,) for digest in fresh])
        self._db.executemany(
            f"INSERT OR IGNORE INTO leak_mark (owner, {_MARK}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            [(owner, *_row(mark)) for mark in marks.values()],
        )
        self._db.execute("INSERT OR REPLACE INTO leak_owner VALUES (?, ?)", (owner, made_from))

    def close_more(self, name: str, texts: Iterable[tuple[str, str]]) -> None:
        """Adds texts to what is closed of a record, until `close` tells all of it anew."""
        owner = self.digests.of(name)
        self._closed_now[owner] = name
        marks = marks_of(texts, self.digests)
        self._put(owner, marks, "", marks.keys())

    def knows_any(self) -> bool:
        """Whether anything is closed."""
        return self._db.execute("SELECT 1 FROM leak_owner LIMIT 1").fetchone() is not None

    def keep(self, name: str) -> None:
        """Says that what was closed of a record is so still."""
        self._closed_now[self.digests.of(name)] = name

    def forget_others(self) -> None:
        """Forgets the closed records of which this run has not heard."""
        for (owner,) in self._db.execute("SELECT owner FROM leak_owner").fetchall():
            if owner not in self._closed_now:
                self._db.execute("DELETE FROM leak_owner WHERE owner = ?", (owner,))
                self._db.execute("DELETE FROM leak_mark WHERE owner = ?", (owner,))

    def name_of(self, owner: bytes) -> str:
        """A closed record's name, as `close` and `keep` were told it; empty when they were not."""
        return self._closed_now.get(owner, "")

    # ---- who may say things

    def listen(self, speakers: Iterable[Speaker]) -> None:
        """Takes in what these say, and forgets all others; those who say the same as before are hardly asked."""
        watched = self._watched(None)
        known = dict(self._db.execute("SELECT name, made_from FROM leak_speaker").fetchall())
        texts, changed = {}, {}
        for name, made_from, says in speakers if watched else ():
            texts[name] = says
            if known.get(name) != made_from:
                changed[name] = made_from
        unsaid = self._silence([*(known.keys() - texts.keys()), *changed])
        for name, made_from in changed.items():
            words, said = watched.said_by(texts[name]())
            kept = b"".join(sorted(words))
            self._db.execute("INSERT INTO leak_speaker VALUES (?, ?, ?)", (name, made_from, kept))
            self._note(name, said)
        unsaid.update(digest for (digest,) in self._db.execute("SELECT digest FROM leak_fresh"))
        self._ask_again(unsaid, {name: says for name, says in texts.items() if name not in changed})
        if unsaid & watched.digests and not all(map(self._speakers_of, unsaid & watched.digests)):
            number = self.edition() + 1
            self._db.execute("DELETE FROM leak_edition")
            self._db.execute("INSERT INTO leak_edition VALUES (?)", (number,))
        self._db.execute("DELETE FROM leak_fresh")

    def edition(self) -> int:
        """A number that grows whenever there is more to find: what was found clean in this edition is clean still."""
        found = self._db.execute("SELECT number FROM leak_edition").fetchone()
        return int(found[0]) if found else 0

    def _silence(self, names: Iterable[str]) -> set[bytes]:
        """Forgets what these said; the answer is what nobody is known to say any more."""
        found: set[bytes] = set()
        for name in names:
            found.update(
                digest for (digest,) in self._db.execute("SELECT digest FROM leak_said WHERE speaker = ?", (name,))
            )
            self._db.execute("DELETE FROM leak_said WHERE speaker = ?", (name,))
            self._db.execute("DELETE FROM leak_speaker WHERE name = ?", (name,))
        for digest in found:
            self._heard.pop(digest, None)
        return {digest for digest in found if not self._speakers_of(digest)}

    def _ask_again(self, unsaid: set[bytes], texts: Mapping[str, Callable[[], Iterable[str]]]) -> None:
        """Asks those who say the same as before for some marks, until each has its speakers."""
        asked = self._watched(unsaid)
        asked.leave_out([digest for digest in asked.digests if self._speakers_of(digest) >= _SPEAKERS])
        by_size = "SELECT name, words FROM leak_speaker ORDER BY length(words), name"  # our own texts come last
        for name, kept in self._db.execute(by_size).fetchall() if asked else ():
            if name in texts and asked.may_be_said_in(kept):
                self._note(name, asked.said_again(kept, texts[name]))
                asked.leave_out([digest for digest in asked.digests if self._heard.get(digest, 0) >= _SPEAKERS])

    def _note(self, name: str, said: Iterable[bytes]) -> None:
        for digest in said:
            count = self._heard.get(digest)
            count = self._speakers_of(digest) if count is None else count
            if count < _SPEAKERS:
                count += self._db.execute("INSERT OR IGNORE INTO leak_said VALUES (?, ?)", (digest, name)).rowcount
            self._heard[digest] = count

    def _speakers_of(self, digest: bytes) -> int:
        (count,) = self._db.execute("SELECT count(*) FROM leak_said WHERE digest = ?", (digest,)).fetchone()
        return int(count)

    def _watched(self, only: Collection[bytes] | None) -> Watched:
        """What speakers are listened to for: all, or some marks, and what is left of them without their numbers."""
        words: set[bytes] = set()
        phrases: dict[bytes, Phrase] = {}
        for mark in map(_mark, self._db.execute(f"SELECT {_MARK} FROM leak_mark")):  # noqa: S608
            bare = mark.bare.digest if isinstance(mark.bare, Phrase) else mark.bare
            if only is not None and mark.digest not in only and bare not in only:
                continue
            for one in (mark.phrase or mark.digest, mark.bare):
                if isinstance(one, Phrase):
                    phrases[one.digest] = one
                elif one is not None:
                    words.add(one)
        return Watched(self.digests, words, phrases)

    # ---- what is left

    def scanner(self) -> Scanner:
        """The scanner for all that nobody says."""
        found = self._db.execute(
            f"SELECT owner, EXISTS (SELECT 1 FROM leak_said WHERE digest = bare), {_MARK} FROM leak_mark"  # noqa: S608
            " WHERE NOT EXISTS (SELECT 1 FROM leak_said WHERE leak_said.digest = leak_mark.digest)"
            " ORDER BY owner DESC, digest"
        )
        return Scanner(self.digests, (Known(owner, _mark(row), bool(alone)) for owner, alone, *row in found))


def _row(mark: Mark) -> tuple[Any, ...]:
    phrase, bare = mark.phrase, mark.bare
    anchor, position, length = (phrase.anchor, phrase.position, phrase.length) if phrase else (None, 0, 1)
    left = (bare.digest, bare.anchor, bare.position, bare.length) if isinstance(bare, Phrase) else (bare, None, 0, 1)
    return mark.field, mark.digest, anchor, position, length, mark.exact, *left


def _mark(row: Iterable[Any]) -> Mark:
    field, digest, anchor, position, length, exact, bare, bare_anchor, bare_position, bare_length = row
    phrase = Phrase(digest, anchor, position, length) if anchor is not None else None
    left = Phrase(bare, bare_anchor, bare_position, bare_length) if bare_anchor is not None else bare
    return Mark(field, digest, phrase, exact, left)
