"""DataCite XML (kernel 2 to 4) as the attributes of DataCite's JSON, so that both are read by the same code.

The names are those of DataCite Metadata Schema 4.6 and of the REST API's attributes; elements are told by their local
names, for each version of the kernel has a namespace of its own.
"""

from collections.abc import Iterator
from typing import Any

from lxml import etree

Raw = dict[str, Any]

_ATTRIBUTES = {"schemeURI": "schemeUri", "valueURI": "valueUri", "rightsURI": "rightsUri", "awardURI": "awardUri"}
_PEOPLE = {"creators": "creatorName", "contributors": "contributorName"}
_LISTS = {
    "titles": "title", "subjects": "subject", "dates": "date", "rightsList": "rights",
    "relatedIdentifiers": "relatedIdentifier", "descriptions": "description",
}  # fmt: skip
"""Lists of texts with attributes: the text's name in JSON."""


def resources_in(root: Any) -> Iterator[Any]:
    """The `<resource>` elements of DataCite below an element, itself included."""
    for element in root.iter():
        if isinstance(element.tag, str) and _name(element) == "resource" and "datacite.org" in element.tag:
            yield element


def attributes_of(resource: Any) -> Raw:
    """The attributes that a `<resource>` says, as the REST API would."""
    found: Raw = {}
    for part in _children(resource):
        name = _name(part)
        if name == "identifier":
            found["doi"] = _text(part)
        elif name in _PEOPLE:
            found[name] = [_agent(one, _PEOPLE[name]) for one in _children(part)]
        elif name in _LISTS:
            found[name] = [{**_said(one), _LISTS[name]: _text(one)} for one in _children(part)]
        elif name in ("sizes", "formats"):
            found[name] = [_text(one) for one in _children(part)]
        elif name == "alternateIdentifiers":
            found[name] = [{**_said(one), "alternateIdentifier": _text(one)} for one in _children(part)]
        elif name == "resourceType":
            found["types"] = {"resourceType": _text(part), "resourceTypeGeneral": part.get("resourceTypeGeneral")}
        elif name == "publisher":
            found[name] = {**_said(part), "name": _text(part)}
        elif name == "fundingReferences":
            found[name] = [_funding(one) for one in _children(part)]
        elif name == "relatedItems":
            found[name] = [_item(one) for one in _children(part)]
        elif name == "geoLocations":
            found[name] = [{} for _one in _children(part)]
        else:
            found[name] = _text(part)
    return found


def _agent(element: Any, name: str) -> Raw:
    agent: Raw = {**_said(element), "affiliation": [], "nameIdentifiers": []}
    for part in _children(element):
        match _name(part):
            case "affiliation":
                agent["affiliation"].append({**_said(part), "name": _text(part)})
            case "nameIdentifier":
                agent["nameIdentifiers"].append({**_said(part), "nameIdentifier": _text(part)})
            case found if found == name:
                agent |= {**_said(part), "name": _text(part)}
            case found:
                agent[found] = _text(part)
    return agent


def _funding(element: Any) -> Raw:
    found: Raw = {}
    for part in _children(element):
        found |= {**_said(part), _name(part): _text(part)}
    return found


def _item(element: Any) -> Raw:
    found: Raw = _said(element)
    for part in _children(element):
        match _name(part):
            case "relatedItemIdentifier":
                found["relatedItemIdentifier"] = {**_said(part), "relatedItemIdentifier": _text(part)}
            case "titles":
                found["titles"] = [{"title": _text(one)} for one in _children(part)]
            case name:
                found[name] = _text(part)
    return found


def _said(element: Any) -> Raw:
    """The attributes of an element by their names in JSON; `xml:lang` is `lang`."""
    return {_ATTRIBUTES.get(name, name): value for key, value in element.attrib.items() if (name := _local(key))}


def _children(element: Any) -> list[Any]:
    return [child for child in element if isinstance(child.tag, str)]


def _name(element: Any) -> str:
    return _local(element.tag)


def _local(name: Any) -> str:
    return etree.QName(name).localname


def _text(element: Any) -> str:
    """The text of an element; `<br/>` ends a line."""
    pieces = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            pieces.append("\n" if _name(child) == "br" else "".join(child.itertext()))
        pieces.append(child.tail or "")
    return "".join(pieces)
