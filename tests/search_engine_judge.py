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


def read_page(body: str, address: str) -> tuple[dict, dict]:
    """The one Dataset of a page's JSON-LD, and its OpenGraph properties."""
    found = extruct.extract(body, base_url=address, syntaxes=["json-ld", "opengraph"])
    (dataset,) = [node for node in found["json-ld"] if node["@type"] == "Dataset"]
    return dataset, dict(found["opengraph"][0]["properties"])
