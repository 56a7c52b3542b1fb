"""What a search asks for as chips, each with the search without it: what was chosen, what was read from a sentence."""

from collections.abc import Iterable
from dataclasses import replace

from panfair.builders.html.language import tr
from panfair.builders.html.words import range_in_words
from panfair.builders.search.language.request import CHOICES, SearchRequest, range_names
from panfair.builders.search.language.understood import Understood, UnderstoodCondition
from panfair.builders.search.page import words as said
from panfair.builders.search.page.filters import range_words
from panfair.ontologies.quantities import quantities


def chips(request: SearchRequest) -> list[tuple[str, str, str]]:
    """What is chosen: label, words, and the search without it; years that follow each other are one."""
    found: list[tuple[str, str, str]] = []
    for facet in CHOICES:
        values = request.chosen(facet)
        groups = _runs(values) if facet == "year" else [(value,) for value in values]
        for group in groups:
            words = said.value_words(facet, group[0]) if len(group) == 1 else range_in_words(group[0], group[-1])
            found.append((tr(said.FACET_LABELS[facet]), words, request.toggled(facet, *group).address()))
    asked = dict(request.ranges)
    for key in range_names():
        if key in asked:
            found.append((range_label(key), range_words(key, asked[key]), request.with_range(key, "").address()))
    return found


def understood_chips(request: SearchRequest, read: Understood | None) -> dict[str, object]:
    """What was read from a sentence: a chip for each condition, as `chips` has them, and all in the search language."""
    if read is None:
        return {}
    return {
        "chips": [(*condition_words(one), asking(request, one.without).address()) for one in read.conditions],
        "query": read.query,
        "address": asking(request, read.query).address(),
    }


def asking(request: SearchRequest, query: str) -> SearchRequest:
    return replace(request, query=query, offset=0)


def condition_words(one: UnderstoodCondition) -> tuple[str, str]:
    """What a condition is on, and what it asks."""
    ranged = one.key in range_names() or one.key == "year"
    value = range_words(one.key, one.value) if ranged else said.value_words(one.key, one.value)
    label = tr(said.FACET_LABELS[one.key]) if one.key in said.FACET_LABELS else range_label(one.key)
    return label, tr(said.WORDS["unwanted"]).format(value=value) if one.negated else value


def range_label(key: str) -> str:
    """What a quantity, the size, the day or another condition is called."""
    return tr(quantities()[key].label) if key in quantities() else said.words()[key]


def _runs(years: Iterable[str]) -> list[tuple[str, ...]]:
    """Years in rising order, those that follow each other together; what is no year stands alone."""
    runs: list[tuple[str, ...]] = []
    for year in sorted(years):
        if runs and year.isdecimal() and runs[-1][-1].isdecimal() and int(runs[-1][-1]) + 1 == int(year):
            runs[-1] = (*runs[-1], year)
        else:
            runs.append((year,))
    return runs
