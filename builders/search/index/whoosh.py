"""A Whoosh index of released publications or datasets, columns beside it: opened on a staged copy, changed, committed.

`folder/` holds Whoosh's files (one compound file a segment and a table of contents), `folder/columns/` one file a
segment (columns.py). No existing file is ever changed in place: the folder may be made of hard links to
the live index. The files hold pickles (Whoosh's choice): they are never served, and read as data only
(`whoosh_pickles`).

Same input, same bytes: documents go in by the order of their keys, a segment is named after what it is made from, and
the storage tells Whoosh neither clocks nor the order of a file system. What Whoosh 2.7.4 would do otherwise: random
names, modification times in the compound file, sets of names in the order of the hash seed.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from whoosh.analysis import SimpleAnalyzer
from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.fields import ID, STORED, TEXT, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from panfair.builders.search.documents.facets import LISTED
from panfair.builders.search.documents.fields import NAME_FIELDS, TEXT_FIELDS
from panfair.builders.search.index import postings
from panfair.builders.search.index.columns import columns_of, write_columns
from panfair.builders.search.index.writer import FORMS, SearchWriter

INDEX_NAME = "main"
"""What Whoosh is told to open: `open_dir(folder, indexname="main")`."""

_LIMIT_MB = 64
_A_SEGMENT = 600  # documents: one closed record makes so many be written again, in about a second


def _schema() -> Schema:
    # Documents come analysed, so an analyser of ours has nothing to do here; with Whoosh's own the table of contents
    # names no class of ours, and any Whoosh can open the index.
    fields: dict[str, Any] = {"key": ID(), "owner": ID(), "stored": STORED()}
    fields |= {name: TEXT(analyzer=SimpleAnalyzer(), phrase=True) for name in (*TEXT_FIELDS, *NAME_FIELDS)}
    return Schema(**fields)


class _SteadyStorage(FileStorage):  # type: ignore[misc]
    """Files in a folder, always in the same order and without a clock."""

    def list(self) -> list[str]:
        return sorted(super().list())

    def file_modified(self, name: str) -> float:
        return 0.0


class _NamedCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec, which names the new segment by what it is made from."""

    def __init__(self, segment_id: str) -> None:
        super().__init__()
        self.segment_id = segment_id

    def new_segment(self, storage: FileStorage, indexname: str) -> W3Segment:
        # The segment goes into the table of contents as a pickle: with the plain codec, which any Whoosh can read.
        return W3Segment(W3Codec(), indexname, segid=self.segment_id)


def open_index(folder: Path) -> FileIndex:
    """The Whoosh index in a folder; nothing in its files is executed. Raises whatever Whoosh raises."""
    return FileIndex(_SteadyStorage(str(folder)), schema=_schema(), indexname=INDEX_NAME)


def segment_columns(folder: Path, segment: Any) -> Path:
    """Where the columns of a segment stand."""
    return folder / "columns" / f"{segment.segment_id()}.col"


class IndexWriter(SearchWriter):
    """Changes to a Whoosh index."""

    form = FORMS["whoosh"]
    ready = staticmethod(postings.ready)

    def _begin(self) -> None:
        FileIndex.create(_SteadyStorage(str(self.folder)), _schema(), INDEX_NAME)

    def _commit(self) -> None:
        index = open_index(self.folder)
        if self._waiting:
            self._write(index)
        self._write_columns(index)
        (self.folder / f"{INDEX_NAME}_WRITELOCK").unlink(missing_ok=True)

    def _write(self, index: FileIndex) -> None:
        """Files what waits, some documents a segment, then writes anew what must not stay as it is."""
        rewritten = self._holding(index, self._waiting.removed)
        most = most_in_a_segment(index.doc_count() + self._waiting.count)
        # Those that are removed, and those that are put anew.
        numbers = self._numbers(index, self._waiting.owners)
        documents = self._waiting.documents()
        more = True
        while more:
            batch = list(islice(documents, most))
            more = len(batch) == most
            self._write_segment(index, numbers, batch, None if more else _Merge(most, rewritten))
            numbers = []
        while rewritten & {segment.segment_id() for segment in index._segments()}:
            self._write_segment(index, [], [], _Merge(most, rewritten))

    def _write_segment(self, index: FileIndex, numbers: list[int], batch: list[bytes], merge: "_Merge | None") -> None:
        digest = hashlib.sha256()
        for segment in index._segments():
            digest.update(f"{segment.segment_id()} {sorted(segment.deleted_docs())}\n".encode())
        digest.update(orjson.dumps([numbers, sorted(self._waiting.removed)]))
        for body in batch:
            digest.update(body)
        writer = SegmentWriter(
            index, limitmb=_LIMIT_MB, compound=True, codec=_NamedCodec(digest.hexdigest()[:16]), timeout=5.0
        )
        try:
            for number in numbers:
                writer.delete_document(number)
            for body in batch:
                _add(writer, body)
            writer.commit(mergetype=merge or _keep_all)
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise

    def _holding(self, index: FileIndex, owners: Collection[str]) -> frozenset[str]:
        """The segments that hold documents of these owners, also such as were put anew and are marked as deleted.

        A mark of deletion alone would leave their words there.
        """
        found = set()
        for segment in index._segments() if owners else ():
            reader = SegmentReader(index.storage, index.schema, segment)
            try:
                if any(("owner", owner) in reader for owner in owners):
                    found.add(segment.segment_id())
            finally:
                reader.close()
        return frozenset(found)

    def _numbers(self, index: FileIndex, owners: Collection[str]) -> list[int]:
        """The documents of these owners."""
        reader = index.reader()
        try:
            found = []
            for owner in owners:
                if ("owner", owner) in reader:
                    matcher = reader.postings("owner", owner)
                    found += [number for number in matcher.all_ids() if not reader.is_deleted(number)]
            return found
        finally:
            reader.close()

    def _write_columns(self, index: FileIndex) -> None:
        """A file of columns for each segment that has none; those of segments that are gone, go."""
        segments = index._segments()
        wanted = {segment_columns(self.folder, segment) for segment in segments}
        (self.folder / "columns").mkdir(exist_ok=True)
        for path in (self.folder / "columns").iterdir():
            if path not in wanted:
                path.unlink()
        for segment in segments:
            path = segment_columns(self.folder, segment)
            if not path.exists():
                reader = SegmentReader(index.storage, index.schema, segment)
                try:
                    rows = [
                        orjson.loads(reader.stored_fields(number)["stored"]) for number in range(reader.doc_count_all())
                    ]
                finally:
                    reader.close()
                write_columns(columns_of(rows, LISTED, TEXT_FIELDS + NAME_FIELDS), path)


def _add(writer: SegmentWriter, body: bytes) -> None:
    """Files one document: what `SegmentWriter.add_document` does, but for the analysis that was done before."""
    key, owner, stored, fields = postings.taken(body)
    number, schema, put, one = writer.docnum, writer.schema, writer.pool.add, writer.perdocwriter
    one.start_doc(number)
    for name in sorted((*fields, "key", "owner", "stored")):
        length = 0
        if name in fields:
            for word, count, places in fields[name]:
                put((name, word, number, float(count), places))
                length += count
        elif name != "stored":
            put((name, (key if name == "key" else owner).encode(), number, 1.0, b""))
        one.add_field(name, schema[name], stored if name == "stored" else None, length)
    one.finish_doc()
    writer._added = True
    writer.docnum += 1


def most_in_a_segment(documents: int) -> int:
    """How many documents a segment may hold in an index of so many: what one closed record costs to write anew.

    An index has some 32 segments at most, as each search asks all of them.
    """
    return max(_A_SEGMENT, documents // 32)


def _keep_all(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    return [segment for segment in segments if segment.doc_count()]


@dataclass(frozen=True)
class _Merge:
    """Which segments stay as they are: the full ones, and those that are large beside all that is smaller.

    None of `rewritten` stays: what was withdrawn or closed again must not lie on in a file, marked as deleted. What
    does not fit into this segment beside others is left for the next.

    So an index of n documents has about log2(n) segments beside the full ones, and each document is written again
    about that often.
    """

    most: int
    rewritten: frozenset[str]

    def __call__(self, writer: SegmentWriter, segments: list[Any]) -> list[Any]:
        gathered = writer.doc_count()
        kept = []
        for segment in sorted(segments, key=self._order):
            count, must = segment.doc_count(), segment.segment_id() in self.rewritten
            much_deleted = segment.deleted_count() * 4 > segment.doc_count_all()
            fits = gathered + count <= self.most or (must and not gathered)
            if not count:
                continue
            if fits and (must or much_deleted or count <= 2 * gathered):
                _absorb(writer, segment)
                gathered += count
            else:
                kept.append(segment)
        return kept

    def _order(self, segment: Any) -> tuple[bool, int, str]:
        return segment.segment_id() not in self.rewritten, segment.doc_count(), segment.segment_id()


def _absorb(writer: SegmentWriter, segment: Any) -> None:
    """The documents of an old segment into the new one, field by field in one order."""
    reader = SegmentReader(writer.storage, writer.schema, segment)
    try:
        start = writer.docnum
        moved = writer.write_per_doc(sorted(writer.schema.names()), reader)
        writer.add_postings_to_pool(reader, start, moved)
        writer._added = True
    finally:
        reader.close()
