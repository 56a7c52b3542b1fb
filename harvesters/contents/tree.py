"""The tree of an HDF5 file: its groups, arrays and links, level by level until there are enough of them.

No value of an array is read, and no link is followed: what it leads to stands in the tree where it is, or in another
file. What a file says of itself passes the same sieve as what its catalogue says.
"""

from collections import deque
from typing import Any

from panfair.harvesters.contents.hdf5 import Array, Group
from panfair.ontologies.errors import ContentsError
from panfair.ontologies.scrubbing import scrubbed_text

MOST_NODES = 2000
_MOST_ATTRIBUTES = 12
_LONGEST = 120
_DEEPEST = 30
_UNITS = ("units", "unit")


def tree_of(root: Group) -> dict[str, Any]:
    """The tree as JSON: `root` (see `ontologies.file_trees.Node`), `count` of nodes below it, `left_out`."""
    top = _node("/", "group", root)
    seen = {root.identity: "/"}
    waiting = deque([(root, top, "")])
    count, left_out = 0, False
    while waiting and not left_out:
        group, told, path = waiting.popleft()
        for name in group.names():
            if count == MOST_NODES:
                left_out = True
                break
            count += 1
            told["members"].append(_member(group, name, f"{path}/{name}", seen, waiting))
    return {"root": top, "count": count, "left_out": left_out}


def _member(
    group: Group, name: str, path: str, seen: dict[Any, str], waiting: "deque[tuple[Group, dict[str, Any], str]]"
) -> dict[str, Any]:
    try:
        if (to := group.link(name)) is not None:
            return _node(name, "link", to=to)
        item = group.at(name)
    except ContentsError:
        return _node(name, "link")
    if item is None:
        return _node(name, "link")
    if item.identity in seen:
        return _node(name, "link", to=seen[item.identity])
    seen[item.identity] = path
    if isinstance(item, Array):
        told = _node(name, "array", item)
        return {**told, "shape": list(item.shape), "type": _short(item.type_words)}
    told = _node(name, "group", item)
    if path.count("/") < _DEEPEST:
        waiting.append((item, told, path))
    return told


def _node(name: str, kind: str, item: Group | Array | None = None, to: str = "") -> dict[str, Any]:
    attributes = [(key, value) for key, value in item.attributes(_MOST_ATTRIBUTES)] if item else []
    unit = next((value for key, value in attributes if key in _UNITS and isinstance(value, str)), "")
    shown = [(_short(key), _words(value)) for key, value in attributes if key not in _UNITS and value is not None]
    return {
        "name": _short(name),
        "kind": kind,
        "shape": [],
        "type": "",
        "unit": _short(unit),
        "attributes": [(key, value) for key, value in shown if value],
        "to": _short(to),
        "members": [],
    }


def _words(value: Any) -> str:
    if isinstance(value, list):
        return _short(", ".join(map(_words, value[:20])))
    return _short(f"{value:g}" if isinstance(value, float) else str(value))


def _short(text: str) -> str:
    plain = scrubbed_text(" ".join(text.split())) if text.strip("/") else text
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
