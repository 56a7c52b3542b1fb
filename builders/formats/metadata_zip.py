"""All metadata of a publication in one file (metadata.zip): every form, and an RO-Crate that holds them together.

The crate beside the landing page is detached, for readers on the web; the one in the archive is attached: its root is
the archive, its local files are the other forms, and the data stay on the web ("Web-based Data Entities").
Both are of one version. Same record, same bytes: entries are sorted and have no date.
"""

from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import orjson

from panfair.builders.formats.rocrate import CRATE, listed, rocrate_document
from panfair.builders.html.language import marked
from panfair.builders.metadata.crosswalk import describe
from panfair.builders.metadata.format import Format, formats_of, rendered
from panfair.builders.metadata.schema_org_nodes import Node
from panfair.builders.portal import Portal
from panfair.ontologies.embargo import Released

_DESCRIPTOR = "ro-crate-metadata.json"
_LEVEL = 1  # two thirds of the usual time for a tenth more bytes
_NO_DATE = (1980, 1, 1, 0, 0, 0)  # the first that the format can say


def attached_crate(released: Released, portal: Portal, files: dict[str, bytes]) -> Node:
    """The publication's crate with its root in the archive and the other metadata files as parts."""
    d = describe(released, portal)
    detached = rocrate_document(released, portal)
    graph = [_rooted(entity, detached["@graph"][1]["@id"]) for entity in detached["@graph"]]
    root = graph[1]
    root["cite-as"] = d.iri  # as a text: the root is called otherwise here, and the DOI is no other thing of the crate
    kinds = {form.file: form for form in formats_of(d)}
    parts = [
        {
            "@type": "File",
            "@id": name,
            "name": kinds[name].name,
            "description": f"{kinds[name].name} of “{d.publication.title}”.",
            "encodingFormat": kinds[name].media_type.partition(";")[0],
            "contentSize": str(len(body)),
            "sdDatePublished": d.issued,
        }
        for name, body in files.items()
        if name != _DESCRIPTOR
    ]
    # Every file, those inside datasets too: readers follow `hasPart` from the root, and not through a mere fragment.
    held = [entity for entity in graph[2:] if {"File", "Dataset"} & {*listed(entity["@type"])}] + parts
    root["hasPart"] = [{"@id": entity["@id"]} for entity in held]
    return detached | {"@graph": [*graph, *parts]}


def _rooted(value: Any, doi: str) -> Any:
    """An entity in which the root is called `./` and a dataset by its fragment."""
    if isinstance(value, dict):
        return {key: _name(one, doi) if key == "@id" else _rooted(one, doi) for key, one in value.items()}
    return [_rooted(one, doi) for one in value] if isinstance(value, list) else value


def _name(iri: str, doi: str) -> str:
    return "./" if iri == doi else iri.removeprefix(doi) if iri.startswith(f"{doi}#") else iri


def _render(released: Released, portal: Portal) -> bytes:
    forms = [form for form in formats_of(describe(released, portal)) if form.render is not _render]
    files = {form.file: rendered(form, released, portal) for form in forms}
    crate = attached_crate(released, portal, files)
    files[_DESCRIPTOR] = orjson.dumps(crate, option=orjson.OPT_INDENT_2) + b"\n"
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in sorted(files, key=lambda name: (name != _DESCRIPTOR, name)):
            entry = ZipInfo(name, _NO_DATE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name], ZIP_DEFLATED, _LEVEL)
    return buffer.getvalue()


FORMATS = (
    Format(
        name=marked("All metadata (ZIP)"),
        file="metadata.zip",
        media_type="application/zip",
        render=_render,
        profile=CRATE,
        order=95,
    ),
)
