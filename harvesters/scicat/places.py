"""Where a SciCat dataset was measured: instruments and facility, from its Instrument documents and creationLocation.

SciCat's advice for creationLocation is `/Site-name/facility-name/instrument`; sites also write `ESS:V20` or a beamline
alone. An Instrument document's name comes first, then creationLocation's, and a bare id only where there is no name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from panfair.harvesters.reading.values import text_in, web_address
from panfair.harvesters.scicat.pids import persistent
from panfair.ontologies.record import Instrument
from panfair.ontologies.text import clean_line, fold

Raw = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """What creationLocation says."""

    facility: str | None = None
    source: str | None = None
    """The light or neutron source, where a site has several."""
    instrument: str | None = None


def place_of(value: Any, facilities: Iterable[str | None] = ()) -> Place:
    """Site, source and instrument of a creationLocation; a single word is an instrument unless it names a facility.

    >>> place_of("/DESY/PETRA III/P08")
    Place(facility='DESY', source='PETRA III', instrument='P08')
    >>> place_of("ESS:V20").instrument, place_of("DESY", ["DESY"]).instrument
    ('V20', None)
    """
    text = text_in(value)
    if text is None or web_address(text):
        return Place()
    parts = [part for piece in re.split(r"[/:]+", text) if (part := clean_line(piece))]
    if not parts:
        return Place()
    if len(parts) == 1:
        known = {fold(name) for name in facilities if name}
        return Place(facility=parts[0]) if fold(parts[0]) in known else Place(instrument=parts[0])
    return Place(parts[0], " ".join(parts[1:-1]) or None, parts[-1])


def instruments_of(ids: list[str], place: Place, documents: Mapping[str, Raw]) -> tuple[Instrument, ...]:
    """The instruments of a dataset, each by the best name that there is."""
    facility = place.source or place.facility
    if not ids:
        return (Instrument(name=place.instrument, facility=facility),) if place.instrument else ()
    found = {}
    for pid in ids:
        raw = documents.get(pid, {})
        name = text_in(raw.get("name")) or text_in(raw.get("uniqueName"))
        if name is None and len(ids) == 1:
            name = place.instrument
        instrument = Instrument(name=name or pid, facility=facility, identifier=persistent(pid),
                                description=text_in(raw.get("description")))  # fmt: skip
        found[instrument.name] = instrument
    return tuple(found.values())
