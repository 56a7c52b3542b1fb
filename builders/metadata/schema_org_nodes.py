"""schema.org nodes for the things that a publication names: people, organisations, terms, values, samples, grants.

JSON-LD objects with an @id each, shared by the schema.org description and RO-Crate, so that both say the same.
"""

from typing import Any
from urllib.parse import quote

from panfair.builders.metadata.description import Body, Device, Grant, Material, Party, Term, Work
from panfair.builders.metadata.terms import ARTICLES
from panfair.ontologies.nexus import field_of
from panfair.ontologies.record import Parameter
from panfair.ontologies.units import interpret

Node = dict[str, Any]
"""A node: JSON values and nodes under the terms of schema.org, other vocabularies under full IRIs."""

DCT = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
CONFORMS_TO = DCT + "conformsTo"
UCUM = "https://w3id.org/uom/"


PARTY_TYPES = {"person": "Person", "organisation": "Organization", "account": "Thing", "unknown": "Thing"}
"""schema.org's types of who is named. An account, or a name in doubt, is neither a person nor an organisation for
certain, and a wrong type is an invented fact; `Thing` is what both are."""


def party_node(party: Party) -> Node:
    """A person, an organisation, or in doubt a Thing that says no more than its name (`PARTY_TYPES`)."""
    agent = party.agent
    return filled(
        {
            "@type": PARTY_TYPES[agent.kind],
            "@id": party.iri,
            "name": agent.name,
            "givenName": agent.given_name if party.is_person else None,
            "familyName": agent.family_name if party.is_person else None,
            "identifier": party.orcid or party.ror,
            "affiliation": [body_node(body) for body in party.bodies],
        }
    )


def body_node(body: Body) -> Node:
    """An organisation."""
    node: Node = {"@type": "Organization", "@id": body.iri, "name": body.name}
    return node | ({"identifier": body.ror} if body.ror else {})


def term_node(term: Term) -> Node | str:
    """A term of a vocabulary as DefinedTerm, or its words where it has no address."""
    if not term.iri:
        return term.name
    return filled(
        {
            "@type": "DefinedTerm",
            "@id": term.iri,
            "name": term.name,
            "inDefinedTermSet": term.scheme_url,
            "termCode": term.code,
            "url": term.iri,
        }
    )


def variable_node(parameter: Parameter, iri: str) -> Node:
    """A parameter as PropertyValue, with its unit as the source writes it."""
    return filled(
        {
            "@type": "PropertyValue",
            "@id": iri,
            "name": parameter.name,
            "value": number_or_text(parameter.value),
            "unitText": parameter.unit,
            "unitCode": unit_iri(parameter.unit),
            "minValue": number(parameter.minimum),
            "maxValue": number(parameter.maximum),
            "description": parameter.description,
            "propertyID": _properties(parameter),
        }
    )


def unit_iri(unit: str | None) -> str | None:
    """The unit's IRI in QUDT, else that of its UCUM code (w3id.org/uom); None for what is no unit."""
    meant = interpret(unit)
    if meant is None:
        return None
    return meant.qudt or (UCUM + quote(meant.ucum, safe="") if meant.ucum else None)


def _properties(parameter: Parameter) -> list[str]:
    """What the parameter is: the IRI of its NeXus field, and the path that the source says."""
    found = field_of(parameter.name, parameter.nexus)
    return list(filter(None, (found.iri if found else None, parameter.nexus)))


def number_or_text(value: bool | int | float | str | tuple[float, ...]) -> bool | int | float | str:
    """A parameter's value as JSON can carry it: a whole number without a point, a list as text, huge ones as text."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, tuple):
        return ", ".join(str(number_or_text(item)) for item in value)
    known = number(value)
    return known if known is not None else str(value)


def material_node(material: Material) -> Node:
    """A sample; one with a formula is a ChemicalSubstance, which is the type that can carry it."""
    sample = material.sample
    return filled(
        {
            "@type": "ChemicalSubstance" if sample.formula else "Thing",
            "@id": material.iri,
            "name": sample.name,
            "identifier": material.pid or (sample.identifier.value if sample.identifier else None),
            "description": sample.description,
            "chemicalComposition": sample.formula,
        }
    )


def device_node(device: Device) -> Node:
    """An instrument. Not as Product: search engines would ask for its price."""
    return filled(
        {
            "@type": "Thing",
            "@id": device.iri,
            "name": device.name,
            "alternateName": device.instrument.name if device.instrument.name != device.name else None,
            "identifier": device.pid,
            "description": device.instrument.description,
        }
    )


def grant_node(grant: Grant) -> Node:
    """A grant with its funder."""
    funding = grant.funding
    return filled(
        {
            "@type": "Grant",
            "@id": grant.iri,
            "identifier": funding.award_number,
            "name": funding.award_title,
            "url": grant.url,
            "funder": body_node(grant.funder),
        }
    )


def work_type(work: Work) -> str:
    """The schema.org type of another work, as far as DataCite's type of it tells."""
    return "ScholarlyArticle" if work.related.kind in ARTICLES else "CreativeWork"


def number(value: float | None) -> int | float | None:
    """A number that JSON and JSON-LD read alike: whole ones as integers; None beyond what 64 bits hold."""
    if value is None:
        return None
    if float(value).is_integer():
        return int(value) if abs(value) < 2**63 else None
    return value


def filled(node: Node) -> Node:
    """The node without what is not known; one value instead of a list of one."""
    known: Node = {}
    for term, value in node.items():
        if value is None or value == [] or value == "":
            continue
        known[term] = value[0] if isinstance(value, list) and len(value) == 1 else value
    return known
