"""The ledger of an earlier panfair, brought to the form of today's: numbered steps, all of them in one transaction.

A step is never changed once it has landed, and none is taken out: whoever upgrades after years goes through all of
them. `ledger.sql` is the form of a new ledger; a test holds that the oldest one ends as the same tables. Killed
half-way, the ledger is as it was, and the next command begins again.
"""

import logging
import sqlite3
from collections.abc import Callable

from panfair.ontologies.errors import PublishError

log = logging.getLogger(__name__)


def _bring_version_one_to_one_form(db: sqlite3.Connection) -> None:
    """Version 1 had five forms: search words, notes of shelves, relations of versions and an index came later."""
    if "words" not in _columns(db, "record"):
        # No digest of the words, no fingerprint of the pages: each record is rendered and indexed once more.
        db.execute("ALTER TABLE record ADD COLUMN words TEXT NOT NULL DEFAULT ''")
        db.execute("UPDATE record SET rendered = ''")
    if "note" not in _columns(db, "shelf"):
        db.execute("ALTER TABLE shelf ADD COLUMN note TEXT NOT NULL DEFAULT ''")
    db.execute(
        "CREATE TABLE IF NOT EXISTS version (key TEXT NOT NULL, relation TEXT NOT NULL, other TEXT NOT NULL,"
        " doi TEXT NOT NULL, PRIMARY KEY (key, relation, other)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX IF NOT EXISTS redo_target ON redo (target)")


def _drop_words_of_the_old_leak_scan(db: sqlite3.Connection) -> None:
    """The scan keeps marks by record now (`site.run.leaks.tables`); nobody reads these."""
    db.execute("DROP TABLE IF EXISTS closed")


def _ask_all_records_at_once(db: sqlite3.Connection) -> None:
    """Since a run reads only what changed: an index with all that it asks of every record, and what it has to know of
    those that are closed.
    """
    db.execute(
        "CREATE INDEX IF NOT EXISTS record_night ON record (state, key, source, source_id, hash, input, gate,"
        " judged_on, judged_until, datestamp, changed, words, rendered)"
    )
    db.execute(
        "CREATE TABLE IF NOT EXISTS closed_verdict (key TEXT PRIMARY KEY, source TEXT NOT NULL,"
        " source_id TEXT NOT NULL, input TEXT NOT NULL, gate TEXT NOT NULL, judged_on TEXT NOT NULL,"
        " judged_until TEXT NOT NULL, noticed INTEGER NOT NULL, reason TEXT NOT NULL, by_id BLOB NOT NULL,"
        " by_title BLOB NOT NULL) WITHOUT ROWID"
    )


def _keep_answers_of_listings(db: sqlite3.Connection) -> None:
    """Since a run asks for lists only what changed: the answers, and an index that holds the cards by themselves."""
    db.execute(
        "CREATE TABLE IF NOT EXISTS answer (kind TEXT NOT NULL, slug TEXT NOT NULL, question TEXT NOT NULL,"
        " answer BLOB NOT NULL, PRIMARY KEY (kind, slug, question)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX IF NOT EXISTS record_card ON record (state, key, card)")


def _keep_similar_data(db: sqlite3.Connection) -> None:
    """Since landing pages name similar data: what records share, and which are the nearest of each."""
    db.execute(
        "CREATE TABLE IF NOT EXISTS likeness (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
        " tie INTEGER NOT NULL, terms BLOB NOT NULL, count INTEGER NOT NULL, floor INTEGER NOT NULL DEFAULT 0,"
        " floor_tie INTEGER NOT NULL DEFAULT 0, shown TEXT NOT NULL DEFAULT '')"
    )
    db.execute(
        "CREATE TABLE IF NOT EXISTS likeness_term (term INTEGER NOT NULL, number INTEGER NOT NULL,"
        " PRIMARY KEY (term, number)) WITHOUT ROWID"
    )
    db.execute(
        "CREATE TABLE IF NOT EXISTS neighbour (number INTEGER NOT NULL, rank INTEGER NOT NULL,"
        " other INTEGER NOT NULL, PRIMARY KEY (number, rank)) WITHOUT ROWID"
    )
    db.execute("CREATE INDEX IF NOT EXISTS neighbour_other ON neighbour (other)")


STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    _bring_version_one_to_one_form,
    _drop_words_of_the_old_leak_scan,
    _ask_all_records_at_once,
    _keep_answers_of_listings,
    _keep_similar_data,
)
"""The first goes from version 1 to version 2, and so on."""
VERSION = len(STEPS) + 1
"""`user_version` of a ledger that this panfair writes."""


def migrate(db: sqlite3.Connection, name: str) -> None:
    """Brings a ledger to `VERSION`. Raises PublishError, and changes nothing, for one that a newer panfair wrote."""
    if _version(db) == VERSION:
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        found = _version(db)  # again: another process may have been faster
        if found > VERSION:
            raise PublishError(
                f"{name} was written by a newer panfair (its form is {found}, this panfair knows {VERSION}); nothing "
                "was done. Install the newer panfair again, or put back the state folder and the output of before "
                "the upgrade, both from the same backup"
            )
        for step in STEPS[found - 1 :]:
            step(db)
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    if found < VERSION:
        log.info("%s: brought from form %d to form %d", name, found, VERSION)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _columns(db: sqlite3.Connection, table: str) -> set[str]:
    return {str(row[1]) for row in db.execute(f"PRAGMA table_info({table})")}
