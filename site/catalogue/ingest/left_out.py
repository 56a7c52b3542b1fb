"""What a dump of ICAT says and the core does not keep, counted: an operator reads it in the report of the ingestion.

`_KEPT` is what `icat_dump` reads. What it does not name is left out, whatever it is: a new version of ICAT cannot add
an entity or an attribute that vanishes without a word.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

_VALUES = frozenset({"type", "numericValue", "stringValue", "dateTimeValue", "error", "rangeBottom", "rangeTop"})
_KEPT: dict[str, frozenset[str]] = {
    "facility": frozenset({"name", "fullName", "description", "url", "daysUntilRelease"}),
    "instrument": frozenset({"facility", "name", "fullName", "description", "url", "pid", "instrumentScientists"}),
    "user": frozenset({"name", "fullName", "givenName", "familyName", "email", "orcidId", "affiliation"}),
    "investigation": frozenset(
        {"facility", "name", "visitId", "title", "type", "summary", "startDate", "endDate", "releaseDate", "doi"}
        | {"investigationInstruments", "investigationUsers", "parameters", "keywords", "fundingReferences"}
        | {"publications"}
    ),
    "sample": frozenset({"investigation", "name", "type", "pid", "parameters"}),
    "dataset": frozenset(
        {"investigation", "name", "type", "complete", "sample", "datasetInstruments", "description", "location", "doi"}
        | {"startDate", "endDate", "fileCount", "fileSize", "datasetTechniques", "parameters"}
    ),
    "datafile": frozenset(
        {"dataset", "name", "datafileFormat", "fileSize", "checksum", "description", "datafileModTime"}
    ),
    "dataPublication": frozenset(
        {"facility", "pid", "title", "description", "publicationDate", "subjects", "content", "fundingReferences"}
        | {"relatedItems"}
    ),
    "dataPublicationUser": frozenset(
        {"publication", "fullName", "name", "givenName", "familyName", "contributorType", "orderKey", "affiliations"}
    ),
    # What these are called is kept where it is referred to; which facility defined the word is not told again.
    "investigationType": frozenset({"facility", "name"}),
    "datasetType": frozenset({"facility", "name"}),
    "sampleType": frozenset({"facility", "name", "molecularFormula"}),
    "datafileFormat": frozenset({"facility", "type"}),
    "technique": frozenset({"name", "pid", "description"}),
    "parameterType": frozenset({"facility", "name", "units", "description"}),
    "fundingReference": frozenset({"funderName", "funderIdentifier", "awardNumber", "awardTitle", "acknowledgement"}),
    "dataCollection": frozenset({"dataCollectionDatasets", "dataCollectionDatafiles"}),
    "job": frozenset({"inputDataCollection", "outputDataCollection"}),
}
_KEPT_INSIDE: dict[str, frozenset[str]] = {
    "parameters": _VALUES,
    "keywords": frozenset({"name"}),
    "subjects": frozenset({"name"}),
    "publications": frozenset({"fullReference", "doi", "url"}),
    "relatedItems": frozenset({"relationType", "relatedItemType", "identifier", "title", "fullReference"}),
    "investigationUsers": frozenset({"user", "role"}),
}
"""Attributes of what is nested in an entity; a list that is not named here holds mere references."""
_WORDS = frozenset(
    {"investigationType", "datasetType", "sampleType", "datafileFormat", "technique", "parameterType"}
    | {"fundingReference"}
)
"""Entities that come in with what refers to them, and not by themselves."""
_OWN = frozenset({"id", "createId", "createTime", "modId", "modTime"})
"""ICAT's own words about a row."""


def left_out_of(entities: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Counter[str]:
    """How often something was left out, by `entity` or `entity.attribute`."""
    found: Counter[str] = Counter()
    referred_to = {
        text
        for entity, kept in _KEPT.items()
        for row in entities.get(entity, {}).values()
        for name in kept & row.keys()
        for text in _texts(row[name])
    }
    for entity, rows in entities.items():
        if entity not in _KEPT:
            found[entity] += len(rows)
            continue
        for key, row in rows.items():
            if entity in _WORDS and key not in referred_to:
                found[f"{entity} that nothing refers to"] += 1
                continue
            found.update(f"{entity}.{name}" for name in _of_row(row, _KEPT[entity]))
    return found


def _of_row(row: Mapping[str, Any], kept: frozenset[str]) -> Iterator[str]:
    for name, value in row.items():
        if name in _OWN or value in (None, "", [], {}):
            continue
        if name not in kept:
            yield name
        elif name == "affiliations" and isinstance(value, list):
            yield from _of_affiliations(value)
        elif name in _KEPT_INSIDE and isinstance(value, list):
            for one in value:
                if isinstance(one, dict):
                    yield from (f"{name}.{inner}" for inner in _of_row(one, _KEPT_INSIDE[name]))


def _of_affiliations(value: list[Any]) -> Iterator[str]:
    """An author has one place in the core: the first, by its address where it has one."""
    if value and isinstance(value[0], dict) and value[0].get("fullReference") and value[0].get("name"):
        yield "affiliations.name"
    yield from ("affiliations but the first" for _ in value[1:])


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value: a reference is one, too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
