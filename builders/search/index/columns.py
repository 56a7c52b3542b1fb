"""Columns beside the Whoosh index: for each of its segments one file with dates, sizes, facets and field lengths.

Ranges, facet counts, sorting and scoring read these arrays instead of postings: Whoosh loses hits when a range stands
beside text in one query, and is slow at counting. A segment never changes, so its file is written once; documents
that were deleted since are known to the index only.

The file: `PFCOL3\\n`, the length of the head (32 bit, unsigned), the head as JSON, then the arrays, each at
a multiple of eight bytes from the end of the head. All little endian; no pickle anywhere.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from panfair.builders.search.documents.fields import COUNTED, sorting_title
from panfair.builders.search.documents.scoring import length_code
from panfair.ontologies.quantities import quantities

_MAGIC = b"PFCOL3\n"

Ints = npt.NDArray[np.int64]
Ids = npt.NDArray[np.int32]
Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Facet:
    """One facet of all documents: the labels of document d are `labels[i] for i in ids[starts[d]:starts[d + 1]]`."""

    labels: tuple[str, ...]
    starts: Ids
    ids: Ids


@dataclass(frozen=True)
class Numbers:
    """The values of one quantity, in SI: those of document d are `values[starts[d]:starts[d + 1]]`, rising."""

    starts: Ids
    values: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Columns:
    """The columns of a segment, or of an index: one row a document, deleted ones too."""

    keys: tuple[str, ...]
    """DOI keys; those of datasets go on with `#` and the dataset's folder."""
    owner_ends: Ids
    """Where in each key the DOI's key ends."""
    titles: tuple[str, ...]
    """What titles are sorted by: folded, the first letters."""
    year: Ints
    day: Ints
    """Days since 0001-01-01 (`date.toordinal`); 0 where it is not known."""
    size: Ints
    """In bytes."""
    facets: dict[str, Facet]
    lengths: dict[str, Codes]
    """The length of each field, as `search_scoring.length_code` writes it."""
    numbers: dict[str, Numbers]
    """The quantities, by their keys."""

    def __len__(self) -> int:
        return len(self.keys)


def numbered() -> tuple[str, ...]:
    """The columns of numbers: the quantities, and what else is counted."""
    return (*quantities(), *COUNTED)


def columns_of(rows: Sequence[dict[str, Any]], facets: Sequence[str], fields: Sequence[str]) -> Columns:
    """The columns of documents; a row has key, year, day (ISO 8601 or empty), size_bytes, facets and lengths."""
    return Columns(
        keys=tuple(row["key"] for row in rows),
        owner_ends=np.array([len(row.get("owner", row["key"])) for row in rows], dtype=np.int32),
        titles=tuple(sorting_title(row.get("title", "")) for row in rows),
        year=np.array([row["year"] for row in rows], dtype=np.int64),
        day=np.array([_ordinal(row["day"]) for row in rows], dtype=np.int64),
        size=np.array([row["size_bytes"] for row in rows], dtype=np.int64),
        facets={name: _facet([row["facets"].get(name, ()) for row in rows]) for name in facets},
        lengths={
            name: np.array([length_code(row["lengths"].get(name, 0)) for row in rows], dtype=np.uint8)
            for name in fields
        },
        numbers={name: _numbers([row.get("numbers", {}).get(name, ()) for row in rows]) for name in numbered()},
    )


def joined(parts: Sequence[Columns], facets: Sequence[str], fields: Sequence[str]) -> Columns:
    """The columns of several segments, one after the other, as the index numbers their documents."""
    if not parts:
        return columns_of([], facets, fields)
    return Columns(
        keys=tuple(key for part in parts for key in part.keys),
        owner_ends=np.concatenate([part.owner_ends for part in parts]),
        titles=tuple(title for part in parts for title in part.titles),
        year=np.concatenate([part.year for part in parts]),
        day=np.concatenate([part.day for part in parts]),
        size=np.concatenate([part.size for part in parts]),
        facets={name: _joined_facet([part.facets[name] for part in parts]) for name in facets},
        lengths={name: np.concatenate([part.lengths[name] for part in parts]) for name in fields},
        numbers={name: _joined_numbers([part.numbers[name] for part in parts]) for name in numbered()},
    )


def rows_of(columns: Columns, rows: npt.NDArray[np.int64]) -> Columns:
    """The columns of some of the documents, in the order of their rows."""
    return Columns(
        keys=tuple(columns.keys[row] for row in rows.tolist()),
        owner_ends=columns.owner_ends[rows],
        titles=tuple(columns.titles[row] for row in rows.tolist()),
        year=columns.year[rows],
        day=columns.day[rows],
        size=columns.size[rows],
        facets={name: _taken_facet(facet, rows) for name, facet in columns.facets.items()},
        lengths={name: lengths[rows] for name, lengths in columns.lengths.items()},
        numbers={
            name: Numbers(starts, numbers.values[places])
            for name, numbers in columns.numbers.items()
            for starts, places in [_taken(numbers.starts, rows)]
        },
    )


def write_columns(columns: Columns, path: Path) -> None:
    """Writes the file anew; the same columns give the same bytes."""
    arrays: dict[str, npt.NDArray[Any]] = {"year": columns.year, "day": columns.day, "size": columns.size}
    arrays["owner_ends"] = columns.owner_ends
    for name, facet in sorted(columns.facets.items()):
        arrays[f"facet.{name}.starts"], arrays[f"facet.{name}.ids"] = facet.starts, facet.ids
    for name, lengths in sorted(columns.lengths.items()):
        arrays[f"length.{name}"] = lengths
    for name, numbers in sorted(columns.numbers.items()):
        arrays[f"number.{name}.starts"], arrays[f"number.{name}.values"] = numbers.starts, numbers.values
    places: dict[str, tuple[str, int, int]] = {}
    blocks: list[bytes] = []
    offset = 0
    for name, array in arrays.items():
        body = array.astype(array.dtype.newbyteorder("<")).tobytes()
        places[name] = (array.dtype.newbyteorder("<").str, offset, len(array))
        body += b"\0" * (-len(body) % 8)
        blocks.append(body)
        offset += len(body)
    head = orjson.dumps(
        {
            "keys": columns.keys,
            "titles": columns.titles,
            "arrays": places,
            "labels": {name: facet.labels for name, facet in columns.facets.items()},
        },
        option=orjson.OPT_SORT_KEYS,
    )
    path.write_bytes(_MAGIC + struct.pack("<I", len(head)) + head + b"".join(blocks))


def read_columns(path: Path) -> Columns:
    """The columns in a file. Raises ValueError when it is not one, OSError when it cannot be read."""
    data = path.read_bytes()
    if not data.startswith(_MAGIC):
        raise ValueError(f"{path.name} is not a file of columns; build the index anew")
    start = len(_MAGIC) + 4
    (length,) = struct.unpack_from("<I", data, len(_MAGIC))
    head = orjson.loads(data[start : start + length])
    body = start + length

    def array(name: str, kind: type[np.generic]) -> npt.NDArray[Any]:
        stored, offset, count = head["arrays"][name]
        return np.frombuffer(data, dtype=np.dtype(stored), count=count, offset=body + offset).astype(kind)

    return Columns(
        keys=tuple(head["keys"]),
        owner_ends=array("owner_ends", np.int32),
        titles=tuple(head["titles"]),
        year=array("year", np.int64),
        day=array("day", np.int64),
        size=array("size", np.int64),
        facets={
            name: Facet(tuple(labels), array(f"facet.{name}.starts", np.int32), array(f"facet.{name}.ids", np.int32))
            for name, labels in head["labels"].items()
        },
        lengths={
            name.removeprefix("length."): array(name, np.uint8) for name in head["arrays"] if name.startswith("length.")
        },
        numbers={
            name: Numbers(array(f"number.{name}.starts", np.int32), array(f"number.{name}.values", np.float64))
            for name in numbered()
        },
    )


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal() if day else 0


def _facet(values: Sequence[Sequence[str]]) -> Facet:
    labels = sorted({label for row in values for label in row})
    number = {label: i for i, label in enumerate(labels)}
    starts = np.zeros(len(values) + 1, dtype=np.int32)
    np.cumsum([len(row) for row in values], out=starts[1:], dtype=np.int32)
    return Facet(tuple(labels), starts, np.array([number[label] for row in values for label in row], dtype=np.int32))


def _numbers(values: Sequence[Sequence[float]]) -> Numbers:
    starts = np.zeros(len(values) + 1, dtype=np.int32)
    np.cumsum([len(row) for row in values], out=starts[1:], dtype=np.int32)
    return Numbers(starts, np.array([value for row in values for value in row], dtype=np.float64))


def _taken(starts: Ids, rows: npt.NDArray[np.int64]) -> tuple[Ids, npt.NDArray[np.int64]]:
    """For some rows of a list of lists: where each begins anew, and the places that stay."""
    sizes = np.diff(starts)[rows].astype(np.int64)
    fresh = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(sizes)])
    places = np.arange(int(fresh[-1]), dtype=np.int64) + np.repeat(starts[rows].astype(np.int64) - fresh[:-1], sizes)
    return fresh.astype(np.int32), places


def _taken_facet(facet: Facet, rows: npt.NDArray[np.int64]) -> Facet:
    starts, places = _taken(facet.starts, rows)
    ids = facet.ids[places]
    used = np.unique(ids)
    renumber = np.zeros(len(facet.labels), dtype=np.int32)
    renumber[used] = np.arange(len(used), dtype=np.int32)
    return Facet(tuple(facet.labels[place] for place in used.tolist()), starts, renumber[ids])


def _joined_numbers(parts: Sequence[Numbers]) -> Numbers:
    starts, base = [np.zeros(1, dtype=np.int32)], 0
    for part in parts:
        starts.append(part.starts[1:] + np.int32(base))
        base += len(part.values)
    return Numbers(np.concatenate(starts), np.concatenate([part.values for part in parts]))


def _joined_facet(parts: Sequence[Facet]) -> Facet:
    labels = sorted({label for part in parts for label in part.labels})
    number = {label: i for i, label in enumerate(labels)}
    ids, starts, base = [], [np.zeros(1, dtype=np.int32)], 0
    for part in parts:
        renumber = np.array([number[label] for label in part.labels], dtype=np.int32)
        ids.append(renumber[part.ids] if len(part.ids) else part.ids)
        starts.append(part.starts[1:] + np.int32(base))
        base += len(part.ids)
    return Facet(tuple(labels), np.concatenate(starts), np.concatenate(ids))
