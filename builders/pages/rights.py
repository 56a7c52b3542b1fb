"""What may be done with the data, as pages say it: the licence's name, its text, and one plain sentence."""

import re
from dataclasses import dataclass

from panfair.builders.html.words import reuse_in_words, web_address
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
        known = {_letters(text) for text in (name, statement.spdx, statement.url) if text}
        said = "" if _letters(statement.said) in known else statement.said
        views.append(RightsView(name, web_address(statement.url), reuse_in_words(statement), said))
    return tuple(dict.fromkeys(views))


def _letters(text: str) -> str:
    """What is left when spelling is forgotten: `CC BY 4.0` and `CC-BY-4.0` say the same."""
    return re.sub(r"[\W_]+", "", text).casefold()
