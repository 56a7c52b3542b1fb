"""Which publications of a SciCat stand as the last harvest had them, by marks of when they and their datasets changed.

A mark holds updatedAt of a publication, and updatedAt, size and number of files of each of its datasets and of what
these were made from; a dataset that is shown no more, or is shown now, changes it as well. What leaves no trace there
(an instrument's name, a list of files that changes alone) is found by the weekly harvest of everything.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import orjson

from panfair.harvesters import Context
from panfair.harvesters.scicat.library import Lack, Library, Raw, all_texts, pids_of

_FORM = 2  # of the records that this harvester makes: with another, everything is read anew
_TELLING = ("updatedAt", "numberOfFiles", "size")


class Stand(NamedTuple):
    """How a publication stood when it was last read."""

    mark: str
    inputs: list[str]
    """What its datasets were made from."""
    lacks: list[Lack]
    undated: list[bool]


class Marks:
    """The marks of the last harvest, and those of this one."""

    def __init__(self, context: Context, version: str) -> None:
        self.version = f"{_FORM} {version}"
        self.known = frozenset(context.known())
        self.before: dict[str, Stand] = {}
        self.now: dict[str, Stand] = {}
        try:
            last: dict[str, Any] = orjson.loads(context.last or "{}")
            if last.get("form") == self.version:
                self.before = {str(key): Stand(*parts) for key, parts in last["marks"].items()}
        except (ValueError, TypeError, KeyError, AttributeError):
            self.before = {}

    def inputs_before(self, key: str) -> list[str]:
        """What the datasets of a publication were made from, when it was last read."""
        return self.before[key].inputs if key in self.before else []

    def stands(self, key: str, raw: Raw, datasets: Mapping[str, Raw]) -> Stand | None:
        """How a publication stood, where nothing has changed of it; then it stands so again."""
        before = self.before.get(key)
        if before is None or key not in self.known:
            return None
        if before.mark != _mark(raw, [*pids_of(raw), *before.inputs], datasets):
            return None
        self.now[key] = before
        return before

    def keep(self, key: str, raw: Raw, library: Library, lacks: list[Lack], undated: list[bool]) -> None:
        """Marks a publication that was read whole, with what the report says of it."""
        pids = pids_of(raw)
        own = [library.datasets[pid] for pid in pids if pid in library.datasets]
        inputs = [pid for pid in dict.fromkeys(_inputs(own)) if pid not in pids]
        self.now[key] = Stand(_mark(raw, [*pids, *inputs], library.datasets), inputs, lacks, undated)

    def token(self) -> str:
        """What the next harvest is told."""
        marks = {key: list(stand) for key, stand in self.now.items()}
        return orjson.dumps({"form": self.version, "marks": marks}).decode()


def _inputs(datasets: Iterable[Raw]) -> Iterable[str]:
    return (pid for raw in datasets for pid in all_texts(raw, "inputDatasets"))


def _mark(raw: Raw, pids: list[str], datasets: Mapping[str, Raw]) -> str:
    parts: list[Any] = [raw.get("updatedAt"), raw.get("status"), pids]
    for pid in pids:
        found = datasets.get(pid)
        parts.append(None if found is None else [found.get(name) for name in _TELLING])
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:20]
