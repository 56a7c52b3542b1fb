"""What SciCat answers to an anonymous reader, route by route, v3 and v4.

Only the routes that a harvester may need are here. Those that show anonymous readers more than they should
(v3's includes of samples and proposals, attachments, names of parameters) are a `Forbidden` of the test's own: who
asks for them fails.
"""

from typing import Any
from urllib.parse import unquote

from support.servers.scicat_documents import (
    Raw,
    dataset_v3,
    publication_v3,
    publication_v4,
    selected,
    stored_dataset,
    stored_publication,
)
from support.servers.scicat_filters import (
    Refusal,
    matches,
    mongo_words,
    ordered,
    part,
    read_filter,
    unknown_operator,
)

Answer = tuple[int, Any]

_RELATIONS = ("instruments", "proposals", "origdatablocks", "datablocks", "attachments", "samples")
_SHOWN_BY_ID = frozenset({"registered", "public", "amended"})
_FILTERED = {"v4/datasets/public": ("where", "include", "fields", "limits"), "count": ("where", "include")}
_DATASET_KEYS = frozenset(
    {"pid", "type", "isPublished", "updatedAt", "createdAt", "creationTime", "scientificMetadata", "datasetName",
     "datasetId", "$or"}
)  # fmt: skip
# Known routes that are not for anonymous readers.
_REFUSED = {
    403: ("v3/origdatablocks", "v3/jobs", "v3/policies", "v3/logbooks", "v3/datablocks", "v4/datasets", "v4/jobs",
          "v4/origdatablocks", "v3/publisheddata/formpopulate", "v4/publisheddata/formpopulate"),
    401: ("v3/users", "v3/history", "v3/samples/fullquery", "v3/samples/count"),
}  # fmt: skip


class Catalogue:
    """The documents of one SciCat, as they are stored."""

    def __init__(
        self,
        published: list[dict],
        datasets: list[dict] = (),
        blocks: list[dict] = (),
        instruments: list[dict] = (),
        samples: list[dict] = (),
    ) -> None:
        self.published = [one if _is_stored(one) else stored_publication(one) for one in published]
        self.datasets = [stored_dataset(one) for one in datasets]
        self.blocks, self.instruments, self.samples = list(blocks), list(instruments), list(samples)

    def registered(self) -> list[Raw]:
        return [one for one in self.published if not isinstance(one, dict) or one.get("status") == "registered"]

    def open_datasets(self) -> list[Raw]:
        return [one for one in self.datasets if one.get("isPublished") is True]


def _is_stored(raw: Any) -> bool:
    return not isinstance(raw, dict) or ("_id" in raw and "datasetPids" in raw)


class Forbidden(AssertionError):
    """A question that a harvester must never ask."""


def answer(catalogue: Catalogue, path: str, query: dict[str, str], known: bool = False) -> Answer:
    """Status and JSON (or text) of a GET; `known` says whether a reader's token came along that has not run out."""
    route = path.removeprefix("/api/")
    try:
        if path.startswith("/api/"):
            return 200, _answer(catalogue, route, query, known)
    except Refusal as refusal:
        return refusal.status, refusal.body
    except LookupError:
        pass
    return 404, {"message": f"Cannot GET {path}", "error": "Not Found", "statusCode": 404}


def _answer(catalogue: Catalogue, route: str, query: dict[str, str], known: bool) -> Any:
    if route == "v3/health":
        up = {"mongodb": {"status": "up"}}
        return {"status": "ok", "info": up, "error": {}, "details": up}
    if route == "v3/auth/whoami":
        return {"username": "reader"} if known else ""
    for status, routes in _REFUSED.items():
        if any(route == one or (status == 403 and route.startswith(one + "/")) for one in routes) and not (
            route.startswith(("v4/datasets/public", "v4/origdatablocks/public"))
        ):
            raise Refusal(status, "Forbidden resource" if status == 403 else "Unauthenticated")
    version, _, rest = route.partition("/")
    head, _, tail = rest.partition("/")
    match version, head, tail:
        case (("v3" | "v4"), "publisheddata", ("" | "count")):
            return _publications(catalogue, version, tail == "count", query)
        case (("v3" | "v4"), "publisheddata", doi) if "/" not in doi:
            return _publication(catalogue, version, unquote(doi))
        case "v3", "datasets", "":
            return _datasets_v3(catalogue, query)
        case "v3", "datasets", "count":
            return {"count": len(_datasets_where(catalogue, read_filter(query.get("filter"), 500), True))}
        case "v3", "datasets", "findOne":
            found = _datasets_v3(catalogue, query)
            return found[0] if found else ""
        case "v3", "datasets", other:
            return _dataset_v3(catalogue, other)
        case "v4", "datasets", other:
            return _datasets_v4(catalogue, other.removeprefix("public").removeprefix("/"), query)
        case "v4", "origdatablocks", "public":
            return _blocks_v4(catalogue, query)
        case "v4", "origdatablocks", "public/count":
            return ""
        case "v3", "instruments", other:
            return _instruments(catalogue, other, query)
        case "v3", "samples", other:
            return _samples(catalogue, other, query)
    raise LookupError(route)


def _publications(catalogue: Catalogue, version: str, count: bool, query: dict[str, str]) -> Any:
    asked = read_filter(query.get("filter"), 400 if version == "v3" else 500)
    limits = asked.get("limits", {})
    where = mongo_words(asked.get("where", {}))
    where = {name: value for name, value in where.items() if name != "status"}
    if version == "v4":
        where.pop("$or", None)
        where |= read_filter(query.get("fields"), 500)
        limits = limits or read_filter(query.get("limits"), 500)
    if unknown_operator(where):
        raise Refusal(500)
    documents = [one for one in catalogue.registered() if not where or matches(one, where, dates=True)]
    if count:
        return {"count": len(part(documents, limits, 0, None))}
    if all(isinstance(one, dict) for one in documents):
        # v4 takes no notice of an `order` without a direction.
        undirected = version == "v4" and ":" not in str(limits.get("order", ":"))
        documents = documents if undirected else ordered(documents, limits)
    page = part(documents, limits, 100, None)
    view = publication_v3 if version == "v3" else publication_v4
    always = ("_id", "doi", "status") if version == "v3" else ("_id", "doi", "id")
    found = [selected(view(one), asked.get("fields"), always) if isinstance(one, dict) else one for one in page]
    if version == "v3" and asked.get("fields"):
        found = [{**one, "status": "pending_registration"} for one in found]
    return found


def _publication(catalogue: Catalogue, version: str, doi: str) -> Raw:
    shown = {"registered"} if version == "v3" else _SHOWN_BY_ID
    for one in catalogue.published:
        if isinstance(one, dict) and one["_id"] == doi and one.get("status") in shown:
            return publication_v3(one) if version == "v3" else publication_v4(one)
    said = f"No PublishedData with the id '{doi}' exists"
    raise Refusal(404, said if version == "v3" else f"Published data with doi {doi} not found.")


def _datasets_where(catalogue: Catalogue, asked: Raw, dates: bool) -> list[Raw]:
    where = {name: value for name, value in mongo_words(asked.get("where", {})).items() if name != "isPublished"}
    if found := unknown_operator(where):
        raise Refusal(400, f"unknown query operator {found}")
    return [one for one in catalogue.open_datasets() if matches(one, where, dates)]


def _datasets_v3(catalogue: Catalogue, query: dict[str, str]) -> list[Raw]:
    asked = read_filter(query.get("filter"), 500)
    limits = asked.get("limits", {})
    documents = part(ordered(_datasets_where(catalogue, asked, True), limits), limits, 100, None)
    relations = _relations(asked.get("include", []))
    return [
        _with_relations(catalogue, dataset_v3(one, alone=False), one, relations, asked, v3=True) for one in documents
    ]


def _dataset_v3(catalogue: Catalogue, rest: str) -> Any:
    pid, _, of = rest.partition("/")
    pid = unquote(pid)
    if of not in {"", "origdatablocks", "origdatablocks/count", "attachments", "thumbnail", "datablocks"}:
        raise LookupError(rest)
    if of in {"attachments", "thumbnail", "datablocks"}:
        raise Forbidden(f"v3/datasets/{{pid}}/{of} shows anonymous readers what is not published")
    found = next((one for one in catalogue.datasets if one.get("pid") == pid), None)
    if found is None:
        raise Refusal(404, f"dataset: {pid} not found")
    if found.get("isPublished") is not True:
        raise Refusal(403, "Unauthorized access")
    blocks = [one for one in catalogue.blocks if one.get("datasetId") == pid]
    if of == "origdatablocks/count":
        return {"count": len(blocks)}
    if of == "origdatablocks":
        return [_block_v3(one) for one in blocks[:100]]
    return dataset_v3(found, alone=True)


def _block_v3(block: Raw) -> Raw:
    files = [{**one, "id": one["_id"]} if "_id" in one else one for one in block.get("dataFileList", [])]
    return {**block, "id": block.get("_id"), "dataFileList": files}


def _datasets_v4(catalogue: Catalogue, rest: str, query: dict[str, str]) -> Any:
    if rest in {"", "count", "findOne"}:
        asked = read_filter(query.get("filter"), 400)
        _checked(asked, rest == "count")
        documents = _datasets_where(catalogue, asked, False)
        if rest == "count":
            return {"count": len(documents)}
        limits = {"sort": {"createdAt": "desc"}, **asked.get("limits", {})}
        page = part(ordered(documents, limits), limits, 10, 10)
        relations = _relations(asked.get("include", []))
        found = [_with_relations(catalogue, one, one, relations, asked, v3=False) for one in page]
        return (found[0] if found else "") if rest == "findOne" else found
    if rest in {"fullfacet", "metadataKeys"}:
        raise Forbidden(f"v4/datasets/public/{rest} tells of what is not published")
    if "/" in rest:
        raise LookupError(rest)
    found = next((one for one in catalogue.open_datasets() if one.get("pid") == unquote(rest)), None)
    if found is None:
        return ""
    include = query.get("include", "")
    relations = _relations([include] if include else [])
    return _with_relations(catalogue, found, found, relations, {}, v3=False)


def _checked(asked: Raw, count: bool) -> None:
    """v4 refuses every key and operator that it does not know, each with its place."""
    for name, value in asked.items():
        if count and name == "limits":
            raise Refusal(400, f"Property limits.{next(iter(value))} should not exist in the filter object")
    if "order" in asked.get("limits", {}):
        raise Refusal(400, "Property limits.order should not exist in the filter object")
    for name, value in asked.get("where", {}).items():
        if name.split(".")[0] not in _DATASET_KEYS:
            raise Refusal(400, f"Property where.{name} should not exist in the filter object")
        for operator, right in value.items() if isinstance(value, dict) else ():
            if operator not in {"$in", "$gt", "$gte", "$lt", "$lte", "$regex", "$eq"}:
                raise Refusal(400, f"Property where.{name}.{operator} should not exist in the filter object")
            for inner in right if isinstance(right, dict) else ():
                raise Refusal(400, f"Property where.{name}.{operator}.{inner} should not exist in the filter object")


def _relations(include: list[Any]) -> dict[str, Raw]:
    found: dict[str, Raw] = {}
    for one in include:
        name = one if isinstance(one, str) else one["relation"]
        if name != "all" and name not in _RELATIONS:
            raise Refusal(400, f'Provided include field "{name}" is not part of the dataset relations')
        for relation in _RELATIONS if name == "all" else (name,):
            found[relation] = {} if isinstance(one, str) else one.get("scope", {})
    return found


def _with_relations(
    catalogue: Catalogue, view: Raw, stored: Raw, relations: dict[str, Raw], asked: Raw, v3: bool
) -> Raw:
    shown = selected(view, asked.get("fields"), ("_id",))
    for relation, scope in relations.items():
        match relation:
            case "origdatablocks":
                found = [one for one in catalogue.blocks if one.get("datasetId") == stored["pid"]]
                found = [one for one in found if v3 or one.get("isPublished") is True]
            case "instruments":
                wanted = stored.get("instrumentIds") or []
                found = [one for one in catalogue.instruments if one["pid"] in wanted]
            case "samples":
                wanted = stored.get("sampleIds") or []
                found = [one for one in catalogue.samples if one["sampleId"] in wanted]
                if v3 and any(one.get("isPublished") is not True for one in found):
                    raise Forbidden("v3's include of samples shows those that are not published")
                found = [one for one in found if one.get("isPublished") is True]
            case _:
                raise Forbidden(f"an include of {relation} shows what is not published, or nothing")
        limit = scope.get("limits", {}).get("limit")
        shown = {**shown, relation: found[:limit]}
    return shown


def _blocks_v4(catalogue: Catalogue, query: dict[str, str]) -> list[Raw]:
    asked = read_filter(query.get("filter"), 400)
    _checked(asked, False)
    if asked.get("include"):
        raise Forbidden("an include of the dataset says nothing that the dataset itself does not")
    where = {name: value for name, value in asked.get("where", {}).items() if name != "isPublished"}
    documents = [one for one in catalogue.blocks if one.get("isPublished") is True and matches(one, where, False)]
    limits = {"sort": {"createdAt": "desc"}, **asked.get("limits", {})}
    return part(ordered(documents, limits), limits, 10, 10)


def _instruments(catalogue: Catalogue, rest: str, query: dict[str, str]) -> Any:
    found = [{**one, "id": one.get("_id")} for one in catalogue.instruments]
    if rest == "count":
        return {"count": len(found)}
    if rest:
        return next((one for one in found if one["pid"] == unquote(rest)), "")
    return part(found, read_filter(query.get("filter"), 500).get("limits", {}), 100, None)


def _samples(catalogue: Catalogue, rest: str, query: dict[str, str]) -> Any:
    if rest.endswith("/datasets"):
        raise Refusal(401, "Unauthenticated")
    if rest:
        found = next((one for one in catalogue.samples if one["sampleId"] == unquote(rest)), None)
        if found is None:
            raise Refusal(404, f"Sample: {rest} not found")
        if found.get("isPublished") is not True:
            raise Refusal(403, "Unauthorized to this sample")
        return found
    shown = [one for one in catalogue.samples if one.get("isPublished") is True]
    return part(shown, read_filter(query.get("filter"), 500).get("limits", {}), 100, None)
