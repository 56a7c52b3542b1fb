"""How to get the files: tables of files, recipes for curl and sha256sum, and lists of files too long for a page.

A browser is a poor downloader of many files, so nothing is bundled in a page: the recipe names every file, may be
stopped and run again, and the checksums are in the form that `sha256sum -c` reads.
"""

import csv
import io
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from panfair.builders import Artifact
from panfair.builders.html.grid import EMPTY, Cell, Column, Grid, grid, size_cell
from panfair.builders.html.language import marked, tr
from panfair.builders.html.words import counted, number, size_words, web_address
from panfair.ontologies.checksums import algorithm_named, can_be
from panfair.ontologies.record import Dataset, File

MOST_ROWS = 25
"""A longer list of files goes into a file of its own beside the page, which then shows the first few."""
_FIRST_ROWS = 10

_TOOLS = {"SHA-256": "sha256sum", "SHA-512": "sha512sum", "SHA-1": "sha1sum", "MD5": "md5sum"}
_FORMATS = {
    "application/x-hdf5": "HDF5", "application/x-nexus": "NeXus", "image/tiff": "TIFF", "image/png": "PNG",
    "image/jpeg": "JPEG", "text/csv": "CSV", "text/plain": marked("text"), "application/json": "JSON",
    "application/pdf": "PDF", "application/zip": "ZIP", "application/gzip": "gzip", "application/x-tar": "tar",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed:
    """A file and the path it is saved under by a recipe."""

    file: File
    path: str


@dataclass(frozen=True, slots=True)
class Checksums:
    """A list that a checksum program reads."""

    tool: str
    lines: str


@dataclass(frozen=True, slots=True)
class Lists:
    """The address of each list that stands beside the page, or nothing."""

    table: str
    addresses: str


@dataclass(frozen=True, slots=True)
class Download:
    """All that the download box says; `said` is empty when there is nothing to say."""

    said: str
    """How many files and how much, in words."""
    unnamed: str
    """What is said when the catalogue counts more files than it names."""
    size: str
    """The size alone, in words; empty when nobody knows it."""
    addressed: bool
    """Whether any file has an address."""
    files: Grid
    left_out: int
    recipe: str
    checksums: tuple[Checksums, ...]
    lists: Lists | None


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


def placed(groups: Iterable[tuple[str, Sequence[File]]]) -> list[Placed]:
    """The files of each group below the group's folder, each under a path that stays inside it and is used once."""
    taken: set[str] = set()
    found = []
    for folder, files in groups:
        for place, file in enumerate(files, 1):
            path = "/".join(filter(None, (folder, safe_path(file.name) or f"file-{place}")))
            while path in taken:
                path += "~"
            taken.add(path)
            found.append(Placed(file, path))
    return found


def safe_path(name: str) -> str:
    """A file's name as a relative path for a reader's disk: no way up, no root, no backslash, no leading hyphen.

    >>> safe_path("../../etc/passwd"), safe_path("-rf"), safe_path("/entry/a b.h5")
    ('etc/passwd', './-rf', 'entry/a b.h5')
    """
    parts = [part for part in name.replace("\\", "_").split("/") if part.strip() not in {"", ".", ".."}]
    path = "/".join(parts)
    return f"./{path}" if path.startswith("-") else path


def download(files: list[Placed], folder: str, *, count: int | None, size_bytes: int | None) -> Download:
    """What the page in `folder` (an address from the root) says of these files.

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
    addressed = [(item, web_address(item.file.url)) for item in files]
    addressed = [(item, address) for item, address in addressed if address]
    return Download(
        said=", ".join(words),
        unnamed=tr("The catalogue names {count} of them.").format(count=number(len(files)))
        if 0 < len(files) < number_of_files
        else "",
        size=size_words(size_bytes) if size_bytes else "",
        addressed=bool(addressed),
        files=grid(tr("Files"), _columns(), map(_row, files[:_FIRST_ROWS] if long else files)),
        left_out=len(files) - _FIRST_ROWS if long else 0,
        recipe="" if long else "\n".join(_curl(item, address) for item, address in addressed),
        checksums=() if long else checksums(files),
        lists=Lists(folder + "files.csv", folder + "files.txt" if addressed else "") if long else None,
    )


def lists_beside(files: list[Placed], folder: str) -> list[Artifact]:
    """The lists of all files, when they are too many for the page, to stand in `folder` (a path below www/).

    `files.csv` tells all of each file, `files.txt` holds addresses for `wget -i`, `sha256sum.txt` and its like the
    checksums.
    """
    if len(files) <= MOST_ROWS:
        return []
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")  # RFC 4180, section 2
    writer.writerow(("path", "size_bytes", "checksum", "checksum_algorithm", "media_type", "url"))
    addresses = []
    for item in files:
        file, address = item.file, web_address(item.file.url)
        size = "" if file.size_bytes is None else file.size_bytes
        writer.writerow(
            (item.path, size, file.checksum or "", file.checksum_algorithm or "", file.media_type or "", address)
        )
        addresses += [address] if address else []
    found = [Artifact(folder + "files.csv", table.getvalue().encode())]
    if addresses:
        found.append(Artifact(folder + "files.txt", ("\n".join(addresses) + "\n").encode()))
    for sums in checksums(files):
        found.append(Artifact(f"{folder}{sums.tool}.txt", (sums.lines + "\n").encode()))
    return found


def checksums(files: Iterable[Placed]) -> tuple[Checksums, ...]:
    """The checksums that a program can verify, by program; a checksum without a known algorithm is left out."""
    found: dict[str, list[str]] = {}
    for item in files:
        algorithm, checksum = algorithm_named(item.file.checksum_algorithm), item.file.checksum
        if algorithm in _TOOLS and checksum and can_be(checksum, algorithm):
            found.setdefault(_TOOLS[algorithm], []).append(f"{checksum.lower()}  {item.path}")
    return tuple(Checksums(tool, "\n".join(lines)) for tool, lines in sorted(found.items()))


def _columns() -> tuple[Column, ...]:
    return Column(tr("File")), Column(tr("Format")), Column(tr("Size"), number=True), Column(tr("About"))


def _curl(item: Placed, address: str) -> str:
    # -C - goes on where a broken download stopped; -g takes brackets in addresses as they are.
    return f"curl -fgL -C - --create-dirs -o {shlex.quote(item.path)} {shlex.quote(address)}"


def _row(item: Placed) -> tuple[Cell, ...]:
    file = item.file
    return (
        Cell(item.path, address=web_address(file.url)),
        Cell(file.format_name or tr(_FORMATS.get(file.media_type or "", file.media_type or ""))),
        size_cell(file.size_bytes),
        Cell(file.description) if file.description else EMPTY,
    )
