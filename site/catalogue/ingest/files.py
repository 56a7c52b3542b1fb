"""Ingestion: files of several forms into the live core, each file in one transaction.

What is told by a file's content, not by its name: python-icat's dumps (YAML, XML) and ingest files (`<icatingest>`),
JSON in the core's own form (`documents.CatalogueDocument`), and NeXus. A file that cannot be taken is a line in the
report, by name and reason, and leaves nothing behind; the others are taken. Ingesting twice changes nothing.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import orjson
from pydantic import ValidationError

from panfair.harvesters.contents.reader import Reader
from panfair.ontologies.errors import PanfairError
from panfair.ontologies.mistakes import reason
from panfair.site.catalogue.errors import Invalid
from panfair.site.catalogue.ingest.documents import CatalogueDocument, put_document
from panfair.site.catalogue.ingest.icat_dump import document_of_dump
from panfair.site.catalogue.ingest.icat_ingest_xml import document_of_ingest_file
from panfair.site.catalogue.ingest.nexus import document_of_nexus
from panfair.site.catalogue.store.database import Store

log = logging.getLogger(__name__)

_HDF5 = b"\x89HDF\r\n\x1a\n"
_HDF5_ENDINGS = (".h5", ".hdf5", ".nxs", ".nx5", ".hdf", ".cxi")
_ENDINGS = (*_HDF5_ENDINGS, ".yaml", ".yml", ".xml", ".json")
_LARGEST_TEXT = 500 << 20


@dataclass(frozen=True, slots=True)
class IngestPlace:
    """What ingestion needs to know beside the files."""

    session: tuple[str, str] | None = None
    """Proposal and visit that ingest files and NeXus files belong to, where they do not say."""
    files: Path | None = None
    """The core's folder of files: what lies below it can be downloaded."""
    trusted: bool = False
    """Whether a NeXus file may choose its session by its own word."""


@dataclass
class IngestReport:
    """What became of an ingestion."""

    files: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    """How often something was left out of dumps, by what it is in ICAT's words."""
    failed: list[str] = field(default_factory=list)

    @property
    def all_well(self) -> bool:
        return not self.failed

    def lines(self) -> list[str]:
        """For an operator: counts, what dumps say and the core does not keep, each file not taken with the reason."""
        return [
            f"read      {self.files:6d}  files",
            f"created   {self.created:6d}",
            f"changed   {self.changed:6d}",
            f"unchanged {self.unchanged:6d}",
            *(f"left out  {count:6d}  {what}" for what, count in sorted(self.left_out.items())),
            *(f"not taken: {line}" for line in self.failed),
        ]


def ingest(store: Store, path: Path, at: datetime, where: IngestPlace | None = None) -> IngestReport:
    """Takes a file, or all files of a folder in the order of their names, into the core."""
    where = where or IngestPlace()
    report = IngestReport()
    with Reader() as reader:
        _ingest_all(store, path, at, where, report, reader)
    return report


def _ingest_all(
    store: Store, path: Path, at: datetime, where: IngestPlace, report: IngestReport, reader: Reader
) -> None:
    for file in _files(path):
        report.files += 1
        try:
            document, left_out = _document(store, file, where, reader)
            with store.writing() as writer:
                counts = put_document(writer, document, at)
        except ValidationError as error:
            report.failed.append(f"{file.name}: {_reason(error)}")
        except PanfairError as error:
            text = str(error).removeprefix("ingest: ")
            report.failed.append(text if text.startswith(file.name) else f"{file.name}: {text}")
        except OSError as error:
            report.failed.append(f"{file.name}: {error.strerror or 'cannot be read'}")
        else:
            report.created += counts.created
            report.changed += counts.changed
            report.unchanged += counts.unchanged
            report.left_out += left_out


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    yield from (one for one in sorted(path.rglob("*")) if one.is_file() and one.suffix.lower() in _ENDINGS)


def _document(store: Store, file: Path, where: IngestPlace, reader: Reader) -> tuple[CatalogueDocument, Counter[str]]:
    """What a file says, and what of a dump is left out."""
    with file.open("rb") as opened:
        head = opened.read(4096)
    if head.startswith(_HDF5) or file.suffix.lower() in _HDF5_ENDINGS:
        return document_of_nexus(file, where.session, where.files, where.trusted, reader), Counter()
    if file.stat().st_size > _LARGEST_TEXT:
        raise Invalid("the file is larger than half a gigabyte; cut it into several")
    if b"<icatingest" in head:
        return document_of_ingest_file(file, where.session, store)
    if head.lstrip()[:1] == b"{":
        return _json(file)
    return document_of_dump(file)


def _json(file: Path) -> tuple[CatalogueDocument, Counter[str]]:
    try:
        content = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError as error:
        raise Invalid(f"line {error.lineno}, column {error.colno}: not whole JSON ({error.msg})") from None
    if "facility" in content or "investigation" in content:
        return document_of_dump(file)  # python-icat's YAML may be written in JSON
    return CatalogueDocument.model_validate(content), Counter()


def _reason(error: ValidationError) -> str:
    """The first thing that is wrong, by its place; never the value, which may be closed."""
    problem = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in problem["loc"])
    return f"{place}: {reason(problem)}" if place else reason(problem)
