"""Which reader a data file needs, told by its first bytes and, where these say nothing, by its name."""

from enum import Enum
from pathlib import Path

from panfair.ontologies.errors import ContentsError

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


class Kind(Enum):
    """A form of data files that there is a reader for."""

    HDF5 = "hdf5"
    FRAME = "frame"
    TIFF = "tiff"
    TEXT = "text"


_ENDINGS = {
    Kind.HDF5: (".h5", ".hdf5", ".nxs", ".nx5", ".hdf", ".cxi", ".nexus"),
    Kind.FRAME: (".cbf", ".edf", ".mccd", ".img"),
    Kind.TIFF: (".tif", ".tiff"),
    Kind.TEXT: (".dat", ".txt", ".xy", ".xye", ".csv", ".chi"),
}


def named_kind(name: str) -> Kind | None:
    """Which reader a file needs by its name; None where it names none, so that nobody opens it."""
    return next((kind for kind, endings in _ENDINGS.items() if name.lower().endswith(endings)), None)


def kind_of(path: Path) -> Kind:
    """Which reader a file needs. Raises ContentsError for a file that is not what its name says."""
    kind = named_kind(path.name)
    if kind is None:
        raise ContentsError("its form has no reader")
    try:
        if kind is Kind.HDF5 and not is_hdf5(path):
            raise ContentsError("not a whole HDF5 file, whatever its name says")
    except OSError as error:
        raise ContentsError(f"it cannot be read: {error.strerror}") from None
    return kind
