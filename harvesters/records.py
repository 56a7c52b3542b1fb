"""Records in panfair's own form, one JSON object a line: for a facility that writes its own exporter.

Each line is a `Publication` as `panfair.ontologies.record` describes it; `source` is filled in and need not be there.
Of a file that is as it was, nothing is read again, and of another one only the lines that are not as they were.
"""

from collections.abc import Iterator
from hashlib import sha256
from io import BufferedReader
from math import isfinite
from pathlib import Path
from typing import Any

import orjson
from pydantic import Field

from panfair.harvesters import Context, Finished, Harvested, KeptAll, KeptMark, Refused, SourceOptions, made
from panfair.harvesters.reading.json_text import loads
from panfair.harvesters.reading.whole_files import whole_file
from panfair.ontologies.errors import HarvestError, RecordError
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Publication
from panfair.ontologies.text import clean_line, shortened


class Options(SourceOptions):
    """A [[source]] of kind `records`."""

    path: str = Field(description="the file of JSON lines", examples=["records.jsonl"])


def harvest(options: Options, context: Context) -> Iterator[Harvested]:
    """The publications of a file of JSON lines. Raises HarvestError when the file, or its JSON, cannot be read."""
    path = context.root / options.path
    try:
        with path.open("rb") as file:
            now, same = whole_file(file, context.last)
            if same:
                yield KeptAll()
            else:
                yield from _lines(file, options, context, path)
            yield Finished(now)
    except OSError as error:
        raise HarvestError(f"{options.name}: {path.name}: {error.strerror}; nothing of it was read") from None


def _lines(file: BufferedReader, options: Options, context: Context, path: Path) -> Iterator[Harvested]:
    for number, line in enumerate(file, 1):
        if line.strip():
            mark = sha256(line).digest()[:16]
            if context.marked(mark):
                yield KeptMark(mark)
            else:
                context.mark(mark)
                yield _record(line, number, options, context, path)


def _record(line: bytes, number: int, options: Options, context: Context, path: Path) -> Publication | Refused:
    try:
        raw = loads(line)
    except orjson.JSONDecodeError as error:
        raise HarvestError(
            f"{options.name}: {path.name}: line {number} is not whole JSON ({error}); export it again, nothing was kept"
        ) from None
    if not isinstance(raw, dict):
        return Refused(f"line {number}", "it is not a JSON object")
    context.raw(raw)
    key = shortened(clean_line(str(raw.get("source_id") or raw.get("doi") or "")), 200) or f"line {number}"

    def publication() -> Publication:
        try:
            found = Publication.model_validate_json(orjson.dumps(_finite({**raw, "source": options.name})))
        except (orjson.JSONEncodeError, RecursionError):
            raise RecordError("it is nested too deeply, or half a character (a lone surrogate) is in it") from None
        Doi.parse(found.doi, context.extra_doi_prefixes)
        return found

    return made(key, publication)


def _finite(value: Any) -> Any:
    """The value with `Infinity`, `NaN` and numbers beyond 64 bits as texts, as a parameter keeps them."""
    if isinstance(value, dict):
        return {name: _finite(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_finite(inner) for inner in value]
    odd = (isinstance(value, float) and not isfinite(value)) or (isinstance(value, int) and abs(value) >= 2**63)
    return str(value) if odd else value
