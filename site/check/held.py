"""What is held back, with the field that would release it, and what the last harvest remarked, for the data team.

The files name records that may be closed, by key and DOI and by nothing else; they lie beside the ledger. The tables
for the curator's page have numbers only.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

from panfair.ontologies.embargo import is_open, opening_day, why_closed
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.opening import withdrawal_of
from panfair.ontologies.record import publication_from
from panfair.site.config.settings import Config
from panfair.site.run.verdicts.additions import NOT_RELEASED
from panfair.site.run.verdicts.releasing import field_for
from panfair.site.state.harvest_file import Added, Spooled, addition_in, has_harvest, read_harvest
from panfair.site.state.ledger import Ledger
from panfair.site.state.notes import notes_of


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some records of a source are held back."""

    source: str
    why: str
    field: str
    """What would release them."""
    count: int


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark of the last harvest of a source."""

    source: str
    text: str
    count: int
    """Of the records that it is about; 0: it is about the source."""


def write_held(config: Config, ledger: Ledger, path: Path, on: date) -> tuple[list[Reason], int]:
    """Writes the records that are held back, a line each; the answer is why, the commonest first, and how many."""
    counts: Counter[tuple[str, str, str]] = Counter()
    with _private(path) as file:
        table = csv.writer(file)
        table.writerow(("source", "key", "doi", "why", "opens", "what_would_release_it"))
        for source, key, doi, why, opens, field in _held(config, ledger, on):
            table.writerow((source, key, doi, why, opens, field))
            counts[source, why, field] += 1
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [Reason(*reason, number) for reason, number in ordered], counts.total()


def write_notes(config: Config, path: Path) -> list[Remark]:
    """Writes the remarks of the last harvests with the records that they are about; the answer is without these."""
    found = []
    with _private(path) as file:
        table = csv.writer(file)
        table.writerow(("source", "remark", "records", "key"))
        for source in config.sources:
            for note in notes_of(config, source.name):
                found.append(Remark(source.name, note.text, note.count))
                table.writerows((source.name, note.text, note.count, key) for key in note.keys or [""])
    return found


def _held(config: Config, ledger: Ledger, on: date) -> Iterator[tuple[str, str, str, str, str, str]]:
    """The harvested records that are not open, and are not withdrawn by their catalogue."""
    for source in config.sources:
        if not has_harvest(config, source.name):
            continue
        try:
            for item in read_harvest(config, source.name):
                if isinstance(item, Added) and not item.key:
                    why = NOT_RELEASED
                    yield source.name, addition_in(item).source_id, "", why, "", field_for(why, source.kind)
                row = ledger.row(item.key) if isinstance(item, Spooled) else None
                if not isinstance(item, Spooled) or (row is not None and row.state == "open"):
                    continue
                publication = publication_from(item.body)
                if withdrawal_of(publication) is not None:
                    continue
                day = opening_day(publication)
                if is_open(publication, on) and config.policy.restriction_of(publication) is None:
                    why = "its day came after its source was last read"
                else:
                    why = why_closed(publication, config.policy)
                opens = day.isoformat() if day is not None and day > on else ""
                doi, field = str(publication.doi), field_for(why, source.kind)
                yield source.name, publication.source_id, doi, why, opens, field
        except HarvestError:
            continue  # a damaged harvest is told by the run


def _private(path: Path) -> TextIO:
    path.touch(mode=0o600)
    return path.open("w", encoding="utf-8", newline="")
