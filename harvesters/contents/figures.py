"""What a data file shows and what is in it, read by a process with bounds."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from panfair.harvesters.contents.reader import Answer, Reader
from panfair.ontologies.errors import ContentsError
from panfair.ontologies.figures import Axis, Beam, Curve, Figure, Image
from panfair.ontologies.file_trees import FileTree, Node
from panfair.ontologies.scrubbing import scrubbed_text

READERS = 3
"""The version of the readers: a higher one has every file read again."""


@dataclass(frozen=True)
class Contents:
    """What was found in one file."""

    figures: tuple[Figure, ...]
    """That it declares first comes first."""
    without: str
    """Why there are none."""
    tree: FileTree | None
    """Of an HDF5 file."""


def looked_into(reader: Reader, path: Path, siblings: Iterable[Path] = ()) -> Contents:
    """What a file shows, and of HDF5 its tree. Raises ContentsError for a file that cannot be read at all."""
    answer = reader.read("contents", path, siblings)
    try:
        told = answer.said["tree"]
        tree = FileTree(Node.from_json(told["root"]), told["count"], told["left_out"]) if told else None
        return Contents(tuple(_figure(one, answer) for one in answer.said["figures"]), answer.said["without"], tree)
    except (KeyError, TypeError, ValueError, IndexError):
        raise ContentsError("the process that read it gave no answer that can be read") from None


def figures_in(reader: Reader, path: Path, siblings: Iterable[Path] = ()) -> list[Figure]:
    """What a file shows. Raises ContentsError that says why it shows nothing."""
    found = looked_into(reader, path, siblings)
    if not found.figures:
        raise ContentsError(found.without)
    return list(found.figures)


def _axis(told: dict[str, Any]) -> Axis:
    return Axis(**{name: scrubbed_text(value) if isinstance(value, str) else value for name, value in told.items()})


def _figure(told: dict[str, Any], answer: Answer) -> Figure:
    # What a file says of itself passes the same sieve as what its catalogue says: no e-mail address, no server path.
    role, title = told["role"], scrubbed_text(str(told["title"]))
    if told["kind"] == "curve":
        errors = told["errors"]
        return Curve(
            answer.arrays[told["x"]],
            answer.arrays[told["y"]],
            None if errors is None else answer.arrays[errors],
            _axis(told["along"]),
            _axis(told["up"]),
            role,
            title,
        )
    beam, pixel = told["beam"], told["pixel"]
    return Image(
        answer.arrays[told["values"]],
        _axis(told["what"]),
        tuple(told["shape"]),
        role,
        title,
        told["index"],
        told["scale"],
        (float(pixel[0]), str(pixel[1])) if pixel else None,
        Beam(beam["wavelength"], beam["distance"], beam["pixel"], tuple(beam["centre"])) if beam else None,
    )
