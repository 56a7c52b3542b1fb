"""ICAT's datasets with their files, parameters, samples, instruments, techniques and lineage, read into the record."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, date
from typing import Any

from panfair.harvesters import SourceOptions
from panfair.harvesters.icat.store import Raw, Store
from panfair.harvesters.reading.files import algorithm_of, file_address
from panfair.harvesters.reading.values import (
    Note,
    count_of,
    first_open_day,
    instant,
    number_of,
    objects,
    or_note,
    technique_of,
    text_in,
    text_of,
    web_address,
)
from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import Identifier, parse_identifier
from panfair.ontologies.record import Dataset, DatasetLink, File, Instrument, Parameter, Sample
from panfair.ontologies.text import clean_line

_KINDS = {"raw": "raw", "acquisition": "raw", "analyzed": "processed", "analysed": "processed"}
_KINDS |= {"processed": "processed", "reduced": "processed", "derived": "processed"}


SESSION_OPENS = "investigation.releaseDate"
"""Under this name a sample keeps the release date of its session, where the session itself is not at hand."""


class Datasets:
    """The datasets of a catalogue, found by what they belong to."""

    def __init__(self, store: Store, options: SourceOptions, note: Note, on: date = date.min) -> None:
        """`on`: the day of the harvest; what belongs to sessions that are not open then lends nothing to others."""
        self.store = store
        self.options = options
        self.note = note
        self.on = on
        self._of_investigation: dict[str, list[str]] = defaultdict(list)
        self._files: dict[str, list[Raw]] = defaultdict(list)
        self._samples: dict[str, list[str]] = defaultdict(list)
        self._made: dict[str, Dataset] = {}
        for key, raw in store.items("dataset"):
            self._of_investigation[str(raw.get("investigation"))].append(key)
            self._files[key].extend(objects(raw.get("datafiles")))
        for key, raw in store.items("sample"):
            self._samples[str(raw.get("investigation"))].append(key)
        for raw in store.all("datafile"):
            self._files[str(raw.get("dataset"))].append(raw)
        self._names = Counter(clean_line(text_of(raw.get("name")) or "") for raw in store.all("dataset"))
        self._inputs: dict[str, dict[str, None]] = defaultdict(dict)
        self._software: dict[str, dict[str, None]] = defaultdict(dict)
        self._learn_lineage()

    def of_investigation(self, key: str) -> tuple[Dataset, ...]:
        """The datasets of a session, in the order of their beginning, then of their names."""
        found = [self._dataset(dataset) for dataset in self._of_investigation.get(key, ())]
        return tuple(
            sorted(found, key=lambda one: (one.start is None, one.start, one.name) if one.start else (True, one.name))
        )

    def of_collection(self, collection: Raw) -> tuple[tuple[Dataset, ...], tuple[File, ...]]:
        """The datasets and the single files of a data collection, and the datasets of its sessions, each once.

        A file whose dataset is not complete stays out.
        """
        keys = [str(link.get("dataset")) for link in objects(collection.get("dataCollectionDatasets"))]
        for link in objects(collection.get("dataCollectionInvestigations")):
            keys += self._of_investigation.get(str(link.get("investigation")), [])
        known = [key for key in dict.fromkeys(keys) if self.store.find("dataset", key)]
        files = []
        for link in objects(collection.get("dataCollectionDatafiles")):
            raw = self.store.find("datafile", link.get("datafile"))
            parent = str(raw.get("dataset"))
            if raw and parent not in known and self.store.find("dataset", parent).get("complete") is True:
                files += list(self._read_files([raw]))
        return tuple(self._dataset(key) for key in known), tuple(files)

    def unused_samples(self, investigation: str, datasets: tuple[Dataset, ...]) -> Iterator[Sample]:
        """The samples of a session that none of its datasets names."""
        used = {sample.name for dataset in datasets for sample in dataset.samples}
        for key in self._samples.get(investigation, ()):
            sample = self._sample(self.store.find("sample", key))
            if sample and sample.name not in used:
                yield sample

    def instruments(self, links: Any) -> Iterator[Instrument]:
        """The instruments that a list of links names."""
        for link in objects(links):
            raw = self.store.find("instrument", link.get("instrument"))
            if name := text_in(raw.get("name")):
                facility = self.store.find("facility", raw.get("facility"))
                yield Instrument(
                    name=name,
                    full_name=text_in(raw.get("fullName")),
                    facility=text_in(facility.get("name")),
                    identifier=_identifier(raw.get("pid")),
                    description=text_in(raw.get("description")),
                    url=web_address(raw.get("url")),
                )

    def parameters(self, values: Any) -> Iterator[Parameter]:
        """Parameters of any entity, with the unit of their type; `N/A` is no unit."""
        for raw in objects(values):
            kind = self.store.find("parameterType", raw.get("type"))
            name = text_in(kind.get("name"))
            value = _value(raw)
            if name and value is not None:
                yield Parameter(
                    name=name,
                    value=value,
                    unit=text_in(kind.get("units")),
                    error=number_of(raw.get("error")),
                    minimum=number_of(raw.get("rangeBottom")),
                    maximum=number_of(raw.get("rangeTop")),
                    description=text_in(kind.get("description")),
                )

    def _dataset(self, key: str) -> Dataset:
        if key not in self._made:
            self._made[key] = self._read(key, self.store.find("dataset", key))
        return self._made[key]

    def _read(self, key: str, raw: Raw) -> Dataset:
        note, name = self.note, clean_line(text_of(raw.get("name")) or "") or self._id(key)
        kind = clean_line(text_in(self.store.find("datasetType", raw.get("type")).get("name")) or "")
        sample = self._sample_of(raw)
        found = (self.store.find("technique", link.get("technique")) for link in objects(raw.get("datasetTechniques")))
        techniques = [technique_of(one.get("name"), one.get("pid")) for one in found]
        files = tuple(self._read_files(self._files.get(key, [])))
        location = text_in(raw.get("location"))
        sizes = [file.size_bytes for file in files if file.size_bytes is not None]
        count = or_note(count_of, raw.get("fileCount"), note, f"the number of files of dataset {name}")
        size = or_note(count_of, raw.get("fileSize"), note, f"the size of dataset {name}")
        return Dataset.model_validate(
            {
                "id": self._id(key),
                "name": name,
                "identifier": _identifier(raw.get("doi")),
                "kind": _KINDS.get(kind.casefold(), "other"),
                "kind_said": kind or None,
                "description": text_in(raw.get("description")),
                "start": or_note(instant, raw.get("startDate"), note, f"a date of dataset {name}"),
                "end": or_note(instant, raw.get("endDate"), note, f"a date of dataset {name}"),
                "samples": (sample,) if sample else (),
                "instruments": tuple(self.instruments(raw.get("datasetInstruments"))),
                "techniques": tuple(technique for technique in techniques if technique),
                "parameters": tuple(self.parameters(raw.get("parameters"))),
                "files": files,
                # ICAT says 0 of what nobody has counted.
                "file_count": count or len(files) or None,
                "size_bytes": size or sum(sizes) or None,
                "inputs": tuple(self._link(other) for other in self._inputs.get(key, ())),
                "software": tuple(self._software.get(key, ())),
                "url": web_address(location),
                "server_path": None if web_address(location) else location,
                "complete": raw.get("complete") is True,
            }
        )

    def _id(self, key: str) -> str:
        """ICAT's number where it is known, else the dataset's name where no other has it.

        Dump keys name sessions, which may be closed.
        """
        number = self.store.find("dataset", key).get("id")
        if isinstance(number, int):
            return str(number)
        name = clean_line(text_of(self.store.find("dataset", key).get("name")) or "")
        if name and self._names[name] == 1:
            return name
        digest = hashlib.sha256(key.encode()).hexdigest()[:8]
        return f"{name}-{digest}" if name else f"dataset-{digest}"

    def _link(self, key: str) -> DatasetLink:
        raw = self.store.find("dataset", key)
        return DatasetLink(id=self._id(key), name=text_in(raw.get("name")), identifier=_identifier(raw.get("doi")))

    def _sample_of(self, dataset: Raw) -> Sample | None:
        """The sample that a dataset names: of its own session, or of another one that is open.

        An account that sees everything, as the one behind a dump, would carry a closed session's sample onto a page.
        """
        raw = self.store.find("sample", dataset.get("sample"))
        session = raw.get("investigation")
        if raw and session is not None and str(session) != str(dataset.get("investigation")):
            opens = self.store.find("investigation", session).get("releaseDate") or raw.get(SESSION_OPENS)
            day = or_note(first_open_day, opens, self.note, "the release date of a session that a sample is of")
            if day is None or day > self.on:
                self.note("a dataset's sample was left out: it is of another session, which is not open")
                return None
        return self._sample(raw)

    def _sample(self, raw: Raw) -> Sample | None:
        name = text_in(raw.get("name"))
        if not name:
            return None
        kind = self.store.find("sampleType", raw.get("type"))
        kind_name = text_in(kind.get("name"))
        return Sample(
            name=name,
            identifier=_identifier(raw.get("pid")),
            kind=None if kind_name == name else kind_name,
            formula=text_in(kind.get("molecularFormula")),
            parameters=tuple(self.parameters(raw.get("parameters"))),
        )

    def _read_files(self, raws: list[Raw]) -> Iterator[File]:
        for raw in raws:
            if not (name := clean_line(text_of(raw.get("name")) or "")):
                continue
            form = self.store.find("datafileFormat", raw.get("datafileFormat") or raw.get("format"))
            location, checksum = text_in(raw.get("location")), text_in(raw.get("checksum"))
            address = file_address(self.options.file_url, number=raw.get("id"), name=name, location=location)
            yield File(
                name=name.replace("\\", "/"),  # from the root or not: the gate makes it a way inside the dataset
                size_bytes=or_note(count_of, raw.get("fileSize"), self.note, f"the size of file {name}"),
                checksum=checksum,
                checksum_algorithm=algorithm_of(checksum, self.options.checksum_algorithm, self.note),
                media_type=text_in(form.get("type")),
                format_name=text_in(form.get("name")),
                url=web_address(location) or address,
                modified=or_note(instant, raw.get("datafileModTime"), self.note, f"the date of file {name}"),
                description=text_in(raw.get("description")),
                server_path=None if web_address(location) else location,
            )

    def _learn_lineage(self) -> None:
        """Which dataset was made from which, and with what: from jobs, and from files that derive from files."""
        for job in self.store.all("job"):
            inputs = self._members(job.get("inputDataCollection"))
            application = self.store.find("application", job.get("application"))
            version = text_in(application.get("version"))
            program = " ".join(part for part in (text_in(application.get("name")), version) if part)
            for made in self._members(job.get("outputDataCollection")):
                self._inputs[made].update(dict.fromkeys(key for key in inputs if key != made))
                if program:
                    self._software[made][program] = None
        for link in self.store.all("relatedDatafile"):
            source = str(self.store.find("datafile", link.get("sourceDatafile")).get("dataset"))
            made = str(self.store.find("datafile", link.get("destDatafile")).get("dataset"))
            if source != made and self.store.find("dataset", source) and self.store.find("dataset", made):
                self._inputs[made][source] = None

    def _members(self, collection: Any) -> list[str]:
        raw = self.store.find("dataCollection", collection)
        keys = [str(link.get("dataset")) for link in objects(raw.get("dataCollectionDatasets"))]
        for link in objects(raw.get("dataCollectionDatafiles")):
            keys.append(str(self.store.find("datafile", link.get("datafile")).get("dataset")))
        return [key for key in dict.fromkeys(keys) if self.store.find("dataset", key)]


def _value(raw: Raw) -> int | float | str | None:
    """The one value of a parameter: a number as it was written (whole ones stay whole), a text, or a moment."""
    number = raw.get("numericValue")
    if number is not None:
        found = number_of(number)
        return int(found) if found is not None and found.is_integer() and abs(found) < 2**53 else found
    if (text := text_in(raw.get("stringValue"))) is not None:
        return text
    moment = raw.get("dateTimeValue")
    try:
        found_moment = instant(moment)
    except ValueError:
        return None
    return found_moment.astimezone(UTC).isoformat() if found_moment else None


def _identifier(value: Any) -> Identifier | None:
    text = clean_line(text_in(value) or "")
    try:
        return parse_identifier(text) if text else None
    except IdentifierError:
        return Identifier(scheme="local", value=text)
