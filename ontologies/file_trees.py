"""The tree of an HDF5 file, as its reader found it: names, shapes, types, units, attributes; no value of an array."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["group", "array", "link"]


@dataclass(frozen=True, slots=True)
class Node:
    """A group, an array (HDF5 says dataset), or a link to one that stands elsewhere."""

    name: str
    kind: Kind
    shape: tuple[int, ...] = ()
    type: str = ""
    """Of an array's values, such as `float32` or `text`."""
    unit: str = ""
    """As the file writes it."""
    attributes: tuple[tuple[str, str], ...] = ()
    """Without the unit; the first ones, in few words."""
    to: str = ""
    """Where a link leads: a path, behind a colon that of another file."""
    members: tuple["Node", ...] = ()

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "Node":
        """A node as `dataclasses.asdict` told it. Raises KeyError or TypeError for anything else."""
        return cls(
            **{
                **told,
                "shape": tuple(told["shape"]),
                "attributes": tuple((name, value) for name, value in told["attributes"]),
                "members": tuple(map(cls.from_json, told["members"])),
            }
        )


@dataclass(frozen=True, slots=True)
class FileTree:
    """The tree of one file of a dataset."""

    root: Node
    count: int
    """Of the nodes in it, without the root."""
    left_out: bool
    """Whether the file has more."""
    file: str = ""
    """Its name in the dataset."""
    dataset: str = ""
    """The dataset's id."""

    def paths(self) -> Iterator[str]:
        """Where its arrays stand, such as `/entry/data/signal`."""
        return _paths(self.root, "")


def _paths(node: Node, before: str) -> Iterator[str]:
    for one in node.members:
        path = f"{before}/{one.name}"
        if one.kind == "array":
            yield path
        yield from _paths(one, path)
