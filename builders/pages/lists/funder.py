"""The lists by funder and by grant: who paid for the work, and what was awarded for it.

A funder's page leads to its grants and each grant's to its funder. Both are known by name, as catalogues seldom give
more; where a record says the IRI of a funder (ROR, Crossref Funder ID) or of an award, the page has it.
"""

from collections.abc import Iterator
from dataclasses import replace

from panfair.builders.addresses import identifier_address, web_address
from panfair.builders.card import Shelf
from panfair.builders.html.language import marked, tr
from panfair.builders.html.list_kind import Crossing, ListKind, ShelfWords
from panfair.ontologies.embargo import Released
from panfair.ontologies.record import Funding
from panfair.ontologies.text import slug

_BETWEEN = "--"
"""Stands in a grant's name in addresses behind that of its funder; a slug has single hyphens only."""


def funder_of(fund: Funding) -> Shelf:
    """The shelf of a funder."""
    identifier = fund.funder_id.value.rstrip("/").rpartition("/")[2] if fund.funder_id else ""
    name = slug(fund.funder) or slug(identifier)
    return Shelf("funder", name, fund.funder, identifier_address(fund.funder_id) or "")


def grant_of(fund: Funding) -> Shelf | None:
    """The shelf of a grant; None where the record names none. Two funders may give out the same number."""
    funder, award = funder_of(fund), slug(fund.award_number or fund.award_title or "")
    if not funder.slug or not award:
        return None
    label = ": ".join(filter(None, (fund.award_number, fund.award_title)))
    iri = web_address(fund.award_url) or ""
    return Shelf("grant", f"{funder.slug}{_BETWEEN}{award}", label, iri, note=fund.funder)


def _funders(released: Released) -> Iterator[Shelf]:
    return map(funder_of, released.publication.funding)


def _grants(released: Released) -> Iterator[Shelf]:
    return filter(None, map(grant_of, released.publication.funding))


def _given_by(funder: Shelf, grant: Shelf) -> bool:
    return grant.slug.partition(_BETWEEN)[0] == funder.slug


def _grant_words(words: ShelfWords, shelf: Shelf) -> ShelfWords:
    return replace(words, about=tr("Awarded by {funder}.").format(funder=shelf.note))


LISTS = (
    ListKind(
        name="funder",
        folder="funders",
        title=marked("Funders"),
        one=marked("Funder"),
        about=marked("Who paid for the work, as the records acknowledge it."),
        of=_funders,
        order=42,
        crossings=(
            Crossing("grant", marked("Grants"), most=None, belongs=_given_by),
            Crossing("technique", marked("By technique")),
        ),
        by_year=True,
        feed=True,
    ),
    ListKind(
        name="grant",
        folder="grants",
        title=marked("Grants"),
        one=marked("Grant"),
        about=marked("The awards that paid for the work, each with its funder’s number."),
        of=_grants,
        order=43,
        words=_grant_words,
        crossings=(Crossing("funder", marked("Funder"), belongs=lambda grant, funder: _given_by(funder, grant)),),
        feed=True,
        menu="",  # a funder's page leads there
    ),
)
