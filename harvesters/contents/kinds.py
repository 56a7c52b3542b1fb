"""Which reader a data file needs, told by its first bytes and, where these say nothing, by its name."""

from pathlib import Path

_HDF5 = b"\x89HDF\r\n\x1a\n"
_LAST_SIGNATURE = 1 << 20
"""HDF5 may stand behind a block of another kind, whose length is 512 bytes or a power of two of them."""


def is_hdf5(path: Path) -> bool:
    """Whether a file begins as HDF5 does. Raises OSError when it cannot be read."""
    with path.open("rb") as file:
        place = 0
        while place <= _LAST_SIGNATURE:
            file.seek(place)
            head = file.read(len(_HDF5))
            if head == _HDF5:
                return True
            if len(head) < len(_HDF5):
                return False
            place = place * 2 or 512
    return False
