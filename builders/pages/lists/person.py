"""The list of people: creators and contributors with an ORCID iD, for a name alone tells two people not apart."""

from collections.abc import Iterator

from panfair.builders.card import Shelf
from panfair.builders.html.language import marked
from panfair.builders.html.list_kind import Crossing, ListKind
from panfair.ontologies.embargo import Released


def _of(released: Released) -> Iterator[Shelf]:
    publication = released.publication
    for person in (*publication.creators, *publication.contributors):
        if person.orcid:
            yield Shelf("person", person.orcid.lower(), person.name, person.orcid.url)


LISTS = (
    ListKind(
        name="person",
        folder="people",
        title=marked("People"),
        one=marked("Person"),
        about=marked("Everyone who took part and has an ORCID iD."),
        of=_of,
        order=30,
        crossings=(Crossing("technique", marked("By technique")),),
        by_year=True,
    ),
)
