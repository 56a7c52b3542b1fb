"""A tantivy index of released publications or datasets, columns beside it: for more documents than Whoosh likes.

Tantivy gets our own words at our own places (as text that is tokenized before), so that it holds what Whoosh holds.

Each document has a serial number, never used again. Its row in the columns is its place among the serial numbers. For
sets of many documents the number is stored in two parts: a block of 48 and a bit in it. A sum of bits over a block is
then the set itself: one number for 48 documents, where the library would hand out 48 objects.

The folder may be made of hard links to the live index: tantivy writes new segment files and replaces its table
(`meta.json`) whole, and the columns are written anew. Segments have random names (the library's choice), so the same
input gives the same answers here, but not the same bytes.

What is deleted is only marked so, and lies on with all its words; the library has no call that writes a segment anew.
So where a record is withdrawn or closed again, the whole index is begun anew from what it holds of those that stay:
each document is stored with its text. Weighed: to make the documents once more from their records. That would keep
the index a tenth smaller, but take several times as long.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import tantivy

from panfair.builders.search.documents.facets import LISTED
from panfair.builders.search.documents.fields import TEXT_FIELDS
from panfair.builders.search.documents.scoring import WEIGHTS
from panfair.builders.search.documents.words import STEM_MARK, words
from panfair.builders.search.index.columns import Columns, columns_of, joined, read_columns, rows_of, write_columns
from panfair.builders.search.index.spool import as_json
from panfair.builders.search.index.writer import FORMS, SearchWriter

BLOCK = 48
"""Documents in a block: a sum of their bits is exact in a double."""
COLUMNS, SERIALS = "columns/main.col", "columns/main.serials"

_HEAP_BYTES = 128_000_000
_AT_ONCE = 5000  # rows of columns in memory as records


def open_index(folder: Path) -> tantivy.Index:
    """The index in a folder."""
    return tantivy.Index.open(str(folder))


def read_serials(folder: Path) -> npt.NDArray[np.int64]:
    """The serial numbers of the rows, rising."""
    return np.frombuffer((folder / SERIALS).read_bytes(), dtype="<i8").astype(np.int64)


def by_serial(searcher: tantivy.Searcher) -> list[tuple[int, tantivy.DocAddress]]:
    """All documents that stand, in the order of their serial numbers."""
    found: list[tuple[int, tantivy.DocAddress]] = searcher.search(
        tantivy.Query.all_query(),
        limit=max(1, searcher.num_docs),
        count=False,
        order_by_field="serial",
        order=tantivy.Order.Asc,
    ).hits
    return found


class TantivyWriter(SearchWriter):
    """Changes to a tantivy index."""

    form = FORMS["tantivy"]

    ready = staticmethod(as_json)

    def _begin(self) -> None:
        tantivy.Index(_schema(), path=str(self.folder))
        self._write_columns(columns_of([], LISTED, ()), np.empty(0, dtype=np.int64))

    def _commit(self) -> None:
        if self._waiting:
            self._write()
        for path in self.folder.glob(".tantivy-*.lock"):
            path.unlink()

    def _write(self) -> None:
        columns, serials = read_columns(self.folder / COLUMNS), read_serials(self.folder)
        owners = [key[:end] for key, end in zip(columns.keys, columns.owner_ends.tolist(), strict=True)]
        changed = set(self._waiting.owners)
        staying = np.flatnonzero(np.array([owner not in changed for owner in owners], dtype=np.bool_))
        if not self._holds(self._waiting.removed):
            writer = open_index(self.folder).writer(_HEAP_BYTES, 1)
            for owner in self._waiting.owners:
                writer.delete_documents_by_term("owner", owner)
        else:
            writer = self._begun_anew(serials[staying])
        first = int(serials[-1]) + 1 if len(serials) else 0
        parts, added = [rows_of(columns, staying)], 0
        for rows in self._added(writer, first):
            parts.append(columns_of(rows, LISTED, ()))
            added += len(rows)
        writer.commit()
        writer.wait_merging_threads()
        collector = open_index(self.folder).writer(15_000_000, 1)
        collector.garbage_collect_files()
        del collector
        numbers = np.concatenate([serials[staying], np.arange(first, first + added, dtype=np.int64)])
        self._write_columns(joined(parts, LISTED, ()), numbers)

    def _holds(self, owners: Collection[str]) -> bool:
        """Whether a document of these owners is there, also one that is only marked as deleted."""
        searcher = open_index(self.folder).searcher()
        return any(term == owner for owner in owners for term, _ in searcher.terms_with_prefix("owner", owner))

    def _begun_anew(self, staying: npt.NDArray[np.int64]) -> tantivy.IndexWriter:
        """A writer of an index begun anew that has got the documents of these serial numbers from the one before."""
        old, wanted = open_index(self.folder).searcher(), set(staying.tolist())
        self._clear()  # the old files stay open, and are gone when the last one who reads them is
        writer = open_index(self.folder).writer(_HEAP_BYTES, 1)
        for serial, address in by_serial(old):
            if serial in wanted:
                kept = old.doc(address)
                row, text = (orjson.loads(kept[name][0]) for name in ("stored", "text"))
                writer.add_document(_document(serial, row, text))
        return writer

    def _added(self, writer: tantivy.IndexWriter, first: int) -> Iterator[list[dict[str, Any]]]:
        """Adds what waits; the rows of it, some at a time."""
        rows: list[dict[str, Any]] = []
        for number, body in enumerate(self._waiting.documents(), start=first):
            row = orjson.loads(body)
            writer.add_document(_document(number, row, row.pop("text")))
            rows.append({**row, "lengths": {}})
            if len(rows) == _AT_ONCE:
                yield rows
                rows = []
        if rows:
            yield rows

    def _write_columns(self, columns: Columns, serials: npt.NDArray[np.int64]) -> None:
        (self.folder / "columns").mkdir(exist_ok=True)
        for name in (COLUMNS, SERIALS):
            (self.folder / name).unlink(missing_ok=True)
        write_columns(columns, self.folder / COLUMNS)
        (self.folder / SERIALS).write_bytes(serials.astype("<i8").tobytes())


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("owner", tokenizer_name="raw", index_option="basic")
    for name in ("serial", "block", "bit"):
        builder.add_unsigned_field(name, fast=True)
    for name in ("stored", "text"):
        builder.add_bytes_field(name, stored=True)
    for field in WEIGHTS:
        builder.add_text_field(field, tokenizer_name="raw", index_option="position")
    return builder.build()


def _document(serial: int, row: dict[str, Any], text: dict[str, str]) -> tantivy.Document:
    """A document as tantivy takes it: what is shown of it, and its text by field."""
    document = tantivy.Document()
    document.add_text("owner", row["owner"])
    document.add_unsigned("serial", serial)
    document.add_unsigned("block", serial // BLOCK)
    document.add_unsigned("bit", 1 << (serial % BLOCK))
    document.add_bytes("stored", orjson.dumps(row, option=orjson.OPT_SORT_KEYS))
    document.add_bytes("text", orjson.dumps(text, option=orjson.OPT_SORT_KEYS))
    for field, value in text.items():
        document.add_pre_tokenized_text(
            field, tantivy.PreTokenizedString("", list(_tokens(value, field in TEXT_FIELDS)))
        )
    return document


def _tokens(text: str, stems: bool) -> Iterator[tantivy.Token]:
    """The words of a text at their places, and the stems that differ from them: as the postings of Whoosh have them."""
    for word in words(text):
        yield tantivy.Token(word.text, word.position, 0, 0)
        if stems and word.stem is not None and word.stem != word.text:
            yield tantivy.Token(STEM_MARK + word.stem, word.position, 0, 0)
