"""The list by type of sample, with the chemical formula where all samples of a type have the same."""

from collections.abc import Iterator
from dataclasses import replace

from panfair.builders.card import Shelf
from panfair.builders.html.language import marked, tr
from panfair.builders.html.list_kind import Crossing, ListKind, ShelfWords, parts_of
from panfair.builders.html.words import formula_in_words
from panfair.ontologies.embargo import Released
from panfair.ontologies.text import slug


def _of(released: Released) -> Iterator[Shelf]:
    for sample in (one for part in parts_of(released) for one in part.samples):
        if sample.kind:
            yield Shelf("sample", slug(sample.kind), sample.kind, note=sample.formula or "")


def _words(words: ShelfWords, shelf: Shelf) -> ShelfWords:
    if not shelf.note:
        return words
    about = tr("Its chemical formula is {formula}. NeXus keeps that in NXsample/chemical_formula.")
    return replace(words, about=about.format(formula=formula_in_words(shelf.note)))


LISTS = (
    ListKind(
        name="sample",
        folder="samples",
        title=marked("Types of sample"),
        one=marked("Type of sample"),
        about=marked("What was measured, by type."),
        of=_of,
        order=60,
        words=_words,
        crossings=(
            Crossing("technique", marked("By technique")),
            Crossing("instrument", marked("By instrument")),
        ),
        one_note=True,
    ),
)
