"""The figures of a data file, read by a process with bounds."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from panfair.harvesters.contents.reader import Answer, Reader
from panfair.ontologies.errors import ContentsError
from panfair.ontologies.figures import Axis, Beam, Curve, Figure, Image
from panfair.ontologies.scrubbing import scrubbed_text

READERS = 1
"""The version of the readers: a higher one has every file read again."""


def figures_in(reader: Reader, path: Path, siblings: Iterable[Path] = ()) -> list[Figure]:
    """What a file shows, the figure that it declares first. Raises ContentsError that says why it shows nothing."""
    answer = reader.read("figures", path, siblings)
    try:
        return [_figure(one, answer) for one in answer.said]
    except (KeyError, TypeError, ValueError, IndexError):
        raise ContentsError("the process that read it gave no answer that can be read") from None


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
