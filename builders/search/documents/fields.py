"""The fields of a search document that hold words, and what its title is sorted by: what every index agrees on."""

from panfair.ontologies.text import fold

TEXT_FIELDS = ("title", "abstract", "technique", "broader", "keyword", "affiliation", "parameter", "dataset", "funding")
"""Fields of running text: their words are found by their stems too."""
NAME_FIELDS = ("people", "lead", "investigator", "instrument", "facility", "sample", "proposal", "doi", "identifier")
"""Fields of names and identifiers: kept whole."""
COUNTED = ("files", "measured")
"""Columns of numbers that are no quantities: how many files; on which days (`date.toordinal`) it was measured."""
IDENTIFIER = "identifier"
"""The field of identifiers and file names, a word each (`documents.identifiers`)."""

_TITLE = 60  # letters


def sorting_title(title: str) -> str:
    """What a title is sorted by: folded, the first letters."""
    return fold(title)[:_TITLE]
