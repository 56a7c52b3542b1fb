"""The scan of a search index: the terms and documents of those that stand in it, decoded by the engine itself.

A segment's file is packed numbers and parts of words; read byte by byte it says what nobody wrote.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from whoosh.reading import IndexReader

from panfair.builders.search.documents.words import STEM_MARK
from panfair.builders.search.index.whoosh import open_index
from panfair.builders.search.index.writer import form_of
from panfair.site.run.leaks.scanner import Finding, Scanner


def index_findings(folder: Path, name: str, scanner: Scanner) -> Iterator[Finding]:
    """What the index in a folder shows of closed records; `name` is the folder's below output/."""
    form = form_of(folder)
    if form is None:
        return
    if form.startswith("tantivy"):
        yield from scanner.in_values(name, _tantivy_documents(folder))
        return
    reader = open_index(folder).reader()
    try:
        for leaf, _base in reader.leaf_readers():
            yield from _segment_findings(leaf, name, scanner)
    finally:
        reader.close()


def _segment_findings(reader: IndexReader, name: str, scanner: Scanner) -> Iterator[Finding]:
    live = (number for number in range(reader.doc_count_all()) if not reader.is_deleted(number))
    yield from scanner.in_values(name, (reader.stored_fields(number)["stored"] for number in live))
    for field, term in reader.all_terms():
        text = term.decode("utf-8", "replace")
        if not text.startswith(STEM_MARK):
            for finding in scanner.in_values(name, [text]):
                if _stands(reader, field, term):  # terms of deleted documents wait for the next merge
                    yield finding


def _stands(reader: IndexReader, field: str, term: bytes) -> bool:
    ids: Iterable[int] = reader.postings(field, term).all_ids()
    return any(not reader.is_deleted(number) for number in ids)


def _tantivy_documents(folder: Path) -> Iterator[str]:
    from panfair.builders.search.index.tantivy import by_serial, open_index  # an extra

    searcher = open_index(folder).searcher()
    for _serial, address in by_serial(searcher):
        yield from searcher.doc(address)["text"]
