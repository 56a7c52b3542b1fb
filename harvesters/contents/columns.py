"""Curves in text files: columns of numbers, with or without names above them."""

import re
from pathlib import Path

import numpy as np

from panfair.ontologies.errors import ContentsError
from panfair.ontologies.figures import Axis, Curve, Role

_LARGEST = 16 << 20
_SPLIT = re.compile(r"[\s,;]+")
_NAME = re.compile(r"^(.*?)\s*[\[(]([^\])]*)[\])]$")


def columns_of(path: Path) -> Curve:
    """The second column against the first, the third as its error where its name says so.

    Raises ContentsError for what is no table of numbers.
    """
    if path.stat().st_size > _LARGEST:
        raise ContentsError("its table is too large for a preview")
    rows: list[list[float]] = []
    names: list[str] = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        words = [word for word in _SPLIT.split(line.strip()) if word]
        try:
            numbers = [float(word) for word in words]
        except ValueError:
            if not rows:
                names = [
                    word.strip() for word in re.split(r"\t|,|;|\s{2,}", line.lstrip("#%; ").strip()) if word.strip()
                ]
            continue
        if len(numbers) >= 2 and (not rows or len(numbers) == len(rows[0])):
            rows.append(numbers)
    if len(rows) < 5:
        raise ContentsError("it holds no columns of numbers")
    table = np.array(rows)
    if len(names) != table.shape[1]:
        names = _SPLIT.split(" ".join(names)) if len(_SPLIT.split(" ".join(names))) == table.shape[1] else []
    axes = [_axis(name) for name in names] or [Axis("column 1"), Axis("column 2")]
    third = axes[2].name.lower() if len(axes) > 2 else ""
    errors = table[:, 2] if third in {"error", "errors", "sigma", "err", "std", "idev", "di", "sigma_i"} else None
    role: Role = "scattering" if axes[0].name.lower() == "q" else "plain"
    return Curve(table[:, 0], table[:, 1], errors, axes[0], axes[1], role)


def _axis(name: str) -> Axis:
    parts = _NAME.match(name)
    return Axis(parts[1][:80], parts[2][:30]) if parts else Axis(name[:80])
