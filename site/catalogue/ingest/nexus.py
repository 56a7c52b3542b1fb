"""NeXus files for the live core: title, times, sample, instrument, technique, and every single value that NeXus names.

Values keep their unit as written and are called by class and field (`beam/incident_wavelength`), so that their NeXus
field is known again. A file is read by a process with bounds, and nothing outside of it: a file that HDF5 cannot read
to its end is refused whole.
"""

import tomllib
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from panfair.harvesters.contents.kinds import is_hdf5
from panfair.harvesters.contents.reader import Reader
from panfair.ontologies import nexus, panet
from panfair.ontologies.errors import ContentsError
from panfair.ontologies.text import clean_line
from panfair.site.catalogue.errors import Invalid
from panfair.site.catalogue.ingest.documents import AdditionDocument, CatalogueDocument, DatasetDocument
from panfair.site.catalogue.store.entries import FileEntry, ParameterEntry, SampleEntry, TechniqueEntry

_DEFINITIONS = nexus.VOCABULARIES / "nexus_definitions.toml"
_LONGEST = 300


def document_of_nexus(
    file: Path, session: tuple[str, str] | None, files: Path | None, trusted: bool, reader: Reader
) -> CatalogueDocument:
    """The dataset that a NeXus file holds, for a session that is there.

    The session is the one given. A file's own word for it (experiment_identifier, `PROPOSAL:VISIT`) counts only where
    the operator trusts it: who writes a file could choose the session, and with it who sees what is in it. Raises
    Invalid for a file that cannot be read to its end, has no entry, or belongs to no session that is said.
    """
    try:
        import h5py  # noqa: F401
    except ImportError:
        raise Invalid("NeXus files need h5py: pip install h5py") from None
    try:
        if not is_hdf5(file):
            raise ContentsError("not a whole HDF5 file")
        told = reader.read("values", file).said
    except ContentsError as error:
        raise Invalid(f"{error}; write or copy it again") from None
    where = session or (_session(_line(told["experiment_identifier"])) if trusted else None)
    if where is None:
        raise Invalid("give its session: --session PROPOSAL:VISIT, or --trust-files for the one that each file names")
    return _document(told, file, where, files)


def _document(told: dict[str, Any], file: Path, where: tuple[str, str], files: Path | None) -> CatalogueDocument:
    sample = {name: _line(value) for name, value in told["sample"].items()}
    samples: tuple[SampleEntry, ...] = ()
    if name := sample.get("name"):
        samples = (SampleEntry(name=name, formula=sample["chemical_formula"], description=sample["description"]),)
    dataset = DatasetDocument(
        name=file.stem,
        description=_line(told["title"]),
        sample=sample.get("name"),
        start=_instant(_line(told["start_time"])),
        end=_instant(_line(told["end_time"])),
        techniques=_techniques(_line(told["definition"])),
        parameters=tuple(
            ParameterEntry(name=name, value=line, units=_line(unit))
            for name, value, unit in told["values"]
            if (line := _line(value))
        ),
        files=(
            FileEntry(
                name=file.name,
                location=_below(file, files),
                size=file.stat().st_size,
                media_type="application/x-hdf5",
            ),
        ),
    )
    return CatalogueDocument(
        additions=(AdditionDocument(name=where[0], visit_id=where[1], samples=samples, datasets=(dataset,)),)
    )


def _line(text: str) -> str | None:
    return clean_line(text)[:_LONGEST] or None


def _session(text: str | None) -> tuple[str, str] | None:
    name, parted, visit = (text or "").partition(":")
    return (name, visit) if parted and name and visit else None


def _instant(text: str | None) -> datetime | None:
    """A NeXus time (ISO 8601); without a zone it is taken as UTC."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _techniques(definition: str | None) -> tuple[TechniqueEntry, ...]:
    term = panet.load().term(_definitions().get(definition or "", ""))
    if term is not None:
        return (TechniqueEntry(name=term.label, pid=f"PaNET:{term.id}"),)
    return (TechniqueEntry(name=definition),) if definition else ()


@lru_cache(maxsize=1)
def _definitions() -> dict[str, str]:
    return {name: str(term) for name, term in tomllib.loads(_DEFINITIONS.read_text(encoding="utf-8")).items()}


def _below(file: Path, folder: Path | None) -> str | None:
    """The file's path below the core's folder of files; None when it lies elsewhere."""
    if folder is None:
        return None
    try:
        return file.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return None
