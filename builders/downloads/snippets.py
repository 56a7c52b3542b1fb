"""How a program opens a file where it is, without fetching it whole: lines for Python and Julia, and hints for viewers.

Hosts that answer HTTP Range give the few blocks that are looked at; h5py and HDF5.jl ask for them.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from panfair.builders.downloads.placed import Placed
from panfair.builders.metadata.terms import media_type_of

_HDF5 = {"application/x-hdf5", "application/x-nexus"}
_PYTHON = """\
# pip install h5py hdf5plugin fsspec aiohttp
import fsspec, h5py, hdf5plugin
file = h5py.File(fsspec.open({address}).open(), "r")
file.visititems(lambda name, item: print(name, getattr(item, "shape", "")))"""
_JULIA = """\
# import Pkg; Pkg.add(["HDF5", "H5Zbitshuffle", "H5Zblosc"])
using HDF5, H5Zbitshuffle, H5Zblosc
file = h5open({address}, "r"; driver=HDF5.Drivers.ROS3())
println(file)"""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lines for one language; `name` is also a part of an id."""

    name: str
    lines: str


@dataclass(frozen=True, slots=True)
class Remote:
    """How the first HDF5 file of a dataset is looked at."""

    file: str
    snippets: tuple[Snippet, ...]
    silx: str
    """The command that shows it once it is fetched."""
    viewer: str
    """The address that opens it in the HDF Group's viewer, which runs in the browser."""


def remote(files: Sequence[Placed]) -> Remote | None:
    """How the first HDF5 file that has an address is opened; None when there is none."""
    for item in files:
        if item.address and media_type_of(item.path, item.file.media_type) in _HDF5:
            address = '"' + item.address.replace("$", "%24") + '"'  # Julia reads $ in a text as a variable.
            return Remote(
                item.path,
                (
                    Snippet("Python", _PYTHON.format(address=address)),
                    Snippet("Julia", _JULIA.format(address=address)),
                ),
                f"silx view {shlex.quote(item.path)}",
                f"https://myhdf5.hdfgroup.org/view?url={quote(item.address, safe='')}",
            )
    return None
