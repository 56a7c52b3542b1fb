"""The labels that are completed while a person types: by which words each is found, and where it leads.

A technique is found by its other names too (`SAXS`), and leads to its page.
"""

from collections.abc import Mapping
from functools import lru_cache

from panfair.builders.card import Shelf
from panfair.builders.html.list_kind import address_of
from panfair.builders.search.documents.words import words
from panfair.ontologies import panet
from panfair.ontologies.mapping import synonyms_of
from panfair.ontologies.text import slug

COMPLETED: Mapping[str, str] = {
    "technique": "technique:=", "instrument": "instrument:=", "people": "author:", "sample": "sample:",
}  # fmt: skip
"""The columns whose labels are completed, and what the query language says before a label of each."""


def spelt(label: str, column: str) -> list[str]:
    """The folded words of a label, and those of a technique's other names behind them."""
    names = (label, *other_names(label)) if column == "technique" else (label,)
    return [word.text for name in names for word in words(name)]


@lru_cache(maxsize=4096)
def other_names(label: str) -> tuple[str, ...]:
    """The synonyms of a technique of PaNET, and ours."""
    return tuple(
        name
        for term in panet.load().labelled(label)[:1]
        if term.label == label
        for name in (*term.alt_labels, *synonyms_of(term))
    )


def page_of_technique(label: str) -> str | None:
    """The page of a technique of PaNET: each that is used, or is above one that is used, has one."""
    for term in panet.load().labelled(label)[:1]:
        if term.label == label:
            return address_of(Shelf("technique", slug(term.id), label))
    return None
