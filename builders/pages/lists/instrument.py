"""The list by instrument: the beamlines and instruments of publications and their datasets."""

from collections.abc import Iterator

from panfair.builders.card import Shelf
from panfair.builders.html.language import marked
from panfair.builders.html.list_kind import Crossing, ListKind, parts_of
from panfair.ontologies.embargo import Released
from panfair.ontologies.text import slug


def _of(released: Released) -> Iterator[Shelf]:
    for instrument in (one for part in parts_of(released) for one in part.instruments):
        address = instrument.identifier.url if instrument.identifier else None
        yield Shelf("instrument", slug(instrument.name), instrument.full_name or instrument.name, address or "")


LISTS = (
    ListKind(
        name="instrument",
        folder="instruments",
        title=marked("Instruments"),
        one=marked("Instrument"),
        about=marked("The beamlines and instruments that the data come from."),
        of=_of,
        order=20,
        crossings=(Crossing("technique", marked("By technique")),),
        by_year=True,
        feed=True,
        menu="head",
        chips=10,
    ),
)
