"""A persistent identifier as clients write it, in the forms by which the store may know it."""

import re
from urllib.parse import unquote

from panfair.builders.panosc.store import pid_key
from panfair.ontologies.errors import IdentifierError
from panfair.ontologies.identifiers import Doi

_LEAD = re.compile(r"(?i)(?:https?://(?:dx\.|www\.)?(?:doi\.org|hdl\.handle\.net)/|(?:doi|hdl):\s*)")


def spellings(pid: str) -> tuple[str, ...]:
    """What may be looked up for it: as it stands, without case where it has none, without a resolver's address.

    >>> spellings("https://doi.org/10.5072/ABC#Scan")[-1]
    '10.5072/abc#Scan'
    """
    bare = _LEAD.sub("", pid.strip(), count=1) if _LEAD.match(pid.strip()) else pid
    found = [pid, pid_key(pid)]
    try:
        found.append(Doi.parse(pid).key)
    except IdentifierError:
        pass
    return tuple(dict.fromkeys([*found, pid_key(bare), pid_key(unquote(bare))]))
