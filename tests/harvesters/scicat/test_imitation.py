"""The imitation of SciCat, held against 380 recorded calls of a real one: the same questions, the same answers.

The content behind the recordings is put together from the answers themselves: documents in full where one shows them,
and made-up ones where only their number or their refusal was seen.
"""

import json
from pathlib import Path

import pytest

from support.servers.scicat_answers import Catalogue, Forbidden, answer
from support.servers.scicat_documents import stored_dataset

# What a harvester never asks for, and so has no imitation: SciCat's own pages and settings, facets, names of
# parameters, attachments, proposals, texts of a form, writing.
_NOT_IMITATED = (
    "/explorer", "/admin/config", "/publisheddata/config", "fullquery", "fullfacet", "metadataKeys", "metadatakeys",
    "/attachments", "/thumbnail", "/datablocks", "/proposals", "public/files", "/auth/login",
)  # fmt: skip
_LEAKY = ("samples", "proposals", "attachments", "datablocks", "all", "dataset")


@pytest.fixture(scope="module")
def calls(shared: Path) -> list[dict]:
    return list(map(json.loads, (shared / "data/scicat/real/scicat-rest.jsonl").read_text("utf-8").splitlines()))


def _query(call: dict) -> dict[str, str]:
    query = json.loads(call["query"]) if isinstance(call["query"], str) else call["query"]
    # The one call whose filter went in a header.
    return {"filter": '{"limits": {"limit": 2}}'} if call.get("note") == "filter in a header" else query


def _objects(value, key: str):
    """Every JSON object with this key in an answer."""
    if isinstance(value, dict):
        if key in value:
            yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _objects(inner, key)


def _catalogue(calls: list[dict], until: int) -> Catalogue:
    """The content as it was when the calls before `until` were made."""
    bodies = [call["body"] for call in calls]
    published = {one["_id"]: one for one in bodies[77]}
    for call in calls[118:128]:
        doi = call["path"].rsplit("/", 1)[1].replace("%2F", "/")
        closed = {"_id": doi, "doi": doi, "title": "zqprivate", "status": "private", "datasetPids": [], "metadata": {}}
        published.setdefault(doi, call["body"] if call["status"] == 200 else closed)
    stored = [{name: value for name, value in one.items() if name != "id"} for one in published.values()]
    datasets = [stored_dataset(one) for one in bodies[140]]
    closed_pid = "20.500.99999/c8487550-a7dd-44fe-abb1-3bf7b46e3525"
    datasets.append({"_id": closed_pid, "pid": closed_pid, "isPublished": False, "datasetName": "zqclosed-scan"})
    if until > 353:
        for one in stored:
            if one["_id"] == "10.5072/9ae26e5c-001f-416f-b338-bdea2080291b":
                one.update({name: value for name, value in bodies[371].items() if name != "id"})
        datasets += [stored_dataset(bodies[376]), {"_id": "later", "pid": "later", "isPublished": True}]
    catalogue = Catalogue(stored)
    catalogue.datasets = datasets
    blocks, places = {}, {}
    for place in (*range(170, 218), 335, 336, 338, 377):
        for one in _objects(bodies[place], "dataFileList"):
            files = [{name: value for name, value in file.items() if name != "id"} for file in one["dataFileList"]]
            blocks[one["_id"]] = {**one, "dataFileList": files}
            blocks[one["_id"]].pop("id", None)
            places.setdefault(one["_id"], len(places))
    catalogue.blocks = sorted(blocks.values(), key=lambda one: (one["createdAt"], places[one["_id"]]))
    catalogue.instruments = [{name: value for name, value in one.items() if name != "id"} for one in bodies[237]]
    catalogue.samples = [bodies[265][0], *bodies[151][0]["samples"]]
    return catalogue


def _same(body, found) -> bool:
    """Equal, but for the order of a list's equal keys, which the recordings themselves do not vouch for."""
    if isinstance(body, list) and isinstance(found, list):
        return sorted(json.dumps(one, sort_keys=True) for one in body) == sorted(
            json.dumps(one, sort_keys=True) for one in found
        )
    return body == found


@pytest.fixture(scope="module")
def catalogues(calls) -> tuple[Catalogue, Catalogue]:
    """Before and after an administrator amended one publication."""
    return _catalogue(calls, 0), _catalogue(calls, len(calls))


@pytest.mark.parametrize("place", range(380))
def test_a_recorded_question_gets_its_recorded_answer(place, calls, catalogues):
    call = calls[place]
    if call["method"] != "GET" or any(route in call["path"] for route in _NOT_IMITATED):
        return
    try:
        status, body = answer(catalogues[place > 353], call["path"], _query(call))
    except Forbidden:
        # What shows anonymous readers too much has no imitation either.
        assert any(relation in str(call["query"]) for relation in _LEAKY)
        return
    assert status == call["status"]
    if "sort only: size?" in call.get("note", ""):
        assert len(body) == len(call["body"])  # the recording's order came through a stand-in
    else:
        assert _same(call["body"], body)


def test_nine_of_ten_recorded_routes_are_imitated_and_the_others_are_never_asked_for(calls):
    assert len(calls) == 380
    left = [call for call in calls if call["method"] != "GET" or any(one in call["path"] for one in _NOT_IMITATED)]
    assert len(left) == 65
