"""The one form of all files that a browser searches in: a text, a NUL, whole numbers as varints; all of it as gzip.

The script takes them apart with the browser's own `DecompressionStream` (engine/files.js), for not every file host
compresses. No name ends in `.gz`, lest a host unpack it on the way; the script takes it either way.
"""

import gzip
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

Numbers = npt.NDArray[np.int64]


def packed_file(text: str, *numbers: bytes) -> bytes:
    """A file of a text without NUL and of what `varints` made; same input, same bytes."""
    return gzip.compress(text.encode("utf-8", "surrogatepass") + b"\0" + b"".join(numbers), 6, mtime=0)


def as_json(value: Any) -> str:
    """A value as the text of a file."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def varints(values: npt.ArrayLike) -> bytes:
    """Whole numbers from 0 on, seven bits a byte, the lowest first; all bytes of a number but its last have bit 8 set.

    >>> varints([0, 127, 128, 300]).hex(" ")
    '00 7f 80 01 ac 02'
    """
    numbers = np.asarray(values, dtype=np.uint64)
    if not len(numbers):
        return b""
    sizes = np.ones(len(numbers), dtype=np.int64)
    rest = numbers >> np.uint64(7)
    while rest.any():
        sizes += rest > 0
        rest >>= np.uint64(7)
    ends = np.cumsum(sizes)
    packed = np.zeros(int(ends[-1]), dtype=np.uint8)
    starts = ends - sizes
    for step in range(int(sizes.max())):
        going = sizes > step
        digits = (numbers[going] >> np.uint64(7 * step)) & np.uint64(127)
        more = np.where(sizes[going] > step + 1, np.uint64(128), np.uint64(0))
        packed[starts[going] + step] = (digits | more).astype(np.uint8)
    return packed.tobytes()


def steps(values: Numbers, begins: npt.NDArray[np.bool_]) -> Numbers:
    """The differences of rising numbers; where a new run begins, the number itself."""
    found = np.diff(values, prepend=0)
    found[begins] = values[begins]
    return found


def unvarints(packed: bytes) -> Numbers:
    """The numbers that `varints` packed; behind them may stand bytes of another kind, which give numbers of no sense.

    >>> unvarints(varints([0, 127, 128, 300])).tolist()
    [0, 127, 128, 300]
    """
    found = np.frombuffer(packed, dtype=np.uint8)
    ends = np.flatnonzero(found < 128)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), ends[:-1] + 1]) if len(ends) else ends
    sizes = np.minimum(ends - starts + 1, 9)
    values = np.zeros(len(ends), dtype=np.int64)
    for step in range(int(sizes.max(initial=0))):
        going = sizes > step
        values[going] |= (found[starts[going] + step].astype(np.int64) & 127) << (7 * step)
    return values


def runs(values: Numbers, sizes: Numbers) -> Numbers:
    """The rising numbers that `steps` made differences of: runs of these sizes, one after the other.

    >>> runs(np.array([3, 1, 1, 7]), np.array([3, 0, 1])).tolist()
    [3, 4, 5, 7]
    """
    sums = np.cumsum(values)
    begins = (np.cumsum(sizes) - sizes)[sizes > 0]
    found: Numbers = sums - np.repeat(sums[begins] - values[begins], sizes[sizes > 0])
    return found
