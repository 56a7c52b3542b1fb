"""The curator's to-do list: for each open page what is missing for a perfect result, and the catalogue's field for it.

Written as `index.html` and `todo.csv` into a folder beside the ledger, not below output/: it is for the data team. They
speak of open records only, and read the ledger, so they need no catalogue. What is held back, and what the remarks of
the last harvest are about, is named in `held.csv` and `notes.csv` beside them; the page has their numbers.
"""

import csv
from bisect import insort
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from panfair.builders.html.renderer import Renderer
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import publication_from
from panfair.site.check.completeness import Criterion, Lack, completeness, criteria, lacks
from panfair.site.check.held import write_held, write_notes
from panfair.site.config.settings import Config
from panfair.site.state.layout import TODO
from panfair.site.state.ledger import Ledger

_ON_THE_PAGE = 500
"""Records in the HTML, the least complete first; the CSV has all."""
_HEAD = ("doi", "page", "source", "complete_percent", "wanting", "how_much", "weight", "why", "catalogue_field")
_WEIGHTS = {3: "a judge says no", 2: "counts", 1: "helps"}


@dataclass(frozen=True, slots=True)
class IncompleteRecord:
    """One open record that lacks something."""

    doi: str
    page: str
    title: str
    source: str
    kind: str
    """The kind of its source: whose fields are named."""
    complete: int
    """In percent."""
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion over all records."""

    criterion: Criterion
    weight: str
    pages: int
    share: int
    """Of all open pages, in percent."""
    fields: tuple[tuple[str, str], ...]
    """Source and field."""


@dataclass(frozen=True, slots=True)
class ToDo:
    """What the list came to."""

    pages: int
    """Open pages."""
    perfect: int
    """Those that lack nothing."""
    held: int
    """Records that are held back."""
    wanting: int
    """Criteria that are open, over all pages."""
    folder: Path


def entries(config: Config, ledger: Ledger) -> Iterator[IncompleteRecord]:
    """Each open record with what it lacks, by DOI."""
    kinds = {source.name: source.kind for source in config.sources}
    portal = config.portal
    publisher = portal.publisher if portal.publisher_ror else ""
    for row in ledger.rows("state = 'open'"):
        publication = publication_from(row.content)
        missing = lacks(publication, publisher)
        yield IncompleteRecord(
            doi=str(publication.doi),
            page=portal.url(Doi.parse(row.key).page),
            title=publication.title,
            source=row.source,
            kind=kinds.get(row.source, "records"),
            complete=completeness(missing),
            lacks=missing,
        )


def write_todo(config: Config, ledger: Ledger, on: date, folder: Path | None = None) -> ToDo:
    """Writes both forms anew. Raises OSError when the folder cannot be written."""
    folder = folder or config.state / TODO
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pages = perfect = wanting = 0
    counts: Counter[str] = Counter()
    worst: list[IncompleteRecord] = []
    with (folder / "todo.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(_HEAD)
        for entry in entries(config, ledger):
            pages += 1
            perfect += not entry.lacks
            wanting += len(entry.lacks)
            counts.update(lack.criterion.key for lack in entry.lacks)
            table.writerows(_rows(entry))
            if entry.lacks:
                insort(worst, entry, key=lambda one: one.complete)
                del worst[_ON_THE_PAGE:]
    reasons, held = write_held(config, ledger, folder / "held.csv", on)
    lines = [
        Line(
            criterion,
            _WEIGHTS[criterion.weight],
            counts[criterion.key],
            round(100 * counts[criterion.key] / pages),
            _fields(config, criterion),
        )
        for criterion in criteria()
        if counts[criterion.key]
    ]
    page = Renderer(config.portal).render(
        "check/todo.html",
        pages=pages,
        perfect=perfect,
        wanting=wanting,
        lines=sorted(lines, key=lambda line: (-line.criterion.weight, -line.pages)),
        entries=worst,
        left_out=max(0, pages - perfect - len(worst)),
        reasons=reasons,
        notes=write_notes(config, folder / "notes.csv"),
    )
    (folder / "index.html").write_bytes(page)
    return ToDo(pages, perfect, held, wanting, folder)


def _fields(config: Config, criterion: Criterion) -> tuple[tuple[str, str], ...]:
    return tuple((source.name, criterion.field(source.kind)) for source in config.sources)


def _rows(entry: IncompleteRecord) -> Iterator[tuple[str, ...]]:
    for lack in entry.lacks:
        criterion = lack.criterion
        yield (
            entry.doi,
            entry.page,
            entry.source,
            str(entry.complete),
            criterion.label,
            lack.words,
            _WEIGHTS[criterion.weight],
            criterion.why,
            criterion.field(entry.kind),
        )
