"""A long list in pages: the address, folder and neighbours of each page."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pages:
    """One page of a list: where it stands and what stands before and after it."""

    number: int
    last: int
    offset: int
    address: str
    folder: str
    """Below the list's own folder: empty for the first page, else `page-2/`."""
    previous: str
    next: str
    first: str


def stretch(root: str, count: int, rows: int) -> Iterator[Pages]:
    """The pages of a list of `count` things, `rows` a page, whose first page is at `root`; at least one.

    >>> [page.address for page in stretch("/people/", 120, 50)]
    ['/people/', '/people/page-2/', '/people/page-3/']
    """
    last = max(1, -(-count // rows))
    for page in range(1, last + 1):
        yield Pages(
            number=page,
            last=last,
            offset=(page - 1) * rows,
            address=root + _folder(page),
            folder=_folder(page),
            previous=root + _folder(page - 1) if page > 1 else "",
            next=root + _folder(page + 1) if page < last else "",
            first=root,
        )


def _folder(page: int) -> str:
    return f"page-{page}/" if page > 1 else ""
