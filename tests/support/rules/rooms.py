"""The rooms of the house: which folders are rooms, and which others each may import, as the contracts have it."""

import re
import tomllib
from functools import cache

from support.house import ROOT

FLOORS = ("ontologies", "harvesters", "builders", "site")
_BELOW = {
    "site": ["builders", "harvesters", "ontologies"],
    "builders": ["ontologies"],
    "harvesters": ["ontologies"],
    "ontologies": [],
}
_SAYS = re.compile(r"^May import: (.+?)\.$", re.MULTILINE | re.DOTALL)


def rooms() -> list[str]:
    """Every room on a floor, as `builders.pages`."""
    return sorted(
        ".".join(path.parent.relative_to(ROOT).parts)
        for floor in FLOORS
        for path in (ROOT / floor).rglob("__init__.py")
        if path.parent.name != floor
    )


def said(room: str) -> str:
    """What a room's `__init__` says that it may import; empty when it says nothing."""
    found = _SAYS.search((ROOT / room.replace(".", "/") / "__init__.py").read_text(encoding="utf-8"))
    return " ".join(found[1].split()) if found else ""


def may_import(room: str) -> str:
    """The same, from the contracts: the rooms on lower floors, less those that are forbidden.

    Single modules on lower floors are not told: the contracts have them. A room that no contract names
    (`builders.pages.lists`) may import what the room around it may.
    """
    parent, _, name = room.rpartition(".")
    layers = _layers().get(parent, [])
    place = next((number for number, layer in enumerate(layers) if name in layer), None)
    if place is None:
        return f"what {parent} may"
    lower = {f"{parent}.{one}" for layer in layers[place + 1 :] for one in layer} - _forbidden(room)
    below = sorted(one.rpartition(".")[2] for one in lower & set(rooms()))
    found = [f"{parent}.{{{', '.join(below)}}}" if len(below) > 1 else f"{parent}.{below[0]}"] if below else []
    found += _BELOW.get(parent, [f"what {parent} may"])
    never = sorted(one for one in _forbidden(room) if one.rpartition(".")[0] in lower)
    return "; ".join(found or ["nothing of ours but single modules"]) + (f"; never {', '.join(never)}" if never else "")


@cache
def _contracts() -> list[dict[str, object]]:
    return list(
        tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    )


@cache
def _layers() -> dict[str, list[list[str]]]:
    return {
        container.removeprefix("panfair."): [layer.split(" | ") for layer in contract["layers"]]
        for contract in _contracts()
        for container in contract.get("containers", ())
    }


@cache
def _forbidden(room: str) -> frozenset[str]:
    return frozenset(
        module.removeprefix("panfair.")
        for contract in _contracts()
        if f"panfair.{room}" in contract.get("source_modules", ())
        for module in contract["forbidden_modules"]
    )
