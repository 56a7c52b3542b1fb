"""From rendered bytes to output/: staged, listed, and moved by a redo log that survives a kill at any instant.

All paths are relative to output/. A run writes new bytes below `.staging/`, brings them to disk, and then commits, in
ONE transaction of the ledger, the new state of the records and the list of moves and deletions. After the commit the
moves are done; whoever starts next does what is left of them. So output/ is the old site before the commit, and the
new one after the list is done. (The design had a list in a file; inside the ledger there is one commit and not two.)

What a staged file says is compared with the last run's digest first: equal bytes are never written again.
"""

import hashlib
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from panfair.builders import Artifact, Sheet
from panfair.ontologies.errors import PublishError, UnfinishedError
from panfair.site.state.layout import GIVEN
from panfair.site.state.ledger import Ledger
from panfair.site.state.manifest import MANIFEST
from panfair.site.state.whole_folders import moved_whole

log = logging.getLogger(__name__)

FOLDER = ".staging"
PROGRAMS = "viewer"
"""The owner of programs that others wrote, which come with the package: no word of a record is in them."""
_SCANNED = f"file.owner NOT IN ('indexes', '{PROGRAMS}') AND file.path NOT GLOB '{GIVEN}/*'"
"""What the leak scan reads; `given` holds the paths of released files for the server's eyes alone."""
_LINES_AT_ONCE = 2000  # of the manifest


@dataclass(frozen=True, slots=True)
class Staged:
    """One file as a renderer left it: its digest, its size, and whether its bytes lie in the staging folder."""

    path: str
    sha256: str
    size: int
    written: bool


def stage(output: Path, artifacts: Iterable[Artifact], standing: dict[str, str]) -> list[Staged]:
    """Writes those artifacts whose bytes differ from what stands (path to sha256); safe in several processes.

    Raises PublishError when the disk is full or refuses.
    """
    done = []
    for artifact in artifacts:
        digest = hashlib.sha256(artifact.body).hexdigest()
        differs = standing.get(artifact.path) != digest
        if differs:
            _write(output / FOLDER / artifact.path, artifact.body)
        done.append(Staged(artifact.path, digest, len(artifact.body), differs))
    return done


def _write(path: Path, body: bytes) -> None:
    try:
        try:
            path.write_bytes(body)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> PublishError:
    return PublishError(
        f"cannot write {path.name}: {error.strerror or error}; the site stands as it was, less what had "
        "closed; nothing new was published"
    )


def digest_of(path: Path) -> tuple[str, int]:
    """The sha256 and the size in bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()


class Staging:
    """One run's changes to output/, gathered until the commit."""

    def __init__(self, output: Path, ledger: Ledger) -> None:
        self.output = output
        self.ledger = ledger
        self.written = 0
        self.deleted = 0
        self.manifest_is_lost = False
        """Whether it is to be written though no other file changes."""
        self._kept: set[str] = set()
        shutil.rmtree(output / FOLDER, ignore_errors=True)
        (output / FOLDER).mkdir(parents=True, exist_ok=True)

    def standing(self, owner: str) -> dict[str, str]:
        """The files of an owner that stand now: path to sha256."""
        found = self.ledger.connection.execute("SELECT path, sha256 FROM file WHERE owner = ?", (owner,))
        return dict(found.fetchall())

    def replace(self, owner: str, artifacts: Iterable[Artifact]) -> None:
        """Makes these the files of an owner: changed ones are staged, missing ones will be deleted."""
        standing = self.standing(owner)
        self.accept(owner, stage(self.output, artifacts, standing), standing)

    def accept(self, owner: str, staged: Iterable[Staged], standing: dict[str, str]) -> None:
        """As `replace`, for files that another process has staged."""
        now = set()
        for file in staged:
            now.add(file.path)
            self._accept(file, owner, "")
        self._delete(path for path in standing if path not in now)

    def whole(self, owner: str, made_from: str, artifacts: Callable[[], Iterable[Artifact]]) -> None:
        """As `replace`, but nothing is made when the owner's files stand that were made from the same."""
        standing = self.standing(owner)
        if standing and self.ledger.note(f"{owner} files") == made_from:
            return
        self.accept(owner, stage(self.output, artifacts(), standing), standing)
        self.ledger.set_note(f"{owner} files", made_from)

    def sheet(self, owner: str, sheet: Sheet) -> None:
        """Stages one sheet if what it is made from has changed; `finish_sheets` deletes those not seen again."""
        self._kept.add(sheet.path)
        found = self.ledger.connection.execute("SELECT sha256, key FROM file WHERE path = ?", (sheet.path,)).fetchone()
        if found and found[1] == sheet.key:
            return
        standing = {sheet.path: found[0]} if found else {}
        for file in stage(self.output, [Artifact(sheet.path, sheet.render())], standing):
            self._accept(file, owner, sheet.key)

    def finish_sheets(self, owner: str) -> None:
        """Deletes the sheets of an owner that this run did not name."""
        self._delete(path for path in self.standing(owner) if path not in self._kept)

    def drop(self, path: str) -> str:
        """Plans the deletion of a file; whoever owned it, as the answer says, counts as not made."""
        connection = self.ledger.connection
        found = connection.execute("SELECT owner FROM file WHERE path = ?", (path,)).fetchone()
        owner = str(found[0]) if found else ""
        connection.execute("UPDATE record SET rendered = '' WHERE key = ?", (owner,))
        connection.execute("UPDATE note SET value = '' WHERE name = ?", (f"{owner} files",))
        self._delete([path])
        return owner

    def _accept(self, file: Staged, owner: str, key: str) -> None:
        self.ledger.connection.execute(
            "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?)", (file.path, file.sha256, file.size, owner, key)
        )
        if file.written:
            self._plan(file.path, file.path)
            self.written += 1

    def _delete(self, paths: Iterable[str]) -> None:
        for path in list(paths):
            self.ledger.connection.execute("DELETE FROM file WHERE path = ?", (path,))
            self._plan(None, path)
            self.deleted += 1

    def _plan(self, staged: str | None, target: str) -> None:
        """Puts a move, or a deletion, down in the ledger's open transaction: with it, or not at all, it comes true.

        One for each target: a replay that is repeated must not delete what it has moved there.
        """
        self.ledger.connection.execute("DELETE FROM redo WHERE target = ?", (target,))
        self.ledger.connection.execute("INSERT INTO redo (staged, target) VALUES (?, ?)", (staged, target))

    @property
    def changed(self) -> bool:
        return bool(self.written or self.deleted or self.manifest_is_lost)

    def staged_for_all(self) -> Iterator[str]:
        """The staged files that belong to no open record (whose workers scan their own), and that the scan reads."""
        found = self.ledger.connection.execute(
            "SELECT redo.staged FROM redo JOIN file ON file.path = redo.target"  # noqa: S608 - our own names
            " LEFT JOIN record ON record.key = file.owner AND record.state = 'open'"
            f" WHERE redo.staged IS NOT NULL AND record.key IS NULL AND {_SCANNED} ORDER BY redo.staged"
        )
        yield from (path for (path,) in found)

    def staged_of(self, owners: Iterable[str]) -> Iterator[str]:
        """The staged files of some owners that the scan reads."""
        for owner in owners:
            found = self.ledger.connection.execute(
                "SELECT redo.staged FROM redo JOIN file ON file.path = redo.target"  # noqa: S608
                f" WHERE redo.staged IS NOT NULL AND file.owner = ? AND {_SCANNED} ORDER BY redo.staged",
                (owner,),
            )
            yield from (path for (path,) in found.fetchall())

    def commit(self) -> None:
        """The point of no return: brings the staged bytes to disk and commits the ledger with the list of moves."""
        if self.changed:
            self._manifest()
            os.sync()
        self.ledger.commit()
        replay(self.output, self.ledger)

    def commit_deletions(self) -> None:
        """Commits deletions only, and writes nothing but the ledger: for a disk that takes no more.

        The manifest goes too, so the next run holds all that stands against the ledger.
        """
        self._plan(None, MANIFEST)
        self.ledger.set_note("manifest", "taken away")
        shutil.rmtree(self.output / FOLDER, ignore_errors=True)
        self.ledger.commit()
        replay(self.output, self.ledger)

    def _manifest(self) -> None:
        """Writes the list of all files, one a line, as JSON; a stream, for there may be millions."""
        digest = hashlib.sha256()
        place = self.output / FOLDER / MANIFEST
        try:
            with place.open("wb") as file:
                for lines in self._manifest_lines():
                    digest.update(lines)
                    file.write(lines)
        except OSError as error:
            raise _refused(place, error) from error
        self.ledger.set_note("manifest", digest.hexdigest())
        self._plan(MANIFEST, MANIFEST)

    def _manifest_lines(self) -> Iterator[bytes]:
        yield b'{"files":{'
        line = """json_quote(path) || ':{"sha256":"' || sha256 || '","size":' || size || '}'"""
        found = self.ledger.connection.execute(f"SELECT {line} FROM file ORDER BY path")  # noqa: S608
        comma = "\n"
        while lines := [line for (line,) in found.fetchmany(_LINES_AT_ONCE)]:
            yield (comma + ",\n".join(lines)).encode()
            comma = ",\n"
        yield b"\n}}\n"


def discard(output: Path) -> None:
    """Forgets what a run that will not be committed has staged."""
    shutil.rmtree(output / FOLDER, ignore_errors=True)


def replay(output: Path, ledger: Ledger) -> int:
    """Does the moves and deletions that a committed run has left; the number of them. Safe to do twice.

    Raises UnfinishedError when the disk is full or refuses: what is left stays on the list.
    """
    try:
        return _replay(output, ledger.connection)
    except (OSError, sqlite3.OperationalError) as error:
        raise UnfinishedError(
            f"{refusal(error, output)}; the new site is not all in its place yet. Its files are kept: "
            "make room, or let this account write there, and run again to have the rest moved"
        ) from error


def refusal(error: OSError | sqlite3.Error, place: Path) -> str:
    """Which file the system refused to read or write, and why; `place` when the system does not name one."""
    if isinstance(error, OSError):
        return f"{error.filename or place}: {error.strerror or error}"
    return f"{place}: {error}"


def _replay(output: Path, connection: sqlite3.Connection) -> int:
    done = 0
    for staged, target in connection.execute(
        # Deletions first: they need no room, and what closed goes before anything comes.
        "SELECT staged, target FROM redo ORDER BY staged IS NOT NULL, sequence"
    ):
        done += 1
        path = output / target
        if staged is None:
            _remove(path, output)
            continue
        source = output / FOLDER / staged
        try:
            source.replace(path)
        except FileNotFoundError:
            if source.exists() and not moved_whole(target, output, output / FOLDER, connection):
                _make_way(path, output)
                source.replace(path)
            # else: moved already, by the run that was stopped in the middle
        except (NotADirectoryError, IsADirectoryError):
            _make_way(path, output)
            source.replace(path)
    if done:
        os.sync()
        connection.execute("DELETE FROM redo")
    shutil.rmtree(output / FOLDER, ignore_errors=True)
    return done


def _make_way(path: Path, output: Path) -> None:
    """Makes the folder of a target, taking away a file of an older site that stands where a folder must be."""
    for folder in reversed([path.parent, *path.parent.parents]):
        if output in folder.parents and folder.is_file():
            folder.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.rmtree(path)


def _remove(path: Path, output: Path) -> None:
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        pass  # gone already, or the new site has a file where its folder was, or a folder where it was
    folder = path.parent
    while folder != output and output in folder.parents:
        try:
            folder.rmdir()
        except OSError:
            break
        folder = folder.parent


def disowned(output: Path, ledger: Ledger) -> bool:
    """Whether output/ is not what the last run left there (deleted, restored, edited): then all is rendered anew."""
    try:
        found = hashlib.sha256((output / MANIFEST).read_bytes()).hexdigest()
    except OSError:
        found = ""
    return found != ledger.note("manifest")


def take_away_what_is_not_ours(staging: Staging) -> set[str]:
    """Plans the deletion of every file that is not as the last run left it; the answer is whose files those were.

    They are made again, by this run or the next. Damage is never taken for what was published: what stands with another
    digest goes, and its record or product counts as not made, as where a file is missing.
    """
    staging.manifest_is_lost = True
    known: dict[str, str] = dict(staging.ledger.connection.execute("SELECT path, sha256 FROM file").fetchall())
    own = {FOLDER, MANIFEST, ".gitignore"}
    owners: set[str] = set()
    for path in sorted(staging.output.rglob("*")):
        name = str(path.relative_to(staging.output))
        if name.split("/", 1)[0] in own or (path.is_dir() and not path.is_symlink()):
            continue
        if path.is_symlink() or known.get(name) != digest_of(path)[0]:
            owners.add(staging.drop(name))
        known.pop(name, None)
    owners.update(staging.drop(name) for name in known)
    return owners
