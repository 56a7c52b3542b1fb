"""The remarks of one harvest, each once, with the records that it is about: their number, and the keys of the first.

A remark belongs to the record that comes next, for harvesters read and hand on one record after the other. One that no
record follows, or that was made before the first was read, is about the source.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from panfair.harvesters import Harvested, Refused, Withdrawn
from panfair.ontologies.additions import Addition
from panfair.ontologies.record import Publication
from panfair.site.config.settings import Config
from panfair.site.state.harvest_file import spool_folder

_MOST_KEYS = 1000  # kept for the curator's list
_MOST_SHOWN = 3


@dataclass
class Note:
    """One remark."""

    text: str
    count: int = 0
    """Of the records that it is about; 0: it is about the source."""
    keys: list[str] = field(default_factory=list)
    """Of the first of them."""

    def __str__(self) -> str:
        if not self.count:
            return self.text
        shown = ", ".join(self.keys[:_MOST_SHOWN]) + (", …" if self.count > _MOST_SHOWN else "")
        return f"{self.text} [{shown}]" if self.count == 1 else f"{self.text} [{self.count} records: {shown}]"


class Notes:
    """Takes remarks as they are made; `again` is told of one that was made before."""

    def __init__(self) -> None:
        self._notes: dict[str, Note] = {}
        self._waiting: dict[str, None] = {}

    def __call__(self, text: str) -> None:
        self._notes.setdefault(text, Note(text))
        self._waiting[text] = None

    again = __call__

    def belong_to(self, item: Harvested) -> None:
        """The remarks since the last record are about this one."""
        if not self._waiting or not isinstance(item, Publication | Addition | Refused | Withdrawn):
            return
        if isinstance(item, Addition):
            key = item.source_id
        else:
            key = str(item.doi) if isinstance(item, Publication) else item.key
        for text in self._waiting:
            note = self._notes[text]
            note.count += 1
            if len(note.keys) < _MOST_KEYS:
                note.keys.append(key)
        self._waiting.clear()

    def lines(self) -> Iterator[str]:
        """The remarks for the report."""
        return map(str, self._notes.values())

    def to_json(self) -> bytes:
        """All of them, as `notes_of` reads them."""
        return orjson.dumps([vars(note) for note in self._notes.values()])


def notes_of(config: Config, source: str) -> list[Note]:
    """The remarks of the last finished harvest of a source; none where they cannot be read."""
    try:
        found: list[dict[str, Any]] = orjson.loads((spool_folder(config) / f"{source}.notes").read_bytes())
        return [Note(str(one["text"]), int(one["count"]), list(map(str, one["keys"]))) for one in found]
    except (OSError, ValueError, KeyError, TypeError):
        return []
