"""What a list of files is: ONE FILE of `builders/downloads/lists/` = ONE LIST that stands beside a page of many files.

A module there (or one that a package offers under the entry point group `panfair.downloads`) has one name, `LISTS`: a
tuple of `ListKind`. Pages link what it writes, and show its command.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from panfair.builders.discovery import modules_of
from panfair.builders.downloads.placed import Placed


@dataclass(frozen=True, slots=True)
class ListKind:
    """One file beside a page that has many files."""

    file: str
    """Its name in the page's folder: `files.csv`."""
    write: Callable[[Sequence[Placed], str], str]
    """Its text, of the files and the name of what they belong to; empty: there is none to write."""
    contents: str
    """What is in it, as the page says it; marked for the translators."""
    command: str = ""
    """What is typed in a terminal, with `{address}` for where the list is and `{file}` for its name."""
    advice: str = ""
    """What one should know before typing it; marked for the translators."""
    order: int = 50


@cache
def list_kinds() -> tuple[ListKind, ...]:
    """Every list there is, in the order of pages."""
    found = [
        kind
        for module in modules_of("panfair.builders.downloads.lists", "panfair.downloads")
        for kind in getattr(module, "LISTS", ())
    ]
    return tuple(sorted(found, key=lambda kind: (kind.order, kind.file)))
