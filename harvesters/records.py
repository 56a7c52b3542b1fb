"""Records in panfair's own form, one JSON object a line: for a facility that writes its own exporter.

Each line is a `Publication` as `panfair.ontologies.record` describes it; `source` is filled in and need not be there.
"""

from collections.abc import Iterator
from pathlib import Path

import orjson
from pydantic import ValidationError

from panfair.harvesters import Context, Harvested, Refused, SourceOptions
from panfair.ontologies.errors import HarvestError, IdentifierError
from panfair.ontologies.identifiers import Doi
from panfair.ontologies.record import Publication


class Options(SourceOptions):
    """A [[source]] of kind `records`."""

    path: str


def harvest(options: Options, context: Context) -> Iterator[Harvested]:
    """The publications of a file of JSON lines. Raises HarvestError when the file, or its JSON, cannot be read."""
    path = context.root / options.path
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _record(line, number, options, context, path)
    except OSError as error:
        raise HarvestError(f"{options.name}: {path.name}: {error.strerror}; nothing of it was read") from None


def _record(line: bytes, number: int, options: Options, context: Context, path: Path) -> Publication | Refused:
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise HarvestError(
            f"{options.name}: {path.name}: line {number} is not whole JSON ({error}); export it again, nothing was kept"
        ) from None
    if not isinstance(raw, dict):
        return Refused(f"line {number}", "it is not a JSON object")
    key = str(raw.get("source_id") or raw.get("doi") or f"line {number}")
    try:
        publication = Publication.model_validate_json(orjson.dumps({**raw, "source": options.name}))
        Doi.parse(publication.doi, context.extra_doi_prefixes)
    except orjson.JSONEncodeError:
        return Refused(key, "it is nested too deeply")
    except ValidationError as error:
        places = sorted({".".join(str(part) for part in problem["loc"]) for problem in error.errors()})
        return Refused(key, "not a publication as ontologies/record.py describes it; see " + ", ".join(places[:5]))
    except IdentifierError as error:
        return Refused(key, str(error))
    return publication
