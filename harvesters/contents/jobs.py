"""What can be asked of a data file: ONE JOB = ONE QUESTION, answered in the worker's process."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from panfair.harvesters.contents import nexus_values
from panfair.harvesters.contents.hdf5 import opened

with suppress(ImportError):
    import hdf5plugin  # noqa: F401 - the filters of detectors: bitshuffle, LZ4, Zstd, Blosc…

Found = tuple[Any, Iterable[np.ndarray]]


def _values(path: str, siblings: list[str]) -> Found:
    with opened(Path(path), map(Path, siblings)) as root:
        return nexus_values.values_of(root), ()


JOBS: dict[str, Callable[..., Found]] = {"values": _values}
