"""What an interrupted run has left to do, and whether the ledger is sound."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress

from panfair.ontologies.errors import LockedError, PublishError
from panfair.site.config.settings import Config
from panfair.site.state.layout import LEDGER
from panfair.site.state.ledger import Ledger
from panfair.site.state.lock import locked
from panfair.site.state.manifest import MANIFEST
from panfair.site.state.staging import replay


def finish_interrupted(config: Config) -> None:
    """Does what an interrupted run has left to do, unless another run is at work; `panfair serve` calls it first."""
    path = config.state / LEDGER
    if path.is_file():
        with suppress(LockedError), locked(config.state):
            ledger = Ledger.open(path)
            try:
                replay(config.output, ledger)
            finally:
                ledger.close()


def ledger_faults(config: Config) -> Iterator[str]:
    """What is wrong with the ledger, so that `panfair repair` has to make it again; nothing when it is sound.

    Raises PublishError when it cannot be read for another reason: the system refuses, or a newer panfair wrote it.
    """
    path = config.state / LEDGER
    published = (config.output / MANIFEST).exists()
    if not path.is_file():
        if published:
            yield "it is gone, and a site stands"
        return
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            empty = db.execute("PRAGMA user_version").fetchone() == (0,)
        if not empty:
            with closing(Ledger.open(path)) as ledger:
                yield from faults(ledger)
                empty = knows_none(ledger)
        if empty and published:
            yield "it is empty, and a site stands"
    except sqlite3.DatabaseError as error:
        yield f"it is damaged ({error})"
    except PublishError as error:
        if isinstance(error.__cause__, sqlite3.OperationalError) or "newer panfair" in str(error):
            raise
        yield "it is damaged"
    except (TypeError, ValueError) as error:
        yield f"it is damaged ({type(error).__name__})"


def faults(ledger: Ledger) -> Iterator[str]:
    """A line for each thing in a ledger that is not as it was put down."""
    for (line,) in ledger.connection.execute("PRAGMA integrity_check(3)").fetchall():
        if line != "ok":
            yield str(line)
    yield from (f"{row.key} is not what was put down" for row in ledger.rows() if not row.is_sound)


def knows_none(ledger: Ledger) -> bool:
    """Whether a ledger knows no file: after any run there are some."""
    return ledger.connection.execute("SELECT 1 FROM file LIMIT 1").fetchone() is None
