"""What a NeXus file says of its measurement: title, times, sample, definition, and single values with their units."""

from typing import Any

from panfair.harvesters.contents.hdf5 import Group
from panfair.ontologies import nexus
from panfair.ontologies.errors import ContentsError

_MOST_VALUES = 300
_DEEPEST = 6
_NOT_VALUES = frozenset({"title", "start_time", "end_time", "definition", "name", "description", "depends_on"})
_TOLD = ("experiment_identifier", "title", "start_time", "end_time", "definition")


def values_of(root: Group) -> dict[str, Any]:
    """The first entry's own words, those of its sample, and its single values as [name, value, unit].

    Values are called by class and field (`beam/incident_wavelength`). Raises ContentsError for a file without an entry.
    """
    entry = next(root.groups("NXentry"), None)
    if entry is None:
        raise ContentsError("it holds no NXentry: not a NeXus file")
    sample = next(entry.groups("NXsample"), None)
    found: dict[str, tuple[str, str, str]] = {}
    _collect(entry, "entry", "NXentry", 0, found)
    return {
        **{name: entry.text(name) for name in _TOLD},
        "sample": {name: sample.text(name) for name in ("name", "chemical_formula", "description")} if sample else {},
        "values": list(found.values()),
    }


def _collect(group: Group, name: str, kind: str, depth: int, found: dict[str, tuple[str, str, str]]) -> None:
    """The single values of a group that are fields of its class, and those of the groups in it."""
    for key, item in group.members():
        if len(found) >= _MOST_VALUES:
            return
        if isinstance(item, Group):
            below = item.nx_class
            if depth < _DEEPEST and below and below not in {"NXdata", "NXlog", "NXtransformations"}:
                _collect(item, key, below, depth + 1, found)
        elif key not in _NOT_VALUES and nexus.field(f"{kind}/{key}") is not None and (value := item.text()):
            # A group is called after its class unless there are several: detector, detector_1.
            called = f"{kind.removeprefix('NX')}/{key}"
            unique = called if called not in found else f"{name}/{key}"
            found.setdefault(unique, (unique, value, item.word("units")))
