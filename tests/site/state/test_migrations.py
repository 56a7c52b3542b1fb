"""The ledger of an earlier panfair: it becomes today's, whole or not at all, and nothing of it is lost."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from panfair.ontologies.errors import PublishError
from panfair.site.run.report import Report
from panfair.site.state.ledger import Ledger
from panfair.site.state.migrations import STEPS, VERSION
from support.house import ROOT
from support.site_run import SiteRun

FIRST = ROOT / "tests/data/state/first-form"
LATER = (  # what came to version 1, in the order in which it came
    "ALTER TABLE record ADD COLUMN words TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE shelf ADD COLUMN note TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE version (key TEXT NOT NULL, relation TEXT NOT NULL, other TEXT NOT NULL, doi TEXT NOT NULL,"
    " PRIMARY KEY (key, relation, other)) WITHOUT ROWID",
    "CREATE INDEX redo_target ON redo (target)",
)


def _old_ledger(path: Path, later: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as db:
        db.executescript((FIRST / "ledger.sql").read_text(encoding="utf-8"))
        for statement in LATER[:later]:
            db.execute(statement)
    return path


def _tables(db: sqlite3.Connection) -> dict[str, object]:
    """Columns with their types, keys and duties, and indexes, of each table, whatever the order they came in."""
    names = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    columns = {
        name: sorted((row[1], row[2], row[3], row[5]) for row in db.execute(f"PRAGMA table_info({name})"))
        for name in names
    }
    indexes = sorted(db.execute("SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"))
    return {**columns, "indexes": indexes}


def _kept(db: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the tables of the first form, without what a migration may set anew."""
    columns = (
        "key, source, source_id, state, content, hash, input, gate, judged_on, judged_until, datestamp, changed,"
        " listed, payload, card"
    )
    rows = {"record": db.execute(f"SELECT {columns} FROM record ORDER BY key").fetchall()}
    rows["shelf"] = db.execute("SELECT kind, slug, key, label, iri FROM shelf ORDER BY 1, 2, 3").fetchall()
    for table in ("place", "file", "redo", "note"):
        rows[table] = sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
    return rows


@pytest.mark.parametrize("later", range(len(LATER) + 1))
def test_each_form_that_version_1_had_ends_as_the_tables_of_a_new_ledger(tmp_path, later):
    path = _old_ledger(tmp_path / "ledger.sqlite", later)
    with closing(sqlite3.connect(path)) as db:
        before = _kept(db)
    with closing(Ledger.open(path)) as old, closing(Ledger.open(tmp_path / "new.sqlite")) as new:
        assert _tables(old.connection) == _tables(new.connection)
        versions = [ledger.connection.execute("PRAGMA user_version").fetchone() for ledger in (old, new)]
        assert versions == [(VERSION,), (VERSION,)]
        assert _kept(old.connection) == before


@pytest.mark.parametrize("step", range(1, len(STEPS) + 1))
def test_a_migration_that_is_killed_leaves_the_old_ledger_and_is_done_by_the_next_command(tmp_path, step):
    path = _old_ledger(tmp_path / "ledger.sqlite")
    before = path.read_bytes()
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from panfair.site.state import migrations\n"
        "from panfair.site.state.ledger import Ledger\n"
        "die = lambda db: os.kill(os.getpid(), signal.SIGKILL)\n"
        "at = int(sys.argv[2])\n"
        "migrations.STEPS = (*migrations.STEPS[:at], die, *migrations.STEPS[at:])\n"
        "Ledger.open(Path(sys.argv[1]))\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, path, str(step)], check=False)
    assert ended.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(path)) as db:  # what a hot journal holds is put back by whoever opens it
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert "words" not in [row[1] for row in db.execute("PRAGMA table_info(record)")]
    assert path.read_bytes() == before
    with closing(Ledger.open(path)) as ledger:
        assert ledger.count("open") == 2


def test_a_ledger_of_a_newer_panfair_is_left_alone_and_the_message_says_what_to_do(tmp_path):
    path = tmp_path / "ledger.sqlite"
    Ledger.open(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(PublishError, match=r"newer panfair.*nothing was done\. Install the newer panfair again, or"):
        Ledger.open(path)
    assert path.read_bytes() == before and not path.with_name(f"{path.name}-journal").exists()


def test_a_site_of_the_first_form_goes_on_with_its_dates_and_tombstones(tmp_path):
    site = SiteRun(tmp_path / "site")
    path = _old_ledger(site.config.state / "ledger.sqlite")
    harvest = site.config.state / "harvest"
    harvest.mkdir()
    (harvest / "made-up.jsonl").write_bytes((FIRST / "made-up.jsonl").read_bytes())
    with closing(sqlite3.connect(path)) as db:
        before = db.execute("SELECT key, state, listed FROM record ORDER BY key").fetchall()
    report = Report()
    site.build(report)
    assert (report.failed, report.refused) == ([], [])
    assert (report.released, report.withdrawn) == (2, 0)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT key, state, listed FROM record ORDER BY key").fetchall() == before
        assert db.execute("SELECT count(*) FROM record WHERE words = '' AND state = 'open'").fetchone() == (0,)
    assert "Foam of kind 3" in (site.output / "www/doi/10.99999/example-3/index.html").read_text(encoding="utf-8")
