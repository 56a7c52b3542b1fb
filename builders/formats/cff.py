"""Citation File Format 1.2 from a released publication: what GitHub, Zenodo and Zotero read as CITATION.cff.

Follows the schema guide of CFF 1.2.0 (https://doi.org/10.5281/zenodo.5171937). YAML is written as JSON strings, which
YAML 1.2 reads as they are, so that no title can mean anything but itself.
"""

import json
import re
from functools import cache

from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.description import Description, Party
from panfair.builders.metadata.format import Format
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released
from panfair.ontologies.licences import licences

_DOI = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+")
"""The DOIs that the schema takes; others (`10.1234/<a>`) are said as an identifier of another type."""
_TOO_YOUNG = frozenset({"CC-BY-3.0-DE", "CDLA-Permissive-2.0", "DL-DE-BY-2.0", "DL-DE-ZERO-2.0"})
"""SPDX identifiers in our table of licences that the schema's list is older than."""
_ORCID = re.compile(r"https://orcid\.org/[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]")


def _author(party: Party) -> dict[str, str]:
    agent = party.agent
    if not party.is_person:
        return {"name": agent.name}
    found = {"family-names": agent.family_name or agent.name}
    if agent.family_name and agent.given_name:
        found["given-names"] = agent.given_name
    if party.orcid and _ORCID.fullmatch(party.orcid):
        found["orcid"] = party.orcid
    if party.bodies:
        found["affiliation"] = party.bodies[0].name
    return found


def _authors(d: Description) -> list[dict[str, str]]:
    """In the order of the citation; the schema has no room for two people of whom the same is known."""
    found: list[dict[str, str]] = []
    for party in d.creators:
        author = _author(party)
        if author not in found:
            found.append(author)
    return found


@cache
def _listed() -> frozenset[str]:
    """The licences that can be told by their SPDX identifier; others are told by their address."""
    return frozenset(licence.spdx for licence in licences()) - _TOO_YOUNG


def _render(released: Released, portal: Portal) -> bytes:
    d = describe(released, portal)
    publication = d.publication
    doi = str(publication.doi)
    plain = _DOI.fullmatch(doi)
    known = next((licence.spdx for licence in d.licences if licence.spdx in _listed()), None)
    values: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": "Please cite these data by their DOI.",
        "type": "dataset",
        "title": publication.title,
        "authors": _authors(d) or [{"name": d.publisher.agent.name}],
        "doi": doi if plain else None,
        "identifiers": None if plain else [{"type": "other", "value": doi, "description": "DOI"}],
        "url": d.landing,
        "version": publication.version,
        "date-released": d.issued or None,
        "license": known,
        "license-url": None if known else next((licence.iri for licence in d.licences if licence.iri), None),
        "abstract": publication.abstract,
        "keywords": list(dict.fromkeys(term.name for term in (*d.techniques, *d.keywords))) or None,
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items() if value]
    return ("\n".join(lines) + "\n").encode()


FORMATS = (
    Format(name="CFF", file="CITATION.cff", media_type="application/x-cff+yaml", render=_render, order=90, cites=True),
)
