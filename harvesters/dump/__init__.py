"""Dumps on disk: python-icat's YAML and XML, ICAT's own exchange files, SciCat's PublishedData and other collections.

What a file is, its content tells and not its name. Of a folder every file with one of the usual endings is read.
SciCat's collections (Dataset, OrigDatablock, Instrument, Sample) may lie in files in any order; those beside a named
PublishedData file are found.

May import: harvesters.{contents, datacite, icat, ispyb, reading, scicat}; ontologies.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field

from panfair.harvesters import Context, Harvested, Refused, SourceOptions
from panfair.harvesters.dump.files import Entities, read_dump
from panfair.harvesters.icat.entities import publications_of
from panfair.harvesters.reading.values import Once, text_of
from panfair.harvesters.scicat.dates import DESCRIPTION, USUAL, DateFrom
from panfair.harvesters.scicat.documents import publication_or_refusal
from panfair.harvesters.scicat.library import Library, Raw
from panfair.harvesters.scicat.values import document_of
from panfair.ontologies.errors import HarvestError
from panfair.ontologies.text import clean_line

_ENDINGS = (".json", ".yaml", ".yml", ".xml", ".port", ".icat")
_COLLECTIONS = ("Dataset.json", "OrigDatablock.json", "Instrument.json", "Sample.json")


class Options(SourceOptions):
    """A [[source]] of kind `dump`."""

    path: str | tuple[str, ...] = Field(description="a file, a folder, or a list of files", examples=["icatdump.yaml"])
    catalogue: str | None = Field(
        None,
        description="SciCat: the address of a DOI's page in the live catalogue, with {doi}",
        examples=["https://scicat.example.org/detail/{doi}"],
    )
    date_from: tuple[DateFrom, ...] = Field(USUAL, min_length=1, description=f"SciCat: {DESCRIPTION}")


@dataclass
class _Found:
    """What the files hold, by kind."""

    published: list[tuple[Path, Raw]] = field(default_factory=list)
    library: list[tuple[str, Raw]] = field(default_factory=list)
    icat: list[Entities] = field(default_factory=list)
    odd: list[Refused] = field(default_factory=list)
    """Entries of lists of documents that are none."""


def harvest(options: Options, context: Context) -> Iterator[Harvested]:
    """The publications of all files. Raises HarvestError when a file cannot be read to its end."""
    note = Once(context.note)
    found = _Found()
    named = _files(options, context)
    for path in named:
        _sort(path, options, found)
    _beside(named, options, found)
    if not found.published and not found.icat:
        raise HarvestError(
            f"{options.name}: {options.path}: no publications in there; panfair reads python-icat dumps and SciCat's "
            "PublishedData"
        )
    yield from found.odd
    for entities in found.icat:
        yield from publications_of(entities, options, context, note)
    library = _library(found, options, context, note)
    for _path, raw in found.published:
        yield publication_or_refusal(raw, library)
        if library.blocks:
            library.hold(raw)
    library.tell()


def _library(found: _Found, options: Options, context: Context, note: Once) -> Library:
    library = Library(options, context, note, catalogue=options.catalogue, date_from=options.date_from)
    library.accounts.table = options.people
    by_id = {
        "dataset": (library.datasets, ("pid", "_id")),
        "instrument": (library.instruments, ("pid", "_id")),
        "sample": (library.samples, ("sampleId", "_id")),
    }
    for kind, raw in found.library:
        if kind == "block":
            library.blocks.setdefault(clean_line(text_of(raw.get("datasetId")) or ""), []).append(raw)
            continue
        documents, names = by_id[kind]
        pid = next((text for name in names if (text := clean_line(text_of(raw.get(name)) or ""))), "")
        known = documents.get(pid)
        # Of two with one id the closed one counts, else the first.
        if known is None or (known.get("isPublished") is True and raw.get("isPublished") is not True):
            documents[pid] = raw
    for _path, raw in found.published:
        library.learn(raw)
    return library


def _files(options: Options, context: Context) -> list[Path]:
    """The files that are named, or lie in a folder that is named, in the order of their names."""
    found: list[Path] = []
    for name in (options.path,) if isinstance(options.path, str) else options.path:
        path = context.root / name
        if path.is_dir():
            found += sorted(item for item in path.iterdir() if item.is_file() and item.name.endswith(_ENDINGS))
        elif path.is_file():
            found.append(path)
        else:
            raise HarvestError(f"{options.name}: {name}: no such file or folder; nothing of this source was read")
    if not found:
        raise HarvestError(f"{options.name}: {options.path}: no {', '.join(_ENDINGS)} file in there")
    return found


def _beside(named: list[Path], options: Options, found: _Found) -> None:
    """SciCat's other collections beside the named files."""
    for folder in dict.fromkeys(path.parent for path, _raw in found.published):
        for name in _COLLECTIONS:
            path = folder / name
            if path.is_file() and path not in named:
                _sort(path, options, found)


def _sort(path: Path, options: Options, found: _Found) -> None:
    """Reads one file and puts what it holds where it belongs."""
    content = read_dump(path, options.name)
    if isinstance(content, dict):
        found.icat.append(content)
        return
    for place, raw in enumerate(content, 1):
        document = document_of(raw, f"{path.name}, entry {place}")
        if isinstance(document, Refused):
            found.odd.append(document)
            continue
        match _kind(document):
            case "published":
                found.published.append((path, document))
            case "":
                continue
            case kind:
                found.library.append((kind, document))


def _kind(raw: dict[str, Any]) -> str:
    """Which of SciCat's collections a document is from, by the fields that only it has; empty: none that we need."""
    if "dataFileList" in raw and "datasetId" in raw:
        return "block"
    if {"registeredTime", "pidArray", "datasetPids", "publicationYear", "relatedPublications"} & raw.keys():
        return "published"
    if "datasetName" in raw or ("type" in raw and "sourceFolder" in raw):
        return "dataset"
    if "sampleId" in raw or "sampleCharacteristics" in raw:
        return "sample"
    if "customMetadata" in raw or "uniqueName" in raw:
        return "instrument"
    if "isPublished" in raw:
        return "dataset"
    return "published" if "doi" in raw and "title" in raw else ""
