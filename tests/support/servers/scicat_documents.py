"""SciCat's documents in their three shapes: as MongoDB stores them, as v4 shows them, as v3 shows them.

v3's PublishedData is a view of v4's: people, related works and dates lose all but their name there. What v3 wrote
before v4 was is carried over into `metadata`, as SciCat's own migration does (`stored_publication`).
"""

from typing import Any
from urllib.parse import quote, unquote

Raw = dict[str, Any]

_SINGULAR = {"proposalIds": "proposalId", "sampleIds": "sampleId", "instrumentIds": "instrumentId",
             "principalInvestigators": "principalInvestigator"}  # fmt: skip
_KEPT = ("affiliation", "publicationYear", "url", "dataDescription", "resourceType", "scicatUser", "thumbnail",
         "downloadLink")  # fmt: skip
_TOP = ("title", "abstract", "registeredTime", "status", "createdAt", "updatedAt")


def publication_v4(stored: Raw) -> Raw:
    return {**stored, "id": stored["_id"]}


def publication_v3(stored: Raw) -> Raw:
    more = stored.get("metadata", {})
    view = {"_id": stored["_id"], "doi": stored["doi"], "pidArray": stored.get("datasetPids")}
    view |= {name: stored.get(name) for name in (*_TOP, "numberOfFiles", "sizeOfArchive")}
    view |= {name: more[name] for name in (*_KEPT, "numberOfFiles", "sizeOfArchive") if name in more}
    view["creator"] = [one.get("name") for one in more["creators"]] if "creators" in more else None
    view["authors"] = [one.get("name") for one in more["contributors"]] if "contributors" in more else None
    view["publisher"] = more.get("publisher", {}).get("name")
    if "relatedIdentifiers" in more:
        view["relatedPublications"] = [one.get("relatedIdentifier") for one in more["relatedIdentifiers"]]
    return {name: value for name, value in view.items() if value is not None}


def stored_publication(raw: Raw) -> Raw:
    """What SciCat's migration to v4 made of a PublishedData of v3."""
    doi = raw["doi"] if raw.get("doi") is not None else raw.get("_id")
    made = {name: raw[name] for name in (*_TOP, "numberOfFiles", "sizeOfArchive", "createdBy") if name in raw}
    made |= {"_id": doi, "doi": doi, "datasetPids": raw.get("pidArray", [])}
    more: Raw = {name: raw[name] for name in (*_KEPT, "rightsList", "language") if name in raw}
    more["publisher"] = {"name": raw.get("publisher")}
    affiliation = {"affiliation": [{"name": raw["affiliation"]}]} if "affiliation" in raw else {}
    more["creators"] = [{"name": name, **affiliation} for name in raw.get("creator", [])]
    if raw.get("authors"):
        more["contributors"] = [{"name": name} for name in raw["authors"]]
    if raw.get("relatedPublications"):
        more["relatedIdentifiers"] = [{"relatedIdentifier": text} for text in raw["relatedPublications"]]
    return {**made, "metadata": more | raw.get("metadata", {})}


def dataset_v3(stored: Raw, alone: bool) -> Raw:
    """v3 has one value beside v4's list, and writes the keys of scientificMetadata out."""
    view = {**stored, "scientificMetadata": _keys(stored.get("scientificMetadata"), unquote)}
    if alone:
        view["history"] = []
    for several, one in _SINGULAR.items():
        if stored.get(several):
            view[one] = stored[several][0]
    return view


def stored_dataset(raw: Raw) -> Raw:
    """A dataset of v3 as it is stored: lists, and keys without what MongoDB does not take."""
    stored = {name: value for name, value in raw.items() if name not in {"history", *_SINGULAR.values()}}
    stored |= {
        several: [raw[one]] for several, one in _SINGULAR.items() if raw.get(one) is not None and several not in raw
    }
    stored.setdefault("_id", raw.get("pid"))
    stored.setdefault("pid", stored["_id"])
    if isinstance(raw.get("scientificMetadata"), dict):
        stored["scientificMetadata"] = _keys(raw["scientificMetadata"], _encoded)
    return stored


def selected(view: Raw, fields: Any, always: tuple[str, ...]) -> Raw:
    """The fields that were asked for."""
    wanted = set(fields if isinstance(fields, list) else [name for name, asked in (fields or {}).items() if asked])
    return {name: value for name, value in view.items() if name in wanted or name in always} if wanted else view


def _encoded(key: str) -> str:
    return quote(key, safe="!*'()~").replace(".", "%2E")


def _keys(value: Any, spelled: Any) -> Any:
    if isinstance(value, dict):
        return {spelled(key): _keys(inner, spelled) for key, inner in value.items()}
    return [_keys(inner, spelled) for inner in value] if isinstance(value, list) else value
