"""DataCite's REST API for tests, imitated: findable DOIs of a repository, behind a cursor, as its own code answers.

Made after lupo's controller of DOIs: the next page is told by a link whose cursor alone matters, a page that is not
full ends the list, everyone sees findable DOIs only, `publisher=true` makes an object of the publisher.
"""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from lxml import etree

from support.servers.answering import answering


def document(number: int, client: str = "example.eps", **attributes: Any) -> dict[str, Any]:
    """A JSON:API document of a made-up DOI."""
    doi = f"10.5072/eps-{number}"
    told = {
        "doi": doi,
        "creators": [
            {"name": "Madeup, Testa", "nameType": "Personal", "givenName": "Testa", "familyName": "Madeup",
             "affiliation": [{"name": "Example University"}],
             "nameIdentifiers": [{"nameIdentifier": "https://orcid.org/0000-0002-1825-0097",
                                  "nameIdentifierScheme": "ORCID", "schemeUri": "https://orcid.org"}]}
        ],
        "titles": [{"title": f"Foam number{number}"}],
        "publisher": {"name": "Example Photon Source"},
        "publicationYear": 2024,
        "types": {"resourceTypeGeneral": "Dataset"},
        "dates": [{"date": "2024", "dateType": "Issued"}],
        "url": f"https://data.example.org/{number}",
        "state": "findable", "isActive": True,
        "created": f"2024-05-01T10:{number % 60:02}:00.000Z", "registered": "2024-05-01T10:00:00.000Z",
        "updated": "2024-05-02T10:00:00.000Z",
    }  # fmt: skip
    relationships = {"client": {"data": {"id": client, "type": "clients"}}}
    return {"id": doi, "type": "dois", "attributes": {**told, **attributes}, "relationships": relationships}


def as_xml(attributes: dict[str, Any], namespace: str = "http://datacite.org/schema/kernel-4") -> bytes:
    """The kernel XML that says what these attributes say, of the properties that the made-up documents use."""
    root = etree.Element(f"{{{namespace}}}resource", nsmap={None: namespace})

    def put(parent: Any, tag: str, text: Any = None, **said: Any) -> Any:
        element = etree.SubElement(parent, f"{{{namespace}}}{tag}", {name: str(value) for name, value in said.items()})
        element.text = None if text is None else str(text)
        return element

    put(root, "identifier", attributes["doi"], identifierType="DOI")
    for group, one, name in (
        ("creators", "creator", "creatorName"),
        ("contributors", "contributor", "contributorName"),
    ):
        people = put(root, group) if attributes.get(group) else None
        for agent in attributes.get(group, ()):
            kind = {"contributorType": agent["contributorType"]} if "contributorType" in agent else {}
            person = put(people, one, **kind)
            put(person, name, agent["name"], **({"nameType": agent["nameType"]} if "nameType" in agent else {}))
            for part in ("givenName", "familyName"):
                if part in agent:
                    put(person, part, agent[part])
            for known in agent.get("nameIdentifiers", ()):
                put(
                    person,
                    "nameIdentifier",
                    known["nameIdentifier"],
                    nameIdentifierScheme=known["nameIdentifierScheme"],
                )
            for place in agent.get("affiliation", ()):
                put(person, "affiliation", place["name"])
    publisher = attributes["publisher"]
    put(root, "publisher", publisher["name"], **{key: said for key, said in publisher.items() if key != "name"})
    put(root, "publicationYear", attributes["publicationYear"])
    put(root, "resourceType", attributes["types"].get("resourceType", "Dataset"),
        resourceTypeGeneral=attributes["types"]["resourceTypeGeneral"])  # fmt: skip
    names = {"schemeUri": "schemeURI", "valueUri": "valueURI", "rightsUri": "rightsURI"}
    for group, tag in {"titles": "title", "subjects": "subject", "dates": "date", "rightsList": "rights",
                       "descriptions": "description", "relatedIdentifiers": "relatedIdentifier"}.items():  # fmt: skip
        parent = put(root, group) if attributes.get(group) else None
        for item in attributes.get(group, ()):
            put(parent, tag, item[tag], **{names.get(key, key): said for key, said in item.items() if key != tag})
    for group, tag in {"sizes": "size", "formats": "format"}.items():
        parent = put(root, group) if attributes.get(group) else None
        for text in attributes.get(group, ()):
            put(parent, tag, text)
    grants = put(root, "fundingReferences") if attributes.get("fundingReferences") else None
    for grant in attributes.get("fundingReferences", ()):
        reference = put(grants, "fundingReference")
        put(reference, "funderName", grant["funderName"])
        if "awardNumber" in grant:
            put(reference, "awardNumber", grant["awardNumber"], awardURI=grant.get("awardUri", ""))
    for name in ("language", "version"):
        if name in attributes:
            put(root, name, attributes[name])
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


@dataclass
class DataCite:
    """What DataCite holds, and the faults that a test plants."""

    documents: list[dict[str, Any]]
    counted: int | None = None
    """What it says to have, where that is not what it has."""
    faults: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    """Answers in place of the right ones, by the number of the request from 1."""
    asked: list[dict[str, str]] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, str], host: str) -> tuple[int, bytes]:
        """Status and body."""
        self.asked.append(query)
        if fault := self.faults.get(len(self.asked)):
            return fault
        if path != "/dois":
            return 404, json.dumps(
                {"errors": [{"status": "404", "title": "The resource you are looking for doesn't exist."}]}
            ).encode()
        found = [one for one in self.documents if self._fits(one, query)]
        found.sort(key=lambda one: (str(one["attributes"].get("created")), one["id"]))
        size, cursor = int(query.get("page[size]", 25)), query.get("page[cursor]", "1")
        place = next((number for number, one in enumerate(found, 1) if _cursor(one) == cursor), 0)
        page = found[place : place + size]
        links: dict[str, str] = {"self": f"http://{host}{path}"}
        if len(page) == size:
            kept = {name: query[name] for name in ("client-id", "prefix", "affiliation") if name in query}
            following = {**kept, "page[cursor]": _cursor(page[-1]), "page[size]": size}
            links["next"] = f"http://{host}/dois?{urlencode(following)}"
        total = len(found) if self.counted is None else self.counted
        shown = [self._shown(one, query) for one in page]
        return 200, json.dumps({"data": shown, "meta": {"total": total}, "links": links}).encode()

    def _fits(self, one: dict[str, Any], query: dict[str, str]) -> bool:
        attributes = one["attributes"]
        client = one["relationships"]["client"]["data"]["id"]
        return (
            attributes.get("state") == "findable"
            and query.get("client-id") in (None, client)
            and one["id"].startswith(f"{query.get('prefix', '10.5072')}/")
        )

    def _shown(self, one: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
        publisher = one["attributes"].get("publisher")
        if query.get("publisher") == "true" or not isinstance(publisher, dict):
            return one
        return {**one, "attributes": {**one["attributes"], "publisher": publisher["name"]}}


def _cursor(one: dict[str, Any]) -> str:
    return f"after-{one['id']}"


def served(world: DataCite) -> AbstractContextManager[str]:
    """The address of the API while it is served."""
    return answering(lambda path, query, host: (*world.answer(path, query, host), "application/json"))
