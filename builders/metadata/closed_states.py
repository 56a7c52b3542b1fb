"""What machines are told of a DOI without open data: DataCite as XML and JSON, schema.org, and typed links to them.

Made from the citation alone, so only where the gate lets a notice or a tombstone have one; there is never a
distribution, a dataset, a sample or a parameter. The words for access are COAR's and info:eu-repo's, the opening day
is DataCite's date Available, the withdrawal its date Withdrawn (DataCite 4.6, properties 8 and 16).
"""

from dataclasses import dataclass
from typing import Any

import orjson

from panfair.builders import Artifact
from panfair.builders.addresses import link_address
from panfair.builders.metadata.datacite_xml import KERNEL, Values, datacite_xml
from panfair.builders.metadata.schema_org_nodes import PARTY_TYPES, filled
from panfair.builders.metadata.terms import (
    COAR_EMBARGOED,
    COAR_METADATA_ONLY,
    COAR_RESTRICTED,
    EU_REPO_CLOSED,
    EU_REPO_EMBARGOED,
    EU_REPO_RESTRICTED,
)
from panfair.builders.portal import Portal
from panfair.builders.syntax.xml import DECLARATION
from panfair.ontologies.embargo import Citation, Cited, Notice, Tombstone

LINKSET = "linkset.json"
FORMS = (
    ("datacite.xml", "application/vnd.datacite.datacite+xml"),
    ("datacite.json", "application/vnd.datacite.datacite+json"),
    ("metadata.jsonld", "application/ld+json"),
)
"""The files beside a notice or a tombstone, under the names and media types that they have beside open records."""


@dataclass(frozen=True, slots=True)
class Access:
    """One state of access in the words of COAR and of info:eu-repo."""

    words: str
    coar: str
    eu_repo: str
    eu_repo_words: str


EMBARGOED = Access("embargoed access", COAR_EMBARGOED, EU_REPO_EMBARGOED, "Embargoed Access")
RESTRICTED = Access("restricted access", COAR_RESTRICTED, EU_REPO_RESTRICTED, "Restricted Access")
WITHDRAWN = Access("metadata only access", COAR_METADATA_ONLY, EU_REPO_CLOSED, "Closed Access")


def access_of(shown: Notice | Tombstone) -> Access:
    """The state of access in machines' words."""
    if isinstance(shown, Tombstone):
        return WITHDRAWN
    return RESTRICTED if shown.restriction else EMBARGOED


def state_metadata(shown: Notice | Tombstone, portal: Portal) -> list[Artifact]:
    """The files beside the page, and the linkset; where no citation may be shown, only the linkset.

    The server makes the page's Link header from the linkset: without it a notice would say less to machines that ask
    for the head alone than to those that read its HTML.
    """
    folder = f"doi/{shown.doi.path}/"
    linkset = Artifact(folder + LINKSET, orjson.dumps(_linkset(shown, portal), option=orjson.OPT_INDENT_2) + b"\n")
    if shown.citation is None:
        return [linkset]
    values = _datacite(shown, shown.citation, portal)
    bodies = {
        "datacite.xml": f"{DECLARATION}{datacite_xml(values)}\n".encode(),
        "datacite.json": orjson.dumps(values, option=orjson.OPT_INDENT_2) + b"\n",
        "metadata.jsonld": orjson.dumps(jsonld(shown, portal), option=orjson.OPT_INDENT_2) + b"\n",
    }
    return [*(Artifact(folder + name, body) for name, body in bodies.items()), linkset]


def jsonld(shown: Notice | Tombstone, portal: Portal) -> dict[str, Any]:
    """The citation as a schema.org Dataset without any distribution; empty where no citation may be shown."""
    citation = shown.citation
    if citation is None:
        return {}
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": shown.doi.url,
        "identifier": shown.doi.url,
        "url": portal.landing(shown.doi),
        "name": citation.title,
        "creator": [filled({"@type": PARTY_TYPES[one.kind], "name": one.name}) for one in citation.creators],
        "publisher": {"@type": "Organization", "name": citation.publisher},
        "copyrightYear": citation.year,
        "conditionsOfAccess": access_of(shown).coar,
    }
    if isinstance(shown, Tombstone):
        document["creativeWorkStatus"] = "Withdrawn"
        if shown.withdrawal.reason:
            document["correction"] = shown.withdrawal.reason
        if shown.withdrawal.on:
            document["expires"] = str(shown.withdrawal.on)
        if shown.withdrawal.replaced_by:
            document["http://purl.org/dc/terms/isReplacedBy"] = {"@id": shown.withdrawal.replaced_by.url}
    elif shown.opens:
        document["http://purl.org/dc/terms/available"] = str(shown.opens)
    return {name: value for name, value in document.items() if value != []}


def links(shown: Notice | Tombstone, portal: Portal) -> list[tuple[str, str, str]]:
    """The typed links of the page: relation, address, media type."""
    landing = link_address(portal.landing(shown.doi))
    found = [("type", "https://schema.org/AboutPage", "")]
    if not isinstance(shown, Notice) or shown.registered:
        found.insert(0, ("cite-as", link_address(shown.doi.url), ""))
    if shown.citation:
        found.append(("type", "https://schema.org/Dataset", ""))
        found += [("describedby", landing + name, kind) for name, kind in FORMS]
    found.append(("linkset", landing + LINKSET, "application/linkset+json"))
    return found


_NAME_TYPES = {"person": "Personal", "organisation": "Organizational"}


def _datacite(shown: Notice | Tombstone, citation: Citation, portal: Portal) -> Values:
    access = access_of(shown)
    values: Values = {
        "doi": str(shown.doi),
        "url": portal.landing(shown.doi),
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
        "creators": [_creator(one) for one in citation.creators] or [{"name": ":unav"}],
        "titles": [{"title": citation.title}],
        "publisher": {"name": citation.publisher},
        "publicationYear": str(citation.year),
        "dates": _dates(shown),
        "relatedIdentifiers": _replaced_by(shown),
        "rightsList": [
            {"rights": access.words, "rightsUri": access.coar},
            {"rights": access.eu_repo_words, "rightsUri": access.eu_repo},
        ],
        "schemaVersion": KERNEL,
    }
    return {name: value for name, value in values.items() if value != []}


def _creator(cited: Cited) -> Values:
    name = cited.inverted if cited.kind == "person" else cited.name
    kind = _NAME_TYPES.get(cited.kind)
    return {"name": name, "nameType": kind} if kind else {"name": name}


def _dates(shown: Notice | Tombstone) -> list[Values]:
    if isinstance(shown, Notice):
        return [{"date": str(shown.opens), "dateType": "Available"}] if shown.opens else []
    why = shown.withdrawal
    if why.on is None:
        return []
    date: Values = {"date": str(why.on), "dateType": "Withdrawn"}
    return [date | {"dateInformation": why.reason}] if why.reason else [date]


def _replaced_by(shown: Notice | Tombstone) -> list[Values]:
    if isinstance(shown, Notice) or shown.withdrawal.replaced_by is None:
        return []
    return [
        {
            "relatedIdentifier": str(shown.withdrawal.replaced_by),
            "relatedIdentifierType": "DOI",
            "relationType": "IsObsoletedBy",
        }
    ]


def _linkset(shown: Notice | Tombstone, portal: Portal) -> dict[str, Any]:
    landing = portal.landing(shown.doi)
    page: dict[str, Any] = {"anchor": landing}
    for relation, address, kind in links(shown, portal):
        if relation != "linkset":
            page.setdefault(relation, []).append({"href": address, "type": kind} if kind else {"href": address})
    back = [{"href": landing, "type": "text/html"}]
    files = FORMS if shown.citation else ()
    return {"linkset": [page, *({"anchor": landing + name, "describes": back} for name, _ in files)]}
