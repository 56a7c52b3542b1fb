"""The leak scan's part of the ledger: marks of closed records, and which of them those say who may say things.

Kept up to date by what changed. For each closed record its marks; for each speaker (an open record, a notice, the site
itself) the digests of its words, so that what closes later is looked for only where its words stand; and which marks
a speaker says. A mark that anybody says betrays nothing. All are keyed digests: the ledger holds no closed word.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

import orjson

from panfair.site.run.leaks.marks import Mark, Phrase, marks_of
from panfair.site.run.leaks.matching import Matcher
from panfair.site.run.leaks.scanner import Known, Scanner
from panfair.site.run.leaks.words import Digests, folded, set_of_words, spellings_of

_SIZE = 8  # bytes of a digest
_LONGEST_KNOWN, _MOST_KNOWN = 200, 20_000  # letters of a text, and texts
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
        watched = self._matcher(None)
        new = {digest for (digest,) in self._db.execute("SELECT digest FROM leak_fresh")}
        fresh = self._matcher(new) if new else None
        names = set()
        known = dict(self._db.execute("SELECT name, made_from FROM leak_speaker").fetchall())
        for name, made_from, texts in speakers if watched else ():
            names.add(name)
            if known.get(name) != made_from:
                self._db.execute("DELETE FROM leak_said WHERE speaker = ?", (name,))
                lines = list(dict.fromkeys(texts()))
                whole = "\n".join(lines)  # no word goes over the end of a line
                words = {self.digests.of(word) for word in spellings_of(whole).union(set_of_words(whole))}
                of_phrases = not whole.isascii() or not watched.anchors.isdisjoint(words)
                said = (words & watched.words).union(watched.said_in(lines) if of_phrases else ())
                kept = b"".join(sorted(words))
                self._db.execute("INSERT OR REPLACE INTO leak_speaker VALUES (?, ?, ?)", (name, made_from, kept))
            elif fresh:
                words = self._words_of(name)
                if fresh.telltales.isdisjoint(words):
                    continue
                said = (words & fresh.words).union(fresh.said_in(texts()) if fresh.anchors & words else ())
            else:
                continue
            self._db.executemany("INSERT OR IGNORE INTO leak_said VALUES (?, ?)", [(digest, name) for digest in said])
        for name in known.keys() - names:
            self._db.execute("DELETE FROM leak_said WHERE speaker = ?", (name,))
            self._db.execute("DELETE FROM leak_speaker WHERE name = ?", (name,))
        self._db.execute("DELETE FROM leak_fresh")

    def _words_of(self, speaker: str) -> set[bytes]:
        (words,) = self._db.execute("SELECT words FROM leak_speaker WHERE name = ?", (speaker,)).fetchone()
        return {words[at : at + _SIZE] for at in range(0, len(words), _SIZE)}

    def _matcher(self, only: Collection[bytes] | None) -> "_Watched":
        words: set[bytes] = set()
        phrases: dict[bytes, Phrase] = {}
        for mark in map(_mark, self._db.execute(f"SELECT {_MARK} FROM leak_mark")):  # noqa: S608
            if only is not None and mark.digest not in only:
                continue
            for one in (mark.phrase or mark.digest, mark.bare):
                if isinstance(one, Phrase):
                    phrases[one.digest] = one
                elif one is not None:
                    words.add(one)
        return _Watched(self.digests, words, phrases)

    # ---- what is left

    def scanner(self) -> Scanner:
        """The scanner for all that nobody says."""
        found = self._db.execute(
            f"SELECT owner, EXISTS (SELECT 1 FROM leak_said WHERE digest = bare), {_MARK} FROM leak_mark"  # noqa: S608
            " WHERE NOT EXISTS (SELECT 1 FROM leak_said WHERE leak_said.digest = leak_mark.digest)"
            " ORDER BY owner DESC, digest"
        )
        return Scanner(self.digests, (Known(owner, _mark(row), bool(alone)) for owner, alone, *row in found))


class _Watched:
    """The words and phrases that speakers are listened to for."""

    def __init__(self, digests: Digests, words: set[bytes], phrases: dict[bytes, Phrase]) -> None:
        self.words = words
        self.anchors = {phrase.anchor for phrase in phrases.values()}
        self.telltales = words | self.anchors
        self._phrases = Matcher(digests, (), phrases.values())
        self._known: dict[str, tuple[bytes, ...]] = {}
        """The same names stand in many records."""

    def __bool__(self) -> bool:
        return bool(self.telltales)

    def said_in(self, texts: Iterable[str]) -> Iterator[bytes]:
        """The phrases in some texts, each read by itself."""
        for text in texts:
            found = self._known.get(text)
            if found is None:
                readings = {text, folded(text)}
                found = tuple(hit.digest for reading in readings for hit in self._phrases.hits(reading))
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                if len(text) <= _LONGEST_KNOWN:
                    self._known[text] = found
            yield from found


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
