"""The machine: room and inodes on the disks that are written, who may read what is closed, packages that keys need."""

import os
import shutil
import stat
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from panfair.site.config.settings import Config
from panfair.site.doctor.finding import Finding, fault, look, ok
from panfair.site.state.manifest import MANIFEST

_LEAST_FREE = 1 << 30
_LEAST_INODES = 20_000
_GIB = 1 << 30


def examine_machine(config: Config) -> Iterator[Finding]:
    """Findings about folders, disks and packages. Nothing is written."""
    for name, folder in (("output", config.output), ("state", config.state)):
        yield from _disk(name, folder, _standing(folder))
    yield from _privacy(config.state)
    yield from _packages(config)


def _standing(folder: Path) -> Path:
    """The folder, or the nearest above it that there is already."""
    folder = folder.resolve()
    while not folder.exists():
        folder = folder.parent
    return folder


def _disk(name: str, folder: Path, standing: Path) -> Iterator[Finding]:
    part = f"disk of {name}"
    if not standing.is_dir():
        yield fault(part, f"{standing} is no folder; {folder} cannot be made there")
        return
    if not os.access(standing, os.W_OK | os.X_OK):
        yield fault(part, f"this account may not write in {standing}; run panfair as its owner")
    free, space = shutil.disk_usage(standing).free, os.statvfs(standing)
    # While a run lasts, what it changed stands twice: in the worst case all of it.
    needed = max(_LEAST_FREE, _size(folder))
    if free < needed:
        yield fault(part, f"{free / _GIB:.1f} GiB free, {needed / _GIB:.1f} are needed while a run changes every page")
    elif space.f_files and space.f_favail < max(_LEAST_INODES, _count(folder)):
        yield fault(part, f"{space.f_favail} files can still be made; a publication has about 17, all of them twice")
    else:
        inodes = f", {space.f_favail:,} more files possible" if space.f_files else ""
        yield ok(part, f"{free / _GIB:.1f} GiB free{inodes}")


def _size(folder: Path) -> int:
    """What the last run left in a folder, by the size of its manifest: some 200 bytes a file of some 12 kB."""
    return _count(folder) * 12_000


def _count(folder: Path) -> int:
    manifest = folder / MANIFEST
    return manifest.stat().st_size // 200 if manifest.is_file() else 0


def _privacy(state: Path) -> Iterator[Finding]:
    """Whether the folder with closed records is its owner's alone."""
    if not state.is_dir():
        yield ok("privacy", f"{state} is not there yet; the first harvest makes it for its owner alone")
    elif (mode := stat.S_IMODE(state.stat().st_mode)) & 0o077:
        yield fault("privacy", f"{state} holds closed records and is open to others ({mode:o}): chmod 700 {state}")
    else:
        yield ok("privacy", f"{state} is its owner's alone")


def _packages(config: Config) -> Iterator[Finding]:
    """What a key asks for and is not installed."""
    pictures = [source.name for source in config.sources if source.file_path]
    if missing := [name for name in ("h5py", "PIL", "fabio", "tifffile") if pictures and find_spec(name) is None]:
        yield fault(
            "packages",
            f"file_path of {', '.join(pictures)} needs {', '.join(missing)}: .venv/bin/pip install -e '.[previews]'",
        )
    if config.search.engine == "whoosh" and find_spec("tantivy") is None and _count(config.output) > 400_000:
        yield look("packages", 'a site of this size is searched faster with engine = "tantivy"; see docs/operate.md')
