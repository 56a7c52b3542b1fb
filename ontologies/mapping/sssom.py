"""The hand-checked table that ties ESRF's techniques to PaNET: SSSOM, tab-separated (mapping-commons.github.io/sssom).

ESRFET's terms have had three forms of address: http://purl.org/pan-science/ESRFET#X, https://w3id.org/PaN/ESRFET#X and,
with a version, https://w3id.org/PaN/ESRFET/v0.1.0/#X. All of them, and `esrfet:X`, are read.
"""

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast
from urllib.parse import unquote

from panfair.ontologies.errors import OntologyError

TABLE = Path(__file__).parents[1] / "vocabularies" / "esrfet-panet.sssom.tsv"
Match = Literal["exact", "close", "broad"]

_ESRFET = re.compile(r"(?i)(?:https?://(?:purl\.org/pan-science|w3id\.org/PaN)/ESRFET(?:/v[\d.]+/?)?/?#|esrfet:)(.+)")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")


@dataclass(frozen=True, slots=True)
class Correspondence:
    """One mapping: ESRFET's term, PaNET's id, and how near they are."""

    id: str
    label: str
    panet: str
    match: Match


def esrfet_id(iri: str) -> str | None:
    """The local name of an ESRFET address, hyphens made plain; None for what is none.

    >>> esrfet_id("http://purl.org/pan-science/ESRFET#XAS"), esrfet_id("https://w3id.org/PaN/ESRFET/v0.1.0/#XAS")
    ('XAS', 'XAS')
    """
    found = _ESRFET.fullmatch(iri.strip())
    return _DASHES.sub("-", unquote(found[1])) if found else None


@lru_cache(maxsize=1)
def esrfet() -> dict[str, Correspondence]:
    """The table by ESRFET's local names. Raises OntologyError for a row that is no mapping."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        return {row.id: row for row in map(_row, rows)}


def _row(said: dict[str, str]) -> Correspondence:
    match = said["predicate_id"].removeprefix("skos:").removesuffix("Match")
    identifier = esrfet_id(said["subject_id"])
    if match not in {"exact", "close", "broad"} or identifier is None or not said["object_id"].startswith("panet:"):
        raise OntologyError(f"{TABLE.name}: no mapping of ESRFET to PaNET: {said['subject_id']} {said['predicate_id']}")
    return Correspondence(
        identifier, said["subject_label"], said["object_id"].removeprefix("panet:"), cast("Match", match)
    )
