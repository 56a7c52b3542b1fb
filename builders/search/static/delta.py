"""What has changed since the files of the static search were made, as one small file beside them.

It holds the documents that are new or changed, in the same files that a scope has, end to end and not packed each by
itself; the file is packed once. Its text tells for each scope what the script needs to read both as one index:

- `dead`: the numbers of documents of the base that do not count any more, as steps;
- `before`: for each document of the delta, by their order, the number of the base's document that it stands before;
- `titles`: the same in the order of titles;
- `labels`: for each column that is completed, how many documents more (or fewer) have a label;
- `files`: where each file begins behind the text's NUL, and how long it is.

The script numbers the living documents of both anew, by the same order, so that nothing else there knows of two parts
(engine/united.js). Pairs of frequent words are told for those words that are frequent in the base.
"""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from panfair.builders.search.static.files import Scope, scope_files
from panfair.builders.search.static.packing import as_json, packed_file


@dataclass(frozen=True, slots=True)
class ScopeDelta:
    """The change of one scope; the module says what the parts are."""

    scope: Scope
    """The documents that are new or changed."""
    dead: Sequence[int]
    """Rising."""
    before: Sequence[int]
    titles: Sequence[int]
    labels: Mapping[str, Mapping[str, int]]
    frequent: frozenset[str]
    """The frequent words of the base."""


def delta_file(deltas: Sequence[ScopeDelta]) -> bytes:
    """The file; same input, same bytes."""
    header: dict[str, Any] = {}
    bodies: list[bytes] = []
    at = 0
    for delta in deltas:
        places = {}
        for name, packed in scope_files(delta.scope, delta.frequent):
            bodies.append(gzip.decompress(packed))
            places[name] = (at, len(bodies[-1]))
            at += len(bodies[-1])
        header[delta.scope.name] = {
            "dead": [here - before for here, before in zip(delta.dead, [0, *delta.dead], strict=False)],
            "before": list(delta.before),
            "titles": list(delta.titles),
            "labels": {
                name: {label: more for label, more in found.items() if more} for name, found in delta.labels.items()
            },
            "files": places,
        }
    return packed_file(as_json(header), *bodies)
