"""380 recorded calls of a real SciCat, and the content behind them, put together from the answers themselves.

Documents are whole where an answer shows them whole, and made-up ones where only their number or their refusal was
seen.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from support.servers.scicat_answers import Catalogue
from support.servers.scicat_documents import stored_dataset


def recorded_calls(shared: Path) -> list[dict]:
    """The calls in the order in which they were made."""
    return list(map(json.loads, (shared / "data/scicat/real/scicat-rest.jsonl").read_text("utf-8").splitlines()))


def _objects(value: Any, key: str) -> Iterator[dict]:
    """Every JSON object with this key in an answer."""
    if isinstance(value, dict):
        if key in value:
            yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _objects(inner, key)


def catalogue_of(calls: list[dict], until: int) -> Catalogue:
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
