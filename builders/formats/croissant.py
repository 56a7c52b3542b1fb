"""Croissant 1.1 from a released publication: its HDF5 and table files, and what is known of each dataset as a table.

Follows the Croissant Format Specification 1.1 (MLCommons). Only for a publication of which enough is known: a licence
with an address, files of a form that programs read as tables (HDF5, NeXus, CSV, TSV) each with a checksum, and values
that all datasets share, or all raw ones, or all processed ones: a table for each. The records are these values, a row
for each dataset, given in the document itself: what is inside the files no catalogue says, and nothing is invented.
"""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

import orjson

from panfair.builders.citations.citations import publication_citations
from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.description import Copy, Description, Part, Party
from panfair.builders.metadata.format import Format
from panfair.builders.metadata.schema_org_nodes import Node, filled
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released
from panfair.ontologies.nexus import field_of
from panfair.ontologies.record import Parameter
from panfair.ontologies.text import slug

VERSION = "http://mlcommons.org/croissant/1.1"
_TABLES = frozenset({"application/x-hdf5", "text/csv", "text/tab-separated-values"})
_CHECKSUMS = {"checksumAlgorithm_sha256": "sha256", "checksumAlgorithm_md5": "md5"}
_MOST_ROWS, _MOST_FIELDS = 500, 100
_TERMS = (
    "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field", "fileObject",
    "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5",
    "parentField", "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate", "separator",
    "source", "subField", "transform",
)  # fmt: skip
_CONTEXT: Node = {term: f"cr:{term}" for term in _TERMS} | {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}
"""The specification's own context, which its readers want whole."""


def applies(d: Description) -> bool:
    """Whether enough is known of the publication."""
    return bool(any(one.iri for one in d.licences) and _files(d) and _tables(d))


def croissant_document(released: Released, portal: Portal) -> Node:
    """The publication as a Croissant dataset."""
    d = describe(released, portal)
    return filled(
        {
            "@context": dict(sorted(_CONTEXT.items())),
            "@type": "sc:Dataset",
            "@id": d.iri,
            "conformsTo": VERSION,
            "name": d.publication.title,
            "description": d.summary,
            "url": d.landing,
            "identifier": d.iri,
            "license": [licence.iri for licence in d.licences if licence.iri],
            "creator": [_agent(party) for party in d.creators if party.agent.has_type],
            "publisher": _agent(d.publisher) if d.publisher.agent.has_type else None,
            "datePublished": d.issued,
            "dateModified": d.modified,
            "version": d.publication.version,
            "inLanguage": d.publication.language,
            "keywords": list(dict.fromkeys(term.name for term in (*d.techniques, *d.keywords))),
            "citeAs": publication_citations(d.publication)[0].text,
        }
    ) | {
        "distribution": [_file(copy, n) for n, copy in enumerate(_files(d), 1)],
        "recordSet": [_record_set(table) for table in _tables(d)],
    }


def _files(d: Description) -> list[Copy]:
    return [copy for copy in d.all_copies if copy.media_type in _TABLES and _checksum(copy)]


def _checksum(copy: Copy) -> dict[str, str]:
    name = _CHECKSUMS.get(copy.algorithm or "")
    return {name: (copy.file.checksum or "").lower()} if name else {}


def _file(copy: Copy, number: int) -> Node:
    file = copy.file
    node: Node = {
        "@type": "cr:FileObject",
        "@id": f"file-{number}",
        "name": file.name,
        "description": file.description,
        "contentUrl": copy.url,
        "contentSize": f"{file.size_bytes} B" if file.size_bytes is not None else None,
        "encodingFormat": copy.media_type,
    }
    return filled(node | _checksum(copy))


def _agent(party: Party) -> Node:
    kind = "Person" if party.is_person else "Organization"
    return filled({"@type": f"sc:{kind}", "name": party.agent.name, "url": party.orcid or party.ror})


@dataclass(frozen=True, slots=True)
class _Table:
    """Datasets with the values that all of them have: the name of a field to a value for each row."""

    name: str
    description: str
    rows: list[Part]
    columns: dict[str, list[Parameter]]


def _tables(d: Description) -> list[_Table]:
    """One table of all datasets that have values; where they share none, one for each kind that shares some."""
    # Not `part.variables`: those end at a number for the publication, in the midst of a dataset.
    rows = [part for part in d.parts if part.dataset.parameters]
    if table := _table("datasets", "dataset", rows):
        return [table]
    kinds = ("raw", "processed")
    tables = (
        _table(f"{kind}-datasets", f"{kind} dataset", [p for p in rows if p.dataset.kind == kind]) for kind in kinds
    )
    return [table for table in tables if table]


def _table(name: str, row: str, parts: list[Part]) -> _Table | None:
    """The first datasets with the first values that all of these share; what is not all there is said in words."""
    rows = parts[:_MOST_ROWS]
    columns = _shared(rows)
    if not columns:
        return None
    which = f"each {row}" if len(parts) == len(rows) else f"the first {len(rows)} of {len(parts)} {row}s"
    values = "the values" if len(columns) <= _MOST_FIELDS else f"the first {_MOST_FIELDS} of {len(columns)} values"
    words = f"What is known of {which}: {values} that all of them share."
    return _Table(name, words, rows, dict(list(columns.items())[:_MOST_FIELDS]))


def _record_set(table: _Table) -> Node:
    name = table.name
    fields = [
        _field(f"{name}/dataset", "Name of the dataset", "sc:Text"),
        _field(f"{name}/address", "Page of the dataset", "sc:URL"),
        *(_parameter_field(f"{name}/{column}", values) for column, values in table.columns.items()),
    ]
    data = [
        {f"{name}/dataset": part.dataset.name, f"{name}/address": part.iri}
        | {f"{name}/{column}": _plain(values[n]) for column, values in table.columns.items()}
        for n, part in enumerate(table.rows)
    ]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": table.description,
        "key": {"@id": f"{name}/address"},
        "field": fields,
        "data": data,
    }


def _shared(rows: list[Part]) -> dict[str, list[Parameter]]:
    """The values that every row has once, in one unit and of one type, under the names of their fields."""
    found: dict[str, list[Parameter]] = {}
    said = [_said_once(part.dataset.parameters) for part in rows]
    for first in said[0].values() if said else ():
        name = slug(first.name)
        if name in {"", "dataset", "address"} or name in found or any(first.name not in row for row in said):
            continue
        parameters = [row[first.name] for row in said]
        if len({(one.unit, _type(one)) for one in parameters}) == 1 and _type(first):
            found[name] = parameters
    return found


def _said_once(parameters: tuple[Parameter, ...]) -> dict[str, Parameter]:
    """The parameters by name, without those that a dataset has several of."""
    uses = Counter(one.name for one in parameters)
    return {one.name: one for one in parameters if uses[one.name] == 1}


def _type(parameter: Parameter) -> str:
    """The data type of its value; empty for lists and for numbers that JSON cannot carry."""
    match parameter.value:
        case bool():
            return "sc:Boolean"
        case str():
            return "sc:Text"
        case int() | float() as value:
            return "sc:Float" if math.isfinite(value) else ""
    return ""


def _plain(parameter: Parameter) -> Any:
    value = parameter.value
    return float(value) if _type(parameter) == "sc:Float" and isinstance(value, int | float) else value


def _field(iri: str, description: str, kind: str) -> Node:
    return {
        "@type": "cr:Field",
        "@id": iri,
        "name": iri.rpartition("/")[2],
        "description": description,
        "dataType": kind,
    }


def _parameter_field(iri: str, parameters: list[Parameter]) -> Node:
    first = parameters[0]
    words = first.description or first.name
    field = _field(iri, f"{words}, in {first.unit}" if first.unit else words, _type(first))
    nexus = field_of(first.name, first.nexus)
    return field | ({"equivalentProperty": nexus.iri} if nexus else {})


def _render(released: Released, portal: Portal) -> bytes:
    return orjson.dumps(croissant_document(released, portal), option=orjson.OPT_INDENT_2) + b"\n"


FORMATS = (
    Format(
        name="Croissant",
        file="croissant.json",
        media_type="application/ld+json",
        render=_render,
        profile=VERSION,
        order=55,
        applies=applies,
    ),
)
