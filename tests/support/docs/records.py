"""The JSON Schema of panfair's own form, one line of a source of kind `records`."""

import json

from panfair.ontologies.record import Publication


def records_schema() -> str:
    """The schema of one line; `source` is filled in by panfair and need not be there."""
    schema = Publication.model_json_schema(mode="validation")
    schema["required"] = [name for name in schema["required"] if name != "source"]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return json.dumps(head | schema, ensure_ascii=False, indent=1) + "\n"
