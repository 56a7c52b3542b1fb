"""SciCat's pids as identifiers: a Handle or DOI where it is one, else the catalogue's own."""

import re

from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import Identifier, parse_identifier

# The prefixes that the Handle System's agencies give: `11.1234`, `20.500.11935`, `21.T11148`; a bare number before the
# slash is a proposal's or a year's.
_HANDLE = re.compile(r"(?!10\.)[1-9]\d{1,2}(?:\.T?\d{1,6}){1,3}/\S+")


def identifier_of(pid: str) -> Identifier:
    """A pid as an identifier; `local` for what resolves nowhere.

    >>> identifier_of("20.500.11935/5148").scheme, identifier_of("11023101/XRR_summary").scheme
    ('Handle', 'local')
    """
    if _HANDLE.fullmatch(pid):
        return Identifier(scheme="Handle", value=pid)
    try:
        found = parse_identifier(pid)
    except IdentifierError:
        found = None
    return found or Identifier(scheme="local", value=pid)


def persistent(pid: str) -> Identifier | None:
    """The identifier of a pid that resolves somewhere; None for one of the catalogue's own."""
    found = identifier_of(pid)
    return None if found.scheme == "local" else found
