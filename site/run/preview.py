"""The site as it will be on a day to come, in a folder of its own: what is under embargo today is in it.

It is for the operator's eyes. Live output, ledger and spool stay as they are: the ledger is a copy that goes with the
run, the harvest is read where it lies. Every page says what it is, and no search engine may list it.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from panfair.ontologies.errors import PublishError
from panfair.site.config.settings import Config
from panfair.site.run.day import Day
from panfair.site.run.progress import Progress
from panfair.site.run.publish import build
from panfair.site.run.report import Report
from panfair.site.state.layout import LEDGER
from panfair.site.state.lock import locked

_MARK = ".panfair-preview"


def preview(config: Config, day: Day, folder: Path, report: Report, progress: Progress) -> None:
    """Publishes for a day into a folder that only this account can read, in place of the preview that it holds.

    Raises PublishError: either the folder may not be written, and is as it was, or it holds no whole preview.
    """
    folder = folder.resolve()
    _check(config, folder)
    with locked(config.state), _copied_state(config) as state:
        site = config.site.model_copy(update={"output": str(folder), "state": str(state)})
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)  # one that was there already, too: what is in it is closed today
        for old in folder.iterdir():
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
        (folder / _MARK).touch()
        ahead = config.model_copy(update={"site": site, "preview": day.on})
        try:
            build(ahead, day, report, progress, accept_shrink=True)
        finally:
            (folder / _MARK).touch()  # the run took it for a file that is not its own


def _check(config: Config, folder: Path) -> None:
    """Raises PublishError when a preview may not be written there."""
    for ours in (config.output.resolve(), config.state.resolve(), config.root.resolve()):
        if folder == ours or folder in ours.parents or (ours != config.root.resolve() and ours in folder.parents):
            raise PublishError(f"{folder} is where the site or its state lies; a preview needs another folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise PublishError(f"{folder} is not empty and holds no preview; name a folder that may be written")


@contextmanager
def _copied_state(config: Config) -> Iterator[Path]:
    """A folder for the run's own ledger, which begins as a copy; the harvest is read where it lies."""
    for left in config.state.glob("preview-*"):  # by a run that was killed: a copy of the ledger
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix="preview-", dir=config.state) as name:
        state = Path(name)
        if (config.state / LEDGER).is_file():
            with (
                closing(sqlite3.connect(config.state / LEDGER)) as standing,
                closing(sqlite3.connect(state / LEDGER)) as copy,
            ):
                standing.backup(copy)
        secret = config.state / "secret"
        if secret.is_file():
            descriptor = os.open(state / "secret", os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secret.read_bytes())
        (state / "harvest").symlink_to((config.state / "harvest").resolve(), target_is_directory=True)
        yield state
