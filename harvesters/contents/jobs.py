"""What can be asked of a data file: ONE JOB = ONE QUESTION, answered in the worker's process."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from panfair.harvesters.contents import nexus_values
from panfair.harvesters.contents.hdf5 import opened
from panfair.harvesters.contents.kinds import Kind, kind_of
from panfair.harvesters.contents.nexus_plots import plots_of
from panfair.harvesters.contents.tree import tree_of
from panfair.ontologies.errors import ContentsError
from panfair.ontologies.figures import Curve, Figure

with suppress(ImportError):
    import hdf5plugin  # noqa: F401 - the filters of detectors: bitshuffle, LZ4, Zstd, Blosc…

Found = tuple[Any, Iterable[np.ndarray]]
_MOST_FIGURES = 12
_MOST_POINTS = 20_000


def _values(path: str, siblings: list[str]) -> Found:
    with opened(Path(path), map(Path, siblings)) as root:
        return nexus_values.values_of(root), ()


def _contents(path: str, siblings: list[str]) -> Found:
    """What a file shows and, of HDF5, what is in it, as `looked_into` reads it."""
    found: list[dict[str, Any]] = []
    arrays: list[np.ndarray] = []
    without, tree = "", None
    try:
        for figure in _of_kind(Path(path), siblings):
            found.append(_as_json(figure, arrays))
            if len(found) == _MOST_FIGURES:
                break
    except ContentsError as error:
        without = "" if found else str(error)
    with suppress(ContentsError):
        if kind_of(Path(path)) is Kind.HDF5:
            with opened(Path(path)) as root:
                tree = tree_of(root)
    return {"figures": found, "without": without, "tree": tree}, arrays


def _of_kind(path: Path, siblings: list[str]) -> Iterator[Figure]:
    kind = kind_of(path)
    if kind is Kind.HDF5:
        with opened(path, map(Path, siblings)) as root:
            yield from plots_of(root)
    elif kind is Kind.TEXT:
        from panfair.harvesters.contents.columns import columns_of

        yield columns_of(path)
    else:
        from panfair.harvesters.contents.frames import frame_of, tiff_of

        yield tiff_of(path) if kind is Kind.TIFF else frame_of(path)


def _as_json(figure: Figure, arrays: list[np.ndarray]) -> dict[str, Any]:
    """A figure as JSON, with places of `arrays` in place of its numbers; long curves are thinned."""
    if isinstance(figure, Curve):
        step = -(-len(figure.x) // _MOST_POINTS)
        places = {}
        for name in ("x", "y", "errors"):
            column = getattr(figure, name)
            places[name] = None if column is None else len(arrays)
            if column is not None:
                arrays.append(column[::step])
        said = asdict(figure, dict_factory=lambda pairs: {k: v for k, v in pairs if not isinstance(v, np.ndarray)})
        return {**said, **places, "kind": "curve", "points": len(figure.x)}
    said = asdict(figure, dict_factory=lambda pairs: {k: v for k, v in pairs if not isinstance(v, np.ndarray)})
    arrays.append(figure.values)
    return {**said, "values": len(arrays) - 1, "kind": "image"}


JOBS: dict[str, Callable[..., Found]] = {"values": _values, "contents": _contents}
