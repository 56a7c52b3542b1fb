"""Which publications of a SciCat stand as the last harvest had them, by marks of when they and their datasets changed.

A mark holds updatedAt of a publication, and updatedAt, size and number of files of each of its datasets and of what
these were made from; a dataset that is shown no more, or is shown now, changes it as well. What leaves no trace there
(an instrument's name, a list of files that changes alone) is found by the weekly harvest of everything.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from panfair.harvesters import Context
from panfair.harvesters.scicat.library import Library, Raw, all_texts, pids_of

_FORM = 1  # of the records that this harvester makes: with another, everything is read anew
_TELLING = ("updatedAt", "numberOfFiles", "size")


class Marks:
    """The marks of the last harvest, and those of this one."""

    def __init__(self, context: Context, version: str) -> None:
        self.version = f"{_FORM} {version}"
        self.known = frozenset(context.known())
        self.before: dict[str, tuple[str, list[str]]] = {}
        self.now: dict[str, tuple[str, list[str]]] = {}
        self.accounts: dict[str, str] = {}
        try:
            told: dict[str, Any] = orjson.loads(context.last or "{}")
            if told.get("form") == self.version:
                self.before = {str(key): (mark, list(inputs)) for key, (mark, inputs) in told["marks"].items()}
        except (ValueError, TypeError, KeyError, AttributeError):
            self.before = {}

    def inputs_before(self, key: str) -> list[str]:
        """What the datasets of a publication were made from, when it was last read."""
        return self.before.get(key, ("", []))[1]

    def stands(self, key: str, raw: Raw, datasets: Mapping[str, Raw]) -> bool:
        """Whether nothing has changed of a publication; then its mark stands as well."""
        before = self.before.get(key)
        if before is None or key not in self.known:
            return False
        if before[0] != _mark(raw, [*pids_of(raw), *before[1]], datasets):
            return False
        self.now[key] = before
        return True

    def keep(self, key: str, raw: Raw, library: Library) -> None:
        """Marks a publication that was read whole."""
        pids = pids_of(raw)
        own = [library.datasets[pid] for pid in pids if pid in library.datasets]
        inputs = [pid for pid in dict.fromkeys(_inputs(own)) if pid not in pids]
        self.now[key] = _mark(raw, [*pids, *inputs], library.datasets), inputs

    def token(self) -> str:
        """What the next harvest is told."""
        return orjson.dumps({"form": self.version, "marks": self.now}).decode()


def _inputs(datasets: Iterable[Raw]) -> Iterable[str]:
    return (pid for raw in datasets for pid in all_texts(raw, "inputDatasets"))


def _mark(raw: Raw, pids: list[str], datasets: Mapping[str, Raw]) -> str:
    parts: list[Any] = [raw.get("updatedAt"), raw.get("status"), pids]
    for pid in pids:
        found = datasets.get(pid)
        parts.append(None if found is None else [found.get(name) for name in _TELLING])
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:20]
