"""The list by year of publication, the newest first."""

from panfair.builders.card import Shelf
from panfair.builders.html.language import marked
from panfair.builders.html.list_kind import ListKind
from panfair.ontologies.embargo import Released


def _of(released: Released) -> list[Shelf]:
    year = str(released.publication.publication_year)
    return [Shelf("year", year, year)]


def _newest_first(shelves: list[Shelf]) -> list[Shelf]:
    return sorted(shelves, key=lambda shelf: shelf.slug, reverse=True)


LISTS = (
    ListKind(
        name="year",
        folder="years",
        title=marked("Years"),
        one=marked("Year"),
        about=marked("By the year of publication."),
        of=_of,
        order=40,
        ordered=_newest_first,
    ),
)
