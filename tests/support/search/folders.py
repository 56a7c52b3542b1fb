"""A search index in a folder, of either engine: written from made-up documents, searched, and read byte by byte."""

from collections.abc import Iterable
from pathlib import Path
from random import Random

from panfair.builders.search.language.request import SearchRequest
from panfair.site.run.indexes import index_writer
from panfair.site.search.engine import SearchEngine
from support.search.cases import a_document

ENGINES = ("whoosh", "tantivy")


def write(folder: Path, numbers: Iterable[int], seed: int = 3, removed=(), engine: str = "whoosh") -> None:
    """One run: puts the documents of these numbers, then removes those of these keys."""
    with index_writer(engine, folder) as writer:
        for number in numbers:
            writer.put(a_document(number, Random(seed * 1000 + number)))
        for key in removed:
            writer.remove(key)


def found(folder: Path, query: str = "") -> set[str]:
    """The keys of all documents that a query finds."""
    engine = SearchEngine({"publications": folder})
    try:
        return {result.doi.lower() for result in engine.search(SearchRequest(query, limit=1000)).results}
    finally:
        engine.close()


def files(folder: Path) -> dict[str, bytes]:
    """All files below a folder by their path in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
