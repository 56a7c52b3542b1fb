"""Documents that wait for an index: kept in a temporary file, so that memory stays flat, and given out in one order.

They wait by owner, the DOI that they are of: what an owner puts replaces all that it had.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator

import orjson

from panfair.builders.search.documents.document import JSON

_SPOOL_BYTES = 8 << 20


def as_json(document: dict[str, JSON]) -> bytes:
    """A document that waits as it is."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)


class Waiting:
    """Changes that are not committed yet. Put twice, the last one counts; so it does after `remove`."""

    def __init__(self) -> None:
        self._spool = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)  # noqa: SIM115 - closed by `close`
        self._places: dict[str, list[tuple[int, int]]] = {}
        self.removed: set[str] = set()
        """Owners of whose old documents no word is to stay in a file, whether or not new ones were put since."""

    def __bool__(self) -> bool:
        return bool(self._places or self.removed)

    @property
    def count(self) -> int:
        """How many documents wait."""
        return sum(map(len, self._places.values()))

    @property
    def owners(self) -> list[str]:
        """All owners of which anything changes, in order: what the index has of them must go."""
        return sorted(self.removed | self._places.keys())

    def put(self, owner: str, documents: Iterable[bytes]) -> None:
        places = []
        for body in documents:
            places.append((self._spool.seek(0, os.SEEK_END), len(body)))
            self._spool.write(body)
        self._places[owner] = places

    def remove(self, owner: str) -> None:
        self._places.pop(owner, None)
        self.removed.add(owner)

    def documents(self) -> Iterator[bytes]:
        """All documents, owner by owner in order, those of one owner as they were put."""
        for _, places in sorted(self._places.items()):
            for offset, length in places:
                self._spool.seek(offset)
                yield self._spool.read(length)

    def close(self) -> None:
        self._spool.close()
