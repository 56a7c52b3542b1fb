"""The list of parameters: what the catalogue's names mean in NeXus, their units, and the newest publications."""

from collections.abc import Iterator
from dataclasses import replace

from panfair.builders.card import Shelf
from panfair.builders.html.language import marked, tr
from panfair.builders.html.list_kind import Crossing, ListKind, ShelfWords, parts_of
from panfair.ontologies.embargo import Released
from panfair.ontologies.nexus import field_at, field_of, icat_parameter
from panfair.ontologies.text import slug
from panfair.ontologies.units import Unit, interpret

_MOST = 60
"""Parameters of one publication that are listed: the first of many."""


def _of(released: Released) -> Iterator[Shelf]:
    found: set[str] = set()
    for parameter in (one for part in parts_of(released) for one in part.parameters):
        if parameter.name not in found and len(found) < _MOST:
            found.add(parameter.name)
            field = field_of(parameter.name, parameter.nexus)
            iri = field.iri if field else ""
            yield Shelf("parameter", slug(parameter.name), parameter.name, iri, note=parameter.unit or "")


def _words(words: ShelfWords, shelf: Shelf) -> ShelfWords:
    """What is known of a parameter: its NeXus field, its unit, where the ESRF stores it."""
    meant, known = field_at(shelf.iri), icat_parameter(shelf.label)
    parts = [
        tr("NeXus calls it {field}.").format(field=meant.title) if meant else "",
        tr("The ESRF stores it at {path} in the entry.").format(path=known.path) if known and not meant else "",
        _unit_words(shelf.note, interpret(shelf.note)) if shelf.note else "",
    ]
    words = replace(words, about=" ".join(filter(None, parts)))
    if meant is None:
        return words
    manual = tr("NeXus manual: {field}").format(field=meant.title)
    return replace(words, address=meant.manual, address_words=manual)


def _unit_words(written: str, unit: Unit | None) -> str:
    if unit is None:
        return tr("It is written in {unit}.").format(unit=written)
    if unit.ucum:
        words = tr("It is written in {unit}, a unit of {kind} (UCUM: {code}).")
        return words.format(unit=written, kind=tr(unit.kind), code=unit.ucum)
    return tr("It is written in {unit}, a unit of {kind}.").format(unit=written, kind=tr(unit.kind))


LISTS = (
    ListKind(
        name="parameter",
        folder="parameters",
        title=marked("Parameters"),
        one=marked("Parameter"),
        about=marked("What was set and measured, in the catalogue’s own names."),
        of=_of,
        order=70,
        words=_words,
        crossings=(
            Crossing("technique", marked("By technique")),
            Crossing("instrument", marked("By instrument")),
        ),
        newest=10,  # what it means counts; whoever wants all its publications searches for them
    ),
)
