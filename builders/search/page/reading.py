"""What an address asks of the search page: read so that a person who follows an old or broken link gets a page.

What a program would be refused for (`limit=x`) is as if it were not there. A form without a script can only send two
ends and a unit apart (`energy.min`, `energy.max`, `energy.unit`); `tidied` makes one range of them.
"""

from collections.abc import Iterable
from dataclasses import replace

from panfair.builders.search.language.request import (
    DEEPEST_OFFSET,
    ELEMENTS,
    LARGEST_LIMIT,
    LONGEST_QUERY,
    LONGEST_VALUE,
    SCOPES,
    SORTS,
    VIEWS,
    SearchRequest,
    range_names,
    read_request,
)
from panfair.ontologies.quantities import quantities

_CLOSED = {"elements": ELEMENTS, "sort": SORTS, "in": SCOPES}
_NUMBERS = {"limit": (1, LARGEST_LIMIT), "offset": (0, DEEPEST_OFFSET)}
_ENDS = (".min", ".max", ".unit")


def read_leniently(pairs: Iterable[tuple[str, str]]) -> SearchRequest:
    """The request that parameters make when what is empty, out of bounds or of no meaning is left out of them."""
    kept: list[tuple[str, str]] = []
    view = VIEWS[0]
    for name, value in ((name, value.strip()) for name, value in pairs):
        if not value or (len(value) > LONGEST_VALUE and name != "q") or value not in _CLOSED.get(name, (value,)):
            continue
        if name == "view":
            view = next((one for one in VIEWS if one == value), view)
        elif name in _NUMBERS:
            least, most = _NUMBERS[name]
            if value.isascii() and value.isdecimal() and len(value) < 12:
                kept.append((name, str(min(max(least, int(value)), most))))
        else:
            kept.append((name, value[:LONGEST_QUERY]))
    request = read_request(kept)
    return replace(request, view=view, elements=request.elements if request.chosen("element") else "all")


def tidied(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]] | None:
    """What a form without a script meant by ends and units sent apart and by empty fields; None when nothing is so.

    An energy in ångström is a wavelength, and a wavelength in electronvolts an energy.
    """
    given = list(pairs)
    ends = {name: value.strip() for name, value in given if name.endswith(_ENDS)}
    if not ends and all(value.strip() for _, value in given):
        return None
    ranges: dict[str, str] = {}
    for key in range_names():
        low, high = (ends.get(key + end, "") for end in (".min", ".max"))
        if low or high:
            unit = ends.get(key + ".unit", "")
            ranges[measured_as(key, unit)] = f"{low}..{high}{unit}"
    others = [(name, value) for name, value in given if name not in ends and name not in ranges and value.strip()]
    return read_leniently([*others, *ranges.items()]).pairs()


def measured_as(key: str, unit: str) -> str:
    """The quantity that a range is of when it is written in a unit: energy and wavelength are one thing from two sides.

    >>> measured_as("energy", "Å"), measured_as("energy", "keV"), measured_as("distance", "m")
    ('wavelength', 'energy', 'distance')
    """
    for one, other in (("energy", "wavelength"), ("wavelength", "energy")):
        if key == one and unit in quantities()[other].units:
            return other
    return key
