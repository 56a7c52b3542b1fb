"""NeXus files for the live core: title, times, sample, instrument, technique, and every single value that NeXus names.

Values keep their unit as written and are called by class and field (`beam/incident_wavelength`), so that their NeXus
field is known again. A file that HDF5 cannot read to its end is refused whole.
"""

import tomllib
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from panfair.ontologies import nexus, panet
from panfair.ontologies.text import clean_line
from panfair.site.catalogue.errors import Invalid
from panfair.site.catalogue.ingest.documents import AdditionDocument, CatalogueDocument, DatasetDocument
from panfair.site.catalogue.store.entries import FileEntry, ParameterEntry, SampleEntry, TechniqueEntry

_DEFINITIONS = nexus.VOCABULARIES / "nexus_definitions.toml"
_MOST_PARAMETERS = 300
_DEEPEST = 6
_LONGEST = 300
_NOT_PARAMETERS = frozenset({"title", "start_time", "end_time", "definition", "name", "description", "depends_on"})


def document_of_nexus(file: Path, session: tuple[str, str] | None, files: Path | None) -> CatalogueDocument:
    """The dataset that a NeXus file holds, for a session that is there.

    The session is the one given, else the file's experiment_identifier as `PROPOSAL:VISIT`. Raises Invalid for a file
    that cannot be read to its end, has no entry, or belongs to no session that is said.
    """
    try:
        import h5py
    except ImportError:
        raise Invalid("NeXus files need h5py: pip install h5py") from None
    try:
        with h5py.File(file, "r") as opened:
            entry = _first(opened, "NXentry")
            if entry is None:
                raise Invalid("it holds no NXentry: not a NeXus file")
            return _document(entry, file, session, files, h5py)
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else "it cannot be read"
        raise Invalid(f"not a whole HDF5 file ({clean_line(reason)[:120]}); write or copy it again") from None


def _document(
    entry: Any, file: Path, session: tuple[str, str] | None, files: Path | None, h5py: Any
) -> CatalogueDocument:
    where = session or _session(_text(entry.get("experiment_identifier")))
    if where is None:
        raise Invalid("it does not say its session; give --session PROPOSAL:VISIT")
    sample = _first(entry, "NXsample")
    sample_name = _text(sample.get("name")) if sample is not None else None
    samples: tuple[SampleEntry, ...] = ()
    if sample is not None and sample_name:
        samples = (
            SampleEntry(
                name=sample_name,
                formula=_text(sample.get("chemical_formula")),
                description=_text(sample.get("description")),
            ),
        )
    found: dict[str, ParameterEntry] = {}
    _collect(entry, "entry", "NXentry", 0, found, h5py)
    dataset = DatasetDocument(
        name=file.stem,
        description=_text(entry.get("title")),
        sample=sample_name,
        start=_instant(_text(entry.get("start_time"))),
        end=_instant(_text(entry.get("end_time"))),
        techniques=_techniques(_text(entry.get("definition"))),
        parameters=tuple(found.values()),
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


def _collect(group: Any, name: str, kind: str, depth: int, found: dict[str, ParameterEntry], h5py: Any) -> None:
    """The single values of a group that are fields of its class, and those of the groups in it."""
    for key in sorted(group.keys()):
        link = group.get(key, getlink=True)
        if isinstance(link, h5py.ExternalLink) or len(found) >= _MOST_PARAMETERS:
            continue
        item = group.get(key)
        if isinstance(item, h5py.Group) and depth < _DEEPEST:
            below = _text_of(item.attrs.get("NX_class")) or ""
            if below and below not in {"NXdata", "NXlog", "NXtransformations"}:
                _collect(item, key, below, depth + 1, found, h5py)
        elif isinstance(item, h5py.Dataset) and item.size == 1 and key not in _NOT_PARAMETERS:
            if nexus.field(f"{kind}/{key}") is None or not (value := _text(item)):
                continue
            # A group is called after its class unless there are several: detector, detector_1.
            called = f"{kind.removeprefix('NX')}/{key}"
            unique = called if called not in found else f"{name}/{key}"
            found.setdefault(
                unique, ParameterEntry(name=unique, value=value, units=_text_of(item.attrs.get("units")) or None)
            )


def _first(group: Any, kind: str) -> Any:
    """The first group of a class in a group, by name; None without one."""
    for key in sorted(group.keys()):
        item = group.get(key)
        if hasattr(item, "keys") and _text_of(item.attrs.get("NX_class")) == kind:
            return item
    return None


def _text(item: Any) -> str | None:
    """The single value of an HDF5 dataset as text; None for an array, a group or nothing."""
    if item is None or not hasattr(item, "size") or item.size != 1 or item.dtype.kind not in "OSUiufb":
        return None
    value = item[()]
    return _text_of(value.reshape(-1)[0] if getattr(value, "shape", None) else value)


def _text_of(value: Any) -> str | None:
    if value is None:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    text = clean_line(repr(value) if isinstance(value, float) else str(value))
    return text[:_LONGEST] or None


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
