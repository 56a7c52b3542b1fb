"""A column of labels as a static file: the sets of labels that documents have, each told once, and whose is which.

Many documents share one set (the same technique with all above it), so a column is little more than a small number for
each document, and counting a facet means counting sets. Numbers of a quantity go the same way, as labels in SI.
"""

import gzip
from array import array
from collections.abc import Iterable, Sequence

import numpy as np
import orjson

from panfair.builders.search.static.packing import as_json, packed_file, unvarints, varints

Label = str | int | float


class Column:
    """One column, gathered document by document in the order of their numbers."""

    def __init__(self) -> None:
        self._sets: dict[tuple[Label, ...], int] = {}
        self._rows = array("I")

    def add(self, labels: Sequence[Label]) -> None:
        """The labels of the next document."""
        self._rows.append(self._sets.setdefault(tuple(sorted(labels)), len(self._sets)))

    @property
    def has_labels(self) -> bool:
        """Whether any document has a label."""
        return any(self._sets)

    def file(self) -> bytes:
        """`{"labels": [in order], "sets": [[places of labels], …]}`, and for each document the number of its set.

        The most frequent set has number 0.
        """
        labels = sorted({label for found in self._sets for label in found})
        place = {label: number for number, label in enumerate(labels)}
        rows = np.frombuffer(self._rows, dtype=np.uint32) if len(self._rows) else np.zeros(0, dtype=np.uint32)
        times = np.bincount(rows, minlength=len(self._sets))
        sets = list(self._sets)
        order = sorted(range(len(sets)), key=lambda number: (-times[number], [place[label] for label in sets[number]]))
        renumbered = np.empty(len(sets), dtype=np.uint32)
        renumbered[order] = np.arange(len(sets), dtype=np.uint32)
        header = {"labels": labels, "sets": [[place[label] for label in sets[number]] for number in order]}
        return packed_file(as_json(header), varints(renumbered[rows] if len(rows) else rows))


def column_without(numbers: Iterable[int], body: bytes) -> bytes:
    """The file of a column in which these documents have no label."""
    text, _, packed = gzip.decompress(body).partition(b"\0")
    header = orjson.loads(text)
    sets = [tuple(header["labels"][place] for place in places) for places in header["sets"]]
    rows = unvarints(packed)
    if () not in sets:
        sets.append(())
    rows[list(numbers)] = sets.index(())
    used, renumbered = np.unique(rows, return_inverse=True)
    column = Column()
    column._sets = {sets[old]: new for new, old in enumerate(used.tolist())}
    column._rows = array("I", renumbered.astype("<u4").tobytes())
    return column.file()
