"""The list by proposal: what was published of the experiments of one proposal, by the number that the records say."""

from panfair.builders.card import Shelf
from panfair.builders.html.language import marked
from panfair.builders.html.list_kind import Crossing, ListKind
from panfair.ontologies.embargo import Released
from panfair.ontologies.text import slug


def _of(released: Released) -> list[Shelf]:
    number = released.publication.proposal
    return [Shelf("proposal", slug(number), number)] if number else []


LISTS = (
    ListKind(
        name="proposal",
        folder="proposals",
        title=marked("Proposals"),
        one=marked("Proposal"),
        about=marked("What came of each proposal for an experiment, by its number."),
        of=_of,
        order=44,
        crossings=(
            Crossing("technique", marked("By technique")),
            Crossing("instrument", marked("By instrument")),
        ),
        feed=True,
        chips=30,
    ),
)
