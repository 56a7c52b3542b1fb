"""SciCat's Datasets and OrigDatablocks, read into the record, and what a harvest knows while it reads.

Field names and shapes: SciCat backend 4.x, `datasets` DTOs of v3 and v4. MongoDB's extended JSON is undone by `plain`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from panfair.harvesters import Context, SourceOptions
from panfair.harvesters.reading.files import algorithm_of, file_address
from panfair.harvesters.reading.people import Accounts
from panfair.harvesters.reading.values import (
    Note,
    count_of,
    instant,
    number_of,
    objects,
    or_note,
    technique_of,
    text_of,
    texts_of,
    told,
    web_address,
)
from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import Identifier, parse_identifier
from panfair.ontologies.licences import rights_from
from panfair.ontologies.record import Dataset, DatasetLink, File, Instrument, Keyword, Parameter, Sample
from panfair.ontologies.text import clean_line

Raw = dict[str, Any]

_KINDS = {"raw": "raw", "derived": "processed"}
_MOST_LEVELS = 200  # of JSON in a document; MongoDB itself keeps no more than 100
_DEEPEST = 6  # levels of nesting in scientificMetadata; what lies deeper says nothing to a reader


@dataclass
class Library:
    """What one harvest knows beside the publication in hand."""

    options: SourceOptions
    context: Context
    note: Note
    datasets: dict[str, Raw] = field(default_factory=dict)
    """SciCat Datasets by pid."""
    blocks: dict[str, list[Raw]] = field(default_factory=dict)
    """OrigDatablocks by their dataset's pid."""
    accounts: Accounts = field(default_factory=Accounts)
    catalogue: str | None = None
    """Address pattern of a publication's page in the live catalogue, with `{doi}`."""

    def learn(self, raw: Raw) -> None:
        """Remembers whose account made an entry, when the entry names somebody like it."""
        self.accounts.learn(text_of(raw.get("createdBy")), texts_of(raw.get("creator")))


def plain(value: Any, levels: int = _MOST_LEVELS) -> Any:
    """A value without MongoDB's extended JSON: dates, ids and numbers as they are meant.

    Raises RecursionError for what is nested in more than `levels` levels.
    """
    if not levels:
        raise RecursionError("nested too deeply")
    if isinstance(value, list):
        return [plain(item, levels - 1) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (name, inner), *_ = value.items()
        if name in {"$date", "$oid"}:
            return plain(inner, levels - 1)
        if name in {"$numberLong", "$numberInt", "$numberDouble", "$numberDecimal"}:
            number = number_of(inner)
            return int(str(inner)) if re.fullmatch(r"-?[0-9]{1,19}", str(inner)) else number
    return {str(name): plain(inner, levels - 1) for name, inner in value.items()}


def all_texts(raw: Mapping[str, Any], *names: str) -> list[str]:
    """The texts under any of these names, each once: v3 has one value where v4 has a list."""
    return list(dict.fromkeys(clean_line(text) for name in names for text in texts_of(raw.get(name)) if told(text)))


def dataset_of(raw: Raw, identifier: str, library: Library) -> Dataset:
    """One dataset with its files."""
    note = library.note
    about = f"of dataset {identifier}"
    folder = clean_line(text_of(raw.get("sourceFolder")) or "")
    software = [clean_line(text) for text in texts_of(raw.get("usedSoftware"))]
    kind = clean_line(told(raw.get("type")) or "")
    techniques = (technique_of(one.get("name"), one.get("pid")) for one in objects(raw.get("techniques")))
    files = tuple(_files(library.blocks.get(identifier, []), folder, library))
    count = or_note(count_of, raw.get("numberOfFiles"), note, f"the number of files {about}")
    size = or_note(count_of, raw.get("size"), note, f"the size {about}")
    licence = told(raw.get("license"))
    return Dataset.model_validate(
        {
            "id": identifier,
            "name": told(raw.get("datasetName")) or identifier.rsplit("/", 1)[-1],
            "identifier": identifier_of(identifier),
            "kind": _KINDS.get(kind, "other"),
            "kind_said": kind or None,
            "description": told(raw.get("description")),
            "start": or_note(instant, raw.get("startTime") or raw.get("creationTime"), note, f"a date {about}"),
            "end": or_note(instant, raw.get("endTime"), note, f"a date {about}"),
            "samples": tuple(Sample(name=name) for name in all_texts(raw, "sampleId", "sampleIds")),
            "instruments": tuple(Instrument(name=name) for name in all_texts(raw, "instrumentId", "instrumentIds")),
            "techniques": tuple(technique for technique in techniques if technique),
            "parameters": tuple(_parameters(raw.get("scientificMetadata"), "", 0)),
            "keywords": tuple(Keyword(term=word) for word in texts_of(raw.get("keywords")) if told(word)),
            "files": files,
            "file_count": count or (len(files) or count),
            "size_bytes": size or (sum(file.size_bytes or 0 for file in files) or size),
            "inputs": tuple(_inputs(raw, library)),
            "software": tuple(dict.fromkeys(text for text in software if text)),
            "rights": (rights_from(licence),) if licence else (),
            "url": web_address(folder),
            "server_path": None if web_address(folder) or folder in {"", "."} else folder,
            "availability": _availability(raw.get("datasetlifecycle")),
            "public": raw.get("isPublished") is True,
        }
    )


def _availability(lifecycle: Any) -> str | None:
    """Where the files are: on tape when the archive can give them back and the disk does not have them."""
    if not isinstance(lifecycle, dict):
        return None
    on_disk = lifecycle.get("isOnCentralDisk")
    archived = lifecycle.get("retrievable") is True or lifecycle.get("archiveStatusMessage") == "datasetOnArchiveDisk"
    if archived and on_disk is not True:
        return "tape"
    return "online" if on_disk is True else None


def identifier_of(pid: str) -> Identifier:
    """A dataset's pid: a handle where it has a handle's form, else the source's own."""
    prefix = pid.split("/", 1)[0]
    if "/" in pid and prefix.replace(".", "").isdigit() and not prefix.startswith("10."):
        return Identifier(scheme="Handle", value=pid)
    try:
        return parse_identifier(pid) or Identifier(scheme="local", value=pid)
    except IdentifierError:
        return Identifier(scheme="local", value=pid)


def _inputs(raw: Raw, library: Library) -> Iterator[DatasetLink]:
    for pid in all_texts(raw, "inputDatasets"):
        known = library.datasets.get(pid)
        name = told(known.get("datasetName")) if known else None
        public = known is not None and known.get("isPublished") is True
        yield DatasetLink(id=pid, name=name, identifier=identifier_of(pid), public=public)


def _files(blocks: list[Raw], folder: str, library: Library) -> Iterator[File]:
    base, options, note = web_address(folder), library.options, library.note
    for block in blocks:
        for one in objects(block.get("dataFileList")):
            path = clean_line(text_of(one.get("path")) or "").replace("\\", "/").lstrip("/")
            if not path:
                continue
            address = f"{base.rstrip('/')}/{path}" if base and "?" not in base else None
            checksum = told(one.get("chk"))
            said = told(block.get("chkAlg")) if checksum else None
            place = None if base else f"{folder}/{path}"
            yield File(
                name=path,
                size_bytes=or_note(count_of, one.get("size"), note, "the size of a file"),
                checksum=checksum,
                checksum_algorithm=said or algorithm_of(checksum, options.checksum_algorithm, note),
                modified=or_note(instant, one.get("time"), note, "the date of a file"),
                url=address or file_address(options.file_url, number=None, name=path, location=place),
            )


def _parameters(value: Any, name: str, depth: int) -> Iterator[Parameter]:
    """scientificMetadata in all its shapes: `{value, unit}`, `{v, u}`, a scalar, or a folder of these."""
    if isinstance(value, dict):
        for key in ("value", "v"):
            if key in value and not isinstance(value[key], dict):
                unit = told(value.get("unit" if key == "value" else "u"))
                yield from _parameter(name, value[key], unit)
                return
        if depth < _DEEPEST:
            for key, inner in value.items():
                label = clean_line(str(key))
                yield from _parameters(inner, f"{name}.{label}" if name else label, depth + 1)
    elif name:
        yield from _parameter(name, value, None)


def _parameter(name: str, value: Any, unit: str | None) -> Iterator[Parameter]:
    if not name or value is None:
        return
    if isinstance(value, list):
        numbers = [number_of(item) for item in value]
        if value and all(isinstance(item, int | float) for item in value) and None not in numbers:
            yield Parameter.model_validate({"name": name, "value": tuple(numbers), "unit": unit})
            return
        value = ", ".join(texts_of(value))
    if isinstance(value, float) and number_of(value) is None:
        return
    if isinstance(value, str):
        value = told(value)
    if value is not None and not isinstance(value, dict):
        yield Parameter(name=name, value=value, unit=unit)
