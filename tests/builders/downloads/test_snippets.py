"""Lines that open an HDF5 file where it is."""

import ast

from panfair.builders.downloads.placed import placed
from panfair.builders.downloads.snippets import remote
from panfair.ontologies.record import File


def _remote(**changes):
    return remote(placed([("", [File(name="notes.txt", url="https://example.org/n.txt"), File(**changes)])]))


def test_the_first_hdf5_file_with_an_address_is_opened():
    found = _remote(name="raw data/scan.nxs", url="https://example.org/a b.nxs")
    assert found is not None and found.file == "raw data/scan.nxs" and found.silx == "silx view 'raw data/scan.nxs'"
    assert [snippet.name for snippet in found.snippets] == ["Python", "Julia"]
    assert all('"https://example.org/a%20b.nxs"' in snippet.lines for snippet in found.snippets)
    assert found.viewer.endswith("?url=https%3A%2F%2Fexample.org%2Fa%2520b.nxs")


def test_without_an_address_or_without_hdf5_there_is_nothing_to_open():
    assert _remote(name="scan.nxs") is None
    assert _remote(name="scan.cbf", url="https://example.org/scan.cbf") is None


def test_an_address_stays_one_text_in_python_and_in_julia():
    found = _remote(name="scan.h5", url='https://example.org/$(x)";import os;"\\.h5')
    assert found is not None
    python, julia = (snippet.lines for snippet in found.snippets)
    names = [node.value for node in ast.walk(ast.parse(python)) if isinstance(node, ast.Constant)]
    assert "https://example.org/%24(x)%22;import%20os;%22%5C.h5" in names and "$" not in julia
