"""What search engines and assessors read in a page: extruct over what it embeds, and the lists they go by."""

import extruct

PROV = "http://www.w3.org/ns/prov#"
REQUIRED = ("name", "description")
# Google, "Dataset structured data": all that it recommends and a session of measurements can have.
RECOMMENDED = (
    "citation", "creator", "funder", "hasPart", "identifier", "isAccessibleForFree", "keywords", "license",
    "measurementTechnique", "temporalCoverage", "variableMeasured", "version", "url", "includedInDataCatalog",
    "distribution",
)  # fmt: skip
# What assessors of FAIR data look for besides (reference list of the project).
FAIR = (
    "publisher", "datePublished", "dateModified", "dateCreated", "conditionsOfAccess", "subjectOf", "about",
    "funding", "isPartOf", f"{PROV}wasGeneratedBy", f"{PROV}wasAttributedTo", "http://purl.org/dc/terms/conformsTo",
)  # fmt: skip
# What every open record has, however poor its source: the gate lets none pass without them.
ALWAYS = ("@id", "name", "identifier", "url", "publisher", "datePublished", "conditionsOfAccess", "isAccessibleForFree",
          "includedInDataCatalog", "subjectOf")  # fmt: skip


def faults(node: object, place: str = "Dataset") -> list[str]:
    """What Google's list asks of a node and of all nodes within it, and is not there: where, and what.

    A Dataset within another needs name and description as the outer one does; of a file, where it is and what it is.
    """
    if isinstance(node, list):
        return [fault for one in node for fault in faults(one, place)]
    if not isinstance(node, dict):
        return []
    found = [f"{place}: {term}" for term in _ASKED.get(str(node.get("@type")), ()) if not node.get(term)]
    if node.get("@type") == "Dataset" and not 50 <= len(node.get("description", "")) <= 5000:
        found.append(f"{place}: description of {len(node.get('description', ''))} characters")
    return found + [fault for term, value in node.items() for fault in faults(value, f"{place}.{term}")]


_ASKED = {
    "Dataset": ("name",), "DataDownload": ("contentUrl", "encodingFormat"), "DataCatalog": ("name",),
    "Person": ("name",), "Organization": ("name",), "PropertyValue": ("name",), "CreativeWork": ("name",),
}  # fmt: skip


def read_page(body: str, address: str) -> tuple[dict, dict]:
    """The one Dataset of a page's JSON-LD, and its OpenGraph properties."""
    found = extruct.extract(body, base_url=address, syntaxes=["json-ld", "opengraph"])
    (dataset,) = [node for node in found["json-ld"] if node["@type"] == "Dataset"]
    return dataset, dict(found["opengraph"][0]["properties"])
