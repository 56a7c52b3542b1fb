"""SciCat's Datasets and OrigDatablocks, read into the record.

Field names and shapes: SciCat backend 4.x, `datasets` DTOs of v3 and v4.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from panfair.harvesters.reading.files import algorithm_of, file_address
from panfair.harvesters.reading.values import (
    count_of,
    instant,
    objects,
    or_note,
    technique_of,
    text_in,
    text_of,
    texts_of,
    web_address,
)
from panfair.harvesters.scicat.library import Library, Raw, all_texts
from panfair.harvesters.scicat.metadata import Metadata, metadata_of, parameters_of
from panfair.harvesters.scicat.pids import identifier_of, persistent
from panfair.harvesters.scicat.places import Place, instruments_of, place_of
from panfair.ontologies.licences import rights_from
from panfair.ontologies.record import Dataset, DatasetLink, File, Keyword, Parameter, Sample
from panfair.ontologies.text import clean_line

_KINDS = {"raw": "raw", "derived": "processed"}
_SAMPLE_NAMES = ("name", "sampleName", "sample_name")
_SAMPLE_FORMULAS = ("formula", "chemicalFormula", "chemical_formula")


def place(raw: Raw, library: Library) -> Place:
    """Where a dataset was measured."""
    return place_of(raw.get("creationLocation"), (library.options.facility, library.options.publisher))


def dataset_of(raw: Raw, identifier: str, library: Library, metadata: Metadata) -> Dataset:
    """One dataset with its files."""
    note = library.note
    about = f"of dataset {identifier}"
    folder = clean_line(text_of(raw.get("sourceFolder")) or "")
    software = [clean_line(text) for text in texts_of(raw.get("usedSoftware"))]
    kind = clean_line(text_in(raw.get("type")) or "")
    techniques = (technique_of(one.get("name"), one.get("pid")) for one in objects(raw.get("techniques")))
    files = tuple(_files(library.blocks.get(identifier, []), folder, library))
    # SciCat writes 0 where nobody told a number.
    count = or_note(count_of, raw.get("numberOfFiles"), note, f"the number of files {about}") or None
    size = or_note(count_of, raw.get("size"), note, f"the size {about}") or None
    start, end = _interval(raw, library, about)
    licence = text_in(raw.get("license"))
    if metadata.left:
        names = ", ".join(metadata.left[:10]) + (" and others" if len(metadata.left) > 10 else "")
        note(f"dataset {identifier}: panfair could not read these values of its scientificMetadata: {names}")
    return Dataset.model_validate(
        {
            "id": identifier,
            "name": text_in(raw.get("datasetName")) or identifier.rsplit("/", 1)[-1],
            "identifier": identifier_of(identifier),
            "kind": _KINDS.get(kind, "other"),
            "kind_said": kind or None,
            "description": text_in(raw.get("description")),
            "start": start,
            "end": end,
            "samples": (*_samples(raw, library), *metadata.samples),
            "instruments": instruments_of(
                all_texts(raw, "instrumentId", "instrumentIds"), place(raw, library), library.instruments
            ),
            "techniques": tuple(technique for technique in techniques if technique),
            "parameters": (*metadata.parameters, *_format(raw)),
            "keywords": tuple(Keyword(term=word) for word in texts_of(raw.get("keywords")) if text_in(word)),
            "files": files,
            "file_count": count or len(files) or None,
            "size_bytes": size or sum(file.size_bytes or 0 for file in files) or None,
            "inputs": tuple(_inputs(raw, library)),
            "software": tuple(dict.fromkeys(text for text in software if text)),
            "rights": (rights_from(licence),) if licence else (),
            "url": web_address(folder),
            "server_path": None if web_address(folder) or folder in {"", "."} else folder,
            "availability": _availability(raw.get("datasetlifecycle")),
            "public": raw.get("isPublished") is True,
        }
    )


def metadata_in(raw: Raw, library: Library) -> Metadata:
    """What a dataset's scientificMetadata holds."""
    return metadata_of(raw.get("scientificMetadata"), library.note, library.encoded)


def _interval(raw: Raw, library: Library, about: str) -> tuple[datetime | None, datetime | None]:
    """When measuring began and ended: creationTime is when the dataset was complete, and so an end at the latest."""
    note = library.note
    start = or_note(instant, raw.get("startTime"), note, f"a date {about}")
    end = or_note(instant, raw.get("endTime"), note, f"a date {about}")
    complete = or_note(instant, raw.get("creationTime"), note, f"a date {about}")
    if start and end and end < start:
        note(f"the end {about} was dropped: it lies before the start")
        return start, None
    if end is None and complete is not None and (start is None or start <= complete):
        end = complete
    return start, end


def _format(raw: Raw) -> Iterator[Parameter]:
    if said := text_in(raw.get("dataFormat")):
        yield Parameter(name="dataFormat", value=said)


def _samples(raw: Raw, library: Library) -> Iterator[Sample]:
    """The samples by what their documents say, where these are open; else by id."""
    for identifier in all_texts(raw, "sampleId", "sampleIds"):
        known = library.samples.get(identifier)
        if known is None or known.get("isPublished") is not True:
            yield Sample(name=identifier, identifier=persistent(identifier))
            continue
        told_of = known.get("sampleCharacteristics")
        traits: dict[str, Any] = told_of if isinstance(told_of, dict) else {}
        name = next((text for key in _SAMPLE_NAMES if (text := text_in(traits.get(key)))), None)
        formula = next((text for key in _SAMPLE_FORMULAS if (text := text_in(traits.get(key)))), None)
        rest = {key: value for key, value in traits.items() if key not in {*_SAMPLE_NAMES, *_SAMPLE_FORMULAS}}
        yield Sample(
            name=name or identifier,
            identifier=persistent(identifier),
            formula=formula,
            description=text_in(known.get("description")),
            parameters=parameters_of(rest, library.note, library.encoded),
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


def _inputs(raw: Raw, library: Library) -> Iterator[DatasetLink]:
    for pid in all_texts(raw, "inputDatasets"):
        known = library.datasets.get(pid)
        public = known is not None and known.get("isPublished") is True
        name = text_in(known.get("datasetName")) if known and public else None
        yield DatasetLink(id=pid, name=name, identifier=identifier_of(pid), public=public)


def _files(blocks: list[Raw], folder: str, library: Library) -> Iterator[File]:
    base, options, note = web_address(folder), library.options, library.note
    for block in blocks:
        for one in objects(block.get("dataFileList")):
            path = _below(clean_line(text_of(one.get("path")) or ""), folder)
            if not path:
                continue
            address = f"{base.rstrip('/')}/{path}" if base and "?" not in base else None
            checksum = text_in(one.get("chk"))
            said = text_in(block.get("chkAlg")) if checksum else None
            place = None if base else f"{folder}/{path}"
            yield File(
                name=path,
                size_bytes=or_note(count_of, one.get("size"), note, "the size of a file"),
                checksum=checksum,
                checksum_algorithm=said or algorithm_of(checksum, options.checksum_algorithm, note),
                modified=or_note(instant, one.get("time"), note, "the date of a file"),
                url=address or file_address(options.file_url, number=None, name=path, location=place),
            )


def _below(path: str, folder: str) -> str:
    """A file's path below its dataset's folder; of a path from the root of elsewhere, the file's name alone."""
    path = path.replace("\\", "/")
    root = folder.replace("\\", "/").rstrip("/")
    if root and path.startswith(root + "/"):
        return path[len(root) :].lstrip("/")
    if path.startswith("/") or re.match(r"[A-Za-z]:/|[a-z]+://", path):
        return path.rstrip("/").rsplit("/", 1)[-1]
    return path
