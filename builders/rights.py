"""What may be done with the data, as pages say it: the licence's name, its text, and one plain sentence."""

from dataclasses import dataclass

from panfair.builders.words import reuse_in_words, web_address
from panfair.ontologies.record import Rights


@dataclass(frozen=True, slots=True)
class RightsView:
    """One statement of rights."""

    name: str
    address: str
    reuse: str
    said: str
    """The source's own words, where they differ from the name."""


def rights_views(rights: tuple[Rights, ...]) -> tuple[RightsView, ...]:
    """Each statement as a page shows it; empty when the source makes none."""
    views = []
    for statement in rights:
        name = statement.name or statement.spdx or statement.said
        said = statement.said if statement.said not in {name, statement.spdx, statement.url} else ""
        views.append(RightsView(name, web_address(statement.url), reuse_in_words(statement), said))
    return tuple(dict.fromkeys(views))
