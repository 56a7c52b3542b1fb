"""The list by facility: the photon and neutron sources, with their ROR ids."""

from panfair.builders.card import Shelf
from panfair.builders.html.language import marked
from panfair.builders.html.list_kind import Crossing, ListKind
from panfair.ontologies.embargo import Released
from panfair.ontologies.text import slug


def _of(released: Released) -> list[Shelf]:
    facility = released.publication.facility
    if facility is None:
        return []
    name = facility.full_name or facility.name
    return [Shelf("facility", slug(name), name, facility.ror.url if facility.ror else facility.url or "")]


LISTS = (
    ListKind(
        name="facility",
        folder="facilities",
        title=marked("Facilities"),
        one=marked("Facility"),
        about=marked("The photon and neutron sources."),
        of=_of,
        order=50,
        crossings=(
            Crossing("technique", marked("By technique")),
            Crossing("instrument", marked("By instrument")),
        ),
        in_details=True,
    ),
)
