"""DOIs one slip away from what was asked for: a letter more or less, another letter, two letters swapped.

Whether such a page may be there is told by the names in the folders of `www/doi`, which are kept until a folder
changes; so however large the site, a DOI that is not there costs no walk over the disk.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from panfair.site.files.paths import doi_candidates

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-._/"
_LONGEST = 80  # letters of a DOI: about 6,500 spellings
_MOST = 3
_KEPT = 256  # folders whose names are kept


class Folders:
    """The names in the folders below one, each read again when it has changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, tuple[tuple[int, int], frozenset[str]]] = {}

    def now(self) -> Callable[[str], bool]:
        """Says whether a folder is there, as they all stand at this moment; for the questions of one request."""
        looked_at: dict[str, frozenset[str]] = {}

        def is_there(folder: str) -> bool:
            if not folder:
                return True
            parent, _, name = folder.rpartition("/")
            names = looked_at.get(parent)
            if names is None:
                names = looked_at[parent] = self._names(parent) if is_there(parent) else frozenset()
            return name in names

        return is_there

    def _names(self, folder: str) -> frozenset[str]:
        place = self._root / folder
        try:
            status = place.stat()
            state = status.st_ino, status.st_mtime_ns
            known = self._known.get(folder)
            if known is not None and known[0] == state:
                return known[1]
            names = frozenset(entry.name for entry in place.iterdir())
        except OSError:  # a file, or gone just now
            return frozenset()
        if len(self._known) >= _KEPT:
            self._known.clear()
        self._known[folder] = state, names
        return names


def nearest(text: str, is_there: Callable[[str], bool], is_open: Callable[[str], bool]) -> list[str]:
    """The addresses of open DOIs' pages that a decoded path may have meant: three at most, in alphabetical order.

    `is_there` says whether a folder is there (`doi/10.1234/abc`), `is_open` whether it is the page of an open DOI.
    Empty for a path that names no DOI.

    >>> folders = {"doi/10.1234/abc", "doi/10.1234/xyz"}
    >>> nearest("/doi/10.1234/abd/", folders.__contains__, lambda page: True)
    ['/doi/10.1234/abc/']
    """
    candidate = next(iter(doi_candidates(text.rstrip("/"))), "")
    name = candidate.removeprefix("/doi/").rstrip("/")
    if not name or len(name) > _LONGEST:
        return []
    there = {f"/doi/{one}/" for one in _slips(name) if is_there(f"doi/{one}")}
    return sorted(filter(is_open, there))[:_MOST]


def _slips(name: str) -> Iterator[str]:
    for place in range(len(name) + 1):
        head, tail = name[:place], name[place:]
        yield from (head + letter + tail for letter in _LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in _LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
