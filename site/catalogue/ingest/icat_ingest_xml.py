"""python-icat's ingest files (`icat.ingest`, versions 1.0 to 1.1): datasets for a session that is there.

Instruments are named by pid or name, techniques by pid or name, samples by name or pid; the session is given.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from lxml import etree

from panfair.harvesters.reading.values import instant
from panfair.site.catalogue.errors import Invalid
from panfair.site.catalogue.ingest.documents import AdditionDocument, CatalogueDocument, DatasetDocument
from panfair.site.catalogue.store.access import ANONYMOUS
from panfair.site.catalogue.store.database import Store
from panfair.site.catalogue.store.entries import ParameterEntry, SampleEntry, TechniqueEntry

_NO_UNIT = frozenset({"", "N/A", "n/a"})
_VALUES = ("numericValue", "stringValue", "dateTimeValue")
_READ = {
    "dataset": frozenset(
        {"name", "description", "startDate", "endDate", "complete", "sample", "datasetInstruments"}
        | {"datasetTechniques", "parameters"}
    ),
    "parameters": frozenset({"dataset", "type", "error", "rangeBottom", "rangeTop", *_VALUES}),
    "datasetParameter": frozenset({"dataset", "type", "error", "rangeBottom", "rangeTop", *_VALUES}),
    "datasetInstrument": frozenset({"dataset", "instrument"}),
    "datasetTechnique": frozenset({"dataset", "technique"}),
}
"""What is read of each element, for those beside the datasets, too."""
_FIRST_DAY = date.min  # instruments are public on any day


def document_of_ingest_file(
    file: Path, session: tuple[str, str] | None, store: Store
) -> tuple[CatalogueDocument, Counter[str]]:
    """What an ingest file says, and how much of it the core does not keep, by what it is.

    Raises Invalid with the line for what is no whole XML, or has no session to go to.
    """
    if session is None:
        raise Invalid("an ingest file does not say its session; give --session PROPOSAL:VISIT")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.parse(file, parser).getroot()
    except etree.XMLSyntaxError as error:
        raise Invalid(f"line {error.lineno}: not whole XML ({error.msg})") from None
    if root.tag != "icatingest":
        raise Invalid(f"its root is <{root.tag}> and not <icatingest>")
    datasets = root.findall("data/dataset")
    if not datasets:
        raise Invalid("it holds no dataset")
    by_dataset: dict[str, list[Any]] = {}
    for element in root.iterfind("data/*"):
        # Parameters, instruments and techniques may stand beside the datasets; then they refer to theirs.
        owner = element.find("dataset")
        if owner is not None and owner.get("ref"):
            by_dataset.setdefault(str(owner.get("ref")), []).append(element)
    with store.seen_by(ANONYMOUS, _FIRST_DAY) as view:
        instruments = {name: one.name for one in view.instruments() for name in (one.pid, one.name) if name}
    made = [_dataset(element, by_dataset.get(str(element.get("id")), []), instruments) for element in datasets]
    samples = {dataset.sample: SampleEntry(name=dataset.sample) for dataset in made if dataset.sample}
    addition = AdditionDocument(name=session[0], visit_id=session[1], datasets=tuple(made))
    known = addition.model_copy(update={"samples": tuple(samples.values())})
    return CatalogueDocument(additions=(known,)), Counter(_left_out(root))


def _left_out(root: Any) -> Iterator[str]:
    """What a newer form of these files may say and nothing here reads, each time that it is said."""
    for element in root.iterfind("data/*"):
        known = _READ.get(element.tag)
        if known is None:
            yield element.tag
            continue
        for child in element:
            if child.tag not in known:
                yield f"{element.tag}.{child.tag}"
            elif child.tag == "parameters":
                yield from (f"parameters.{one.tag}" for one in child if one.tag not in _READ["parameters"])
            elif child.tag == "datasetInstruments":
                yield from ("dataset.datasetInstruments but the first" for _ in child[1:])


def _dataset(element: Any, more: list[Any], instruments: dict[str, str]) -> DatasetDocument:
    sample = element.find("sample")
    instruments_said = [*element.findall("datasetInstruments/instrument")]
    instruments_said += [one for part in more for one in part.findall("instrument")]
    instrument = instruments_said[0] if instruments_said else None
    name = None
    if instrument is not None:
        said = instrument.get("pid") or instrument.get("name") or ""
        if (name := instruments.get(said)) is None:
            raise Invalid(f"line {instrument.sourceline}: no instrument has the name or pid {said!r}")
    techniques = [
        TechniqueEntry(name=one.get("name") or one.get("pid"), pid=one.get("pid"))
        for one in (
            *element.findall("datasetTechniques/technique"),
            *(found for part in more for found in part.findall("technique")),
        )
        if one.get("name") or one.get("pid")
    ]
    apart = [part for part in more if part.find("type") is not None]
    parameters = [_parameter(one) for one in (*element.findall("parameters"), *apart)]
    return DatasetDocument(
        name=_text(element, "name") or "",
        description=_text(element, "description"),
        start=instant(_text(element, "startDate")),
        end=instant(_text(element, "endDate")),
        complete=_text(element, "complete") != "false",
        sample=(sample.get("name") or sample.get("pid")) if sample is not None else None,
        instrument=name,
        techniques=tuple(techniques),
        parameters=tuple(parameters),
    )


def _parameter(element: Any) -> ParameterEntry:
    kind = element.find("type")
    value = next((text for tag in _VALUES if (text := _text(element, tag)) is not None), None)
    if kind is None or not kind.get("name") or value is None:
        raise Invalid(f"line {element.sourceline}: a parameter needs a type with a name, and a value")
    units = kind.get("units")
    return ParameterEntry(
        name=kind.get("name"),
        value=value,
        units=None if units is None or units in _NO_UNIT else units,
        error=_number(element, "error"),
        minimum=_number(element, "rangeBottom"),
        maximum=_number(element, "rangeTop"),
    )


def _text(element: Any, tag: str) -> str | None:
    text = element.findtext(tag)
    return text.strip() or None if text else None


def _number(element: Any, tag: str) -> float | None:
    text = _text(element, tag)
    try:
        return float(text) if text is not None else None
    except ValueError:
        raise Invalid(f"line {element.sourceline}: {tag} is no number") from None
