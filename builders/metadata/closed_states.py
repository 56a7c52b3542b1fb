"""What machines are told of a DOI without open data: DataCite as XML and JSON, schema.org, and typed links to them.

Made from the citation, where the gate lets a notice or a tombstone have one; else of DOI, publisher, days and access
alone, with DataCite's word for what is not told on purpose. There is never a distribution, a dataset, a sample or a
parameter, and of a draft nothing. The words for access are COAR's and info:eu-repo's, the opening day
is DataCite's date Available, the withdrawal its date Withdrawn (DataCite 4.6, properties 8 and 16).
"""

from dataclasses import dataclass
from typing import Any

import orjson

from panfair.builders import Artifact
from panfair.builders.addresses import link_address
from panfair.builders.metadata.datacite_xml import KERNEL, Values, datacite_xml
from panfair.builders.metadata.schema_org_nodes import PARTY_TYPES
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
from panfair.ontologies.embargo import Cited, Notice, Tombstone

LINKSET = "linkset.json"
FORMS = (
    ("datacite.xml", "application/vnd.datacite.datacite+xml"),
    ("datacite.json", "application/vnd.datacite.datacite+json"),
    ("metadata.jsonld", "application/ld+json"),
)
"""The files beside a notice or a tombstone, under the names and media types that they have beside open records."""
_NOT_TOLD = ":unal"
"""DataCite 4.6, appendix 3: unallowed, suppressed intentionally."""


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


def forms_of(shown: Notice | Tombstone) -> tuple[tuple[str, str], ...]:
    """The files beside the page with their media types: none of a draft, DataCite's where a year can be told."""
    if isinstance(shown, Notice) and not shown.registered:
        return ()
    return FORMS if _year(shown) else FORMS[-1:]


def state_metadata(shown: Notice | Tombstone, portal: Portal) -> list[Artifact]:
    """The files beside the page, and the linkset.

    The server makes the page's Link header from the linkset: without it a notice would say less to machines that ask
    for the head alone than to those that read its HTML.
    """
    folder = f"doi/{shown.doi.path}/"
    linkset = Artifact(folder + LINKSET, orjson.dumps(_linkset(shown, portal), option=orjson.OPT_INDENT_2) + b"\n")
    return [*(Artifact(folder + name, _body(name, shown, portal)) for name, _ in forms_of(shown)), linkset]


def _body(name: str, shown: Notice | Tombstone, portal: Portal) -> bytes:
    if name == "metadata.jsonld":
        return orjson.dumps(jsonld(shown, portal), option=orjson.OPT_INDENT_2) + b"\n"
    values = _datacite(shown, portal)
    if name == "datacite.json":
        return orjson.dumps(values, option=orjson.OPT_INDENT_2) + b"\n"
    return f"{DECLARATION}{datacite_xml(values)}\n".encode()


def jsonld(shown: Notice | Tombstone, portal: Portal) -> dict[str, Any]:
    """A schema.org Dataset without any distribution; empty for a draft."""
    if not forms_of(shown):
        return {}
    citation, landing = shown.citation, portal.landing(shown.doi)
    people = citation.creators if citation else ()
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": shown.doi.url,
        "identifier": shown.doi.url,
        "url": landing,
        "name": citation.title if citation else None,
        "creator": [
            {"@type": PARTY_TYPES[one.kind], "@id": f"{landing}#creator-{n}", "name": one.name}
            for n, one in enumerate(people, 1)
        ],
        "publisher": {
            "@type": "Organization",
            "@id": f"{landing}#publisher",
            "name": citation.publisher if citation else shown.publisher,
        },
        "copyrightYear": citation.year if citation else None,
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
    return {name: value for name, value in document.items() if value not in ([], None)}


def links(shown: Notice | Tombstone, portal: Portal) -> list[tuple[str, str, str]]:
    """The typed links of the page: relation, address, media type."""
    landing = link_address(portal.landing(shown.doi))
    found = [("type", "https://schema.org/AboutPage", "")]
    if not isinstance(shown, Notice) or shown.registered:
        found.insert(0, ("cite-as", link_address(shown.doi.url), ""))
    if forms := forms_of(shown):
        found.append(("type", "https://schema.org/Dataset", ""))
        found += [("describedby", landing + name, kind) for name, kind in forms]
    found.append(("linkset", landing + LINKSET, "application/linkset+json"))
    return found


_NAME_TYPES = {"person": "Personal", "organisation": "Organizational"}


def _year(shown: Notice | Tombstone) -> int | None:
    """The publication year: of the citation, else that in which the embargo ends (DataCite 4.6, property 5)."""
    if shown.citation:
        return shown.citation.year
    return shown.opens.year if isinstance(shown, Notice) and shown.opens else None


def _datacite(shown: Notice | Tombstone, portal: Portal) -> Values:
    access, citation = access_of(shown), shown.citation
    people = [_creator(one) for one in citation.creators] or [{"name": ":unav"}] if citation else [{"name": _NOT_TOLD}]
    values: Values = {
        "doi": str(shown.doi),
        "url": portal.landing(shown.doi),
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Dataset"},
        "creators": people,
        "titles": [{"title": citation.title if citation else _NOT_TOLD}],
        "publisher": {"name": citation.publisher if citation else shown.publisher},
        "publicationYear": str(_year(shown)),
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
    files = forms_of(shown)
    return {"linkset": [page, *({"anchor": landing + name, "describes": back} for name, _ in files)]}
