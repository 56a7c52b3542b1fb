"""Tables as pages show them: columns that hold nothing are gone before a template sees them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from panfair.builders.html.words import counted, size_words


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: words, perhaps with an address, a longer word on hovering, and to the right if it is a number."""

    words: str
    address: str = ""
    title: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    number: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table whose first column names its rows; `rows` is empty when there is nothing to show."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def is_list(self) -> bool:
        """Whether one column is left, which reads better as a list."""
        return len(self.columns) == 1


EMPTY = Cell("")


def grid(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Grid:
    """The table of these rows without the columns that are empty in every row."""
    lines = [tuple(row) for row in rows]
    kept = [index for index in range(len(columns)) if any(line[index].words for line in lines)]
    return Grid(
        caption,
        tuple(columns[index] for index in kept),
        tuple(tuple(line[index] for index in kept) for line in lines),
    )


def size_cell(size_bytes: int | None) -> Cell:
    """A size in words, the exact number of bytes on hovering."""
    if size_bytes is None:
        return EMPTY
    return Cell(size_words(size_bytes), title=counted(size_bytes, "byte", "bytes"), number=True)
