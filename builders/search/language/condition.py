"""One condition that was read from a sentence, and what those who read it share."""

from dataclasses import dataclass

COVER = "\ufffc"
"""Stands for each letter that was read already or is not to be read: it is in no pattern."""


@dataclass(frozen=True)
class Condition:
    """One condition."""

    key: str
    """What it is on: a facet, a quantity, `size`, `date`, `year`, `author`, `proposal`, `sample`, or `word`."""
    value: str
    """What is asked of it, as a chip shows it: `12..14keV`, `< 2 K`, `2022`, `SAXS`."""
    negated: bool
    exact: str
    """The same in the search language."""
    typed: str
    """The words that it was read from."""
    start: int
    end: int
    guessed: bool = False
    """Whether the words may mean something else: where nothing is found with it, they are taken as words."""
    as_range: str = ""
    """Of an amount alone the range that it was read as, of which a note tells; the words themselves are found too."""


def covered(text: str) -> str:
    """A text that no pattern finds anything in, of the same length."""
    return COVER * len(text)
