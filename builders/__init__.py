"""The contract of the builders: what goes in has passed the gate, what comes out are bytes with a path.

Builders know nothing of catalogues, ledgers or runs. They take `Released`, `Notice` and `Tombstone` (which only
`panfair.ontologies.embargo` can make), a `Portal`, and listings as a `Shelf`; they return `Artifact`s. Same input,
same bytes: no clock, no random number, no set order.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Artifact:
    """One finished file: its path below www/, with forward slashes, and its bytes."""

    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file that is made from many records: rendered only when its key differs from the last run's."""

    path: str
    key: str
    """A digest of all that the file is made from."""
    render: Callable[[], bytes]
    page: str = ""
    """Its address from the root where it is a page that search engines shall know (it is then in the sitemap)."""
