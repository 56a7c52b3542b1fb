"""CSL-JSON from a released publication: what citation processors and Zotero read.

Follows an item of the CSL-JSON schema 1.0.2, one object as DOI agencies answer (Zotero and Pandoc take it as they
take a list); only the year is given as the date, as the citation has it.
"""

from typing import Any

import orjson

from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.description import Party
from panfair.builders.metadata.format import Format
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released


def csl_item(released: Released, portal: Portal) -> dict[str, Any]:
    """The publication as one CSL item."""
    d = describe(released, portal)
    publication = d.publication
    item: dict[str, Any] = {
        "id": d.iri,
        "type": "dataset",
        "title": publication.title,
        "author": [_name(party) for party in d.creators],
        "issued": {"date-parts": [[publication.publication_year]]},
        "publisher": d.publisher.agent.name,
        "DOI": str(publication.doi),
        "URL": d.iri,
        "abstract": publication.abstract,
        "version": publication.version,
        "language": publication.language,
        "keyword": ", ".join(dict.fromkeys(term.name for term in (*d.techniques, *d.keywords))),
        "license": next((licence.iri for licence in d.licences if licence.iri), None),
    }
    return {name: value for name, value in item.items() if value}


def _name(party: Party) -> dict[str, str]:
    agent = party.agent
    if party.is_person and agent.family_name:
        return {"family": agent.family_name} | ({"given": agent.given_name} if agent.given_name else {})
    return {"literal": agent.name}


def _render(released: Released, portal: Portal) -> bytes:
    return orjson.dumps(csl_item(released, portal), option=orjson.OPT_INDENT_2) + b"\n"


FORMATS = (
    Format(
        name="CSL-JSON",
        file="csl.json",
        media_type="application/vnd.citationstyles.csl+json",
        render=_render,
        order=80,
        cites=True,
    ),
)
