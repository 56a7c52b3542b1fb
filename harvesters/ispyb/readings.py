"""Values of ISPyB's columns, read into values of parameters, each by what `columns.tsv` says of its column.

What real rows taught: 0 stands for "not measured", energies of scans are in eV, a centre of the beam beyond any
detector is in pixels, correlations come in per cent or as fractions, and no moment has a zone.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from panfair.harvesters.ispyb.columns import Column
from panfair.harvesters.reading.values import instant, text_in
from panfair.ontologies.errors import RecordError
from panfair.ontologies.record import Parameter
from panfair.ontologies.text import clean_line

_LARGEST_DETECTOR_MM = 500
_ADDRESS = re.compile(r"\s*\((?:[^()]*\bhttps?://[^()]*)\)|\s*(?:see:?\s*)?https?://\S+", re.IGNORECASE)
_VERSION = re.compile(r"[\s/-]+(?:version\s+)?v?(?=\S*\d)(?:\d+(?:\.\d+)+\S*|v\d+\S*|\d{8})$", re.IGNORECASE)
_NAMES = (
    "P 1, P 2, P 1 2 1, P 21, P 1 21 1, C 2, C 1 2 1, I 2, I 1 2 1, P 2 2 2, P 2 2 21, P 21 21 2, P 21 21 21, "
    "C 2 2 21, C 2 2 2, F 2 2 2, I 2 2 2, I 21 21 21, P 4, P 41, P 42, P 43, I 4, I 41, P 4 2 2, P 4 21 2, "
    "P 41 2 2, P 41 21 2, P 42 2 2, P 42 21 2, P 43 2 2, P 43 21 2, I 4 2 2, I 41 2 2, P 3, P 31, P 32, R 3, H 3, "
    "P 3 1 2, P 3 2 1, P 31 1 2, P 31 2 1, P 32 1 2, P 32 2 1, R 3 2, H 3 2, P 6, P 61, P 65, P 62, P 64, P 63, "
    "P 6 2 2, P 61 2 2, P 65 2 2, P 62 2 2, P 64 2 2, P 63 2 2, P 2 3, F 2 3, I 2 3, P 21 3, I 21 3, P 4 3 2, "
    "P 42 3 2, F 4 3 2, F 41 3 2, I 4 3 2, P 43 3 2, P 41 3 2, I 41 3 2"
)
_SPACE_GROUPS = {name.replace(" ", ""): name for name in _NAMES.split(", ")}
"""The space groups that crystals of chiral molecules can have, by their names without blanks."""


def number(value: Any) -> float | int | None:
    """A finite number as it is written; None for anything else."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    if not math.isfinite(found):
        return None
    return int(found) if found.is_integer() and abs(found) < 2**53 else found


def moment(value: Any) -> datetime | None:
    """A moment by the source's clock, in UTC; None for NULL, for the zero date, and for what is no date.

    >>> moment("0000-00-00 00:00:00") is None
    True
    """
    if isinstance(value, str) and value.startswith("0000"):
        return None
    if not isinstance(value, str | date):
        return None
    try:
        return instant(value)
    except RecordError:
        return None


def program_of(text: Any) -> tuple[str, str]:
    """The name of a program without version and address, and its name with the version.

    >>> program_of("autoPROC 1.0.4 (see: http://www.globalphasing.com/autoproc/)")
    ('autoPROC', 'autoPROC 1.0.4')
    >>> program_of("xia2 3dii")
    ('xia2 3dii', 'xia2 3dii')
    """
    whole = clean_line(_ADDRESS.sub("", text_in(text) or ""))
    return _VERSION.sub("", whole) or whole, whole


def status_of(value: Any) -> str | None:
    """`success`, `failed`, `running`, or None where nothing is said: of a number (DLS) or a word (ESRF).

    >>> [status_of(value) for value in (1, 0, "SUCCESS", "0", "RUNNING", None)]
    ['success', 'failed', 'success', 'failed', 'running', None]
    """
    word = clean_line(str(value)).upper() if value is not None else ""
    words = {"1": "success", "SUCCESS": "success", "0": "failed", "FAILED": "failed", "RUNNING": "running"}
    return words.get(word)


def space_group(value: Any) -> str | None:
    """A space group as crystallographers write it, with blanks: `P41212` and `P 41 21 2` are one.

    >>> [space_group(text) for text in ("P41212", "P 41 21 2", "I23", "P622", "P6222", "something")]
    ['P 41 21 2', 'P 41 21 2', 'I 2 3', 'P 6 2 2', 'P 62 2 2', 'something']
    """
    text = clean_line(text_in(value) or "")
    return _SPACE_GROUPS.get(text.replace(" ", "").upper(), text) or None


def file_name(value: Any) -> str | None:
    """The last part of a path: a name of a file, and never where it lies."""
    text = clean_line(text_in(value) or "").replace("\\", "/").rstrip("/")
    return text.rsplit("/", 1)[-1] or None


def _measured(value: Any) -> Any:
    return number(value) or None


def _scaled(factor: float) -> Callable[[Any], Any]:
    def scaled(value: Any) -> Any:
        found = number(value)
        return float(f"{found * factor:.10g}") if found else None

    return scaled


def _yes_or_no(value: Any) -> Any:
    return None if number(value) is None else "yes" if number(value) else "no"


READINGS: Mapping[str, Callable[[Any], Any]] = {
    "": lambda value: text_in(value) if isinstance(value, str) else number(value),
    "measured": _measured,
    "beam centre": _measured,
    "correlation": number,
    "mean": _measured,
    "sum": _measured,
    "eV to keV": _scaled(1e-3),
    "mm to µm": _scaled(1e3),
    "fraction to %": _scaled(1e2),
    "space group": space_group,
    "file name": file_name,
    "status": status_of,
    "yes or no": _yes_or_no,
    "moment": moment,
    "program": lambda value: program_of(value)[0] or None,
}


def parameters(columns: list[Column], row: Mapping[str, Any], shell: str = "") -> list[Parameter]:
    """The parameters that a row's columns become, without those that hold nothing."""
    found = []
    for column in columns:
        if not column.is_parameter:
            continue
        value = READINGS[column.reading](row.get(column.column))
        if value is None:
            continue
        unit: str | None = column.unit or None
        if column.reading == "beam centre" and value > _LARGEST_DETECTOR_MM:
            unit = "pixel"
        found.append(Parameter(name=column.becomes.format(shell=shell), value=value, unit=unit))
    return found


def correlations_are_percent(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the correlations of a result are per cent: when one of its shells has what no fraction can be."""
    values = [number(row.get(name)) for row in rows for name in ("ccHalf", "ccAnomalous", "ccAno")]
    return any(value is not None and abs(value) > 1 for value in values)


def as_fractions(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of statistics with its correlations, which are per cent, as fractions."""
    changed = dict(row)
    for name in ("ccHalf", "ccAnomalous", "ccAno"):
        if (value := number(row.get(name))) is not None:
            changed[name] = float(f"{value / 100:.10g}")
    return changed
