"""schema.org nodes for the datasets of a publication, their files, and what was measured in all of them.

A dataset stands in its publication's description, and alone on its own page: there with everything that it takes from
the publication (people, licence, access), for who comes by that page reads nothing else.
"""

from collections.abc import Iterable

from panfair.builders.metadata.description import Copy, Description, Licence, Part
from panfair.builders.metadata.schema_org_nodes import (
    CONFORMS_TO,
    PROV,
    Node,
    filled,
    material_node,
    number,
    party_node,
    term_node,
    unit_iri,
    variable_node,
)
from panfair.builders.metadata.terms import COAR_OPEN, NEXUS
from panfair.builders.portal import Portal
from panfair.ontologies import nexus
from panfair.ontologies.record import Parameter


def catalogue_node(portal: Portal) -> Node:
    """The catalogue that everything here is in."""
    return {"@type": "DataCatalog", "@id": portal.url("/#catalog"), "name": portal.title, "url": portal.url("/")}


def licence_terms(licences: Iterable[Licence], page: str) -> Node:
    """`license` for those that have an address; what has none is still said, in the source's words."""
    known = list(licences)
    return {
        "license": [licence.iri for licence in known if licence.iri],
        "usageInfo": [
            {"@type": "CreativeWork", "@id": f"{page}#rights-{n}", "name": licence.said}
            for n, licence in enumerate(known, 1)
            if not licence.iri
        ],
    }


def standards_of(copies: Iterable[Copy]) -> list[Node]:
    """NeXus, and the classes of it that the files conform to; nothing where no file is NeXus."""
    classes = dict.fromkeys(copy.nexus for copy in copies if copy.nexus)
    return [{"@id": NEXUS}, *({"@id": nexus.IRI + name} for name in classes)] if classes else []


def download_node(copy: Copy) -> Node:
    """A file that can be fetched."""
    file = copy.file
    return filled(
        {
            "@type": "DataDownload",
            "@id": copy.iri,
            "name": file.name,
            "description": file.description,
            "contentUrl": copy.url,
            "encodingFormat": copy.media_type,
            "contentSize": str(file.size_bytes) if file.size_bytes is not None else None,
            "sha256": copy.sha256,
            CONFORMS_TO: standards_of([copy]),
        }
    )


def part_node(part: Part, d: Description) -> Node:
    """A dataset within its publication's description, which has the nodes that this one refers to."""
    return filled(
        {
            **_own_words(part),
            "license": [licence.iri for licence in part.licences or d.licences if licence.iri],
            "creator": [{"@id": party.iri} for party in d.creators],
            "measurementTechnique": [{"@id": term.iri} if term.iri else term.name for term in part.techniques],
            "about": [{"@id": material.iri} for material in part.materials],
            "distribution": [{"@id": copy.iri} for copy in part.copies],
        }
    )


def dataset_document(part: Part, d: Description) -> Node:
    """A dataset's own page as a JSON-LD document of its own."""
    return filled(
        {
            "@context": "https://schema.org",
            **_own_words(part),
            **licence_terms(part.licences or d.licences, part.iri if part.licences else d.landing),
            "creator": [party_node(party) for party in d.creators],
            "publisher": party_node(d.publisher),
            "datePublished": d.issued,
            "conditionsOfAccess": COAR_OPEN,
            "isAccessibleForFree": True,
            "measurementTechnique": [term_node(term) for term in part.techniques or d.techniques],
            "about": [material_node(material) for material in part.materials],
            "distribution": [download_node(copy) for copy in part.copies],
            "isPartOf": {"@type": "CreativeWork", "@id": d.iri, "name": d.publication.title, "url": d.landing},
            "includedInDataCatalog": catalogue_node(d.portal),
            CONFORMS_TO: standards_of(part.copies),
        }
    )


def _own_words(part: Part) -> Node:
    dataset = part.dataset
    inputs = [{"@id": iri} for iri in part.inputs]
    return {
        "@type": "Dataset",
        "@id": part.iri,
        "identifier": part.pid or (dataset.identifier.value if dataset.identifier else None),
        "name": dataset.name,
        "url": part.iri,
        "description": part.summary,
        "temporalCoverage": part.span,
        "variableMeasured": [variable_node(v, f"{part.iri}#parameter-{n}") for n, v in enumerate(part.variables, 1)],
        "isBasedOn": inputs,
        PROV + "wasDerivedFrom": inputs,
    }


def measured_nodes(d: Description) -> list[Node]:
    """What was measured: the publication's own values, then each quantity of its datasets once.

    A quantity has the value that it has in all of them, or, of numbers, the range; of different texts neither.
    """
    nodes = [variable_node(v, f"{d.landing}#parameter-{n}") for n, v in enumerate(d.variables, 1)]
    described = {(one.name, one.unit) for one in d.variables}
    found: dict[tuple[str, str | None], list[Parameter]] = {}
    for part in d.parts:
        for one in part.variables:
            if (one.name, one.unit) not in described:
                found.setdefault((one.name, one.unit), []).append(one)
    return nodes + [_quantity(same, f"{d.landing}#variable-{n}") for n, same in enumerate(found.values(), 1)]


def _quantity(same: list[Parameter], iri: str) -> Node:
    first = same[0]
    if all(one.value == first.value for one in same):
        return variable_node(first, iri)
    numbers = [number(one.value) for one in same if not isinstance(one.value, bool | str | tuple)]
    known = [value for value in numbers if value is not None]
    ranged = len(known) == len(same)
    return filled(
        {
            "@type": "PropertyValue",
            "@id": iri,
            "name": first.name,
            "unitText": first.unit,
            "unitCode": unit_iri(first.unit),
            "minValue": min(known) if ranged else None,
            "maxValue": max(known) if ranged else None,
            "description": first.description,
            "propertyID": variable_node(first, iri).get("propertyID"),
        }
    )
