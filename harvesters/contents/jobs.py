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


def _figures(path: str, siblings: list[str]) -> Found:
    """The figures of a file as `figures_in` reads them."""
    said: list[dict[str, Any]] = []
    arrays: list[np.ndarray] = []
    try:
        for figure in _of_kind(Path(path), siblings):
            said.append(_as_json(figure, arrays))
            if len(said) == _MOST_FIGURES:
                break
    except ContentsError:
        if not said:
            raise
    return said, arrays


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


JOBS: dict[str, Callable[..., Found]] = {"values": _values, "figures": _figures}
