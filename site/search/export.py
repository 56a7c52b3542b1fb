"""The whole of a search as a file: CSV, JSON, BibTeX, RIS or a list of DOIs, sent line by line as it is made.

At most `MOST` results, the first in the order that was asked for. BibTeX and RIS are the very files that stand beside
the landing pages, one after the other.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
import orjson

from panfair.builders.search.language.request import SearchRequest
from panfair.ontologies.identifiers import Doi
from panfair.site.search.answer import ordered
from panfair.site.search.engine import SearchEngine
from panfair.site.search.reading import narrowed

MOST = 10_000
Form = Literal["csv", "json", "bibtex", "ris", "dois"]
FORMS: tuple[Form, ...] = get_args(Form)
MEDIA_TYPES: dict[Form, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "bibtex": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "dois": "text/plain; charset=utf-8",
}
ENDINGS: dict[Form, str] = {"csv": "csv", "json": "json", "bibtex": "bib", "ris": "ris", "dois": "txt"}
_CITATIONS = {"bibtex": "citation.bib", "ris": "citation.ris"}
_COLUMNS = (
    "doi", "title", "publication", "creators", "year", "day", "facility", "instruments", "techniques", "datasets",
    "files", "size_bytes", "url",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_AT_ONCE = 200  # results to a piece of the answer

Url = Callable[[str], str]


@dataclass(frozen=True)
class Export:
    """What is sent, and how many results there are beside it."""

    total: int
    """All that was found; the first `MOST` are sent."""
    pieces: Iterator[bytes]


def export(engine: SearchEngine, request: SearchRequest, form: Form, www: Path, url: Url) -> Export:
    """The results of a search in a form; `www` is where the site's files stand, `url` makes an address of a path."""
    rows = _rows(engine, request)
    total = next(rows)
    assert isinstance(total, int)
    stored = (one for one in rows if isinstance(one, dict))
    match form:
        case "csv":
            pieces = _csv(stored, url)
        case "json":
            pieces = _json(stored, total, url)
        case "dois":
            pieces = (f"{doi}\n".encode() for doi in _once(one["doi"] for one in stored))
        case "bibtex" | "ris":
            pieces = _citations(_once(one["doi"] for one in stored), www, _CITATIONS[form])
    return Export(total, _gathered(pieces))


def _rows(engine: SearchEngine, request: SearchRequest) -> Iterator[int | dict[str, Any]]:
    """How many there are, then the documents in order, from one state of the index."""
    with engine.index(request.scope) as index:
        if index is None:
            yield 0
            return
        found = narrowed(index, request)
        yield int(np.count_nonzero(found.mask))
        for row, _ in ordered(index, found, MOST):
            yield index.stored(row)


def _shown(stored: dict[str, Any], url: Url) -> dict[str, Any]:
    creators = stored["creators"]
    others = ["et al."] if stored.get("creator_count", 0) > len(creators) else []
    whole = {"creators": [*creators, *others], "url": url(stored["page"])}
    return {name: stored.get(name, "") for name in _COLUMNS} | whole


def _csv(stored: Iterator[dict[str, Any]], url: Url) -> Iterator[bytes]:
    """RFC 4180; values of a list are parted by semicolons. templates/static/search/page/export.js writes the same."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    for one in stored:
        shown = _shown(one, url).values()
        writer.writerow([_cell("; ".join(value) if isinstance(value, list) else value) for value in shown])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def _cell(value: Any) -> Any:
    """What a spreadsheet would take for a formula gets an apostrophe before it, so that nobody's title is run."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _json(stored: Iterator[dict[str, Any]], total: int, url: Url) -> Iterator[bytes]:
    yield b'{"total":%d,"most":%d,"results":[' % (total, MOST)
    for place, one in enumerate(stored):
        yield (b",\n" if place else b"\n") + orjson.dumps(_shown(one, url))
    yield b"\n]}\n"


def _citations(dois: Iterator[str], www: Path, name: str) -> Iterator[bytes]:
    for doi in dois:
        try:
            yield (www / "doi" / Doi.parse(doi).path / name).read_bytes() + b"\n"
        except OSError:
            continue  # withdrawn a moment ago


def _once(dois: Iterator[str]) -> Iterator[str]:
    """Each DOI once: datasets share that of their publication."""
    seen: set[str] = set()
    for doi in dois:
        if doi not in seen:
            seen.add(doi)
            yield doi


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces."""
    waiting: list[bytes] = []
    for piece in pieces:
        waiting.append(piece)
        if len(waiting) == _AT_ONCE:
            yield b"".join(waiting)
            waiting = []
    if waiting:
        yield b"".join(waiting)
