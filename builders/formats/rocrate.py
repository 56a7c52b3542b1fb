"""RO-Crate 1.2 from a released publication: a detached crate whose root is the DOI and whose files are on the web.

Follows the RO-Crate Metadata Specification 1.2 ("Detached RO-Crate Package", "Provenance of entities"). Measuring and
processing are CreateActions: object, instrument and result are what a workflow engine needs to take a step up again.
Who did it is said by no catalogue (a creator of the publication need not have been there), so no action has an agent.
"""

import re
from typing import Any
from urllib.parse import unquote

import orjson

from panfair.builders.addresses import web_address
from panfair.builders.metadata.crosswalk import Description, describe
from panfair.builders.metadata.description import Copy, Grant, Part, Work
from panfair.builders.metadata.format import Format
from panfair.builders.metadata.memo import memoized
from panfair.builders.metadata.schema_org_nodes import (
    Node,
    body_node,
    device_node,
    filled,
    grant_node,
    material_node,
    party_node,
    term_node,
    variable_node,
    work_type,
)
from panfair.builders.metadata.terms import COAR_OPEN, NEXUS, relation_terms
from panfair.builders.portal import Portal
from panfair.ontologies import nexus
from panfair.ontologies.embargo import Released

CRATE = "https://w3id.org/ro/crate/1.2"
_FILE = "ro-crate-metadata.json"
_REGISTRY = "https://registry.identifiers.org/registry/doi"
_VERSION = re.compile(r"[\s/@=v-]([0-9]+(?:\.[0-9]+)+[0-9A-Za-z.+-]*)/?$")
_ENCODED_LETTERS = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


@memoized
def rocrate_document(released: Released, portal: Portal) -> Node:
    """The metadata document of the crate: a flat @graph, descriptor and root first; the answer is shared."""
    return _Crate(describe(released, portal)).document()


class _Crate:
    """Collects entities, each once; the first description of an @id stays."""

    def __init__(self, description: Description) -> None:
        self.d = description
        self.entities: dict[str, Node] = {}
        self.actions: list[Node] = []
        self.ids = {part.iri: self._part_id(part) for part in description.parts}

    def document(self) -> Node:
        d, publication = self.d, self.d.publication
        # Relative in a detached crate too ("RO-Crate Metadata Descriptor"): readers look for this very word.
        self.entities[_FILE] = {
            "@type": "CreativeWork",
            "@id": _FILE,
            "conformsTo": {"@id": CRATE},
            "about": {"@id": d.iri},
        }
        root: Node = {"@type": "Dataset", "@id": d.iri}
        self.entities[d.iri] = root
        identifier = {
            "@type": "PropertyValue",
            "@id": f"{d.landing}#identifier",
            "name": "DOI",
            "propertyID": _REGISTRY,
            "value": f"doi:{publication.doi}",
            "url": d.iri,
        }
        # Before all others, so that a publisher who is also an affiliation is described as the publisher.
        publisher = self._publisher()
        parts = [self._part(part) for part in d.parts]
        files = self._files(d.copies, f"File of “{publication.title}”.")
        everyone = [(party, self._entity(party_node(party))) for party in d.creators]
        root |= {
            "identifier": self._entity(identifier),
            "cite-as": {"@id": d.iri},
            "url": d.landing,
            "name": publication.title,
            "description": d.summary,
            "datePublished": d.issued,
            "dateModified": d.modified,
            "dateCreated": d.created,
            "temporalCoverage": d.span,
            "version": publication.version,
            "inLanguage": publication.language,
            "license": self._licences(),
            "conditionsOfAccess": COAR_OPEN,
            "isAccessibleForFree": True,
            # author is for people; an organisation or an account is a creator.
            "author": [ref for party, ref in everyone if party.is_person],
            "creator": [ref for party, ref in everyone if not party.is_person],
            "contributor": [self._entity(party_node(party)) for party in d.contributors],
            "publisher": publisher,
            "sourceOrganization": self._entity(self._organisation(body_node(d.facility))) if d.facility else None,
            "keywords": list(dict.fromkeys(term.name for term in (*d.techniques, *d.keywords))),
            "measurementTechnique": [self._value(term_node(term)) for term in d.techniques],
            "variableMeasured": [
                self._entity(variable_node(v, f"{d.landing}#parameter-{n}")) for n, v in enumerate(d.variables, 1)
            ],
            "about": [self._entity(material_node(material)) for material in d.materials],
            "funding": [self._entity(_named_grant(grant)) for grant in d.grants],
            "funder": [self._entity(body_node(body)) for body in dict.fromkeys(grant.funder for grant in d.grants)],
            "hasPart": files + parts,
        }
        self._measurement()
        root["mentions"] = self.actions
        for n, work in enumerate(d.works, 1):
            self._work(root, work, f"{d.landing}#work-{n}")
        graph = [filled(entity) for entity in self.entities.values()]
        document: Node = {"@context": f"{CRATE}/context", "@graph": graph}
        return _readable(document) if any(_ENCODED_LETTERS.search(iri) for iri in self.entities) else document

    def _entity(self, node: Node) -> Node:
        """Put a node, and those inside it, into the graph; what stays in its place is a reference."""
        iri = str(node["@id"])
        kind = node.get("@type", "Thing")
        known = iri in self.entities
        flat = self.entities.setdefault(iri, {"@type": kind, "@id": iri})
        if known and kind not in listed(flat["@type"]):
            # One address may name two things to a catalogue (its licence and its home page); a crate has one entity.
            flat["@type"] = [*listed(flat["@type"]), *listed(kind)]
        for term, value in node.items():
            if not term.startswith("@") and term not in flat:
                flat[term] = [self._value(one) for one in listed(value)]
        if "Organization" in listed(flat["@type"]) and (not known or kind == "Organization"):
            self._organisation(flat)
        return {"@id": iri}

    def _value(self, value: Any) -> Any:
        return self._entity(value) if isinstance(value, dict) and len(value) > 1 else value

    def _organisation(self, node: Node) -> Node:
        """What the specification asks of an organisation, from its registry entry: an address and where to ask."""
        iri = str(node["@id"])
        if iri.startswith("https://ror.org/") and "contactPoint" not in node:
            node["url"] = iri
            node["contactPoint"] = self._entity(
                {
                    "@type": "ContactPoint",
                    "@id": f"{iri}#contact",
                    "name": f"Contact of {_first(node['name'])}",
                    "url": iri,
                }
            )
        return node

    def _publisher(self) -> Node:
        d = self.d
        node = party_node(d.publisher)
        contact = {
            "@type": "ContactPoint",
            "@id": d.portal.url("/#contact"),
            "name": f"Contact of {d.portal.title}",
            "contactType": "data curators",
            "email": d.portal.contact,
            "url": d.portal.url("/"),
        }
        if d.publisher.agent.has_type:
            node |= {"contactPoint": filled(contact), "url": d.portal.home_url or d.portal.url("/")}
        return self._entity(node)

    def _licences(self) -> list[Node]:
        licences = []
        for n, licence in enumerate(self.d.licences, 1):
            node = {
                "@type": "CreativeWork",
                "@id": licence.iri or f"{self.d.landing}#rights-{n}",
                "name": licence.name,
                "description": licence.said,
                "identifier": licence.spdx,
                "url": licence.iri,
            }
            licences.append(self._entity(filled(node)))
        if not licences:
            # The specification demands a licence; that none is stated is what can be said.
            none = {
                "@type": "CreativeWork",
                "@id": f"{self.d.landing}#rights-not-stated",
                "name": "No licence stated",
                "description": "The catalogue states no licence for these data; ask the publisher before reuse.",
            }
            licences.append(self._entity(none))
        return licences

    def _files(self, copies: tuple[Copy, ...], fallback: str) -> list[Node]:
        # One that is found at the DOI only would make a file of the whole crate.
        return [self._file(copy, fallback) for copy in copies if copy.url != self.d.iri]

    def _file(self, copy: Copy, fallback: str) -> Node:
        file = copy.file
        return self._entity(
            filled(
                {
                    "@type": "File",
                    "@id": copy.url,
                    "name": file.name,
                    "description": file.description or fallback,
                    # RFC 2046, 4.5.1: the type of what is not known.
                    "encodingFormat": copy.media_type or "application/octet-stream",
                    "contentSize": str(file.size_bytes) if file.size_bytes is not None else None,
                    "sha256": copy.sha256,
                    "sdDatePublished": self.d.issued,
                    "conformsTo": [_standard(NEXUS, "NeXus"), _standard(nexus.IRI + copy.nexus, copy.nexus)]
                    if copy.nexus
                    else None,
                }
            )
        )

    def _part(self, part: Part) -> Node:
        """A dataset. Its @id is a fragment of the crate's: an address of its own would promise an archive to fetch."""
        dataset = part.dataset
        reference = self._entity(
            filled(
                {
                    "@type": "Dataset",
                    "@id": self._part_id(part),
                    "identifier": part.pid or (dataset.identifier.value if dataset.identifier else None),
                    "name": dataset.name,
                    "description": part.summary,
                    "url": part.iri,
                    "temporalCoverage": part.span,
                    "sdDatePublished": self.d.issued,
                    "contentSize": str(dataset.known_bytes) if dataset.known_bytes is not None else None,
                    "measurementTechnique": [term_node(term) for term in part.techniques],
                    "variableMeasured": [
                        variable_node(v, f"{part.iri}#parameter-{n}") for n, v in enumerate(part.variables, 1)
                    ],
                    "about": [material_node(material) for material in part.materials],
                    "hasPart": self._files(part.copies, f"File of dataset “{dataset.name}”."),
                }
            )
        )
        self._made(part, reference)
        return reference

    def _part_id(self, part: Part) -> str:
        return f"{self.d.iri}#dataset-{part.folder}"

    def _made(self, part: Part, result: Node) -> None:
        """How a dataset came about, where the source says more than that it did."""
        dataset = part.dataset
        sources = [{"@id": self.ids.get(iri, iri)} for iri in part.inputs]
        for iri in part.inputs:
            if iri not in self.ids and iri != self.d.iri:
                self._entity({"@type": "CreativeWork", "@id": iri, "name": iri})
        programs = [
            self._program(name, f"{self.d.landing}#software-{part.folder}-{n}")
            for n, name in enumerate(dataset.software, 1)
        ]
        devices = [device_node(device) | {"@type": "IndividualProduct"} for device in part.devices]
        if not (sources or programs or devices or part.span):
            return
        start, end = (part.span or "../..").split("/")
        action = {
            "@type": "CreateAction",
            "@id": f"{self.d.landing}#action-{part.folder}",
            "name": f"{'Processing' if sources or programs else 'Measurement'} of {dataset.name}",
            "startTime": None if start == ".." else start,
            "endTime": None if end == ".." else end,
            "object": sources or [{"@id": material.iri} for material in part.materials],
            "instrument": devices + programs,
            "result": result,
        }
        self.actions.append(self._entity(filled(action)))

    def _program(self, name: str, fragment: str) -> Node:
        """A program. The specification wants address and version of a SoftwareApplication; few catalogues tell both."""
        address, version = web_address(name), _VERSION.search(name)
        whole = address and version
        node = {
            "@type": "SoftwareApplication" if whole else "CreativeWork",
            "@id": address or fragment,
            "name": name,
            "additionalType": None if whole else "https://schema.org/SoftwareApplication",
            "url": address,
            "version": version[1] if version else None,
        }
        return filled(node)

    def _measurement(self) -> None:
        """The session as a whole, where the source says when it was."""
        d = self.d
        if not d.span or not (d.publication.start or d.publication.end):
            return
        start, end = d.span.split("/")
        action = {
            "@type": "CreateAction",
            "@id": f"{d.landing}#measurement",
            "name": "Measurement",
            "startTime": None if start == ".." else start,
            "endTime": None if end == ".." else end,
            "object": [{"@id": material.iri} for material in d.materials],
            "instrument": [device_node(device) | {"@type": "IndividualProduct"} for device in d.devices],
            "result": {"@id": d.iri},
        }
        self.actions.append(self._entity(filled(action)))

    def _work(self, root: Node, work: Work, fragment: str) -> None:
        terms = relation_terms(work.related.relation)
        iri = work.iri or fragment
        if iri == self.d.iri or not work.words:
            return
        node = {"@type": work_type(work), "@id": iri, "name": work.words, "url": work.iri}
        reference = self._entity(filled(node))
        # A part that is elsewhere is no data entity of this crate, which would have to hold it.
        name = {"hasPart": "mentions", "sameAs": "citation"}.get(terms.schema, terms.schema)
        place = self.entities[iri] if terms.reverse else root
        values = place.get(name) or []
        values = values if isinstance(values, list) else [values]
        said = {"@id": self.d.iri} if terms.reverse else reference
        if terms.reverse:
            root["mentions"] = [*root["mentions"], reference]
        place[name] = values if said in values else [*values, said]


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


def _standard(iri: str, name: str) -> Node:
    return {"@type": "CreativeWork", "@id": iri, "name": name, "url": iri}


def _named_grant(grant: Grant) -> Node:
    """A grant; one without a title is called by its funder and number, as every entity should have a name."""
    number = grant.funding.award_number
    return {"name": f"{grant.funder.name} {number}" if number else grant.funder.name} | grant_node(grant)


def _readable(value: Any) -> Any:
    """The document with the letters of other scripts in @id as themselves (specification, appendix "JSON-LD")."""
    if isinstance(value, dict):
        return {k: _letters(v) if k == "@id" and isinstance(v, str) else _readable(v) for k, v in value.items()}
    return [_readable(one) for one in value] if isinstance(value, list) else value


def listed(value: Any) -> list[Any]:
    """A value of the graph as a list: one is written without brackets."""
    return value if isinstance(value, list) else [value]


def _letters(iri: str) -> str:
    def decoded(found: re.Match[str]) -> str:
        try:
            text = unquote(found[0], errors="strict")
        except UnicodeDecodeError:
            return found[0]
        return text if text.isprintable() else found[0]

    return _ENCODED_LETTERS.sub(decoded, iri)


def _render(released: Released, portal: Portal) -> bytes:
    return orjson.dumps(rocrate_document(released, portal), option=orjson.OPT_INDENT_2) + b"\n"


FORMATS = (
    Format(
        name="RO-Crate",
        file=_FILE,
        media_type='application/ld+json;profile="https://w3id.org/ro/crate"',
        render=_render,
        profile="https://w3id.org/ro/crate",
        order=50,
    ),
)
