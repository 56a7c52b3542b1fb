"""How to get the files, as a page says it: a table of files, recipes for a terminal, and lists too long for a page."""

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from babel.dates import format_timedelta

from panfair.builders import Artifact
from panfair.builders.downloads.checksums import Checksums, checksums
from panfair.builders.downloads.list_kind import ListKind, list_kinds
from panfair.builders.downloads.placed import Placed
from panfair.builders.html.grid import EMPTY, Cell, Column, Grid, grid, size_cell
from panfair.builders.html.language import current, marked, tr
from panfair.builders.html.words import counted, number, size_words
from panfair.builders.portal import Portal
from panfair.ontologies.record import Dataset

MOST_ROWS = 25
"""A longer list of files goes into a file of its own beside the page, which then shows the first few."""
_FIRST_ROWS = 10

_BYTES_A_SECOND = 100_000_000 // 8
"""Of a line of 100 Mb/s, which many people have."""
_WORTH_SAYING = 60
"""A download that takes fewer seconds is not timed."""
_FORMATS = {
    "application/x-hdf5": "HDF5", "application/x-nexus": "NeXus", "image/tiff": "TIFF", "image/png": "PNG",
    "image/jpeg": "JPEG", "text/csv": "CSV", "text/plain": marked("text"), "application/json": "JSON",
    "application/pdf": "PDF", "application/zip": "ZIP", "application/gzip": "gzip", "application/x-tar": "tar",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One list that stands beside the page, and what is typed to fetch or verify files with it."""

    file: str
    address: str
    """From the root."""
    contents: str
    advice: str
    command: str


@dataclass(frozen=True, slots=True)
class Download:
    """All that the download box says; `said` is empty when there is nothing to say."""

    said: str
    """How many files and how much, in words."""
    unnamed: str
    """What is said when the catalogue counts more files than it names."""
    size: str
    """The size alone, in words; empty when nobody knows it."""
    time: str
    """How long a usual line takes, in words; empty when it is no matter or nobody knows."""
    addressed: bool
    """Whether any file has an address."""
    files: Grid
    left_out: int
    recipe: str
    checksums: tuple[Checksums, ...]
    lists: tuple[Listed, ...]


def tape_in_words(datasets: Sequence[Dataset]) -> str:
    """What is said when files lie on tape, and for how many of the datasets; nothing when none does."""
    away = sum(dataset.availability == "tape" for dataset in datasets)
    if not away:
        return ""
    if len(datasets) == 1:
        return tr("The files are on tape")
    if away == len(datasets):
        return tr("The files of all datasets are on tape")
    words = tr("The files of {some} of the {all} datasets are on tape")
    return words.format(some=number(away), all=number(len(datasets)))


def download(
    files: list[Placed],
    lists: Iterable[ListKind],
    address: str,
    portal: Portal,
    *,
    count: int | None,
    size_bytes: int | None,
) -> Download:
    """What the page at `address` (from the root of the portal) says of these files, and of the lists beside it.

    `count` and `size_bytes` are the source's own; without them the files' sizes are summed if all are known.
    """
    sizes = [item.file.size_bytes for item in files]
    if size_bytes is None and sizes and None not in sizes:
        size_bytes = sum(size for size in sizes if size is not None)
    number_of_files = count if count else len(files)
    words = [counted(number_of_files, "file", "files")] if number_of_files else []
    # A size of nothing is a catalogue's way of not knowing.
    words += [size_words(size_bytes)] if size_bytes else []
    long = len(files) > MOST_ROWS
    addressed = [item for item in files if item.address]
    return Download(
        said=", ".join(words),
        unnamed=tr("The catalogue names {count} of them.").format(count=number(len(files)))
        if 0 < len(files) < number_of_files
        else "",
        size=size_words(size_bytes) if size_bytes else "",
        time=time_in_words(size_bytes) if size_bytes and addressed else "",
        addressed=bool(addressed),
        files=grid(tr("Files"), _columns(), map(_row, files[:_FIRST_ROWS] if long else files)),
        left_out=len(files) - _FIRST_ROWS if long else 0,
        recipe="" if long else "\n".join(map(_curl, addressed)),
        checksums=() if long else checksums(files),
        lists=tuple(_listed(kind, address, portal.base_url) for kind in lists),
    )


def lists_of(files: list[Placed], name: str) -> dict[ListKind, str]:
    """The text of each list of all files of what is called `name`, when they are too many for the page."""
    if len(files) <= MOST_ROWS:
        return {}
    written = ((kind, kind.write(files, name)) for kind in list_kinds())
    return {kind: text for kind, text in written if text}


def lists_beside(lists: dict[ListKind, str], folder: str) -> list[Artifact]:
    """The lists as files in `folder`, a path below www/."""
    return [Artifact(folder + kind.file, text.encode()) for kind, text in lists.items()]


def time_in_words(size_bytes: int) -> str:
    """How long so many bytes take at 100 Mb/s, roughly; empty below a minute.

    >>> time_in_words(7_000_000_000), time_in_words(1_000_000)
    ('9 minutes', '')
    """
    seconds = size_bytes // _BYTES_A_SECOND
    if seconds < _WORTH_SAYING:
        return ""
    return format_timedelta(timedelta(seconds=min(seconds, 10**9)), threshold=1.5, locale=current())


def _listed(kind: ListKind, folder: str, base_url: str) -> Listed:
    address = folder + kind.file
    command = kind.command.format(address=shlex.quote(base_url + address), file=kind.file)
    return Listed(kind.file, address, tr(kind.contents), tr(kind.advice), command)


def _columns() -> tuple[Column, ...]:
    return Column(tr("File")), Column(tr("Format")), Column(tr("Size"), number=True), Column(tr("About"))


def _curl(item: Placed) -> str:
    # -C - goes on where a broken download stopped; -g takes brackets in addresses as they are.
    return f"curl -fgL -C - --create-dirs -o {shlex.quote(item.path)} {shlex.quote(item.address)}"


def _row(item: Placed) -> tuple[Cell, ...]:
    file = item.file
    return (
        Cell(item.path, address=item.address),
        Cell(file.format_name or tr(_FORMATS.get(file.media_type or "", file.media_type or ""))),
        size_cell(file.size_bytes),
        Cell(file.description) if file.description else EMPTY,
    )
