"""DataCite's JSON values written as kernel-4 XML, element by element in the order of the schema's documentation.

Comes in: what `formats.datacite.datacite_values` answers. Goes out: one `resource` element (DataCite 4.6 XSD).
"""

from typing import Any

from panfair.builders.syntax.xml import element, parent

KERNEL = "http://datacite.org/schema/kernel-4"
XSD = "https://schema.datacite.org/meta/kernel-4.6/metadata.xsd"
_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

Values = dict[str, Any]
"""Properties by their names in DataCite's REST API."""


def datacite_xml(values: Values, xsd: str = XSD) -> str:
    """The values as one `resource` element of kernel 4 by the schema at `xsd`, without an XML declaration."""
    types, publisher = values["types"], values["publisher"]
    parts = [
        f'<resource xmlns="{KERNEL}" {_XSI} xsi:schemaLocation="{KERNEL} {xsd}">',
        element("identifier", values["doi"], identifierType="DOI"),
        parent("creators", "".join(_person_xml("creator", agent) for agent in values["creators"])),
        parent("titles", "".join(element("title", t["title"], xml_lang=t.get("lang")) for t in values["titles"])),
        element(
            "publisher",
            publisher["name"],
            publisherIdentifier=publisher.get("publisherIdentifier"),
            publisherIdentifierScheme=publisher.get("publisherIdentifierScheme"),
            schemeURI=publisher.get("schemeUri"),
        ),
        element("publicationYear", values["publicationYear"]),
        element("resourceType", types["resourceType"], resourceTypeGeneral=types["resourceTypeGeneral"]),
        parent("subjects", "".join(_subject_xml(subject) for subject in values.get("subjects", []))),
        parent("contributors", "".join(_person_xml("contributor", c) for c in values.get("contributors", []))),
        parent(
            "dates",
            "".join(
                element("date", date["date"], dateType=date["dateType"], dateInformation=date.get("dateInformation"))
                for date in values.get("dates", [])
            ),
        ),
        element("language", values.get("language")),
        parent(
            "alternateIdentifiers",
            "".join(
                element(
                    "alternateIdentifier",
                    other["alternateIdentifier"],
                    alternateIdentifierType=other["alternateIdentifierType"],
                )
                for other in values.get("alternateIdentifiers", [])
            ),
        ),
        parent("relatedIdentifiers", "".join(_related_xml(one) for one in values.get("relatedIdentifiers", []))),
        parent("sizes", "".join(element("size", size) for size in values.get("sizes", []))),
        parent("formats", "".join(element("format", form) for form in values.get("formats", []))),
        element("version", values.get("version")),
        parent("rightsList", "".join(_rights_xml(rights) for rights in values["rightsList"])),
        parent(
            "descriptions",
            "".join(
                element(
                    "description", one["description"], descriptionType=one["descriptionType"], xml_lang=one.get("lang")
                )
                for one in values.get("descriptions", [])
            ),
        ),
        parent("geoLocations", "".join(_place_xml(one) for one in values.get("geoLocations", []))),
        parent("fundingReferences", "".join(_funding_xml(one) for one in values.get("fundingReferences", []))),
        parent("relatedItems", "".join(_item_xml(one) for one in values.get("relatedItems", []))),
        "</resource>",
    ]
    return "".join(parts)


def _person_xml(name: str, agent: Values) -> str:
    kind = f' contributorType="{agent["contributorType"]}"' if "contributorType" in agent else ""
    parts = [
        f"<{name}{kind}>",
        element(f"{name}Name", agent["name"], nameType=agent.get("nameType")),
        element("givenName", agent.get("givenName")),
        element("familyName", agent.get("familyName")),
    ]
    for one in agent.get("nameIdentifiers", []):
        parts.append(
            element(
                "nameIdentifier",
                one["nameIdentifier"],
                nameIdentifierScheme=one["nameIdentifierScheme"],
                schemeURI=one["schemeUri"],
            )
        )
    for one in agent.get("affiliation", []):
        parts.append(
            element(
                "affiliation",
                one["name"],
                affiliationIdentifier=one.get("affiliationIdentifier"),
                affiliationIdentifierScheme=one.get("affiliationIdentifierScheme"),
                schemeURI=one.get("schemeUri"),
            )
        )
    parts.append(f"</{name}>")
    return "".join(parts)


def _subject_xml(subject: Values) -> str:
    return element(
        "subject",
        subject["subject"],
        subjectScheme=subject.get("subjectScheme"),
        schemeURI=subject.get("schemeUri"),
        valueURI=subject.get("valueUri"),
        classificationCode=subject.get("classificationCode"),
    )


def _related_xml(related: Values) -> str:
    return element(
        "relatedIdentifier",
        related["relatedIdentifier"],
        relatedIdentifierType=related["relatedIdentifierType"],
        relationType=related["relationType"],
        resourceTypeGeneral=related.get("resourceTypeGeneral"),
    )


def _rights_xml(rights: Values) -> str:
    return element(
        "rights",
        rights["rights"],
        rightsURI=rights.get("rightsUri"),
        rightsIdentifier=rights.get("rightsIdentifier"),
        rightsIdentifierScheme=rights.get("rightsIdentifierScheme"),
        schemeURI=rights.get("schemeUri"),
    )


def _place_xml(place: Values) -> str:
    return parent("geoLocation", element("geoLocationPlace", place["geoLocationPlace"]))


def _funding_xml(one: Values) -> str:
    return parent(
        "fundingReference",
        element("funderName", one["funderName"])
        + element("funderIdentifier", one.get("funderIdentifier"), funderIdentifierType=one.get("funderIdentifierType"))
        + element("awardNumber", one.get("awardNumber"), awardURI=one.get("awardUri"))
        + element("awardTitle", one.get("awardTitle")),
    )


def _item_xml(item: Values) -> str:
    titles = "".join(element("title", title["title"]) for title in item["titles"])
    return parent(
        "relatedItem",
        parent("titles", titles),
        relatedItemType=item["relatedItemType"],
        relationType=item["relationType"],
    )
