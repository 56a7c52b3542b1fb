"""ICAT's two ways in, from sessions: a dump that `icatingest` takes, and python-icat's ingest file for its datasets.

The dump follows icatdata (ICAT 6.2) with python-icat's keys; the ingest file icatingest 1.1, which knows neither files
nor inputs: those stand in the dump. Same input, same bytes.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lxml import etree

from panfair.site.catalogue.ingest.documents import CatalogueDocument, DatasetDocument, SessionDocument
from panfair.site.catalogue.store.entries import ParameterEntry

_NO_UNIT = "N/A"
_ORDER = (
    "technique", "facility", "instrument", "parameterType", "investigationType", "datasetType", "application",
    "investigation", "sample", "dataset", "datafile", "dataCollection", "job",
)  # fmt: skip
"""In which the schema of dumps wants the entities."""


def dump_of(document: CatalogueDocument) -> bytes:
    """The dump: what a session needs of its facility, and the session with all that is in it."""
    root = etree.Element("icatdata")
    for session in document.sessions:
        _facility(etree.SubElement(root, "data"), session)
        _session(etree.SubElement(root, "data"), session)
        _jobs(etree.SubElement(root, "data"), session)
    for data in root:
        data[:] = sorted(data, key=lambda one: _ORDER.index(one.tag))
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def ingest_file_of(session: SessionDocument) -> bytes:
    """The ingest file: the datasets of a session that is there, with their samples."""
    root = etree.Element("icatingest", version="1.1")
    head = etree.SubElement(root, "head")
    _texts(head, ("generator", "panfair ispyb migrate"))
    data = etree.SubElement(root, "data")
    for number, dataset in enumerate(session.datasets, 1):
        element = etree.SubElement(data, "dataset", id=f"Dataset_{number}")
        _texts(element, ("name", dataset.name), ("description", dataset.description),
               ("startDate", _moment(dataset.start)), ("endDate", _moment(dataset.end)))  # fmt: skip
        if dataset.sample:
            etree.SubElement(element, "sample", name=dataset.sample)
        if dataset.instrument:
            etree.SubElement(etree.SubElement(element, "datasetInstruments"), "instrument", name=dataset.instrument)
        for technique in dataset.techniques:
            etree.SubElement(etree.SubElement(element, "datasetTechniques"), "technique", name=technique.name)
        for parameter in dataset.parameters:
            one = etree.SubElement(element, "parameters")
            _value(one, parameter)
            etree.SubElement(one, "type", name=parameter.name, units=parameter.units or _NO_UNIT)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _facility(data: Any, session: SessionDocument) -> None:
    facility = _key("Facility", name=session.facility)
    inside = f"({facility.removeprefix('Facility_')})"
    programs = sorted({one.value for dataset in session.datasets for one in dataset.parameters if _is_program(one)})
    for program in (*programs, _UNKNOWN) if any(one.made_from for one in session.datasets) else ():
        _entity(data, "application", _application(inside, program), ("name", program), ("version", _NO_UNIT),
                facility=facility)  # fmt: skip
    for kind in sorted({dataset.type for dataset in session.datasets}):
        _entity(data, "datasetType", f"DatasetType_facility-{inside}_name-{_quoted(kind)}", ("name", kind),
                facility=facility)  # fmt: skip
    _entity(data, "facility", facility, ("name", session.facility))
    for name in session.instruments:
        _entity(data, "instrument", _instrument(inside, name), ("name", name), facility=facility)
    _entity(data, "investigationType", _visit_type(inside), ("name", "Experiment"), facility=facility)
    parameters = _parameters_of(session)
    numeric = {(one.name, one.units or _NO_UNIT): True for one in parameters}
    for one in parameters:
        numeric[one.name, one.units or _NO_UNIT] &= _number(one.value) is not None
    for name, units in sorted(numeric):
        _entity(
            data, "parameterType", _parameter_type(inside, name, units),
            ("applicableToDataset", "true"), ("applicableToSample", "true"), ("name", name), ("units", units),
            ("valueType", "NUMERIC" if numeric[name, units] else "STRING"), facility=facility,
        )  # fmt: skip
    for name in sorted({one.name for dataset in session.datasets for one in dataset.techniques}):
        _entity(data, "technique", f"Technique_name-{_quoted(name)}", ("name", name))


def _session(data: Any, session: SessionDocument) -> None:
    facility = _key("Facility", name=session.facility)
    inside = f"({facility.removeprefix('Facility_')})"
    own = _session_key(session, inside)
    of = f"({own.removeprefix('Investigation_')})"
    strings = _of_words(session)
    for dataset in session.datasets:
        for file in dataset.files:
            _entity(
                data, "datafile", f"Datafile_dataset-({_dataset_key(of, dataset).removeprefix('Dataset_')})"
                f"_name-{_quoted(file.name)}", ("description", file.description), ("name", file.name),
                dataset=_dataset_key(of, dataset),
            )  # fmt: skip
    for dataset in session.datasets:
        element = _entity(
            data, "dataset", _dataset_key(of, dataset), ("complete", str(dataset.complete).lower()),
            ("endDate", _moment(dataset.end)), ("name", dataset.name), ("startDate", _moment(dataset.start)),
            investigation=own, sample=_sample_key(of, dataset.sample) if dataset.sample else None,
            type=f"DatasetType_facility-{inside}_name-{_quoted(dataset.type)}",
        )  # fmt: skip
        for name in [dataset.instrument] if dataset.instrument else ():
            _refer(etree.SubElement(element, "datasetInstruments"), "instrument", _instrument(inside, name))
        for technique in dataset.techniques:
            key = f"Technique_name-{_quoted(technique.name)}"
            _refer(etree.SubElement(element, "datasetTechniques"), "technique", key)
        _parameters(element, dataset.parameters, inside, strings)
    element = _entity(
        data, "investigation", own, ("endDate", _moment(session.end)), ("name", session.name),
        ("startDate", _moment(session.start)), ("title", session.title), ("visitId", session.visit_id),
        facility=facility, type=_visit_type(inside),
    )  # fmt: skip
    for name in session.instruments:
        _refer(etree.SubElement(element, "investigationInstruments"), "instrument", _instrument(inside, name))
    for sample in session.samples:
        element = _entity(data, "sample", _sample_key(of, sample.name), ("name", sample.name), investigation=own)
        _parameters(element, sample.parameters, inside, strings)


_UNKNOWN = "unknown program"


def _jobs(data: Any, session: SessionDocument) -> None:
    """What was made from what: in ICAT a job between two collections."""
    inside = f"({_key('Facility', name=session.facility).removeprefix('Facility_')})"
    of = f"({_session_key(session, inside).removeprefix('Investigation_')})"
    by_name = {dataset.name: dataset for dataset in session.datasets}
    made = [dataset for dataset in session.datasets if dataset.made_from]
    collections: list[list[DatasetDocument]] = []
    for dataset in made:
        collections += [[by_name[name] for name in dataset.made_from], [dataset]]
    for number, members in enumerate(collections, 1):
        element = etree.SubElement(data, "dataCollection", id=f"DataCollection_{number:08d}")
        for one in members:
            _refer(etree.SubElement(element, "dataCollectionDatasets"), "dataset", _dataset_key(of, one))
    for number, dataset in enumerate(made):
        program = next((one.value for one in dataset.parameters if _is_program(one)), _UNKNOWN)
        _entity(
            data, "job", f"Job_{number + 1:08d}", application=_application(inside, program),
            inputDataCollection=f"DataCollection_{2 * number + 1:08d}",
            outputDataCollection=f"DataCollection_{2 * number + 2:08d}",
        )  # fmt: skip


def _parameters(element: Any, parameters: Iterable[ParameterEntry], inside: str, strings: set[tuple[str, str]]) -> None:
    for one in parameters:
        units = one.units or _NO_UNIT
        inner = etree.SubElement(element, "parameters")
        _value(inner, one, as_words=(one.name, units) in strings)
        _refer(inner, "type", _parameter_type(inside, one.name, units))


def _value(element: Any, parameter: ParameterEntry, as_words: bool = False) -> None:
    number = None if as_words else _number(parameter.value)
    _texts(element, ("stringValue" if number is None else "numericValue", parameter.value))


def _of_words(session: SessionDocument) -> set[tuple[str, str]]:
    """The parameters of which some value is no number: all their values are words, for a type has one kind."""
    found = _parameters_of(session)
    return {(one.name, one.units or _NO_UNIT) for one in found if _number(one.value) is None}


def _parameters_of(session: SessionDocument) -> list[ParameterEntry]:
    found = [one for dataset in session.datasets for one in dataset.parameters]
    return found + [one for sample in session.samples for one in sample.parameters]


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if abs(found) < float("inf") else None


def _is_program(parameter: ParameterEntry) -> bool:
    return parameter.name == "software"


def _entity(data: Any, tag: str, key: str, *texts: tuple[str, str | None], **refers: str | None) -> Any:
    element = etree.SubElement(data, tag, id=key)
    _texts(element, *texts)
    for name, other in refers.items():
        if other is not None:
            _refer(element, name, other)
    return element


def _texts(element: Any, *texts: tuple[str, str | None]) -> None:
    for tag, text in texts:
        if text is not None:
            etree.SubElement(element, tag).text = text


def _refer(element: Any, tag: str, key: str) -> None:
    etree.SubElement(element, tag, ref=key)


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _key(entity: str, **parts: str) -> str:
    return f"{entity}_" + "_".join(f"{name}-{_quoted(value)}" for name, value in parts.items())


def _session_key(session: SessionDocument, inside: str) -> str:
    return f"Investigation_facility-{inside}_name-{_quoted(session.name)}_visitId-{_quoted(session.visit_id)}"


def _dataset_key(of: str, dataset: DatasetDocument) -> str:
    return f"Dataset_investigation-{of}_name-{_quoted(dataset.name)}"


def _sample_key(of: str, name: str) -> str:
    return f"Sample_investigation-{of}_name-{_quoted(name)}"


def _instrument(inside: str, name: str) -> str:
    return f"Instrument_facility-{inside}_name-{_quoted(name)}"


def _visit_type(inside: str) -> str:
    return f"InvestigationType_name-Experiment_facility-{inside}"


def _application(inside: str, program: str) -> str:
    return f"Application_facility-{inside}_name-{_quoted(program)}_version-N=2FA"


def _parameter_type(inside: str, name: str, units: str) -> str:
    return f"ParameterType_facility-{inside}_name-{_quoted(name)}_units-{_quoted(units)}"


def _quoted(value: str) -> str:
    """A value in a key, as python-icat quotes it: all but letters and digits as `=` and hexadecimal digits."""
    plain = (chr(byte) for byte in value.encode())
    return "".join(one if one.isascii() and one.isalnum() else f"={ord(one):02X}" for one in plain)
