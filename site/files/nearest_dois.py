"""DOIs one slip away from what was asked for: a letter more or less, another letter, two letters swapped.

Why so and not by a list of all DOIs: whether a page is there costs one question to the disk, however large the site,
and the number of questions is bounded by the length of the address.
"""

from collections.abc import Callable, Iterator

from panfair.site.files.paths import doi_candidates

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-._/"
_LONGEST = 80  # letters of a DOI: about 6,500 questions to the disk
_MOST = 3


def nearest(text: str, is_open: Callable[[str], bool]) -> list[str]:
    """The addresses of open DOIs' pages that a decoded path may have meant: three at most, in alphabetical order.

    `is_open` says whether an open DOI's page is at an address. Empty for a path that names no DOI.

    >>> nearest("/doi/10.1234/abd/", {"/doi/10.1234/abc/", "/doi/10.1234/xyz/"}.__contains__)
    ['/doi/10.1234/abc/']
    """
    candidate = next(iter(doi_candidates(text.rstrip("/"))), "")
    name = candidate.removeprefix("/doi/").rstrip("/")
    if not name or len(name) > _LONGEST:
        return []
    return sorted(page for page in {f"/doi/{one}/" for one in _slips(name)} if is_open(page))[:_MOST]


def _slips(name: str) -> Iterator[str]:
    for place in range(len(name) + 1):
        head, tail = name[:place], name[place:]
        yield from (head + letter + tail for letter in _LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in _LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
