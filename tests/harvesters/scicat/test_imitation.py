"""The imitation of SciCat, held against 380 recorded calls of a real one: the same questions, the same answers.

What no harvester asks for, and what shows anonymous readers too much, has no imitation: the server refuses it.
"""

import json
from pathlib import Path

import pytest

from support.servers.scicat_answers import Catalogue, Forbidden, answer
from support.servers.scicat_recordings import catalogue_of, recorded_calls

# What a harvester never asks for, and so has no imitation: SciCat's own pages and settings, facets, names of
# parameters, attachments, proposals, texts of a form, writing.
_NOT_IMITATED = (
    "/explorer", "/admin/config", "/publisheddata/config", "fullquery", "fullfacet", "metadataKeys", "metadatakeys",
    "/attachments", "/thumbnail", "/datablocks", "/proposals", "public/files", "/auth/login",
)  # fmt: skip
_LEAKY = ("samples", "proposals", "attachments", "datablocks", "all", "dataset")


@pytest.fixture(scope="module")
def calls(shared: Path) -> list[dict]:
    return recorded_calls(shared)


def _query(call: dict) -> dict[str, str]:
    query = json.loads(call["query"]) if isinstance(call["query"], str) else call["query"]
    # The one call whose filter went in a header.
    return {"filter": '{"limits": {"limit": 2}}'} if call.get("note") == "filter in a header" else query


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
    return catalogue_of(calls, 0), catalogue_of(calls, len(calls))


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
