"""The tree of an HDF5 file: names, shapes, types, units and attributes; nothing is followed out of it."""

import h5py
import numpy as np
import pytest

from panfair.harvesters.contents.figures import looked_into
from panfair.harvesters.contents.reader import Reader
from panfair.harvesters.contents.tree import MOST_NODES
from panfair.ontologies.file_trees import Node


@pytest.fixture(scope="module")
def reader():
    with Reader() as made:
        yield made


def _tree(reader, tmp_path, fill):
    with h5py.File(tmp_path / "a.h5", "w") as file:
        fill(file)
    return looked_into(reader, tmp_path / "a.h5").tree


def _member(node: Node, path: str) -> Node:
    for name in path.split("/"):
        node = next(one for one in node.members if one.name == name)
    return node


def test_groups_arrays_and_links_are_told_with_their_units_and_attributes(reader, tmp_path):
    def fill(file):
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        energy = entry.create_dataset("energy", data=12.4)
        energy.attrs.update(units="keV", offset=np.arange(3))
        entry["frames"] = np.zeros((3, 4, 5), "u2")
        entry["name"] = "lysozyme"
        entry["table"] = np.zeros(2, [("q", "f4"), ("i", "f8")])
        entry["soft"] = h5py.SoftLink("/entry/frames")
        entry["away"] = h5py.ExternalLink("/srv/visitor/ma1234/b.h5", "/data")
        entry["again"] = entry

    tree = _tree(reader, tmp_path, fill)
    entry = _member(tree.root, "entry")
    assert entry.attributes == (("NX_class", "NXentry"),)
    frames, energy = _member(entry, "frames"), _member(entry, "energy")
    assert (frames.kind, frames.shape, frames.type) == ("array", (3, 4, 5), "uint16")
    assert (energy.shape, energy.type, energy.unit, energy.attributes) == (
        (),
        "float64",
        "keV",
        (("offset", "0, 1, 2"),),
    )
    assert (_member(entry, "name").type, _member(entry, "table").type) == ("text", "record of q, i")
    assert [_member(entry, name).to for name in ("soft", "away", "again")] == ["/entry/frames", "b.h5:/data", "/entry"]
    assert (tree.count, tree.left_out) == (8, False)
    assert list(tree.paths()) == ["/entry/energy", "/entry/frames", "/entry/name", "/entry/table"]


def test_a_large_tree_is_cut_level_by_level_and_says_so(reader, tmp_path):
    def fill(file):
        for number in range(30):
            group = file.create_group(f"group_{number:02}")
            for other in range(100):
                group.create_group(f"member_{other}")

    tree = _tree(reader, tmp_path, fill)
    assert tree.left_out and tree.count == MOST_NODES and len(tree.root.members) == 30


def test_a_deep_tree_ends(reader, tmp_path):
    tree = _tree(reader, tmp_path, lambda file: file.create_group("/".join("abcdefgh" * 60)))
    assert tree is not None and 20 < tree.count < 60


def test_what_a_file_says_of_people_and_servers_is_taken_out(reader, tmp_path):
    def fill(file):
        file.attrs.update(creator="Made Up <made.up@example.org>", file_name="/data/visitor/ma1234/id01/raw/a.h5")

    words = str(_tree(reader, tmp_path, fill))
    assert "example.org" not in words and "visitor" not in words


def test_a_file_without_a_plot_has_its_tree_still(reader, tmp_path):
    def fill(file):
        file["x"] = 1

    with h5py.File(tmp_path / "b.h5", "w") as file:
        fill(file)
    found = looked_into(reader, tmp_path / "b.h5")
    assert not found.figures and found.without and found.tree.count == 1
